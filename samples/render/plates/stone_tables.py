"""Worktops of marble and concrete, before a wall in window light."""

import numpy as np

from samples.render import materials
from samples.render.plates import plants, rooms, stone
from samples.render.plates.daylight import ABOVE, DAY, LEVEL, RAISED
from samples.render.plates.plate import Key, Plate


def marble_bright(plate: Plate, rng: np.random.Generator) -> None:
    """A white worktop before a pale wall."""
    stone.slab(stone.marble("marble"), back=plate.edge or 9)
    rooms.wall((0.62, 0.60, 0.57), at=26)
    across = plate.viewpoint.across
    rooms.potted(rng, (across(0.06, 18), 18, -4), (0.07, 0.15, 0.05))
    brass = materials.metal("brass", (0.75, 0.52, 0.22), 0.25)
    rooms.vessel((across(0.90, 14), 14, -2.5), 1.0, 5.2, brass)
    rooms.block((across(0.90, 14), 14, -2.7), (8, 3, 0.4), materials.clay("shelf", (0.5,) * 3))


def marble_above(plate: Plate, rng: np.random.Generator) -> None:
    """Marble, seen from half above, its far edge before a warm wall."""
    stone.slab(stone.marble("marble", block=3.1), back=plate.edge or 9)
    rooms.wall((0.56, 0.44, 0.35), at=24)
    rooms.floor(materials.plastic("floor", (0.30, 0.22, 0.16), 0.5))
    across = plate.viewpoint.across
    rooms.vessel((across(0.09, 7), 7, 0), 1.0, 2.4, materials.glazed("jug", (0.45, 0.38, 0.30)))
    plants.spray(rng, (across(0.09, 7), 7, 2.2), height=4.0, count=6)


def marble_flat(_plate: Plate, _rng: np.random.Generator) -> None:
    """Marble from above."""
    stone.slab(stone.marble("marble", block=7.7), back=5, front=-5, half=5)


def concrete_grey(plate: Plate, rng: np.random.Generator) -> None:
    """Concrete before a plastered wall with panes of light on it."""
    stone.slab(stone.concrete("concrete"), back=plate.edge or 9)
    rooms.wall((0.36, 0.345, 0.33), at=12)
    across = plate.viewpoint.across
    black = materials.plastic("black", (0.02, 0.02, 0.022), 0.5)
    rooms.vessel((across(0.90, 7), 7, 0), 0.8, 2.6, black)
    plants.spray(rng, (across(0.90, 7), 7, 2.4), height=3.6, count=5)
    rooms.light_through(
        plate.key,
        [
            rooms.Opening((0, 1.0, 0), 9, 14, (1, 1)),
            rooms.Opening((across(0.40, 12), 12, 3.0), 7, 7, (2, 3), 0.6),
        ],
    )


def concrete_above(plate: Plate, _rng: np.random.Generator) -> None:
    """Concrete in low sun with the shadows of palm leaves."""
    stone.slab(stone.concrete("concrete", (0.38, 0.36, 0.335)), back=plate.edge or 9)
    rooms.wall((0.42, 0.38, 0.34), at=20)
    rooms.floor(materials.plastic("floor", (0.2, 0.2, 0.2), 0.5))
    plants.shadow_fronds(
        plate.key, [(-2.2, 1.8, -60), (2.6, 4.4, 40), (-3.2, 6.0, -100)], reach=9, size=5.5
    )


PLATES = [
    Plate(
        "marble-level",
        "marble",
        "White marble worktop",
        LEVEL,
        Key(58, 44, 0.5, (1.0, 0.96, 0.9), 4.0, distance=24),
        DAY,
        marble_bright,
        edge=7.0,
        gloss=0.34,
        exposure=0.35,
        lighter=0.1,
    ),
    Plate(
        "marble-raised",
        "marble",
        "Marble before a warm wall",
        RAISED,
        Key(-60, 42, 0.45, (1.0, 0.94, 0.86), 4.0, distance=24),
        DAY,
        marble_above,
        edge=11.0,
        gloss=0.28,
        exposure=0.25,
    ),
    Plate(
        "marble-overhead",
        "marble",
        "Marble from above",
        ABOVE,
        Key(50, 50, 0.5, (1.0, 0.97, 0.94), 3.6, distance=22),
        DAY,
        marble_flat,
        exposure=0.2,
    ),
    Plate(
        "concrete-level",
        "concrete",
        "Concrete before plaster",
        LEVEL,
        Key(-64, 36, 0.16, (1.0, 0.93, 0.84), 4.4),
        DAY,
        concrete_grey,
        edge=11.0,
        gloss=0.08,
        exposure=0.45,
        lighter=0.15,
    ),
    Plate(
        "concrete-raised",
        "concrete",
        "Concrete in low sun",
        RAISED,
        Key(-66, 36, 0.0, (1.0, 0.88, 0.72), 4.6),
        DAY,
        concrete_above,
        edge=13.0,
        gloss=0.06,
        lighter=0.1,
    ),
]
