"""Boards: sawn, oiled, limed, worn. Textures to the tenth of a millimetre."""

import math

import bpy
import numpy as np

from samples.render import shapes
from samples.render.materials import Colour
from samples.render.plates.surface import Surface


def timber(
    name: str,
    dark: Colour,
    light: Colour,
    *,
    gloss: float = 0.45,
    rings: float = 5.0,
    pores: float = 0.6,
    coat: float = 0.0,
    wear: float = 0.0,
) -> bpy.types.Material:
    """Sawn boards along x: growth rings cut at a slant, fibres, pores, every board another.

    Args:
        name: Of the material.
        dark: Late wood.
        light: Early wood.
        gloss: Roughness.
        rings: A decimetre.
        pores: How dark the pores are.
        coat: Of lacquer.
        wear: Share of paint or oil that is rubbed off, which shows grey wood.
    """
    recipe = Surface(name, light, gloss)
    wander = recipe.cloud(recipe.shifted((0.05, 0.45, 0.45)), detail=2)
    small = recipe.cloud(recipe.shifted((0.12, 2.2, 2.2)), detail=3)
    split = recipe.node("SeparateXYZ")
    recipe.wire(recipe.shifted((1, 1, 1)), split.inputs[0])
    # Distance from the pith: a board is cut askew, so rings open into flames along it.
    y = recipe.sum("MULTIPLY_ADD", split.outputs["Y"], 1.0, recipe.sum("MULTIPLY", wander, 3.2))
    round_ = recipe.sum("SINE", recipe.sum("MULTIPLY", y, 0.9))
    ring = recipe.sum("MULTIPLY_ADD", round_, 1.1, recipe.sum("MULTIPLY", wander, 4.0))
    ring = recipe.sum("MULTIPLY_ADD", small, 0.35, ring)
    ring = recipe.sum("FRACT", recipe.sum("MULTIPLY", ring, rings))
    ring = recipe.sum("SUBTRACT", recipe.sum("POWER", ring, 2.2), recipe.spread(ring, 0.93, 1.0))
    fibre = recipe.cloud(recipe.shifted((0.9, 55, 55)), detail=3)
    hair = recipe.cloud(recipe.shifted((3.0, 210, 210)), detail=1)
    figure = recipe.sum("MULTIPLY_ADD", ring, 0.55, recipe.sum("MULTIPLY", fibre, 0.5))
    tone = recipe.ramp(figure, [(0.14, light), (0.78, dark)])
    broad = recipe.cloud(recipe.shifted((0.22, 0.9, 0.9)), detail=2)
    tone = recipe.times(recipe.ramp(broad, [(0.3, (0.72,) * 3), (0.7, (1.12,) * 3)]), tone)
    each = recipe.node("ObjectInfo").outputs["Random"]
    tone = recipe.times(
        recipe.ramp(each, [(0.0, (0.74, 0.72, 0.70)), (1.0, (1.1, 1.1, 1.1))]), tone
    )
    vessels = recipe.cloud(recipe.shifted((2.2, 95, 95)), detail=0)
    vessel = recipe.spread(vessels, 0.68, 0.76)
    tone = recipe.times(
        recipe.ramp(recipe.sum("MULTIPLY", vessel, pores), [(0.0, (1, 1, 1)), (1.0, (0.25,) * 3)]),
        tone,
    )
    if wear:
        rub = recipe.cloud(recipe.shifted((0.5, 2.6, 2.6)), detail=6, rough=0.65)
        rub = recipe.sum("MULTIPLY_ADD", fibre, 0.5, rub)
        grey = tuple(0.22 * c + 0.10 for c in (0.95, 0.8, 0.62))
        tone = recipe.mix(recipe.spread(rub, 1.02 - 0.4 * wear, 1.1 - 0.4 * wear), tone, grey)
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.wire(
        recipe.sum("MULTIPLY_ADD", fibre, 0.22, recipe.sum("ADD", gloss - 0.11, 0.0)),
        recipe.shader.inputs["Roughness"],
    )
    recipe.bump(fibre, depth=0.006, strength=0.5)
    recipe.bump(hair, depth=0.002, strength=0.4)
    recipe.bump(recipe.sum("SUBTRACT", 1.0, vessel), depth=0.004, strength=0.5)
    if coat:
        recipe.shade(**{"Coat Weight": coat, "Coat Roughness": 0.08})
    return recipe.material


def boards(
    material: bpy.types.Material,
    rng: np.random.Generator,
    *,
    width: float = 1.4,
    back: float = 9.0,
    front: float = -9.0,
    half: float = 30.0,
    gap: float = 0.012,
    across: bool = False,
) -> None:
    """Boards along x from `front` to `back`, top at z = 0; `across` lets them run along y."""
    if across:
        count = math.ceil(2 * half / width)
        for number in range(count):
            board = _board(material, back - front, width, rng, gap)
            board.rotation_euler.z = math.pi / 2
            board.location.x = -half + (number + 0.5) * width
            board.location.y = (back + front) / 2
        return
    count = math.ceil((back - front) / width)
    for number in range(count):
        board = _board(material, 2 * half, width, rng, gap)
        board.location.x = rng.uniform(-3, 3)
        board.location.y = back - (number + 0.5) * width


def _board(
    material: bpy.types.Material,
    length: float,
    width: float,
    rng: np.random.Generator,
    gap: float,
) -> bpy.types.Object:
    board = shapes.box("board", (length, width - gap, 0.4), material, bevel=0.02)
    board.location = (0, 0, -0.2 - abs(rng.normal(0, 0.004)))
    board.rotation_euler.x = rng.normal(0, 0.001)
    return board
