"""Small lamps far behind the product: each shows as the disc that the lens makes of a point.

Lamps at one distance make discs of one size. So a string of them has one radius, and lamps are
drawn where something carries them: along strings and over the boughs of a tree.
"""

import math

import numpy as np

from transforms.scenes.lens import disc
from transforms.scenes.light import Light3, Values

Path = np.ndarray[tuple[int, int], np.dtype[np.float64]]
"""(n, 2): x and y in shares of the height, from the left and from the top."""

_SHADED = 0.3
"""Of a string's lamps are half hidden, or turned away."""


def hang_lamps(
    light: Light3,
    rng: np.random.Generator,
    path: Path,
    *,
    count: int,
    radius: float,
    colours: Values,
    power: float = 0.8,
    stray: float = 0.008,
) -> None:
    """Add a string of lamps to `light`, in place.

    Args:
        light: (height, width, 3).
        rng: Which lamps are bright, and how far each hangs off the string.
        path: Of the string.
        count: Lamps on it.
        radius: Of their discs, as a share of the height.
        colours: Linear RGB, (n, 3); a lamp has one of them.
        power: Brightness of the brightest.
        stray: How far lamps hang off, as a share of the height.
    """
    height, width = light.shape[:2]
    steps = np.hypot(*np.diff(path, axis=0).T)
    along = np.concatenate([[0], np.cumsum(steps)])
    at = (np.arange(count) + 0.5 + rng.uniform(-0.3, 0.3, count)) / count * along[-1]
    for x, y in zip(
        np.interp(at, along, path[:, 0]) + rng.normal(0, stray, count),
        np.interp(at, along, path[:, 1]) + np.abs(rng.normal(0, stray, count)),
        strict=True,
    ):
        bright = rng.uniform(0.12, 0.4) if rng.random() < _SHADED else rng.uniform(0.5, 1.0)
        colour = colours[int(rng.integers(len(colours)))] * np.float32(power * bright)
        size = radius * float(rng.uniform(0.93, 1.07))
        corner = min(1.0, math.hypot(x * height / width - 0.5, y - 0.5) * 1.4) ** 2 * 0.6
        disc(light, x * height, y * height, size * height, colour, rim=0.10, squeeze=corner)


def swag(start: tuple[float, float], end: tuple[float, float], sag: float) -> Path:
    """A string that hangs between two points, in shares of the height."""
    t = np.linspace(0, 1, 24)
    x = start[0] + (end[0] - start[0]) * t
    y = start[1] + (end[1] - start[1]) * t + 4 * sag * t * (1 - t)
    return np.stack([x, y], axis=1)


def tree(
    rng: np.random.Generator, *, top: tuple[float, float], foot: float, half: float, turns: int
) -> list[Path]:
    """Strings wound around a cone, one for each turn that is seen from the front.

    Args:
        rng: Their unevenness.
        top: Of the tree, in shares of the height.
        foot: Height of its lowest bough, as a share from the top.
        half: Half of its width there.
        turns: How many.
    """
    paths = []
    for turn in range(turns):
        share = (turn + 0.6) / turns
        wide = half * share**1.1
        y = top[1] + (foot - top[1]) * share
        lean = float(rng.uniform(0.10, 0.18)) * half * (1 if turn % 2 else -1)
        paths.append(swag((top[0] - wide, y - lean), (top[0] + wide, y + lean), 0.12 * wide))
    return paths
