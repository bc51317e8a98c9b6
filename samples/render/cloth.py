"""Cloth, leather and paper: materials whose looks come from threads, pores and fibres."""

import math

import bpy

from samples.render.materials import Colour, Recipe


def woven(
    name: str, colour: Colour, *, threads: tuple[float, float], depth: float, sheen: float = 0.3
) -> bpy.types.Material:
    """Plain weave, no two threads quite alike.

    Args:
        name: The material's name.
        colour: Of the yarn.
        threads: How many of them run across the UV square, along u and along v.
        depth: Height of a thread over the gaps, in decimetres.
        sheen: Share of light that the yarn's fuzz catches at the rim.
    """
    recipe = Recipe(name, colour, 0.9)
    recipe.shade(**{"Sheen Weight": sheen, "Sheen Roughness": 0.5})
    split = recipe.node("SeparateXYZ")
    recipe.wire(recipe.place((*threads, 1), space="UV"), split.inputs[0])
    waves = []
    for axis in ("X", "Y"):
        angle = recipe.node("Math", operation="MULTIPLY")
        angle.inputs[1].default_value = math.pi
        recipe.wire(split.outputs[axis], angle.inputs[0])
        wave = recipe.node("Math", operation="SINE")
        recipe.wire(angle.outputs[0], wave.inputs[0])
        waves.append(wave.outputs[0])
    weave = recipe.node("Math", operation="MULTIPLY")
    for wave, entry in zip(waves, weave.inputs, strict=False):
        recipe.wire(wave, entry)
    recipe.bump(weave.outputs[0], depth=depth)
    dark = tuple(channel * 0.72 for channel in colour)
    light = tuple(min(1, channel * 1.15) for channel in colour)
    blend = recipe.node("MixRGB", Fac=0.5)
    for along, across, entry in ((0.5, 0.03, "Color1"), (0.03, 0.5, "Color2")):
        slubs = recipe.noise((threads[0] * along, threads[1] * across, 1), detail=2, space="UV")
        recipe.wire(slubs.outputs["Fac"], blend.inputs[entry])
    tone = recipe.ramp(blend.outputs["Color"], [(0.3, dark), (0.68, light)])
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    return recipe.material


def terry(name: str, colour: Colour) -> bpy.types.Material:
    """Looped towelling: soft, deep, with a velvety rim."""
    recipe = Recipe(name, colour, 0.95)
    recipe.shade(**{"Sheen Weight": 0.7, "Sheen Roughness": 0.4})
    loops = recipe.node("TexVoronoi", Scale=1.0)
    recipe.wire(recipe.place((75, 75, 75)), loops.inputs["Vector"])
    recipe.bump(loops.outputs["Distance"], depth=0.012)
    dark = tuple(channel * 0.5 for channel in colour)
    tone = recipe.ramp(loops.outputs["Distance"], [(0.15, colour), (0.85, dark)])
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    return recipe.material


def leather(name: str, colour: Colour) -> bpy.types.Material:
    """Vegetable-tanned leather: fine pores, patches of wear."""
    recipe = Recipe(name, colour, 0.48)
    pores = recipe.node("TexVoronoi", Scale=1.0, feature="DISTANCE_TO_EDGE")
    recipe.wire(recipe.place((30, 30, 30)), pores.inputs["Vector"])
    clipped = recipe.node("Math", operation="MINIMUM")
    clipped.inputs[1].default_value = 0.12
    recipe.wire(pores.outputs["Distance"], clipped.inputs[0])
    recipe.bump(clipped.outputs[0], depth=0.02, strength=0.6)
    dark = tuple(channel * 0.78 for channel in colour)
    tone = recipe.ramp(
        recipe.noise((1.5, 1.5, 1.5), detail=6).outputs["Fac"], [(0.3, dark), (0.65, colour)]
    )
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    return recipe.material


def paper(name: str, colour: Colour) -> bpy.types.Material:
    """Seamless background paper or a page edge: matt, nearly even."""
    return Recipe(name, colour, 0.8).material


def plaster(name: str, colour: Colour) -> bpy.types.Material:
    """A rolled wall: orange-peel texture, faint blotches."""
    recipe = Recipe(name, colour, 0.85)
    pale = tuple(min(1, channel * 1.12) for channel in colour)
    blotches = recipe.noise((0.25, 0.25, 0.25), detail=3)
    recipe.wire(
        recipe.ramp(blotches.outputs["Fac"], [(0.3, colour), (0.7, pale)]),
        recipe.shader.inputs["Base Color"],
    )
    recipe.bump(recipe.noise((9, 9, 9), detail=1).outputs["Fac"], depth=0.02, strength=0.6)
    return recipe.material
