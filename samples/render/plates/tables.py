"""Table tops of wood, marble, concrete and linen, before a wall in window light."""

import numpy as np

from samples.render import materials
from samples.render.materials import Colour
from samples.render.plates import grounds, plants, rooms
from samples.render.plates.camera import Viewpoint
from samples.render.plates.plate import Key, Plate, Sky

DAY = Sky((0.72, 0.80, 0.95), (0.85, 0.88, 0.92), (0.35, 0.33, 0.30), 0.45)
DIM = Sky((0.55, 0.60, 0.70), (0.6, 0.6, 0.6), (0.2, 0.18, 0.16), 0.28)
LEVEL, RAISED, ABOVE = (
    Viewpoint("level", f_number=2.2),
    Viewpoint("raised", lens_mm=70, f_number=2.5),
    Viewpoint("overhead", lens_mm=70, f_number=4),
)
OAK: tuple[Colour, Colour] = ((0.20, 0.105, 0.048), (0.46, 0.29, 0.155))
WALNUT: tuple[Colour, Colour] = ((0.040, 0.021, 0.012), (0.165, 0.088, 0.047))


def wood_by_a_window(plate: Plate, rng: np.random.Generator) -> None:
    """Oak before a sage wall, panes of sun on it, a plant to the right."""
    oak = grounds.timber("oak", *OAK, gloss=0.42, rings=4.5)
    grounds.boards(oak, rng, width=1.7, back=plate.edge or 9)
    rooms.wall((0.36, 0.40, 0.34), at=34)
    across = plate.viewpoint.across
    _potted(rng, (across(0.93, 24), 24, -3), (0.05, 0.13, 0.03))
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
    walnut = grounds.timber("walnut", *WALNUT, gloss=0.38, rings=6, coat=0.15)
    grounds.boards(walnut, rng, width=1.9, back=plate.edge or 9)
    rooms.wall((0.075, 0.085, 0.09), at=30)
    _crockery(rng, 24, -6.5)


def wood_flat(_plate: Plate, rng: np.random.Generator) -> None:
    """Oak boards from above."""
    oak = grounds.timber("oak", *OAK, gloss=0.46, rings=4.5)
    grounds.boards(oak, rng, width=1.15, back=5, front=-5, half=5, across=True)


def marble_bright(plate: Plate, rng: np.random.Generator) -> None:
    """A white worktop before a pale wall."""
    grounds.slab(grounds.marble("marble"), back=plate.edge or 9)
    rooms.wall((0.62, 0.60, 0.57), at=26)
    across = plate.viewpoint.across
    _potted(rng, (across(0.06, 18), 18, -4), (0.07, 0.15, 0.05))
    brass = materials.metal("brass", (0.75, 0.52, 0.22), 0.25)
    rooms.vessel((across(0.90, 14), 14, -2.5), 1.0, 5.2, brass)
    rooms.block((across(0.90, 14), 14, -2.7), (8, 3, 0.4), materials.clay("shelf", (0.5,) * 3))


def marble_above(plate: Plate, rng: np.random.Generator) -> None:
    """Marble, seen from half above, its far edge before a warm wall."""
    grounds.slab(grounds.marble("marble", block=3.1), back=plate.edge or 9)
    rooms.wall((0.56, 0.44, 0.35), at=24)
    rooms.floor(materials.plastic("floor", (0.30, 0.22, 0.16), 0.5))
    across = plate.viewpoint.across
    rooms.vessel((across(0.09, 7), 7, 0), 1.0, 2.4, materials.glazed("jug", (0.45, 0.38, 0.30)))
    plants.spray(rng, (across(0.09, 7), 7, 2.2), height=4.0, count=6)


def marble_flat(_plate: Plate, _rng: np.random.Generator) -> None:
    """Marble from above."""
    grounds.slab(grounds.marble("marble", block=7.7), back=5, front=-5, half=5)


def concrete_grey(plate: Plate, rng: np.random.Generator) -> None:
    """Concrete before a plastered wall with panes of light on it."""
    grounds.slab(grounds.concrete("concrete"), back=plate.edge or 9)
    rooms.wall((0.36, 0.345, 0.33), at=12)
    across = plate.viewpoint.across
    black = materials.plastic("black", (0.02, 0.02, 0.022), 0.5)
    rooms.vessel((across(0.90, 7), 7, 0), 0.8, 2.6, black)
    plants.spray(rng, (across(0.90, 7), 7, 2.4), height=3.6, count=5)
    rooms.light_through(
        plate.key,
        [
            rooms.Opening((0, 0.5, 0), 5, 9, (1, 1)),
            rooms.Opening((across(0.40, 12), 12, 3.0), 4.6, 6, (2, 3), 0.5),
        ],
    )


def concrete_above(plate: Plate, _rng: np.random.Generator) -> None:
    """Concrete in low sun with the shadows of palm leaves."""
    grounds.slab(grounds.concrete("concrete", (0.38, 0.36, 0.335)), back=plate.edge or 9)
    rooms.wall((0.42, 0.38, 0.34), at=20)
    rooms.floor(materials.plastic("floor", (0.2, 0.2, 0.2), 0.5))
    plants.shadow_fronds(
        plate.key, [(-2.2, 1.8, -60), (2.6, 4.4, 40), (-3.2, 6.0, -100)], reach=9, size=5.5
    )


def linen_soft(plate: Plate, rng: np.random.Generator) -> None:
    """Natural linen on a table before a chalky wall."""
    grounds.linen((0.56, 0.50, 0.41), rng, back=plate.edge or 9, half=9)
    rooms.wall((0.62, 0.57, 0.50), at=22)
    across = plate.viewpoint.across
    rooms.vessel((across(0.10, 7), 7, 0.1), 1.0, 2.6, materials.clay("jug", (0.45, 0.27, 0.17)))
    plants.spray(rng, (across(0.10, 7), 7, 2.4), height=3.8, count=6)


def linen_raised(plate: Plate, rng: np.random.Generator) -> None:
    """Grey-blue linen from half above."""
    grounds.linen((0.36, 0.40, 0.43), rng, back=plate.edge or 9, half=10, relief_depth=0.3)
    rooms.wall((0.42, 0.42, 0.42), at=22)
    rooms.floor(materials.plastic("floor", (0.2, 0.17, 0.14), 0.5))


def linen_flat(_plate: Plate, rng: np.random.Generator) -> None:
    """Cream linen from above."""
    grounds.linen((0.66, 0.61, 0.53), rng, back=4, front=-4, half=4, relief_depth=0.12, calm=0.8)


def _potted(rng: np.random.Generator, place: tuple[float, float, float], leaf: Colour) -> None:
    x, y, z = place
    rooms.vessel((x, y, z), 1.7, 4.0, materials.clay("pot", (0.50, 0.40, 0.32)))
    plants.bush(rng, (x, y, z + 7.0), (2.8, 2.8, 3.8), leaf, count=240, size_of_leaf=1.4)


def _crockery(rng: np.random.Generator, y: float, z: float) -> None:
    plank = grounds.timber("shelf", *WALNUT)
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
        exposure=0.2,
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
    ),
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
        Key(-60, 32, 0.35, (1.0, 0.95, 0.88), 3.6, distance=22),
        DAY,
        linen_flat,
    ),
]
