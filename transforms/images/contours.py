"""Contours of a matte, placed between its pixels. Pure.

Marching squares (Lorensen and Cline 1987, in the plane): OpenCV's own contours lie on whole pixels.
"""

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Pixels

Points = npt.NDArray[np.float64]
"""(n, 2): x and y in pixels from the picture's upper left corner, so that a pixel's centre lies at
its number and a half."""

LEVEL = 127.5
"""Half alpha: from 128 on a pixel is more product than not."""

_TOP, _RIGHT, _BOTTOM, _LEFT = range(4)
_SEGMENTS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((_TOP, _LEFT),),
    2: ((_RIGHT, _TOP),),
    3: ((_RIGHT, _LEFT),),
    4: ((_BOTTOM, _RIGHT),),
    6: ((_BOTTOM, _TOP),),
    7: ((_BOTTOM, _LEFT),),
    8: ((_LEFT, _BOTTOM),),
    9: ((_TOP, _BOTTOM),),
    11: ((_RIGHT, _BOTTOM),),
    12: ((_LEFT, _RIGHT),),
    13: ((_TOP, _RIGHT),),
    14: ((_LEFT, _TOP),),
}
"""Corners of a cell that are product (1 upper left, 2 upper right, 4 lower right, 8 lower left) to
the sides of the cell that a contour enters and leaves by, product on its right hand."""
_SADDLES: dict[tuple[int, bool], tuple[tuple[int, int], ...]] = {
    (5, False): ((_TOP, _LEFT), (_BOTTOM, _RIGHT)),
    (5, True): ((_TOP, _RIGHT), (_BOTTOM, _LEFT)),
    (10, False): ((_RIGHT, _TOP), (_LEFT, _BOTTOM)),
    (10, True): ((_LEFT, _TOP), (_RIGHT, _BOTTOM)),
}
"""As above, for two corners across from each other; True: they are joined, since the cell's mean is
product."""


def contours(matte: Pixels) -> list[Points]:
    """Every closed contour of a matte at half alpha, the largest first.

    Args:
        matte: (height, width), 255 is product. Not modified. Beyond it is none.

    Returns:
        Clockwise around product, anticlockwise around what is open within it; the first point is
        not said again. None where the matte holds no product.
    """
    left, top, wide, high = cv2.boundingRect((matte > LEVEL).view(np.uint8))
    if not wide:
        return []
    level = np.pad(matte, 2)[top : top + high + 4, left : left + wide + 4].astype(np.float64)
    begins, ends = _sides_crossed(level)
    order = np.argsort(begins)
    begins, ends = begins[order], ends[order]
    places = _places(begins, level) + np.array([left - 1.5, top - 1.5])
    found = [places[ring] for ring in _rings(np.searchsorted(begins, ends))]
    return sorted(found, key=lambda points: -abs(area(points)))


def area(points: Points) -> float:
    """What a closed contour encloses, in square pixels; below 0 where it is open within product."""
    x, y = points.T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def _sides_crossed(level: Points) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each segment of a contour begins and ends, as numbers of sides; see `_side`."""
    within = level > LEVEL
    corners = (within[:-1, :-1], within[:-1, 1:], within[1:, 1:], within[1:, :-1])
    kinds = np.zeros(corners[0].shape, np.uint8)
    for bit, corner in enumerate(corners):
        kinds |= corner.view(np.uint8) << bit
    rows, columns = np.nonzero((kinds > 0) & (kinds < 15))  # noqa: PLR2004 - all four corners
    kinds = kinds[rows, columns]
    corner_levels = [level[rows + down, columns + right] for down in (0, 1) for right in (0, 1)]
    joined = np.mean(corner_levels, axis=0) > LEVEL
    chosen = [(kinds == kind, sides) for kind, sides in _SEGMENTS.items()]
    chosen += [((kinds == kind) & (joined == j), sides) for (kind, j), sides in _SADDLES.items()]
    begins, ends = [], []
    for cells, sides in chosen:
        for begin, end in sides:
            begins.append(_side(rows[cells], columns[cells], begin, level.shape[1]))
            ends.append(_side(rows[cells], columns[cells], end, level.shape[1]))
    return np.concatenate(begins), np.concatenate(ends)


def _side(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], side: int, width: int
) -> npt.NDArray[np.int64]:
    """Number of a cell's side, the same from both cells that share it; odd: it stands upright."""
    down, right = int(side == _BOTTOM), int(side == _RIGHT)
    return 2 * ((rows + down) * width + columns + right) + int(side in (_LEFT, _RIGHT))


def _places(sides: npt.NDArray[np.int64], level: Points) -> Points:
    """Where half alpha lies on each side, if alpha goes straight from end to end."""
    upright = sides % 2
    first = sides // 2
    values = level.ravel()
    here, there = values[first], values[first + np.where(upright, level.shape[1], 1)]
    share = (LEVEL - here) / (there - here)
    rows, columns = np.divmod(first, level.shape[1])
    return np.stack([columns + share * (1 - upright), rows + share * upright], axis=1)


def _rings(follower: npt.NDArray[np.int64]) -> list[list[int]]:
    """Segments put together: each ends where one other begins."""
    after = follower.tolist()
    seen = bytearray(len(after))
    rings = []
    for start in range(len(after)):
        ring, at = [], start
        while not seen[at]:
            seen[at] = 1
            ring.append(at)
            at = after[at]
        if ring:
            rings.append(ring)
    return rings
