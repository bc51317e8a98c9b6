"""Fractal noise: what makes a drawn surface look grown, worn or woven.

The coarse pattern depends on the seed alone and lies at shares of the height, so a picture drawn at
another size shows the same surface; larger sizes add finer octaves.
"""

import math

import cv2
import numpy as np

from transforms.scenes.light import Plane

_FINEST_PX = 1.5
"""An octave whose cells are smaller than this cannot be shown at the size asked for."""

_CUBIC_GAIN = 1.5
"""Cubic interpolation of white noise keeps about this share less deviation; undone here."""


def fractal(
    rng: np.random.Generator,
    shape: tuple[int, int],
    *,
    cell: float,
    octaves: int = 5,
    gain: float = 0.5,
    stretch: tuple[float, float] = (1.0, 1.0),
    tiled: bool = False,
) -> Plane:
    """Noise of about mean 0 and deviation 1.

    Args:
        rng: Drawn from once, whatever the size.
        shape: Height and width of the result, in pixels.
        cell: Size of the coarsest lumps, as a share of the height.
        octaves: Layers of detail, each half the size of the one before; the ones too fine for
            `shape` are left out.
        gain: Strength of each octave against the one before.
        stretch: How much longer than `cell` lumps are along x and along y.
        tiled: The result continues seamlessly into itself, on all sides; `cell` is rounded so
            that it fits.
    """
    height = shape[0]
    seed = int(rng.integers(2**63))
    total = np.zeros(shape, np.float32)
    weight = math.sqrt(sum(gain ** (2 * octave) for octave in range(octaves)))
    for octave in range(octaves):
        across, down = (cell * axis * height / 2**octave for axis in stretch)
        if min(across, down) < _FINEST_PX and octave:
            break
        layer = _lattice(np.random.default_rng((seed, octave)), shape, across, down, tiled=tiled)
        total += layer * np.float32(gain**octave * _CUBIC_GAIN / weight)
    return total


def _lattice(
    rng: np.random.Generator, shape: tuple[int, int], across: float, down: float, *, tiled: bool
) -> Plane:
    """One octave: white noise on cells of `across` by `down` pixels, smoothly joined."""
    height, width = shape
    margin = 2
    across, down = max(across, 1.0), max(down, 1.0)
    if tiled:
        columns, rows = max(1, round(width / across)), max(1, round(height / down))
        across, down = width / columns, height / rows
        lattice = np.pad(rng.standard_normal((rows, columns), np.float32), margin, mode="wrap")
    else:
        columns, rows = math.ceil(width / across), math.ceil(height / down)
        lattice = rng.standard_normal((rows + 2 * margin, columns + 2 * margin), np.float32)
    size = (round(lattice.shape[1] * across), round(lattice.shape[0] * down))
    left, top = round(margin * across), round(margin * down)
    grown = cv2.resize(lattice, size, interpolation=cv2.INTER_CUBIC)
    part = grown[top : top + height, left : left + width]
    if part.shape == shape:
        return np.asarray(part, np.float32)
    # Rounding a cell of many pixels can leave the last row or column one short.
    lacking = ((0, height - part.shape[0]), (0, width - part.shape[1]))
    return np.pad(part, lacking, mode="edge").astype(np.float32)
