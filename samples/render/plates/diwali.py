"""Diwali: oil lamps, marigolds, brass and dark cloth."""

import numpy as np

from samples.render import materials
from samples.render.plates import flax, flowers, gardens, lamps, rooms, scatter, timber
from samples.render.plates.camera import Viewpoint
from samples.render.plates.plate import Bulb, Key, Plate, Sky

LEVEL = Viewpoint("level", f_number=2.5)
RAISED = Viewpoint("raised", lens_mm=70, f_number=3.0)
ORANGE = [(0.80, 0.20, 0.008), (0.86, 0.27, 0.012)]
YELLOW = [(0.84, 0.42, 0.015), (0.88, 0.50, 0.03)]


def _marigolds(rng: np.random.Generator, spots: np.ndarray, *, size: float = 1.0) -> None:
    """Heads at (n, 3) places."""
    heads = [flowers.marigold(rng, ORANGE, 0.30), flowers.marigold(rng, YELLOW, 0.27)]
    lifted = spots + np.array([0, 0, 0.10 * size])
    scatter.spread(
        heads,
        lifted,
        scatter.turned(rng, len(spots), tilt_deg=40),
        size * rng.uniform(0.8, 1.15, len(spots)),
        rng,
    )


def _garland(
    rng: np.random.Generator, start: np.ndarray, end: np.ndarray, *, sag: float = 0.0
) -> None:
    """Marigolds on a string."""
    count = int(np.linalg.norm(end - start) * (1 + 0.3 * sag) / 0.34)
    t = np.linspace(0, 1, count)
    spots = start + np.outer(t, end - start)
    spots[:, 2] -= sag * 4 * t * (1 - t)
    _marigolds(rng, spots + rng.normal(0, 0.03, spots.shape))


def lamps_level(plate: Plate, rng: np.random.Generator) -> None:
    """Oil lamps on a dark table, more of them far behind."""
    view = plate.viewpoint
    wood = timber.timber(
        "rosewood", (0.020, 0.008, 0.006), (0.11, 0.042, 0.026), gloss=0.26, rings=5, coat=0.5
    )
    timber.boards(wood, rng, width=2.2, back=plate.edge or 9, gap=0.012)
    rooms.wall((0.16, 0.030, 0.045), at=44)
    clay = materials.clay("clay", (0.36, 0.13, 0.06))
    brass = materials.metal("brass", (0.80, 0.52, 0.18), 0.22)
    for share, y, radius, what in [
        (0.13, 2.4, 0.44, brass),
        (0.88, 2.0, 0.42, brass),
        (0.22, 4.6, 0.42, clay),
        (0.79, 4.4, 0.42, clay),
        (0.05, 4.9, 0.42, clay),
        (0.94, 5.2, 0.42, clay),
        (0.16, 7.0, 0.42, clay),
        (0.84, 7.2, 0.42, clay),
        (0.02, 7.8, 0.42, clay),
        (0.96, 7.8, 0.42, clay),
        (0.23, 8.2, 0.42, clay),
        (0.77, 8.3, 0.42, clay),
    ]:
        lamps.diya(
            (view.across(share, y), y, 0), what, radius=radius, heading=rng.uniform(-2.2, -0.9)
        )
    near = gardens.beside(view, rng, back=3.2, count=14, front=0.2, margin=0.10, crowd=2.0)
    _marigolds(rng, near)
    flowers.fallen(
        rng,
        gardens.beside(view, rng, back=6, count=90, front=-0.5, margin=0.03),
        colours=[*ORANGE, YELLOW[0]],
        size=0.13,
    )
    for number in range(6):
        share = -0.05 + 0.22 * number
        top = np.array(view.at(share, -0.05, 24))
        other = np.array(view.at(share + 0.22, -0.05, 24))
        _garland(rng, top, other, sag=2.2)


def lamp_rows(plate: Plate, rng: np.random.Generator) -> list[Bulb]:
    """Rows of lamps along a far terrace."""
    bulbs = []
    for _ in range(40):
        place = plate.viewpoint.at(
            float(rng.uniform(-0.05, 1.05)),
            float(rng.choice((0.40, 0.30, 0.19)) + rng.normal(0, 0.02)),
            rng.uniform(24, 42),
        )
        warm = (1.0, rng.uniform(0.34, 0.5), rng.uniform(0.05, 0.14))
        bulbs.append(Bulb(place, warm, float(rng.uniform(0.12, 0.7))))
    return bulbs


def rangoli_raised(plate: Plate, rng: np.random.Generator) -> None:
    """Aubergine cloth from half above, a wreath of marigolds and lamps."""
    view = plate.viewpoint
    flax.linen((0.10, 0.012, 0.05), rng, back=plate.edge or 14, half=10, relief_depth=0.2, calm=2.0)
    brass = materials.metal("brass", (0.80, 0.52, 0.18), 0.2)
    clay = materials.clay("clay", (0.36, 0.13, 0.06))
    ring = np.linspace(-0.1 * np.pi, 1.1 * np.pi, 44)
    wreath = np.stack([2.3 * np.cos(ring), 1.4 + 4.6 * np.sin(ring), np.zeros_like(ring)], 1)
    wreath = wreath[view.clear(wreath, margin=0.01)]
    _marigolds(rng, wreath + rng.normal(0, 0.05, wreath.shape) * [1, 1, 0])
    for share, y, what in [
        (0.10, 1.0, brass),
        (0.90, 0.6, brass),
        (0.20, 3.6, clay),
        (0.83, 3.5, clay),
        (0.22, 6.2, clay),
        (0.78, 6.2, clay),
        (0.06, 5.2, clay),
        (0.95, 5.4, clay),
        (0.12, 8.4, clay),
        (0.88, 8.8, clay),
        (0.22, 10.0, clay),
        (0.77, 10.4, clay),
    ]:
        lamps.diya((view.across(share, y), y, 0.03), what, heading=rng.uniform(-2.4, -0.7))
    flowers.fallen(
        rng,
        gardens.beside(view, rng, back=7, count=130, front=-0.9, margin=0.02),
        colours=[*ORANGE, YELLOW[0]],
        size=0.14,
    )


NIGHT = Sky((0.24, 0.14, 0.16), (0.30, 0.16, 0.12), (0.04, 0.02, 0.02), 0.24)

PLATES = [
    Plate(
        "diwali-lamps",
        "diwali",
        "Oil lamps on rosewood",
        LEVEL,
        Key(-56, 44, 0.4, (1.0, 0.80, 0.56), 4.2, distance=20),
        NIGHT,
        lamps_level,
        edge=9.0,
        gloss=0.30,
        exposure=0.4,
        glow=0.2,
        bulbs=lamp_rows,
        samples=8,
    ),
    Plate(
        "diwali-marigolds-raised",
        "diwali",
        "Marigolds and lamps on aubergine cloth",
        RAISED,
        Key(58, 46, 0.4, (1.0, 0.82, 0.60), 3.2, distance=20),
        NIGHT,
        rangoli_raised,
        edge=14.0,
        exposure=0.3,
        glow=0.15,
        samples=8,
        lighter=0.15,
    ),
]
