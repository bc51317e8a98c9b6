"""Tables of oak and walnut, before a wall in window light."""

import numpy as np

from samples.render import materials
from samples.render.materials import Colour
from samples.render.plates import rooms, timber
from samples.render.plates.daylight import ABOVE, DAY, LEVEL, RAISED
from samples.render.plates.plate import Key, Plate

OAK: tuple[Colour, Colour] = ((0.20, 0.105, 0.048), (0.46, 0.29, 0.155))
WALNUT: tuple[Colour, Colour] = ((0.040, 0.021, 0.012), (0.165, 0.088, 0.047))


def wood_by_a_window(plate: Plate, rng: np.random.Generator) -> None:
    """Oak before a sage wall, panes of sun on it, a plant to the right."""
    oak = timber.timber("oak", *OAK, gloss=0.42, rings=4.5)
    timber.boards(oak, rng, width=1.7, back=plate.edge or 9)
    rooms.wall((0.36, 0.40, 0.34), at=34)
    across = plate.viewpoint.across
    rooms.potted(rng, (across(0.93, 24), 24, -3), (0.05, 0.13, 0.03))
    white = materials.plastic("frame", (0.62, 0.60, 0.56), 0.5)
    x = across(0.16, 33)
    rooms.block((x, 33.5, 8.5), (5.4, 0.3, 7), white)
    rooms.block((x, 33.3, 8.5), (4.0, 0.2, 5.4), materials.plastic("print", (0.42, 0.20, 0.10)))
    rooms.light_through(
        plate.key,
        [
            rooms.Opening((0, 0.5, 0), 8, 14, (1, 1)),
            rooms.Opening((across(0.42, 34), 34, 6.0), 9, 11, (2, 3), 0.9),
        ],
    )


def wood_dark(plate: Plate, rng: np.random.Generator) -> None:
    """Walnut boards before a dark wall, a shelf of crockery."""
    walnut = timber.timber("walnut", *WALNUT, gloss=0.38, rings=6, coat=0.15)
    timber.boards(walnut, rng, width=1.9, back=plate.edge or 9)
    rooms.wall((0.075, 0.085, 0.09), at=30)
    _crockery(rng, 24, -6.5)


def wood_flat(_plate: Plate, rng: np.random.Generator) -> None:
    """Oak boards from above."""
    oak = timber.timber("oak", *OAK, gloss=0.46, rings=4.5)
    timber.boards(oak, rng, width=1.15, back=5, front=-5, half=5, across=True)


def _crockery(rng: np.random.Generator, y: float, z: float) -> None:
    plank = timber.timber("shelf", *WALNUT)
    rooms.block((0, y, z - 0.2), (60, 3, 0.4), plank)
    rooms.block((0, y, z + 7.3), (60, 3, 0.4), plank)
    glazes = [
        materials.glazed("white", (0.55, 0.52, 0.47)),
        materials.glazed("blue", (0.06, 0.10, 0.16)),
        materials.clay("bare", (0.40, 0.24, 0.14)),
        materials.metal("copper", (0.70, 0.32, 0.18), 0.3),
    ]
    for level in (z, z + 7.5):
        x = -13.0
        while x < 13:
            radius = rng.uniform(0.7, 1.3)
            rooms.vessel((x, y, level), radius, rng.uniform(1.2, 3.8), glazes[int(rng.integers(4))])
            x += radius * 2 + rng.uniform(0.2, 2.4)


PLATES = [
    Plate(
        "wood-window",
        "wood",
        "Oak table in window light",
        LEVEL,
        Key(-62, 32, 0.18, (1.0, 0.90, 0.76), 4.4),
        DAY,
        wood_by_a_window,
        edge=7.5,
        gloss=0.10,
        exposure=0.2,
        lighter=0.15,
    ),
    Plate(
        "wood-walnut-raised",
        "wood",
        "Walnut table, crockery behind",
        RAISED,
        Key(62, 40, 0.4, (1.0, 0.92, 0.82), 6.0, distance=24),
        DAY,
        wood_dark,
        edge=6.5,
        gloss=0.14,
        exposure=0.25,
        lighter=0.15,
    ),
    Plate(
        "wood-overhead",
        "wood",
        "Oak boards from above",
        ABOVE,
        Key(-55, 42, 0.4, (1.0, 0.94, 0.86), 4.0, distance=22),
        DAY,
        wood_flat,
    ),
]
