"""Ground that is really uneven: height fields out of noise, fine where the camera is near."""

from collections.abc import Callable

import bpy
import numpy as np

from samples.render import shapes

Height = Callable[[np.ndarray, np.ndarray], np.ndarray]


def noise(x: np.ndarray, y: np.ndarray, *, seed: int) -> np.ndarray:
    """Smooth noise in [-1, 1] with one bump a unit."""
    column, row = np.floor(x), np.floor(y)
    u, v = x - column, y - row
    u, v = (t**3 * (t * (t * 6 - 15) + 10) for t in (u, v))
    corners = [_hashed(column + dx, row + dy, seed) for dy in (0, 1) for dx in (0, 1)]
    upper = corners[0] * (1 - u) + corners[1] * u
    lower = corners[2] * (1 - u) + corners[3] * u
    return upper * (1 - v) + lower * v


def clouds(
    x: np.ndarray, y: np.ndarray, *, seed: int, octaves: int = 4, gain: float = 0.5
) -> np.ndarray:
    """Noise of several sizes, each turned against the last; about [-1, 1]."""
    total, weight, sum_of = np.zeros_like(x), 1.0, 0.0
    for octave in range(octaves):
        total += weight * noise(x, y, seed=seed + octave)
        sum_of += weight
        weight *= gain
        x, y = 1.6 * x - 1.2 * y + 3.7, 1.2 * x + 1.6 * y - 1.9
    return total / sum_of


def ground(
    name: str,
    height: Height,
    material: bpy.types.Material,
    *,
    reach: tuple[float, float, float] = (60, -9, 300),
    steps: tuple[int, int] = (460, 620),
) -> bpy.types.Object:
    """A height field around the origin, densest there.

    Args:
        name: Of the object.
        height: z for x and y, in decimetres.
        material: Of the ground.
        reach: Largest |x| of the near part, least y and largest y.
        steps: Vertices along x and y.
    """
    across = _dense(np.linspace(-1, 1, steps[0]), 3.2)
    near, far = _dense_at(reach[1], 3.0), _dense_at(reach[2], 3.0)
    along = 3.0 * np.sinh(np.linspace(near, far, steps[1]))
    x, y = np.meshgrid(across * reach[0], along, indexing="ij")
    x = x * np.maximum(1, y / 60)
    return shapes.surface(name, np.stack([x, y, height(x, y)], -1), material)


def _dense(share: np.ndarray, bend: float) -> np.ndarray:
    return np.sinh(bend * share) / np.sinh(bend)


def _dense_at(value: float, unit: float) -> float:
    return float(np.arcsinh(value / unit))


def _hashed(column: np.ndarray, row: np.ndarray, seed: int) -> np.ndarray:
    mixed = column.astype(np.int64) * 374_761_393 + row.astype(np.int64) * 668_265_263
    mixed = (mixed + seed * 144_665_069) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 13)) * 1_274_126_177) & 0xFFFFFFFF
    mixed ^= mixed >> 16
    return mixed / 0xFFFFFFFF * 2 - 1
