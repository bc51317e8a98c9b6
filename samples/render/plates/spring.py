"""Spring: blossom, fresh green behind, a pale table in the garden."""

import numpy as np

from samples.render.plates import flowers, gardens, stone, timber
from samples.render.plates.camera import Viewpoint
from samples.render.plates.plate import Key, Plate, Sky

LEVEL = Viewpoint("level", f_number=2.8)
RAISED = Viewpoint("raised", lens_mm=70, f_number=3.0)
GREENS = [(0.06, 0.13, 0.02), (0.12, 0.22, 0.035), (0.24, 0.32, 0.06)]
ROSE = [(0.50, 0.22, 0.26), (0.72, 0.46, 0.48), (0.80, 0.66, 0.66)]


def _pale_boards(rng: np.random.Generator, back: float) -> None:
    pale = timber.timber(
        "limed", (0.50, 0.455, 0.40), (0.72, 0.69, 0.64), gloss=0.6, rings=5, pores=0.5
    )
    timber.boards(pale, rng, width=1.35, back=back, gap=0.03)


def orchard(plate: Plate, rng: np.random.Generator) -> None:
    """A limed table in the garden, cherry branches behind."""
    view = plate.viewpoint
    _pale_boards(rng, plate.edge or 8)
    gardens.lawn(at=-7.5)
    gardens.hedge(view, rng, GREENS, y=110, count=12, leaves=300)
    for first, last, flowers_on in [
        ((-0.10, 0.02, 3.6), (0.34, 0.20, 4.4), 90),
        ((-0.06, 0.30, 7.5), (0.24, 0.10, 7.0), 70),
        ((1.10, -0.04, 6.0), (0.70, 0.22, 5.4), 90),
        ((1.08, 0.34, 11.0), (0.82, 0.08, 12.0), 80),
    ]:
        flowers.branch(
            rng,
            view.at(*first),
            view.at(*last),
            colours=flowers.CHERRY,
            flowers=flowers_on,
            size=0.19,
            thick=0.12,
        )
    gardens.petals(view, rng, flowers.CHERRY, back=plate.edge or 8, count=60)


def petals_raised(plate: Plate, rng: np.random.Generator) -> None:
    """The limed table from half above, flowering twigs beside."""
    view = plate.viewpoint
    _pale_boards(rng, plate.edge or 8)
    gardens.lawn(at=-7.5, colour=(0.055, 0.105, 0.022))
    gardens.hedge(view, rng, GREENS, y=46, count=10, low=-9, leaves=240)
    for start, end, count in [
        ((-0.08, 0.50), (0.23, 0.24), 70),
        ((1.08, 0.66), (0.80, 0.40), 56),
        ((1.05, 0.30), (0.84, 0.16), 40),
    ]:
        flowers.branch(
            rng,
            _on_table(view, *start),
            _on_table(view, *end),
            colours=flowers.CHERRY,
            flowers=count,
            thick=0.08,
            leaves=9,
        )
    gardens.petals(view, rng, flowers.CHERRY, back=plate.edge or 8, count=110)


def _on_table(view: Viewpoint, across: float, down: float) -> tuple[float, float, float]:
    """A place just above the table, by where it is seen."""
    low, high = -3.0, 60.0
    for _ in range(40):
        y = (low + high) / 2
        low, high = (y, high) if view.at(across, down, y)[2] > 0 else (low, y)
    # The ray meets the ground where z is 0: it falls as y grows.
    return (*view.at(across, down, low)[:2], 0.22)


def meadow(plate: Plate, rng: np.random.Generator) -> None:
    """A flat stone in the grass, tulips and bushes behind."""
    flat = stone.concrete("limestone", (0.46, 0.43, 0.38))
    stone.slab(flat, back=plate.edge or 3, front=-9, half=14)
    gardens.lawn(at=-0.5)
    view = plate.viewpoint
    spots = []
    for _ in range(2600):
        y = (plate.edge or 3) + 0.3 + 42 * rng.random() ** 1.8
        spots.append((view.across(rng.uniform(-0.2, 1.2), y), y, -0.5))
    gardens.grass(rng, np.array(spots), tall=1.5)
    gardens.tulips(
        view, rng, [(0.70, 0.10, 0.10), (0.85, 0.45, 0.06), (0.80, 0.55, 0.60)], y=(9, 30), count=46
    )
    gardens.hedge(view, rng, GREENS, y=95, count=11)


DAY = Sky((0.40, 0.58, 0.92), (1.0, 0.98, 0.92), (0.20, 0.22, 0.13), 0.62)

PLATES = [
    Plate(
        "spring-blossom",
        "spring",
        "Cherry blossom behind a limed table",
        LEVEL,
        Key(-112, 44, 0.22, (1.0, 0.91, 0.78), 4.6),
        DAY,
        orchard,
        edge=8.0,
        exposure=0.25,
        lighter=0.35,
        vivid=1.15,
    ),
    Plate(
        "spring-petals-raised",
        "spring",
        "Petals on a limed table",
        RAISED,
        Key(66, 40, 0.16, (1.0, 0.92, 0.80), 4.6),
        DAY,
        petals_raised,
        edge=9.0,
        exposure=0.1,
        vivid=1.1,
    ),
    Plate(
        "spring-meadow",
        "spring",
        "A stone in the meadow",
        LEVEL,
        Key(104, 38, 0.2, (1.0, 0.88, 0.72), 4.8),
        DAY,
        meadow,
        edge=4.5,
        exposure=0.2,
        lighter=0.35,
        vivid=1.2,
    ),
]
