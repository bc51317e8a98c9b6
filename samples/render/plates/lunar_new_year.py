"""Lunar New Year: red lacquer, gold, lanterns, plum blossom, mandarins."""

import numpy as np

from samples.render import materials, shapes
from samples.render.plates import flowers, gardens, lamps, plants, rooms, stone
from samples.render.plates.camera import Viewpoint
from samples.render.plates.plate import Bulb, Key, Plate, Sky
from samples.render.plates.surface import Surface

LEVEL = Viewpoint("level", f_number=2.5)
RAISED = Viewpoint("raised", lens_mm=70, f_number=3.0)


def _lacquer(*, back: float, half: float = 30.0) -> None:
    """A red lacquered top with a fine gold line along its far edge."""
    recipe = Surface("lacquer", (0.30, 0.010, 0.008), 0.22)
    recipe.shade(**{"Coat Weight": 0.7, "Coat Roughness": 0.11, "Coat IOR": 1.5})
    cloudy = recipe.cloud(recipe.place((0.8, 0.8, 0.8)), detail=5)
    recipe.wire(
        recipe.ramp(cloudy, [(0.3, (0.24, 0.007, 0.006)), (0.7, (0.36, 0.013, 0.010))]),
        recipe.shader.inputs["Base Color"],
    )
    dust = recipe.cloud(recipe.place((14, 14, 14)), detail=3)
    recipe.wire(recipe.spread(dust, 0.35, 0.75, (0.16, 0.40)), recipe.shader.inputs["Roughness"])
    recipe.bump(recipe.cloud(recipe.place((1.2, 1.2, 1.2)), detail=2), depth=0.01, strength=0.08)
    stone.slab(recipe.material, back=back, half=half)
    gold = materials.metal("inlay", (0.85, 0.55, 0.16), 0.28)
    for y, thick in ((back - 0.9, 0.10), (back - 1.2, 0.03)):
        rooms.block((0, y, 0.0), (2 * half, thick, 0.008), gold, bevel=0.002)


def _mandarin(rng: np.random.Generator, place: tuple[float, float, float], radius: float) -> None:
    recipe = Surface("mandarin", (0.70, 0.15, 0.004), 0.38)
    pores = recipe.node("TexVoronoi", Scale=1.0)
    recipe.wire(recipe.shifted((22, 22, 22)), pores.inputs["Vector"])
    recipe.bump(pores.outputs["Distance"], depth=0.012, strength=0.5)
    arc = np.linspace(-np.pi / 2, np.pi / 2, 30)
    outline = [
        (radius * np.cos(a), 0.84 * radius * (1 + np.sin(a)) - (0.10 * radius if a > 1.5 else 0))
        for a in arc
    ]
    body = shapes.lathe("mandarin", outline, recipe.material, fillet=0.0)
    body.location = place
    body.rotation_euler = (rng.normal(0, 0.15), rng.normal(0, 0.15), 0)
    green = plants.foliage(
        "mandarin leaf", [(0.03, 0.08, 0.015), (0.06, 0.12, 0.02)], gloss=0.3, through=0.2
    )
    for heading in rng.uniform(0, 6, 2):
        blade = plants.leaf(green, rng, length=0.95 * radius * 1.6, width=0.5 * radius, stalk=0.2)
        blade.location = (place[0], place[1], place[2] + 1.62 * radius)
        blade.rotation_euler = (0.15, 0.0, heading)


def lanterns(plate: Plate, rng: np.random.Generator) -> None:
    """Red lacquer before lanterns, plum blossom at the side."""
    view = plate.viewpoint
    _lacquer(back=plate.edge or 8)
    rooms.wall((0.13, 0.012, 0.014), at=52)
    for across, down, y, radius in [
        (0.16, 0.18, 18, 1.9),
        (0.33, 0.06, 30, 2.0),
        (0.86, 0.12, 22, 1.9),
        (0.68, 0.20, 36, 2.0),
        (0.04, 0.34, 34, 2.0),
        (0.97, 0.36, 38, 2.0),
        (0.50, 0.10, 44, 2.0),
    ]:
        lamps.lantern(view.at(across, down, y), radius)
    flowers.branch(
        rng,
        view.at(1.10, 0.52, 5.0),
        view.at(0.74, 0.24, 4.4),
        colours=flowers.PLUM,
        heart=(0.35, 0.01, 0.03),
        flowers=80,
        leaves=0,
        thick=0.10,
    )
    for across, y, radius in [(0.07, 2.8, 0.40), (0.15, 3.9, 0.38), (0.02, 4.4, 0.42)]:
        _mandarin(rng, (view.across(across, y), y, 0), radius)
    gardens.petals(view, rng, flowers.PLUM, back=5, count=26)


def lantern_lights(plate: Plate, rng: np.random.Generator) -> list[Bulb]:
    """Gold lights between the lanterns."""
    bulbs = []
    for _ in range(44):
        place = plate.viewpoint.at(
            float(rng.uniform(-0.05, 1.05)), float(rng.uniform(-0.04, 0.47)), rng.uniform(22, 50)
        )
        warm = (1.0, rng.uniform(0.40, 0.55), rng.uniform(0.08, 0.16))
        bulbs.append(Bulb(place, warm, float(rng.uniform(0.05, 0.4))))
    return bulbs


def feast_raised(plate: Plate, rng: np.random.Generator) -> None:
    """Red lacquer from half above: mandarins, envelopes, plum blossom."""
    view = plate.viewpoint
    _lacquer(back=plate.edge or 9)
    rooms.wall((0.16, 0.018, 0.016), at=28)
    bowl = materials.glazed("celadon", (0.10, 0.16, 0.14))
    place = (view.across(0.15, 5.0), 5.0)
    dish = shapes.lathe(
        "dish",
        [(0, 0), (0.7, 0), (0.78, 0.10), (1.35, 0.5), (1.30, 0.53), (0.72, 0.18), (0, 0.14)],
        bowl,
    )
    dish.location = (*place, 0)
    for dx, dy, z in [
        (-0.42, -0.1, 0.24),
        (0.40, -0.2, 0.24),
        (0.02, 0.42, 0.24),
        (0.0, 0.0, 0.82),
    ]:
        _mandarin(rng, (place[0] + dx, place[1] + dy, z), 0.40)
    _mandarin(rng, (view.across(0.09, 2.2), 2.2, 0), 0.38)
    red = materials.plastic("envelope", (0.48, 0.014, 0.012), 0.45)
    gold = materials.metal("foil", (0.85, 0.55, 0.16), 0.3)
    for number, turn in enumerate((0.25, -0.1, 0.5)):
        x, y, z = view.across(0.88, 2.2), 2.2 + 0.25 * number, 0.012 + 0.02 * number
        paper = rooms.block((x, y, z), (0.9, 1.7, 0.016), red, bevel=0.006)
        seal = rooms.block((x, y, z + 0.009), (0.34, 0.34, 0.004), gold, bevel=0.001)
        paper.rotation_euler.z = seal.rotation_euler.z = turn
    flowers.branch(
        rng,
        (view.across(1.08, 4.2), 4.2, 0.5),
        (view.across(0.78, 7.0), 7.0, 1.2),
        colours=flowers.PLUM,
        heart=(0.35, 0.01, 0.03),
        flowers=80,
        leaves=0,
        thick=0.11,
    )
    gardens.petals(view, rng, flowers.PLUM, back=7, count=40)
    lamps.lantern(view.at(0.60, -0.02, 22), 1.8)
    lamps.lantern(view.at(0.30, 0.0, 25), 1.8)


HALL = Sky((0.34, 0.22, 0.18), (0.40, 0.22, 0.15), (0.05, 0.02, 0.02), 0.26)

PLATES = [
    Plate(
        "lunar-new-year-lanterns",
        "lunar-new-year",
        "Red lacquer before lanterns",
        LEVEL,
        Key(-58, 44, 0.4, (1.0, 0.86, 0.66), 3.2, distance=20),
        HALL,
        lanterns,
        edge=7.5,
        gloss=0.42,
        exposure=0.15,
        glow=0.15,
        bulbs=lantern_lights,
        vivid=0.93,
    ),
    Plate(
        "lunar-new-year-feast-raised",
        "lunar-new-year",
        "Mandarins on red lacquer",
        RAISED,
        Key(-60, 46, 0.4, (1.0, 0.88, 0.70), 3.6, distance=20),
        HALL,
        feast_raised,
        edge=9.0,
        gloss=0.30,
        exposure=-0.1,
    ),
]
