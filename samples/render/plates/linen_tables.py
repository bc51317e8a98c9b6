"""Tables under linen, before a wall in window light."""

import numpy as np

from samples.render import materials
from samples.render.plates import flax, plants, rooms
from samples.render.plates.daylight import ABOVE, DAY, DIM, LEVEL, RAISED
from samples.render.plates.plate import Key, Plate


def linen_soft(plate: Plate, rng: np.random.Generator) -> None:
    """Natural linen on a table before a chalky wall."""
    flax.linen((0.56, 0.50, 0.41), rng, back=plate.edge or 9, half=9)
    rooms.wall((0.62, 0.57, 0.50), at=22)
    across = plate.viewpoint.across
    rooms.vessel((across(0.10, 7), 7, 0.1), 1.0, 2.6, materials.clay("jug", (0.45, 0.27, 0.17)))
    plants.spray(rng, (across(0.10, 7), 7, 2.4), height=3.8, count=6)


def linen_raised(plate: Plate, rng: np.random.Generator) -> None:
    """Grey-blue linen from half above."""
    flax.linen((0.25, 0.30, 0.34), rng, back=plate.edge or 9, half=10, relief_depth=0.3)
    rooms.wall((0.42, 0.42, 0.42), at=22)
    rooms.floor(materials.plastic("floor", (0.2, 0.17, 0.14), 0.5))


def linen_flat(_plate: Plate, rng: np.random.Generator) -> None:
    """Cream linen from above."""
    flax.linen((0.70, 0.63, 0.52), rng, back=4, front=-4, half=4, relief_depth=0.5, calm=0.7)


PLATES = [
    Plate(
        "linen-level",
        "linen",
        "Natural linen",
        LEVEL,
        Key(66, 34, 0.4, (1.0, 0.94, 0.87), 4.2, distance=24),
        DAY,
        linen_soft,
        edge=9.0,
        exposure=0.2,
        tinted=0.2,
    ),
    Plate(
        "linen-raised",
        "linen",
        "Grey-blue linen",
        RAISED,
        Key(-70, 30, 0.35, (1.0, 0.95, 0.9), 4.6, distance=24),
        DIM,
        linen_raised,
        edge=14.0,
        exposure=0.3,
    ),
    Plate(
        "linen-overhead",
        "linen",
        "Cream linen from above",
        ABOVE,
        Key(-60, 28, 0.22, (1.0, 0.95, 0.88), 3.6, distance=22),
        DAY,
        linen_flat,
        lighter=0.25,
        tinted=0.3,
    ),
]
