"""Autumn: fallen leaves on old wood, pumpkins, a forest with the sun behind it."""

import numpy as np

from samples.render.plates import gardens, ornaments, plants, scatter, timber, trees
from samples.render.plates.camera import Viewpoint
from samples.render.plates.plate import Bulb, Key, Plate, Sky

LEVEL = Viewpoint("level", f_number=2.8)
RAISED = Viewpoint("raised", lens_mm=70, f_number=3.0)
LEAVES = [
    (0.20, 0.045, 0.012),
    (0.34, 0.075, 0.015),
    (0.50, 0.17, 0.02),
    (0.58, 0.31, 0.045),
    (0.24, 0.11, 0.035),
    (0.36, 0.20, 0.06),
]
CROWNS = [(0.30, 0.10, 0.015), (0.55, 0.25, 0.03), (0.62, 0.38, 0.06)]


def _old_boards(rng: np.random.Generator, back: float, *, dark: bool) -> None:
    colours = (
        ((0.060, 0.034, 0.020), (0.20, 0.115, 0.066))
        if dark
        else ((0.14, 0.085, 0.05), (0.36, 0.24, 0.15))
    )
    old = timber.timber("old wood", *colours, gloss=0.55, rings=5, wear=0.55, pores=0.8)
    timber.boards(old, rng, width=1.5, back=back, gap=0.035)


def _fallen(
    view: Viewpoint, rng: np.random.Generator, *, back: float, count: int, size: float = 1.0
) -> None:
    """Leaves at the sides and behind, some on others."""
    tissue = plants.foliage("fallen leaf", LEAVES, gloss=0.5, through=0.25)
    models = [
        plants.leaf(tissue, rng, length=0.78, width=0.42, curl=0.55),
        plants.leaf(tissue, rng, length=0.70, width=0.36, curl=0.9),
        plants.leaf(tissue, rng, length=0.95, width=0.55, lobes=4, curl=0.6, steps=(9, 41)),
        plants.leaf(tissue, rng, length=1.0, width=0.6, lobes=4, curl=0.8, steps=(9, 41)),
        plants.maple(tissue, rng, size=0.62),
        plants.maple(tissue, rng, size=0.56),
    ]
    spots = gardens.beside(view, rng, back=back, count=count, margin=0.05, crowd=1.8)
    spots[:, 2] = 0.03 + 0.16 * rng.random(count) ** 2.5
    turns = scatter.turned(rng, count, tilt_deg=24)
    scatter.spread(models, spots, turns, size * rng.uniform(0.75, 1.2, count), rng)


def forest(plate: Plate, rng: np.random.Generator) -> None:
    """A plank in the forest, leaves on it, golden crowns behind."""
    view = plate.viewpoint
    _old_boards(rng, plate.edge or 7, dark=False)
    gardens.lawn(at=-6, colour=(0.13, 0.075, 0.025))
    stems = [
        (0.06, 46, 1.3),
        (0.2, 80, 1.9),
        (0.33, 130, 2.0),
        (0.63, 120, 2.2),
        (0.78, 66, 1.7),
        (0.95, 50, 1.5),
        (0.5, 180, 2.4),
        (0.87, 110, 2.0),
        (0.12, 120, 2.0),
    ]
    trees.trunks(rng, [(view.across(s, y), y, r) for s, y, r in stems], (0.085, 0.06, 0.045))
    gardens.hedge(view, rng, CROWNS, y=150, count=11, leaves=260, tall=(0.5, 0.9))
    gardens.hedge(view, rng, CROWNS, y=75, count=6, leaves=170, low=13, tall=(0.3, 0.5))
    gardens.hedge(
        view,
        rng,
        [(0.12, 0.10, 0.02), (0.25, 0.16, 0.03)],
        y=70,
        count=9,
        leaves=120,
        low=-4,
        tall=(0.1, 0.22),
    )
    _fallen(view, rng, back=plate.edge or 7, count=90)


def sun_spots(plate: Plate, rng: np.random.Generator) -> list[Bulb]:
    """The low sun between leaves."""
    spots = []
    for _ in range(34):
        y = rng.uniform(60, 170)
        across = np.clip(rng.normal(0.30, 0.26), -0.05, 1.05)
        place = plate.viewpoint.at(float(across), float(rng.uniform(0.02, 0.40)), y)
        warm = (1.0, rng.uniform(0.58, 0.72), rng.uniform(0.16, 0.3))
        spots.append(Bulb(place, warm, float(rng.uniform(0.04, 0.26))))
    return spots


def leaves_raised(plate: Plate, rng: np.random.Generator) -> None:
    """Dark boards from half above, leaves and small pumpkins around."""
    view = plate.viewpoint
    _old_boards(rng, plate.edge or 10, dark=True)
    gardens.lawn(at=-7, colour=(0.10, 0.06, 0.02))
    _fallen(view, rng, back=(plate.edge or 10) - 0.5, count=150)
    for across, y, radius, colour in [
        (0.10, 4.4, 0.85, (0.58, 0.17, 0.02)),
        (0.25, 6.6, 0.62, (0.60, 0.40, 0.20)),
        (0.93, 5.0, 0.78, (0.50, 0.11, 0.015)),
        (0.80, 7.4, 0.55, (0.62, 0.26, 0.04)),
    ]:
        thing = ornaments.pumpkin(rng, colour, radius)
        thing.location = (view.across(across, y), y, 0.0)
        thing.rotation_euler.z = rng.uniform(0, 6)


def harvest(plate: Plate, rng: np.random.Generator) -> None:
    """Old boards, pumpkins out of focus, a hedge in late light."""
    view = plate.viewpoint
    _old_boards(rng, plate.edge or 9, dark=True)
    gardens.lawn(at=-7, colour=(0.14, 0.09, 0.03))
    gardens.hedge(view, rng, CROWNS, y=60, count=12, leaves=330, tall=(0.7, 1.1))
    for across, y, radius, colour in [
        (0.04, 5.2, 1.35, (0.55, 0.15, 0.015)),
        (0.22, 7.6, 0.85, (0.62, 0.44, 0.24)),
        (0.95, 6.6, 1.15, (0.58, 0.20, 0.025)),
        (0.79, 8.0, 0.62, (0.34, 0.33, 0.20)),
    ]:
        thing = ornaments.pumpkin(rng, colour, radius)
        thing.location = (view.across(across, y), y, 0.0)
        thing.rotation_euler.z = rng.uniform(0, 6)
    _fallen(view, rng, back=plate.edge or 9, count=70)


GOLD = Sky((0.42, 0.50, 0.62), (1.0, 0.80, 0.50), (0.12, 0.08, 0.05), 0.6)

PLATES = [
    Plate(
        "autumn-forest",
        "autumn",
        "A plank in the golden forest",
        LEVEL,
        Key(-118, 26, 0.15, (1.0, 0.78, 0.50), 5.0),
        GOLD,
        forest,
        edge=6.5,
        exposure=0.2,
        glow=0.15,
        bulbs=sun_spots,
        lighter=0.4,
    ),
    Plate(
        "autumn-leaves-raised",
        "autumn",
        "Leaves and pumpkins on old boards",
        RAISED,
        Key(-64, 34, 0.2, (1.0, 0.82, 0.60), 4.6),
        GOLD,
        leaves_raised,
        edge=11.0,
        exposure=0.1,
        lighter=0.4,
    ),
    Plate(
        "autumn-harvest",
        "autumn",
        "Pumpkins before a hedge",
        LEVEL,
        Key(66, 30, 0.2, (1.0, 0.80, 0.56), 4.8),
        GOLD,
        harvest,
        edge=9.0,
        exposure=0.0,
        lighter=0.2,
    ),
]
