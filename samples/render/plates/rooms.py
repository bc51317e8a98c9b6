"""Rooms behind a table: a wall, a window, furniture; all of it far out of focus."""

from dataclasses import dataclass

import bpy
import numpy as np

from samples.render import cloth, materials, shapes
from samples.render.materials import Colour, Recipe
from samples.render.plates import plants
from samples.render.plates.exposure import direction
from samples.render.plates.plate import Key


def wall(colour: Colour, *, at: float, half: float = 80.0, height: float = 60.0) -> None:
    """A painted wall across the view, from deep below the table up."""
    corners = np.array(
        [
            [[-half, at, -25.0], [-half, at, height]],
            [[half, at, -25.0], [half, at, height]],
        ]
    )
    shapes.surface("wall", corners, cloth.plaster("wall", colour))


def floor(material: bpy.types.Material, *, at: float = -7.5, back: float = 80.0) -> None:
    """The room's floor, `at` below the table top."""
    corners = np.array(
        [[[-80.0, -20.0, at], [-80.0, back, at]], [[80.0, -20.0, at], [80.0, back, at]]]
    )
    shapes.surface("floor", corners, material)


def glowing(name: str, colour: Colour, strength: float) -> bpy.types.Material:
    """Something that shines evenly: a lampshade, a bright window."""
    recipe = Recipe(name, (0.8, 0.8, 0.8), 1)
    recipe.shade(**{"Emission Color": (*colour, 1), "Emission Strength": strength})
    return recipe.material


def block(
    centre: tuple[float, float, float],
    size: tuple[float, float, float],
    material: bpy.types.Material,
    *,
    bevel: float = 0.05,
) -> bpy.types.Object:
    """A box by its centre."""
    return shapes.box("block", size, material, bevel=bevel, centre=centre)


def window(
    centre: tuple[float, float, float],
    size: tuple[float, float],
    *,
    light: Colour = (0.85, 0.93, 1.0),
    strength: float = 2.0,
    frame: Colour = (0.75, 0.74, 0.72),
) -> None:
    """A window in the back wall with four panes, bright outside."""
    x, y, z = centre
    width, height = size
    pane = np.array(
        [
            [[x - width / 2, y, z - height / 2], [x - width / 2, y, z + height / 2]],
            [[x + width / 2, y, z - height / 2], [x + width / 2, y, z + height / 2]],
        ]
    )
    shapes.surface("panes", pane[::-1], glowing("outside", light, strength))
    wood = materials.plastic("window frame", frame, 0.5)
    for across in (-0.5, 0.0, 0.5):
        block((x + across * width, y - 0.4, z), (0.8, 0.8, height + 0.8), wood)
    for up in (-0.5, 0.12, 0.5):
        block((x, y - 0.4, z + up * height), (width + 0.8, 0.8, 0.8), wood)


def vessel(
    place: tuple[float, float, float], radius: float, height: float, material: bpy.types.Material
) -> bpy.types.Object:
    """A plain jar or vase."""
    outline = [
        (0, 0),
        (radius * 0.72, 0),
        (radius, height * 0.38, radius * 0.4),
        (radius * 0.62, height * 0.82, radius * 0.3),
        (radius * 0.7, height),
        (radius * 0.6, height),
        (radius * 0.5, height * 0.8),
        (0, height * 0.3),
    ]
    jar = shapes.lathe("vessel", outline, material)
    jar.location = place
    return jar


def potted(rng: np.random.Generator, place: tuple[float, float, float], leaf: Colour) -> None:
    """A plant in a clay pot, standing at `place`."""
    x, y, z = place
    vessel((x, y, z), 1.7, 4.0, materials.clay("pot", (0.50, 0.40, 0.32)))
    plants.bush(rng, (x, y, z + 7.0), (2.8, 2.8, 3.8), leaf, count=240, size_of_leaf=1.4)


@dataclass(frozen=True)
class Opening:
    """A window by what it lights: a place, and width and height across the light."""

    target: tuple[float, float, float]
    width: float
    height: float
    panes: tuple[int, int] = (2, 3)
    bar: float = 0.5


def light_through(
    key: Key, openings: list[Opening], *, reach: float = 28, cell: float = 0.2
) -> None:
    """A shutter between the sun and the set, out of the picture: light falls in where it is open.

    Args:
        key: The sun.
        openings: What it lights.
        reach: Distance of the shutter: the further, the softer.
        cell: The shutter's grain.
    """
    to_light = np.array(direction(key))
    side = np.cross((0, 0, 1), to_light)
    side /= np.linalg.norm(side)
    up = np.cross(to_light, side)
    half = 40.0
    axis = np.arange(-half, half, cell) + cell / 2
    across, along = np.meshgrid(axis, axis, indexing="ij")
    shut = np.ones(across.shape, bool)
    for opening in openings:
        u = across - np.dot(opening.target, side)
        v = along - np.dot(opening.target, up)
        inside = (np.abs(u) < opening.width / 2) & (np.abs(v) < opening.height / 2)
        for place, size, count in (
            (u, opening.width, opening.panes[0]),
            (v, opening.height, opening.panes[1]),
        ):
            for number in range(1, count):
                inside &= np.abs(place - (number / count - 0.5) * size) > opening.bar / 2
        shut &= ~inside
    u, v = across[shut], along[shut]
    corners = np.stack(
        [
            to_light * reach + (u + du)[:, None] * side + (v + dv)[:, None] * up
            for du, dv in (
                (-cell / 2, -cell / 2),
                (cell / 2, -cell / 2),
                (cell / 2, cell / 2),
                (-cell / 2, cell / 2),
            )
        ],
        1,
    )
    mesh = bpy.data.meshes.new("shutter")
    faces = np.arange(4 * len(u)).reshape(-1, 4)
    mesh.from_pydata(corners.reshape(-1, 3).tolist(), [], faces.tolist())
    mesh.materials.append(materials.plastic("shutter", (0.25, 0.24, 0.23), 0.7))
    shutter = bpy.data.objects.new("shutter", mesh)
    shutter.visible_camera = shutter.visible_diffuse = shutter.visible_glossy = False
    bpy.context.collection.objects.link(shutter)
