"""The festive season: dark wood, fir, glass balls, candles, a lit tree out of focus."""

import numpy as np

from samples.render.materials import Colour
from samples.render.plates import lamps, ornaments, rooms, scatter, stone, timber, trees
from samples.render.plates.camera import Viewpoint
from samples.render.plates.plate import Bulb, Key, Plate, Sky

LEVEL = Viewpoint("level", f_number=2.5)
RAISED = Viewpoint("raised", lens_mm=70, f_number=3.0)
RED, GOLD, PEARL = (0.42, 0.010, 0.012), (0.80, 0.50, 0.16), (0.78, 0.74, 0.68)
DARK_WOOD: tuple[Colour, Colour] = ((0.022, 0.012, 0.008), (0.105, 0.056, 0.032))


def _dark_table(rng: np.random.Generator, back: float) -> None:
    wood = timber.timber("dark oak", *DARK_WOOD, gloss=0.34, rings=5, coat=0.25)
    timber.boards(wood, rng, width=1.8, back=back, gap=0.02)


def _twigs(
    view: Viewpoint, rng: np.random.Generator, spots: list[tuple[float, float, float]]
) -> None:
    """Fir twigs on the table: share of the width, y and heading in degrees."""
    tissue = trees.needle_leaf("fir", trees.FIR)
    models = [trees.twig(tissue, rng, length=length, dense=1.5) for length in (1.5, 1.9, 1.7)]
    places = np.array([(view.across(share, y), y, 0.16) for share, y, _ in spots])
    headings = np.radians([heading + rng.uniform(-12, 12) for _, _, heading in spots])
    tilt = scatter.tipped(rng.uniform(0, 6, len(spots)), np.full(len(spots), 0.10))
    turns = scatter.around_z(headings) @ tilt
    scatter.spread(models, places, turns, rng.uniform(0.85, 1.15, len(spots)), rng)


def _balls(
    view: Viewpoint, rng: np.random.Generator, spots: list[tuple[float, float, float, Colour]]
) -> None:
    for share, y, radius, colour in spots:
        ball = ornaments.bauble(colour, radius, rough=float(rng.choice((0.08, 0.34))))
        ball.location = (view.across(share, y), y, 0.0)
        # Loose balls roll over until the cap lies aside.
        ball.rotation_euler = (0, 0, rng.uniform(0, 6))


def tree_lights(plate: Plate, rng: np.random.Generator) -> None:
    """A dark table before the lit tree."""
    view = plate.viewpoint
    _dark_table(rng, plate.edge or 6)
    rooms.wall((0.16, 0.09, 0.06), at=58)
    x, y, _ = view.at(0.5, 0.5, 38)
    trees.firs(
        rng,
        [(x - 4, y, 26.0), (x + 12, y + 12, 24.0)],
        branches=190,
        colours=[(0.02, 0.05, 0.022), (0.035, 0.075, 0.03)],
    )
    _twigs(
        view,
        rng,
        [
            (-0.24, 0.3, -72),
            (-0.22, 1.4, -85),
            (-0.16, 2.8, -60),
            (1.24, 0.6, 75),
            (1.22, 1.9, 88),
            (1.16, 3.2, 60),
            (-0.06, 4.4, -75),
            (1.08, 4.6, 78),
        ],
    )
    _balls(
        view,
        rng,
        [
            (0.10, 1.3, 0.34, RED),
            (0.18, 2.6, 0.27, GOLD),
            (0.05, 2.5, 0.40, GOLD),
            (0.91, 1.7, 0.36, RED),
            (0.84, 3.2, 0.26, PEARL),
        ],
    )
    lamps.candle((view.across(0.93, 4.6), 4.6, 0), 0.42, 1.5, watts=0.4)
    lamps.candle((view.across(0.83, 5.4), 5.4, 0), 0.34, 0.9, watts=0.3)


def tree_bulbs(plate: Plate, rng: np.random.Generator) -> list[Bulb]:
    """Fairy lights in the tree."""
    bulbs = []
    for _ in range(60):
        y = rng.uniform(24, 50)
        down = rng.uniform(-0.04, 0.5)
        across = rng.normal(0.36, 0.10 + 0.35 * (down + 0.1))
        place = plate.viewpoint.at(float(across), float(down), y)
        warm = (1.0, rng.uniform(0.38, 0.52), rng.uniform(0.08, 0.18))
        bulbs.append(Bulb(place, warm, float(rng.uniform(0.12, 0.7))))
    return bulbs


def wreath_raised(plate: Plate, rng: np.random.Generator) -> None:
    """Dark wood from half above, framed by fir, balls and candles."""
    view = plate.viewpoint
    _dark_table(rng, plate.edge or 12)
    rooms.wall((0.10, 0.05, 0.035), at=26)
    spots = []
    for y in (-0.4, 0.6, 1.6, 2.6, 3.6, 4.8):
        spots += [
            (-0.26, y, -90 + rng.uniform(-25, 25)),
            (1.26, y, 90 + rng.uniform(-25, 25)),
            (-0.12, y + 0.4, rng.uniform(-40, 80)),
            (1.12, y + 0.4, rng.uniform(-80, 40)),
        ]
    _twigs(view, rng, spots)
    _balls(
        view,
        rng,
        [
            (0.09, 2.7, 0.36, RED),
            (0.14, 3.8, 0.28, GOLD),
            (0.06, 1.4, 0.26, PEARL),
            (0.26, 5.3, 0.34, GOLD),
            (0.90, 3.4, 0.38, RED),
            (0.94, 2.2, 0.25, GOLD),
            (0.82, 5.2, 0.30, PEARL),
            (0.78, 6.4, 0.30, RED),
        ],
    )
    for share, y in [(0.10, 0.4), (0.92, 1.2), (0.20, 4.7)]:
        cone = ornaments.cone(rng)
        cone.location = (view.across(share, y), y, 0.2)
        cone.rotation_euler = (1.5, 0.1, rng.choice((-1, 1)) * rng.uniform(1.0, 2.1))
    lamps.candle((view.across(0.17, 7.2), 7.2, 0), 0.44, 1.7, watts=0.5)
    lamps.candle((view.across(0.29, 8.2), 8.2, 0), 0.40, 1.1, watts=0.4)
    lamps.candle((view.across(0.86, 7.4), 7.4, 0), 0.44, 1.4, watts=0.5)


def champagne(plate: Plate, rng: np.random.Generator) -> None:
    """Pale marble, gold and pearl, a wall of light."""
    view = plate.viewpoint
    stone.slab(
        stone.marble("marble", (0.66, 0.62, 0.57), block=5.2, gold=0.8), back=plate.edge or 7
    )
    rooms.wall((0.42, 0.31, 0.21), at=46)
    _twigs(view, rng, [(-0.22, 0.8, -75), (-0.18, 2.2, -85), (1.22, 1.2, 78), (1.17, 2.8, 65)])
    _balls(
        view,
        rng,
        [
            (0.09, 1.6, 0.36, GOLD),
            (0.16, 2.9, 0.28, PEARL),
            (0.03, 3.0, 0.44, GOLD),
            (0.92, 2.0, 0.34, PEARL),
            (0.86, 3.4, 0.30, GOLD),
        ],
    )


def champagne_bulbs(plate: Plate, rng: np.random.Generator) -> list[Bulb]:
    """A curtain of lights."""
    bulbs = []
    for _ in range(64):
        place = plate.viewpoint.at(
            float(rng.uniform(-0.05, 1.05)), float(rng.uniform(-0.05, 0.46)), rng.uniform(16, 44)
        )
        warm = (1.0, rng.uniform(0.62, 0.72), rng.uniform(0.32, 0.44))
        bulbs.append(Bulb(place, warm, float(rng.uniform(0.06, 0.4))))
    return bulbs


EVENING = Sky((0.30, 0.22, 0.18), (0.36, 0.24, 0.17), (0.05, 0.03, 0.02), 0.22)

PLATES = [
    Plate(
        "festive-tree",
        "festive",
        "Dark table before a lit tree",
        LEVEL,
        Key(-58, 42, 0.4, (1.0, 0.84, 0.64), 3.4, distance=20),
        EVENING,
        tree_lights,
        edge=6.5,
        gloss=0.22,
        exposure=0.5,
        glow=0.2,
        bulbs=tree_bulbs,
        samples=8,
        lighter=0.35,
    ),
    Plate(
        "festive-wreath-raised",
        "festive",
        "Fir, glass and candles on dark wood",
        RAISED,
        Key(56, 46, 0.4, (1.0, 0.86, 0.68), 3.0, distance=20),
        EVENING,
        wreath_raised,
        edge=12.0,
        gloss=0.15,
        exposure=0.5,
        glow=0.15,
        samples=8,
        lighter=0.35,
    ),
    Plate(
        "festive-champagne",
        "festive",
        "Gold and pearl before lights",
        LEVEL,
        Key(60, 44, 0.45, (1.0, 0.90, 0.76), 3.0, distance=22),
        EVENING,
        champagne,
        edge=7.0,
        gloss=0.30,
        exposure=0.35,
        glow=0.15,
        bulbs=champagne_bulbs,
    ),
]
