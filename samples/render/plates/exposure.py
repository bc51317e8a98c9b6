"""One plate path-traced: light, sky, lens and the development in AgX."""

import math
import zlib
from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector

from samples.render.plates import bokeh
from samples.render.plates.plate import Key, Plate, Sky

SUN_DEG, OVERCAST_DEG = 0.8, 70.0
"""Angle of the light at softness 0 and 1, as seen from the set."""


def expose(plate: Plate, path: Path, *, side: int, samples: int, threads: int) -> None:
    """Render a plate to a 16-bit PNG.

    Args:
        plate: What to build. Equal plates give equal sets.
        path: Of the PNG.
        side: Of the picture in pixels.
        samples: A pixel, at most.
        threads: Cores to take; 0 takes all.
    """
    bpy.ops.wm.read_factory_settings(use_empty=True)
    rng = np.random.default_rng(zlib.crc32(plate.name.encode()))
    plate.build(plate, rng)
    _key(plate.key)
    _sky(plate.sky)
    plate.viewpoint.stand()
    scene = bpy.context.scene
    bulbs = plate.bulbs(plate, rng) if plate.bulbs else []
    bokeh.hang(bulbs, plate.viewpoint)
    _trace(plate, samples=samples, threads=threads)
    discs = bokeh.discs(bulbs, plate.viewpoint, rng, side=side, horizon=_horizon(plate))
    _develop(plate, discs)
    scene.render.resolution_x = scene.render.resolution_y = side
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGBA"
    scene.render.image_settings.color_depth = "16"
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)


def direction(key: Key) -> Vector:
    """From the set to its main light, length 1."""
    azimuth, elevation = math.radians(key.azimuth_deg), math.radians(key.elevation_deg)
    return Vector(
        (
            math.sin(azimuth) * math.cos(elevation),
            -math.cos(azimuth) * math.cos(elevation),
            math.sin(elevation),
        )
    )


def _horizon(plate: Plate) -> float:
    return plate.viewpoint.horizon(plate.edge)


def _key(key: Key) -> None:
    angle = math.radians(SUN_DEG + (OVERCAST_DEG - SUN_DEG) * key.softness**1.5)
    to_light = direction(key)
    if key.distance is None:
        lamp = bpy.data.lights.new("key", "SUN")
        lamp.angle, lamp.energy = angle, key.strength
    else:
        lamp = bpy.data.lights.new("key", "AREA")
        lamp.shape = "DISK"
        lamp.size = 2 * key.distance * math.tan(angle / 2)
        # A disc of p watts gives p / (4 * distance^2) at this distance, head on.
        lamp.energy = key.strength * 4 * key.distance**2
    lamp.color = key.colour
    thing = bpy.data.objects.new("key", lamp)
    thing.location = to_light * (key.distance or 100)
    thing.rotation_euler = to_light.to_track_quat("Z", "Y").to_euler()
    bpy.context.collection.objects.link(thing)


def _sky(sky: Sky) -> None:
    world = bpy.data.worlds.new("sky")
    world.use_nodes = True
    tree = world.node_tree
    split = tree.nodes.new("ShaderNodeSeparateXYZ")
    tree.links.new(tree.nodes.new("ShaderNodeTexCoord").outputs["Generated"], split.inputs[0])
    height = tree.nodes.new("ShaderNodeMapRange")
    height.inputs["From Min"].default_value = -1
    tree.links.new(split.outputs["Z"], height.inputs["Value"])
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    elements = ramp.color_ramp.elements
    while len(elements) < 4:
        elements.new(0.5)
    stops = [(0.47, sky.below), (0.502, sky.rim), (0.6, _between(sky)), (0.9, sky.zenith)]
    for element, (place, colour) in zip(elements, stops, strict=True):
        element.position, element.color = place, (*colour, 1)
    tree.links.new(height.outputs[0], ramp.inputs["Fac"])
    background = tree.nodes["Background"]
    tree.links.new(ramp.outputs["Color"], background.inputs["Color"])
    background.inputs["Strength"].default_value = sky.strength
    bpy.context.scene.world = world


def _between(sky: Sky) -> tuple[float, ...]:
    return tuple((a + b) / 2 for a, b in zip(sky.rim, sky.zenith, strict=True))


def _trace(plate: Plate, *, samples: int, threads: int) -> None:
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.threads_mode = "FIXED" if threads else "AUTO"
    scene.render.threads = threads or 1
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.samples = samples
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold, cycles.adaptive_min_samples = 0.05, 4
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.denoising_prefilter, cycles.denoising_quality = "FAST", "BALANCED"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 6, 2, 2
    cycles.transmission_bounces, cycles.transparent_max_bounces = 4, 6
    cycles.sample_clamp_indirect, cycles.sample_clamp_direct = 3, 20
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.use_light_tree = True
    cycles.seed = zlib.crc32(plate.name.encode()) % 10_000
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = f"AgX - {plate.contrast}"
    scene.view_settings.exposure = plate.exposure


def _develop(plate: Plate, discs: np.ndarray | None) -> None:
    """Add lamps' discs and the lens's glow, in linear light, before the tone curve."""
    if discs is None and not plate.glow:
        return
    scene = bpy.context.scene
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    light = tree.nodes.new("CompositorNodeRLayers").outputs["Image"]
    if discs is not None:
        side = discs.shape[0]
        image = bpy.data.images.new("discs", side, side, float_buffer=True)
        image.colorspace_settings.name = "Linear Rec.709"
        opaque = np.dstack([discs[::-1], np.ones((side, side), np.float32)])
        image.pixels.foreach_set(np.ascontiguousarray(opaque, np.float32).ravel())
        image.pack()
        source = tree.nodes.new("CompositorNodeImage")
        source.image = image
        added = tree.nodes.new("CompositorNodeMixRGB")
        added.blend_type = "ADD"
        added.inputs[0].default_value = 1
        tree.links.new(light, added.inputs[1])
        tree.links.new(source.outputs["Image"], added.inputs[2])
        light = added.outputs[0]
    if plate.glow:
        glare = tree.nodes.new("CompositorNodeGlare")
        glare.glare_type = "BLOOM"
        glare.inputs["Threshold"].default_value = 1.2
        glare.inputs["Strength"].default_value = plate.glow
        glare.inputs["Size"].default_value = 0.6
        tree.links.new(light, glare.inputs["Image"])
        light = glare.outputs["Image"]
    tree.links.new(light, tree.nodes.new("CompositorNodeComposite").inputs["Image"])
