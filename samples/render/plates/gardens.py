"""What is behind a table outdoors: lawn, hedges, flower beds, leaves on the ground."""

import bpy
import numpy as np

from samples.render import materials, shapes
from samples.render.materials import Colour
from samples.render.plates import flowers, plants, scatter
from samples.render.plates.camera import Viewpoint
from samples.render.plates.surface import Surface


def plain(
    material: bpy.types.Material, *, at: float, near: float = -20, far: float = 2000
) -> bpy.types.Object:
    """Flat ground to the horizon."""
    corners = np.array([[[-far, near, at], [-far, far, at]], [[far, near, at], [far, far, at]]])
    return shapes.surface("plain", corners, material)


def lawn(*, at: float, colour: Colour = (0.09, 0.17, 0.03)) -> None:
    """Grass so far away that it is a colour."""
    recipe = Surface("lawn", colour, 0.8)
    patches = recipe.cloud(recipe.place((0.12, 0.05, 1)), detail=4)
    dark, pale = (tuple(c * f for c in colour) for f in (0.5, 1.7))
    recipe.wire(
        recipe.ramp(patches, [(0.3, dark), (0.7, pale)]), recipe.shader.inputs["Base Color"]
    )
    plain(recipe.material, at=at)


def hedge(
    view: Viewpoint,
    rng: np.random.Generator,
    colours: list[Colour],
    *,
    y: float,
    count: int,
    low: float = 0.0,
    leaves: int = 260,
    tall: tuple[float, float] = (0.30, 0.62),
) -> None:
    """Bushes and crowns across the view about `y` behind, `low` lifts them off the ground."""
    tissue = plants.foliage("hedge", colours, through=0.45)
    models = [plants.leaf(tissue, rng, width=0.5, stalk=0, steps=(3, 5)) for _ in range(2)]
    places, sizes = [], []
    for share in np.linspace(-0.05, 1.05, count):
        away = y * rng.uniform(0.8, 1.35)
        x = view.across(share + rng.uniform(-0.04, 0.04), away)
        half = away * 0.115 * rng.uniform(0.7, 1.2)
        top = away * rng.uniform(*tall) * 0.5
        ways = rng.standard_normal((leaves, 3))
        ways /= np.linalg.norm(ways, axis=1, keepdims=True)
        inside = ways * rng.random((leaves, 1)) ** 0.4 * np.array([half, half, top * 0.62])
        places.append(inside + np.array([x, away, low + top * 0.5 - 2]))
        sizes.append(away * 0.026 * rng.uniform(0.5, 1.4, leaves))
    spots = np.concatenate(places)
    turns = scatter.turned(rng, len(spots), tilt_deg=75)
    scatter.spread(models, spots, turns, np.concatenate(sizes), rng)


def petals(
    view: Viewpoint,
    rng: np.random.Generator,
    colours: list[Colour],
    *,
    back: float,
    count: int,
) -> None:
    """Petals on the table, beside and behind the place to stand."""
    flowers.fallen(rng, beside(view, rng, back=back, count=count), colours=colours)


def beside(
    view: Viewpoint,
    rng: np.random.Generator,
    *,
    back: float,
    count: int,
    front: float = -0.6,
    margin: float = 0.02,
    crowd: float = 1.6,
) -> np.ndarray:
    """Places on the ground, (n, 3), outside the product's half of the picture.

    Args:
        view: The camera.
        rng: Places them.
        back: Furthest y.
        count: How many.
        front: Nearest y.
        margin: Share of the width that stays free beyond the half.
        crowd: Above 1 they gather at the borders of the picture.
    """
    y = front + (back - front) * rng.random(count)
    side = rng.choice((-1, 1), count)
    off = 0.25 + margin + (0.32 - margin) * rng.random(count) ** (1 / crowd)
    x = np.array(
        [view.across(0.5 + s * o, depth) for s, o, depth in zip(side, off, y, strict=True)]
    )
    return np.stack([x, y, np.zeros(count)], 1)


def tulips(
    view: Viewpoint,
    rng: np.random.Generator,
    colours: list[Colour],
    *,
    y: tuple[float, float],
    count: int,
    at: float = -0.5,
) -> None:
    """Tulips out of focus."""
    stem = materials.plastic("stem", (0.07, 0.14, 0.04), 0.5)
    cups = []
    for colour in colours:
        tissue = flowers.petal_tissue(
            "tulip", [tuple(c * f for c in colour) for f in (0.8, 1.1)], colour
        )
        arc = np.linspace(0, 1, 10)
        cup = shapes.lathe(
            "tulip",
            [(0.02, 0), *((0.30 * np.sin(np.pi * (0.15 + 0.62 * t)) ** 0.8, 0.7 * t) for t in arc)],
            tissue,
        )
        stalk = shapes.sweep("stem", [(0, 0, -2.2), (0.05, 0, -1), (0, 0, 0.05)], 0.07, stem)
        cups.append(plants.joined([cup, stalk]))
    spots = []
    for _ in range(count):
        away = rng.uniform(*y)
        share = rng.choice((rng.uniform(-0.1, 0.36), rng.uniform(0.64, 1.1)))
        spots.append((view.across(share, away), away, at + rng.uniform(1.6, 2.3)))
    turns = scatter.turned(rng, count, tilt_deg=10)
    scatter.spread(cups, np.array(spots), turns, rng.uniform(0.8, 1.2, count), rng)


def grass(
    rng: np.random.Generator,
    places: np.ndarray,
    *,
    tall: float = 1.2,
    colours: list[Colour] | None = None,
) -> None:
    """Tufts of grass at (n, 3) places."""
    tissue = plants.foliage(
        "grass",
        colours or [(0.05, 0.12, 0.02), (0.10, 0.20, 0.035), (0.18, 0.26, 0.06)],
        through=0.4,
    )
    models = []
    for _ in range(3):
        corners, faces = [], []
        for _blade in range(16):
            base = np.append(rng.normal(0, 0.10, 2), 0.0)
            heading, bend = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.8)
            t = np.linspace(0, 1, 5)
            long = tall * rng.uniform(0.5, 1.1)
            out = np.array([np.cos(heading), np.sin(heading), 0])
            side = np.array([-out[1], out[0], 0]) * 0.022
            line = base + np.outer(t**2 * bend * long, out)
            line[:, 2] += long * (t - 0.35 * bend * t**2)
            width = (1 - t**2)[:, None]
            start = sum(len(part) for part in corners)
            corners.append(np.stack([line - side * width, line + side * width], 1).reshape(-1, 3))
            row = start + 2 * np.arange(4)[:, None]
            faces.append(row + np.array([[0, 1, 3, 2]]))
        mesh = bpy.data.meshes.new("tuft")
        mesh.from_pydata(np.concatenate(corners).tolist(), [], np.concatenate(faces).tolist())
        mesh.materials.append(tissue)
        thing = bpy.data.objects.new("tuft", mesh)
        bpy.context.collection.objects.link(thing)
        models.append(thing)
    count = len(places)
    turns = scatter.turned(rng, count, tilt_deg=12)
    scatter.spread(models, places, turns, rng.uniform(0.6, 1.2, count), rng)
