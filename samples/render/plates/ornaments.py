"""Small things beside a product: cones, baubles, pumpkins, shells, stones."""

import math

import bpy
import numpy as np

from samples.render import materials, shapes
from samples.render.materials import Colour
from samples.render.plates import relief
from samples.render.plates.plants import joined
from samples.render.plates.surface import Surface


def cone(rng: np.random.Generator, *, length: float = 0.62) -> bpy.types.Object:
    """An open pine cone along z from the origin: scales in a spiral."""
    wood = materials.clay("scale", (0.095, 0.046, 0.024))
    scales = []
    count = 54
    for number in range(count):
        share = number / (count - 1)
        radius = 0.27 * math.sin(math.pi * (0.22 + 0.72 * share)) ** 0.7
        turn = number * 2.39996
        u, v = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(0, 1, 5), indexing="ij")
        wide = 0.058 * (0.5 + radius / 0.27) * (0.4 + 0.6 * np.sin(np.pi * (0.15 + 0.7 * v)))
        x = u * wide
        y = 0.03 + v * (radius + 0.02)
        z = 0.05 * v**2 + 0.02 * (1 - u**2) * v + rng.uniform(-0.01, 0.01)
        tilt = 0.15 + 0.75 * share
        y, z = y * math.cos(tilt) - z * math.sin(tilt), y * math.sin(tilt) + z * math.cos(tilt)
        c, s = math.cos(turn), math.sin(turn)
        points = np.stack([c * x - s * y, s * x + c * y, z + (share - 0.5) * length], -1)
        thick = np.concatenate([points, points[::-1] + np.array([0, 0, 0.014])])
        scales.append(shapes.surface("scale", thick, wood, closed_u=True))
    return joined(scales)


def bauble(
    colour: Colour, radius: float, *, rough: float = 0.12, metallic: float = 0.85
) -> bpy.types.Object:
    """A glass ball with its cap, standing on z = 0."""
    recipe = Surface("bauble", colour, rough)
    recipe.shade(**{"Metallic": metallic, "Coat Weight": 0.6, "Coat Roughness": 0.04})
    arc = np.linspace(-math.pi / 2, math.pi / 2, 40)
    ball = shapes.lathe(
        "bauble",
        [(radius * math.cos(a), radius * (1 + math.sin(a))) for a in arc],
        recipe.material,
        fillet=0.0,
    )
    gold = materials.metal("cap", (0.8, 0.58, 0.26), 0.3)
    cap = shapes.lathe(
        "cap",
        [
            (0, 1.97 * radius),
            (0.16 * radius, 1.97 * radius),
            (0.16 * radius, 2.16 * radius),
            (0, 2.18 * radius),
        ],
        gold,
    )
    return joined([ball, cap])


def pumpkin(
    rng: np.random.Generator, colour: Colour, radius: float, *, flat: float = 0.72
) -> bpy.types.Object:
    """A ribbed pumpkin with its stalk, standing on z = 0."""
    recipe = Surface("rind", colour, 0.42)
    patches = recipe.cloud(recipe.shifted((1.4, 1.4, 1.4)), detail=5)
    dark = tuple(c * 0.62 for c in colour)
    tone = recipe.ramp(patches, [(0.3, dark), (0.65, colour)])
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.bump(recipe.cloud(recipe.shifted((9, 9, 9)), detail=3), depth=0.02, strength=0.3)
    ribs = int(rng.integers(9, 13))
    turn, up = np.meshgrid(
        np.linspace(0, 2 * np.pi, 160, endpoint=False),
        np.linspace(-np.pi / 2, np.pi / 2, 48),
        indexing="ij",
    )
    groove = 1 - 0.13 * (1 - np.abs(np.sin(ribs * turn / 2 + 0.15 * np.sin(turn)))) ** 2.2
    out = radius * np.cos(up) ** 0.85 * groove
    dent = 0.22 * np.exp(-((np.cos(up) / 0.35) ** 2))
    z = radius * flat * (np.sin(up) * (1 - dent) + 1)
    points = np.stack([out * np.cos(turn), out * np.sin(turn), z], -1)
    body = shapes.surface("pumpkin", points, recipe.material, closed_u=True)
    top = 2 * radius * flat * 0.88
    lean = rng.uniform(-0.3, 0.3, 2) * radius
    stalk = shapes.sweep(
        "stalk",
        [
            (0, 0, top - 0.1 * radius),
            (lean[0] * 0.3, lean[1] * 0.3, top + 0.2 * radius),
            (lean[0], lean[1], top + 0.42 * radius),
        ],
        0.24 * radius,
        materials.clay("stalk", (0.20, 0.17, 0.08)),
        taper=lambda share: 1.15 - 0.5 * share,
    )
    return joined([body, stalk])


def stone(
    rng: np.random.Generator, colour: Colour, radius: float, *, flat: float = 0.55
) -> bpy.types.Object:
    """A pebble with its middle at the origin."""
    recipe = Surface("pebble", colour, 0.6)
    specks = recipe.cloud(recipe.shifted((14, 14, 14)), detail=6, rough=0.7)
    dark = tuple(c * 0.6 for c in colour)
    recipe.wire(
        recipe.ramp(specks, [(0.35, dark), (0.6, colour)]), recipe.shader.inputs["Base Color"]
    )
    turn, up = np.meshgrid(
        np.linspace(0, 2 * np.pi, 48, endpoint=False),
        np.linspace(-np.pi / 2, np.pi / 2, 24),
        indexing="ij",
    )
    ball = np.stack([np.cos(up) * np.cos(turn), np.cos(up) * np.sin(turn), np.sin(up)], -1)
    seed = int(rng.integers(1 << 20))
    bumps = relief.noise(ball[..., 0] * 1.3 + ball[..., 2], ball[..., 1] * 1.3, seed=seed)
    points = ball * (radius * (1 + 0.16 * bumps))[..., None] * np.array([1, 0.8, flat])
    return shapes.surface("pebble", points, recipe.material, closed_u=True)


def scallop(rng: np.random.Generator, colour: Colour, size: float) -> bpy.types.Object:
    """A scallop's upper shell, lying on z = 0, its hinge towards -y."""
    recipe = Surface("shell", colour, 0.4)
    split = recipe.node("SeparateXYZ")
    recipe.wire(recipe.place((1, 1, 1), space="UV"), split.inputs[0])
    bands = recipe.cloud(recipe.place((1.5, 9, 1), space="UV"), detail=3)
    pale = tuple(min(1, c * 1.5) for c in colour)
    recipe.wire(
        recipe.ramp(bands, [(0.35, colour), (0.6, pale)]), recipe.shader.inputs["Base Color"]
    )
    fan, out = np.meshgrid(np.linspace(-1, 1, 97), np.linspace(0.03, 1, 26), indexing="ij")
    angle = fan * 1.12
    edge = out * (1 - 0.10 * np.abs(fan) ** 3)
    ribs = 0.045 * np.abs(np.sin(fan * 8.5 * np.pi / 2)) * out
    dome = 0.34 * np.sin(np.pi * np.clip(out, 0, 1) ** 0.75) * (1 - 0.8 * fan**2)
    z = np.maximum(dome, 0) + ribs * (1 - 0.5 * fan**2)
    points = np.stack([edge * np.sin(angle), edge * np.cos(angle), z], -1) * size
    points[..., 2] += rng.uniform(-0.01, 0.01)
    return shapes.surface("scallop", points, recipe.material)
