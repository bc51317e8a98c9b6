"""Winter: snow that has lain a night, firs, and lights at dusk."""

import numpy as np

from samples.render.plates import ornaments, relief, scatter, trees
from samples.render.plates.camera import Viewpoint
from samples.render.plates.plate import Bulb, Key, Plate, Sky
from samples.render.plates.surface import Surface

LEVEL = Viewpoint("level", f_number=2.6)
RAISED = Viewpoint("raised", lens_mm=70, f_number=3.0)

HAZY = [(0.10, 0.13, 0.16), (0.14, 0.18, 0.21), (0.19, 0.23, 0.27)]
"""Firs with a lot of cold air before them."""


def _snow(rng: np.random.Generator, *, hills: float = 1.0) -> relief.Height:
    seed = int(rng.integers(1 << 20))

    def height(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        away = np.clip((np.hypot(x, y * 0.8) - 1.2) / 5, 0, 1)
        drifts = relief.clouds(x * 0.11, y * 0.11, seed=seed, octaves=3) * 1.5 * away * hills
        wind = relief.clouds(x * 0.5 + 0.3 * y, y * 0.9, seed=seed + 5, octaves=3)
        lumps = relief.clouds(x * 3.1, y * 3.1, seed=seed + 11, octaves=4, gain=0.55)
        crumbs = np.maximum(relief.clouds(x * 9, y * 9, seed=seed + 31, octaves=2) - 0.25, 0)
        rise = 0.012 * np.maximum(y - 12, 0) ** 1.15 * hills
        near = 0.5 + 0.5 * away
        return drifts + (0.14 * wind + 0.075 * lumps + 0.09 * crumbs) * near + rise

    material = Surface("snow", (0.86, 0.885, 0.92), 0.55)
    material.shade(
        **{
            "Subsurface Weight": 0.7,
            "Subsurface Scale": 0.14,
            "Subsurface Radius": (0.8, 0.95, 1.0),
            "Specular IOR Level": 0.35,
        }
    )
    grains = material.node("TexVoronoi", Scale=1.0)
    material.wire(material.place((60, 60, 60)), grains.inputs["Vector"])
    material.bump(
        material.cloud(material.place((24, 24, 24)), detail=5, rough=0.65),
        depth=0.035,
        strength=0.55,
    )
    material.bump(grains.outputs["Distance"], depth=0.006, strength=0.5)
    relief.ground("snow", height, material.material)
    return height


def pines(plate: Plate, rng: np.random.Generator) -> None:
    """A clearing in bright winter light."""
    height = _snow(rng, hills=0.55)
    across = plate.viewpoint.across
    near = [(0.0, 27), (0.12, 42), (0.23, 66), (0.80, 58), (0.91, 40), (1.03, 26)]
    far = [
        (0.06, 80),
        (0.30, 105),
        (0.40, 150),
        (0.48, 175),
        (0.58, 160),
        (0.67, 118),
        (0.74, 95),
        (0.94, 84),
        (0.17, 120),
        (0.86, 130),
        (0.35, 190),
        (0.53, 210),
    ]
    for spots, colours, snow in ((near, trees.FIR, 0.4), (far, HAZY, 0.6)):
        places = [(across(s, y), y, (y + 8) * rng.uniform(0.16, 0.27)) for s, y in spots]
        trees.firs(rng, places, snow=snow, branches=140, colours=colours)
    _twigs_beside(plate, rng, height, snow=0.5)


def trail(plate: Plate, rng: np.random.Generator) -> None:
    """Snow seen from half above, twigs and cones on it, saplings behind."""
    height = _snow(rng, hills=0.7)
    across = plate.viewpoint.across
    places = [
        (across(s, y), y, tall)
        for s, y, tall in [
            (0.06, 15, 6.5),
            (0.24, 22, 8),
            (0.80, 19, 8),
            (0.97, 13, 5.5),
            (0.55, 30, 10),
            (0.40, 36, 12),
            (0.68, 34, 12),
            (0.12, 32, 12),
            (0.92, 30, 12),
        ]
    ]
    trees.firs(rng, places, snow=0.7, branches=130)
    _twigs_beside(plate, rng, height, snow=0.35)
    _cones_beside(plate, rng, height)


def dusk(plate: Plate, rng: np.random.Generator) -> None:
    """The blue hour: lamps in the firs behind."""
    height = _snow(rng, hills=0.7)
    across = plate.viewpoint.across
    places = [
        (across(s, y), y, tall)
        for s, y, tall in [
            (0.05, 30, 24),
            (0.22, 52, 34),
            (0.40, 85, 40),
            (0.60, 90, 42),
            (0.80, 50, 34),
            (0.97, 28, 24),
            (0.5, 140, 60),
            (0.3, 120, 56),
            (0.72, 125, 56),
        ]
    ]
    trees.firs(rng, places, snow=0.7, branches=160)
    _twigs_beside(plate, rng, height, snow=0.6)


def dusk_lamps(plate: Plate, rng: np.random.Generator) -> list[Bulb]:
    """Warm lamps among the trees."""
    bulbs = []
    for _ in range(46):
        y = rng.uniform(28, 110)
        x = plate.viewpoint.across(rng.uniform(-0.05, 1.05), y)
        z = rng.uniform(0.02, 0.34) * y
        warm = (1.0, rng.uniform(0.42, 0.6), rng.uniform(0.10, 0.24))
        bulbs.append(Bulb((x, y, z), warm, float(rng.uniform(0.08, 0.5))))
    return bulbs


def _twigs_beside(
    plate: Plate, rng: np.random.Generator, height: relief.Height, *, snow: float
) -> None:
    """Fir twigs that lie at the sides and behind."""
    tissue = trees.needle_leaf("fir", trees.FIR, snow=snow)
    models = [trees.twig(tissue, rng, length=length) for length in (1.5, 1.9)]
    places, turns, sizes = [], [], []
    for side, y, heading in [
        (-1, 0.5, -70),
        (-1, 1.6, -40),
        (-1, 2.8, -110),
        (1, 0.9, 75),
        (1, 2.2, 110),
        (1, 3.4, 50),
    ]:
        share = 0.5 + side * rng.uniform(0.58, 0.68)
        x = plate.viewpoint.across(share, y)
        z = float(height(np.array([x]), np.array([y]))[0])
        places.append((x, y, z + 0.10))
        turns.append(
            scatter.around_z(np.radians([heading + rng.uniform(-20, 20)]))[0]
            @ scatter.tipped(np.array([rng.uniform(0, 6)]), np.array([0.12]))[0]
        )
        sizes.append(rng.uniform(0.85, 1.1))
    scatter.spread(models, np.array(places), np.array(turns), np.array(sizes), rng)


def _cones_beside(plate: Plate, rng: np.random.Generator, height: relief.Height) -> None:
    for share, y in [(0.10, 1.1), (0.17, 2.2), (0.90, 1.6), (0.84, 3.2), (0.95, 0.4)]:
        x = plate.viewpoint.across(share, y)
        cone = ornaments.cone(rng)
        z = float(height(np.array([x]), np.array([y]))[0])
        cone.location = (x, y, z + 0.17)
        cone.rotation_euler = (1.5, 0.1, rng.choice((-1, 1)) * rng.uniform(1.0, 2.1))


DAY = Sky((0.30, 0.50, 0.85), (0.80, 0.88, 1.0), (0.5, 0.55, 0.6), 0.6)
BLUE = Sky((0.05, 0.10, 0.26), (0.20, 0.27, 0.46), (0.08, 0.1, 0.15), 0.55)

PLATES = [
    Plate(
        "winter-pines",
        "winter",
        "Snow before firs",
        LEVEL,
        Key(-74, 24, 0.16, (1.0, 0.86, 0.70), 4.2),
        DAY,
        pines,
        exposure=0.5,
        lighter=0.1,
    ),
    Plate(
        "winter-snow-raised",
        "winter",
        "Snow, fir twigs and cones",
        RAISED,
        Key(64, 26, 0.2, (1.0, 0.90, 0.78), 4.0),
        DAY,
        trail,
        exposure=0.3,
        quality=84,  # soft snow needs no more
    ),
    Plate(
        "winter-dusk",
        "winter",
        "Lamps in the blue hour",
        LEVEL,
        Key(70, 38, 0.75, (0.72, 0.84, 1.0), 0.55),
        BLUE,
        dusk,
        exposure=0.9,
        glow=0.12,
        bulbs=dusk_lamps,
        lighter=0.2,
    ),
]
