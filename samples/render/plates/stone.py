"""Worktops of marble and concrete."""

import bpy

from samples.render import shapes
from samples.render.materials import Colour
from samples.render.plates.surface import Socket, Surface


def slab(
    material: bpy.types.Material, *, back: float, front: float = -9.0, half: float = 30.0
) -> bpy.types.Object:
    """A worktop, top at z = 0."""
    top = shapes.box("worktop", (2 * half, back - front, 0.4), material, bevel=0.03)
    top.location = (0, (back + front) / 2, -0.2)
    return top


def marble(
    name: str,
    body: Colour = (0.74, 0.735, 0.72),
    vein: Colour = (0.23, 0.225, 0.22),
    *,
    gloss: float = 0.16,
    gold: float = 0.25,
    block: float = 0.0,
) -> bpy.types.Material:
    """Polished marble: clouds, a few bold veins, and many fine ones that follow them.

    Every `block` is cut elsewhere from the mountain.
    """
    recipe = Surface(name, body, gloss)
    recipe.shade(IOR=1.5)
    cut = recipe.node("Mapping", Location=(block, block * 0.7, block * 0.3))
    cut.inputs["Scale"].default_value = (0.32, 0.32, 0.32)
    recipe.wire(recipe.place((1, 1, 1)), cut.inputs["Vector"])
    place = cut.outputs[0]
    warp = recipe.node("TexNoise", Scale=1.1, Detail=5.0, Roughness=0.55)
    recipe.wire(place, warp.inputs["Vector"])
    bent = recipe.node("VectorMath", operation="MULTIPLY_ADD")
    recipe.wire(warp.outputs["Color"], bent.inputs[0])
    bent.inputs[1].default_value = (1.5, 1.2, 1.0)
    recipe.wire(place, bent.inputs[2])

    def veins(scale: float, width: float, turn: float, detail: float) -> Socket:
        mapping = recipe.node("Mapping")
        mapping.inputs["Rotation"].default_value = (0, 0, turn)
        mapping.inputs["Scale"].default_value = (scale, scale * 0.42, scale)
        recipe.wire(bent.outputs[0], mapping.inputs["Vector"])
        cloud = recipe.cloud(mapping.outputs[0], detail=detail, rough=0.55)
        away = recipe.sum("ABSOLUTE", recipe.sum("SUBTRACT", cloud, 0.5))
        return recipe.spread(away, 0.0, width, (1, 0))

    patches = recipe.cloud(recipe.place((0.5, 0.5, 0.5)), detail=3)
    bold = recipe.sum("MULTIPLY", veins(0.9, 0.020, 0.7, 4), recipe.spread(patches, 0.38, 0.62))
    halo = recipe.sum("MULTIPLY", veins(0.9, 0.11, 0.7, 4), recipe.spread(patches, 0.3, 0.7))
    fine = recipe.sum("MULTIPLY", veins(2.6, 0.012, 0.4, 5), recipe.spread(patches, 0.42, 0.75))
    web = recipe.sum("MULTIPLY", veins(4.4, 0.010, 1.9, 4), 0.35)
    pale = tuple(0.55 * b + 0.45 * v for b, v in zip(body, vein, strict=True))
    tone = recipe.mix(recipe.spread(patches, 0.35, 0.85, (0, 0.35)), body, pale)
    tone = recipe.mix(recipe.sum("MULTIPLY", halo, 0.42), tone, pale)
    rust = tuple(v * w for v, w in zip(vein, (1.5, 1.1, 0.62), strict=True))
    line = recipe.mix(recipe.spread(warp.outputs["Fac"], 0.45, 0.65, (0, gold * 2)), vein, rust)
    for share, weight in ((web, 0.5), (fine, 0.55), (bold, 0.8)):
        tone = recipe.mix(recipe.sum("MULTIPLY", share, weight), tone, line)
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.bump(recipe.cloud(recipe.place((5, 5, 5)), detail=2), depth=0.004, strength=0.06)
    return recipe.material


def concrete(name: str, colour: Colour = (0.30, 0.295, 0.285)) -> bpy.types.Material:
    """Cast concrete, ground smooth: clouds of cement, air holes, the trowel's marks, hairlines."""
    recipe = Surface(name, colour, 0.55)
    broad = recipe.cloud(recipe.place((0.35, 0.35, 0.35)), detail=6, distortion=0.6, rough=0.6)
    middle = recipe.cloud(recipe.place((2.2, 2.2, 2.2)), detail=8, rough=0.62)
    fine = recipe.cloud(recipe.place((45, 45, 45)), detail=3, rough=0.6)
    dark, pale = (tuple(c * f for c in colour) for f in (0.66, 1.30))
    blend = recipe.sum("MULTIPLY_ADD", broad, 0.55, recipe.sum("MULTIPLY", middle, 0.45))
    tone = recipe.ramp(blend, [(0.30, dark), (0.52, colour), (0.70, pale)])
    tone = recipe.times(recipe.ramp(fine, [(0.25, (0.82,) * 3), (0.75, (1.1,) * 3)]), tone)
    trowel = recipe.node("Mapping")
    trowel.inputs["Rotation"].default_value = (0, 0, 0.5)
    trowel.inputs["Scale"].default_value = (0.5, 9, 1)
    recipe.wire(recipe.place((1, 1, 1)), trowel.inputs["Vector"])
    strokes = recipe.cloud(trowel.outputs[0], detail=3, distortion=0.4)
    tone = recipe.times(recipe.ramp(strokes, [(0.3, (0.9,) * 3), (0.7, (1.05,) * 3)]), tone)
    holes = recipe.node("TexVoronoi", Scale=1.0, Randomness=1.0)
    recipe.wire(recipe.place((3.2, 3.2, 3.2)), holes.inputs["Vector"])
    size = recipe.spread(recipe.cloud(recipe.place((1.4, 1.4, 1.4)), detail=2), 0.4, 0.8)
    hole = recipe.sum("LESS_THAN", holes.outputs["Distance"], recipe.sum("MULTIPLY", size, 0.12))
    tone = recipe.mix(recipe.sum("MULTIPLY", hole, 0.75), tone, tuple(c * 0.22 for c in colour))
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.wire(recipe.spread(blend, 0.3, 0.7, (0.62, 0.42)), recipe.shader.inputs["Roughness"])
    recipe.bump(fine, depth=0.006, strength=0.35)
    recipe.bump(middle, depth=0.02, strength=0.15)
    recipe.bump(strokes, depth=0.01, strength=0.12)
    recipe.bump(recipe.sum("SUBTRACT", 1.0, hole), depth=0.03, strength=0.6)
    return recipe.material
