"""One photograph: backdrop, light, camera and the path tracer."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix, Vector

from samples.render import backdrops
from samples.render.materials import Colour

SENSOR_MM = 36.0

LIGHTING: dict[str, list[tuple[tuple[float, float, float], float, float, Colour]]] = {
    "softbox": [
        ((-2.7, -2.2, 2.3), 2.8, 95, (1, 0.98, 0.95)),
        ((3.2, -1.4, 1.8), 1.8, 28, (0.93, 0.96, 1)),
        ((0.4, 2.2, 4.2), 2.4, 40, (1, 1, 1)),
    ],
    "tent": [
        ((-3.0, -1.2, 2.2), 3.6, 75, (1, 1, 1)),
        ((3.0, -1.2, 2.2), 3.6, 62, (1, 1, 1)),
        ((0, -0.6, 4.4), 3.6, 70, (1, 1, 1)),
    ],
    "window": [
        ((-4.2, -0.6, 2.4), 1.9, 175, (1, 0.93, 0.84)),
        ((3.6, -2.4, 2.0), 3.0, 14, (0.86, 0.92, 1)),
    ],
    "ceiling": [
        ((0.6, -0.8, 5.0), 2.2, 150, (1, 1, 0.97)),
        ((-3.2, -3.2, 1.2), 2.4, 26, (1, 1, 1)),
    ],
    "neutral": [
        ((-2.7, -2.2, 2.3), 2.8, 92, (1, 1, 1)),
        ((3.2, -1.4, 1.8), 2.4, 44, (1, 1, 1)),
        ((0.4, 2.2, 4.2), 2.4, 40, (1, 1, 1)),
    ],
    "flash": [
        ((0.9, -4.6, 2.9), 0.5, 150, (1, 1, 1)),
        ((0, 0, 5.5), 4.0, 45, (1, 0.9, 0.75)),
    ],
}
"""Area lights by kind: position and size in product radii, watts at radius 1, colour."""

AMBIENT = {
    "softbox": 0.28,
    "tent": 0.75,
    "window": 0.16,
    "ceiling": 0.30,
    "neutral": 0.45,
    "flash": 0.20,
}
DAYLIGHT: Colour = (0.9, 0.95, 1)
SKY: dict[str, Colour] = {"neutral": (1, 1, 1)}
"""Colour of the ambient light where it is not daylight."""


@dataclass(frozen=True)
class Camera:
    """Where the photographer stands. Angles in degrees."""

    azimuth: float = 0
    """0 looks at the front; positive walks to the right."""
    elevation: float = 12
    lens_mm: float = 70
    fill: float = 0.66
    """The product's larger share of the frame, width or height."""
    offset: tuple[float, float] = (0.0, 0.0)
    """How far the product sits from the middle, in shares of the frame."""
    roll: float = 0
    """A camera held askew; positive turns the picture clockwise."""
    f_number: float = 9


@dataclass(frozen=True)
class Setup:
    """A product in front of a camera."""

    build: Callable[[Path], None]
    size: tuple[int, int]
    backdrop: str = "cove"
    colour: Colour = (0.8, 0.8, 0.8)
    light: str = "softbox"
    exposure: float = 0.0
    """Stops."""
    camera: Camera = Camera()
    samples: int = 14


def photograph(
    setup: Setup, path: Path, *, art: Path, longest_side: int | None = None, threads: int = 0
) -> None:
    """Render `setup` to a 16-bit RGBA PNG (sRGB, AgX); alpha is opaque unless cut out.

    `longest_side` makes a quick small preview instead of the full size. `threads` is how many
    cores to take; 0 takes all.
    """
    bpy.ops.wm.read_factory_settings(use_empty=True)
    setup.build(art)
    points = _settle()
    radius = float(np.linalg.norm(points.max(0) - points.min(0)) / 2)
    backdrops.BACKDROPS[setup.backdrop](radius, setup.colour)
    _light(setup.light, points, radius)
    _aim(setup.camera, points, setup.size)
    bpy.context.scene.render.threads_mode = "FIXED" if threads else "AUTO"
    bpy.context.scene.render.threads = threads or 1
    _render(setup, path, longest_side)


def _settle() -> np.ndarray:
    """Let the product stand on z = 0 and over the origin; returns its vertices, (n, 3)."""
    things = [thing for thing in bpy.context.scene.objects if thing.parent is None]
    points = _vertices()
    low, high = points.min(0), points.max(0)
    shift = np.array([-(low[0] + high[0]) / 2, -(low[1] + high[1]) / 2, -low[2]])
    for thing in things:
        thing.location = Vector(thing.location) + Vector(shift)
    bpy.context.view_layer.update()
    return points + shift


def _vertices() -> np.ndarray:
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    clouds = []
    for thing in bpy.context.scene.objects:
        if thing.hide_render or thing.type not in {"MESH", "FONT"}:
            continue
        mesh = thing.evaluated_get(graph).to_mesh()
        local = np.empty(len(mesh.vertices) * 3)
        mesh.vertices.foreach_get("co", local)
        world = np.array(thing.matrix_world)
        clouds.append(local.reshape(-1, 3) @ world[:3, :3].T + world[:3, 3])
    return np.concatenate(clouds)


def _light(kind: str, points: np.ndarray, radius: float) -> None:
    centre = Vector((0, 0, float(points[:, 2].max()) * 0.45))
    for position, size, watts, colour in LIGHTING[kind]:
        lamp = bpy.data.lights.new("softbox", "AREA")
        lamp.energy, lamp.size, lamp.color = watts * radius**2, size * radius, colour
        thing = bpy.data.objects.new("softbox", lamp)
        thing.location = Vector(position) * radius
        thing.rotation_euler = (thing.location - centre).to_track_quat("Z", "Y").to_euler()
        bpy.context.collection.objects.link(thing)
    world = bpy.data.worlds.new("room")
    world.use_nodes = True
    sky = (*SKY.get(kind, DAYLIGHT), 1)
    world.node_tree.nodes["Background"].inputs["Color"].default_value = sky
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = AMBIENT[kind]
    bpy.context.scene.world = world


def _aim(camera: Camera, points: np.ndarray, size: tuple[int, int]) -> None:
    """Stand where the product fills the frame as asked; then focus on its front."""
    azimuth, elevation = math.radians(camera.azimuth), math.radians(camera.elevation)
    back = Vector(
        (
            math.sin(azimuth) * math.cos(elevation),
            -math.cos(azimuth) * math.cos(elevation),
            math.sin(elevation),
        )
    )
    turn = back.to_track_quat("Z", "Y").to_matrix() @ Matrix.Rotation(
        math.radians(camera.roll), 3, "Z"
    )
    right, up, back = (np.array(turn.col[axis]) for axis in range(3))
    frame = np.array(size, float) / max(size) * SENSOR_MM / camera.lens_mm
    target, distance = (points.max(0) + points.min(0)) / 2, 10.0
    for _ in range(25):
        depth = distance - (points - target) @ back
        seen = np.stack([(points - target) @ right, (points - target) @ up], 1) / depth[:, None]
        low, high = seen.min(0), seen.max(0)
        middle = (low + high) / 2 - np.array(camera.offset) * frame
        target = target + (right * middle[0] + up * middle[1]) * distance
        distance *= float(((high - low) / frame).max() / camera.fill)
    lens = bpy.data.cameras.new("camera")
    lens.lens, lens.sensor_width, lens.sensor_fit = camera.lens_mm, SENSOR_MM, "AUTO"
    lens.dof.use_dof = True
    depths = distance - (points - target) @ back
    lens.dof.focus_distance = float(np.quantile(depths, 0.3))
    lens.dof.aperture_fstop = camera.f_number / 10  # Blender counts a decimetre as a metre
    thing = bpy.data.objects.new("camera", lens)
    thing.matrix_world = Matrix.Translation(Vector(target + back * distance)) @ turn.to_4x4()
    bpy.context.collection.objects.link(thing)
    bpy.context.scene.camera = thing


def _render(setup: Setup, path: Path, longest_side: int | None) -> None:
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = setup.samples
    scene.cycles.use_adaptive_sampling = True
    scene.cycles.adaptive_threshold = 0.05
    scene.cycles.adaptive_min_samples = 8
    scene.cycles.use_denoising = True
    scene.cycles.denoiser = "OPENIMAGEDENOISE"
    scene.cycles.denoising_prefilter, scene.cycles.denoising_quality = "FAST", "BALANCED"
    scene.cycles.max_bounces, scene.cycles.diffuse_bounces = 8, 2
    scene.cycles.glossy_bounces, scene.cycles.transmission_bounces = 3, 8
    scene.cycles.sample_clamp_indirect = 4
    scene.cycles.caustics_reflective = scene.cycles.caustics_refractive = False
    scene.render.film_transparent = setup.backdrop == "none"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = setup.exposure
    shrink = longest_side / max(setup.size) if longest_side else 1
    scene.render.resolution_x, scene.render.resolution_y = (
        round(side * shrink) for side in setup.size
    )
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGBA"
    scene.render.image_settings.color_depth = "16"
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
