"""Flames and what holds them: candles, oil lamps, paper lanterns."""

import bpy
import numpy as np

from samples.render import materials, shapes
from samples.render.materials import Colour
from samples.render.plates.plants import joined
from samples.render.plates.surface import Surface

FIRE: Colour = (1.0, 0.50, 0.16)
Place = tuple[float, float, float]


def flame(place: Place, *, height: float = 0.34, watts: float = 0.5) -> None:
    """A flame whose foot is at `place`; it lights its surroundings."""
    recipe = Surface("flame", (0, 0, 0), 1)
    split = recipe.node("SeparateXYZ")
    recipe.wire(recipe.place((1, 1, 1), space="Generated"), split.inputs[0])
    tone = recipe.ramp(
        split.outputs["Z"],
        [
            (0.0, (0.10, 0.12, 0.35)),
            (0.18, (1.0, 0.42, 0.10)),
            (0.55, (1.0, 0.66, 0.28)),
            (1.0, (1.0, 0.40, 0.08)),
        ],
    )
    recipe.wire(tone, recipe.shader.inputs["Emission Color"])
    recipe.shade(**{"Emission Strength": 9.0})
    t = np.linspace(0, 1, 16)
    outline = [
        (0.0, 0.0),
        *(
            (0.23 * height * np.sin(np.pi * s**0.62) ** 1.0 * (1 - 0.35 * s), height * s)
            for s in t[1:-1]
        ),
        (0.0, height),
    ]
    body = shapes.lathe("flame", outline, recipe.material, fillet=0.0)
    body.location = place
    body.visible_shadow = body.visible_diffuse = False
    lamp = bpy.data.lights.new("flame", "POINT")
    lamp.energy, lamp.color, lamp.shadow_soft_size = watts * 40, FIRE, 0.12
    thing = bpy.data.objects.new("flame", lamp)
    thing.location = (place[0], place[1], place[2] + 0.5 * height)
    bpy.context.collection.objects.link(thing)


def candle(
    place: Place,
    radius: float,
    height: float,
    *,
    colour: Colour = (0.80, 0.72, 0.58),
    watts: float = 0.5,
) -> None:
    """A pillar candle, burning."""
    wax = materials.wax("wax", colour)
    outline = [
        (0, 0),
        (radius, 0),
        (radius, height, 0.06),
        (radius * 0.8, height - 0.03),
        (radius * 0.6, height - 0.12),
        (0, height - 0.14),
    ]
    body = shapes.lathe("candle", outline, wax, fillet=0.03)
    body.location = place
    top = (place[0], place[1], place[2] + height - 0.14)
    black = materials.plastic("wick", (0.02, 0.015, 0.01), 0.8)
    shapes.sweep("wick", [top, (top[0] + 0.01, top[1], top[2] + 0.14)], 0.03, black)
    flame((top[0], top[1], top[2] + 0.08), watts=watts)


def diya(
    place: Place,
    material: bpy.types.Material,
    *,
    radius: float = 0.42,
    heading: float = 0.0,
    watts: float = 0.35,
) -> None:
    """An oil lamp: a little bowl with a lip, the flame on it towards `heading` (radians)."""
    outline = [
        (0, 0),
        (0.42 * radius, 0),
        (0.80 * radius, 0.26 * radius),
        (radius, 0.56 * radius),
        (0.93 * radius, 0.58 * radius),
        (0.72 * radius, 0.32 * radius),
        (0.3 * radius, 0.14 * radius),
        (0, 0.12 * radius),
    ]
    bowl = shapes.lathe("diya", outline, material, fillet=0.03)
    corners = np.empty(len(bowl.data.vertices) * 3)
    bowl.data.vertices.foreach_get("co", corners)
    points = corners.reshape(-1, 3)
    angle = np.arctan2(points[:, 1], points[:, 0])
    high = np.clip(points[:, 2] / (0.58 * radius), 0, 1)
    lip = np.exp(-((angle / 0.36) ** 2)) * high
    points[:, :2] *= (1 + 0.42 * lip)[:, None]
    points[:, 1] *= 1 - 0.35 * lip
    bowl.data.vertices.foreach_set("co", points.ravel())
    oil = Surface("oil", (0.30, 0.15, 0.03), 0.06)
    disc = shapes.lathe(
        "oil",
        [(0, 0.40 * radius), (0.78 * radius, 0.40 * radius), (0, 0.395 * radius)],
        oil.material,
        fillet=0.0,
    )
    whole = joined([bowl, disc])
    whole.location, whole.rotation_euler.z = place, heading
    tip = np.array([np.cos(heading), np.sin(heading), 0]) * radius * 1.12
    flame((place[0] + tip[0], place[1] + tip[1], place[2] + 0.5 * radius), height=0.30, watts=watts)


def lantern(place: Place, radius: float, *, colour: Colour = (0.62, 0.018, 0.012)) -> None:
    """A red paper lantern with ribs, gold caps and a tassel, lit from inside; its middle."""
    silk = Surface("silk", colour, 0.5)
    split = silk.node("SeparateXYZ")
    silk.wire(silk.place((1, 1, 1), space="Generated"), split.inputs[0])
    lit = silk.ramp(
        split.outputs["Z"],
        [(0.0, (0.10, 0.002, 0.001)), (0.45, (1.0, 0.055, 0.02)), (1.0, (0.25, 0.006, 0.003))],
    )
    silk.wire(lit, silk.shader.inputs["Emission Color"])
    silk.shade(**{"Emission Strength": 0.75})
    turn, up = np.meshgrid(
        np.linspace(0, 2 * np.pi, 144, endpoint=False), np.linspace(-1.15, 1.15, 40), indexing="ij"
    )
    out = radius * np.cos(up) ** 0.7 * (1 - 0.05 * (1 - np.abs(np.sin(10 * turn))) ** 2)
    points = np.stack([out * np.cos(turn), out * np.sin(turn), radius * 0.84 * np.sin(up)], -1)
    body = shapes.surface("lantern", points, silk.material, closed_u=True)
    gold = materials.metal("gold", (0.85, 0.52, 0.14), 0.3)
    parts = [body]
    for sign in (-1, 1):
        z = sign * radius * 0.80
        cap = shapes.lathe(
            "cap",
            [
                (0, -0.08 * radius),
                (0.46 * radius, -0.08 * radius),
                (0.46 * radius, 0.10 * radius),
                (0, 0.10 * radius),
            ],
            gold,
        )
        cap.location.z = z
        parts.append(cap)
    fringe = materials.plastic("tassel", (0.70, 0.40, 0.08), 0.6)
    tassel = shapes.lathe(
        "tassel",
        [
            (0, -2.2 * radius),
            (0.18 * radius, -2.2 * radius),
            (0.09 * radius, -1.2 * radius),
            (0.05 * radius, -0.9 * radius),
            (0, -0.9 * radius),
        ],
        fringe,
    )
    for thing in [*parts, tassel]:
        thing.location = (place[0], place[1], place[2] + thing.location.z)
