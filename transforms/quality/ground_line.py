"""Whether the line where the ground ends stayed in its place in a remade backdrop. Pure.

A product is stood in by the backdrop's notes. Where a model moved the table's far edge and nobody
noticed, the camera of the product and that of the scene no longer agree.
"""

import cv2
import numpy as np
import numpy.typing as npt

from transforms.images.canvas import fit_within
from transforms.pixels import Pixels, Plane
from transforms.quality.placed import luma
from transforms.quality.restyling import NOTHING_IN_COMMON

_SIDE = 384
_BAND, _FARTHEST = 0.10, 0.06
"""Shares of the height: what is compared around the line, and how far it is looked for."""
_STRIPS = 12
"""Parts of the width, each with a line of its own: things before it hide some."""
_SOFT = 1.5
_FAINT = 1.5
"""Levels a row of the strongest step at the line, below which there is none, as on a sweep."""
_CERTAIN = 0.5
"""Correlation from which on it is the same line."""


def ground_shift(before: Pixels, after: Pixels, horizon: float) -> float:
    """By how much the line where the ground ends moved up or down.

    The steps of luma down each strip of the width are compared, whatever their direction: another
    light may turn them over.

    Args:
        before: (height, width, 3), sRGB: the backdrop whose notes are known.
        after: (height, width, 3), sRGB, of the same aspect: what a model made of it.
        horizon: Where the ground ends, as a share of the height; 0: there is no such line.

    Returns:
        Share of the height; 0 where there is no line that could have moved; 1 where there was one
        and it is not found again.
    """
    if not horizon:
        return 0.0
    small = fit_within(before, _SIDE)
    height, width = small.shape[:2]
    other = cv2.resize(after, (width, height), interpolation=cv2.INTER_AREA)
    first, second = _steps(small), _steps(np.asarray(other, np.uint8))
    most, reach = round(_FARTHEST * height), round(_BAND * height)
    line = round(horizon * height)
    begin, end = max(most, line - reach), min(height - most, line + reach)
    if end - begin <= most:
        return 0.0
    wanted = first[begin:end]
    if wanted.max(axis=0).mean() < _FAINT:
        return 0.0
    shifts = np.arange(-most, most + 1)
    alike = np.array([_correlation(wanted, second[begin + d : end + d]) for d in shifts])
    best = int(alike.argmax())
    if alike[best] < _CERTAIN:
        return NOTHING_IN_COMMON
    return abs(float(shifts[best]) + _between(alike, best)) / float(height)


def _steps(pixels: Pixels) -> Plane:
    """Strength of the steps down each strip: (height, strips), in levels a row."""
    soft = cv2.GaussianBlur(luma(pixels), (0, 0), _SOFT)
    down = np.asarray(cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3, scale=0.125), np.float32)
    strips = np.array_split(down, _STRIPS, axis=1)
    return np.stack([np.abs(strip.mean(axis=1)) for strip in strips], axis=1)


def _correlation(first: Plane, second: Plane) -> float:
    """Of all strips at once, each about its own mean."""
    a, b = (each - each.mean(axis=0) for each in (first, second))
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / norm if norm else 0.0


def _between(values: npt.NDArray[np.float64], best: int) -> float:
    """Where between the neighbours of the best value the peak lies: -0.5 to 0.5."""
    if best in (0, len(values) - 1):
        return 0.0
    left, middle, right = values[best - 1 : best + 2]
    bend = left - 2 * middle + right
    return float((left - right) / (2 * bend)) if bend < 0 else 0.0
