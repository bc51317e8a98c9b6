"""What stands behind and under the product. Sizes follow `radius`, the product's, in decimetres."""

import math

import numpy as np

from samples.render import cloth, materials, shapes
from samples.render.materials import Colour


def cove(radius: float, colour: Colour) -> None:
    """Seamless paper rolled from the wall onto the floor."""
    _sweep(radius, cloth.paper("paper", colour))


def wall(radius: float, colour: Colour) -> None:
    """A painted wall over a pale floor board."""
    _floor(radius, materials.plastic("floor", (0.55, 0.53, 0.50), 0.5))
    _wall(radius, cloth.plaster("wall", colour), at=2.6)


def table(radius: float, colour: Colour) -> None:
    """A wooden table; `colour` is the blurred wall of the room behind it."""
    oiled = materials.wood(
        "table", (0.20, 0.105, 0.05), (0.34, 0.20, 0.11), along="x", gloss=0.36, rings=3
    )
    for number in range(-4, 5):
        plank = shapes.box("plank", (40 * radius, 0.98 * radius, 0.4), oiled, bevel=0.012 * radius)
        plank.location = (0, (number + 0.45) * 0.983 * radius, -0.2)
        plank.rotation_euler.z = math.pi * (number % 2)
    _wall(radius, cloth.plaster("room", colour), at=7)


def linen(radius: float, colour: Colour) -> None:
    """A creased cloth on a table, a pale wall behind."""
    side = np.linspace(-8 * radius, 8 * radius, 320)
    x, y = np.meshgrid(side, side, indexing="ij")
    away = np.clip((np.hypot(x, y) / radius - 1.0) / 1.2, 0, 1)
    folds = (
        0.030 * np.sin(2.2 * x / radius + 1.1 * y / radius)
        + 0.022 * np.sin(3.9 * y / radius - 1.7 * x / radius + 1)
        + 0.012 * np.sin(7.3 * x / radius + 2.0 * y / radius)
    )
    threads = 16 * radius * 45 / radius**0.4
    fabric = cloth.woven(
        "linen", colour, threads=(threads, threads), depth=0.35 * 16 * radius / threads, sheen=0.2
    )
    shapes.surface("cloth", np.stack([x, y, radius * away * (folds - 0.05)], -1), fabric)
    _wall(radius, cloth.plaster("wall", (0.62, 0.60, 0.56)), at=7)


def none(_radius: float, _colour: Colour) -> None:
    """Nothing at all: the picture keeps its alpha."""


BACKDROPS = {"cove": cove, "wall": wall, "table": table, "linen": linen, "none": none}


def _sweep(radius: float, material: materials.bpy.types.Material) -> None:
    depth, bend = 3.4 * radius, 2.4 * radius
    arc = np.linspace(0, math.pi / 2, 40)
    line = np.concatenate(
        [
            [[-9 * radius, 0.0]],
            np.stack([depth + bend * np.sin(arc), bend * (1 - np.cos(arc))], 1),
            [[depth + bend, 14 * radius]],
        ]
    )
    span = np.array([-14 * radius, 14 * radius])
    points = np.stack(
        [
            np.broadcast_to(span[:, None], (2, len(line))),
            np.broadcast_to(line[:, 0], (2, len(line))),
            np.broadcast_to(line[:, 1], (2, len(line))),
        ],
        -1,
    )
    shapes.surface("sweep", points, material)


def _floor(radius: float, material: materials.bpy.types.Material) -> None:
    reach = 14 * radius
    corners = np.array(
        [[[-reach, -reach, 0], [-reach, reach, 0]], [[reach, -reach, 0], [reach, reach, 0]]]
    )
    shapes.surface("floor", corners.astype(float), material)


def _wall(radius: float, material: materials.bpy.types.Material, *, at: float) -> None:
    reach, y = 16 * radius, at * radius
    corners = np.array(
        [[[-reach, y, -reach], [-reach, y, reach]], [[reach, y, -reach], [reach, y, reach]]]
    )
    shapes.surface("wall", corners.astype(float), material)
