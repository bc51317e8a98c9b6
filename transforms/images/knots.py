"""Bezier curves along a closed contour, with few knots and a bounded deviation. Pure.

After Schneider, "An Algorithm for Automatically Fitting Digitized Curves", Graphics Gems (1990).
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from transforms.images.contours import Points
from transforms.pixels import Mask

_REACH_PX = 4.0
"""Directions are taken over so much of a contour: pixels leave steps in it."""
_CORNER = np.cos(np.radians(50))
"""Where a contour turns more sharply within twice that reach, it has a corner."""
_ROUNDS = 6
_HOPELESS = 5
"""A curve that is off by so many times what is allowed is cut in two, not improved."""
_LONGEST_HANDLE = 1.0
"""Of the contour's length between two knots; longer handles make loops."""


@dataclass(frozen=True, slots=True)
class Knots:
    """One closed curve."""

    points: npt.NDArray[np.float64]
    """(n, 3, 2): of each knot the handle that arrives, the anchor, the handle that leaves; x and y
    in pixels."""
    corner: Mask
    """(n,). At others the two handles lie on one straight line."""

    def __len__(self) -> int:
        return len(self.corner)

    def sampled(self, steps: int) -> Points:
        """The curve as a closed contour of `steps` points for each knot."""
        following = np.roll(self.points, -1, axis=0)
        curves = np.stack(
            [self.points[:, 1], self.points[:, 2], following[:, 0], following[:, 1]], axis=1
        )
        weights = _weights(np.arange(steps) / steps)
        return np.asarray(np.einsum("ks,nkd->nsd", weights, curves).reshape(-1, 2), np.float64)


def along(contour: Points, deviation: float, *, most: int) -> Knots | None:
    """Fit a closed curve to a contour.

    Args:
        contour: Closed, its first point not said again; points no more than 2 px apart.
        deviation: In pixels: no point of it lies farther from the curve.
        most: Knots that the curve may have; None is given back where it needs more.
    """
    corners = _corners(_Contour(contour))
    starts = corners if corners.size else _extremes(contour)
    first, count = int(starts[0]), len(contour)
    around = _Contour(np.roll(contour, -first, axis=0))
    bounds = [*(int(each) - first for each in starts), count]
    pointed = {(int(each) - first) % count for each in corners}
    waiting = list(pairwise(bounds))[::-1]
    curves: list[tuple[int, Points]] = []
    while waiting:
        if len(curves) + len(waiting) > most:
            return None
        begin, end = waiting.pop()
        points = around.between(begin, end)
        leaving = around.direction(begin, "after" if begin in pointed else "both")
        arriving = -around.direction(end, "before" if end % count in pointed else "both")
        straight = begin in pointed and end % count in pointed and _straight(points, deviation)
        if straight:
            curves.append((begin, np.stack([points[0], points[0], points[-1], points[-1]])))
            continue
        curve, off, farthest = _cubic(points, leaving, arriving, deviation)
        if off > deviation:
            waiting += [(begin + farthest, end), (begin, begin + farthest)]
        else:
            curves.append((begin, curve))
    shaped = np.stack([curve for _, curve in curves])
    arrives = np.roll(shaped[:, 2], 1, axis=0)
    return Knots(
        np.stack([arrives, shaped[:, 0], shaped[:, 1]], axis=1),
        np.array([begin in pointed for begin, _ in curves]),
    )


class _Contour:
    """A closed contour with its length along it."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self._closed = np.vstack([points, points[:1]])
        steps = np.hypot(*np.diff(self._closed, axis=0).T)
        self._at = np.concatenate([[0.0], np.cumsum(steps)])
        self._reach = min(_REACH_PX, self._at[-1] / 8)

    def between(self, begin: int, end: int) -> Points:
        return self._closed[begin : end + 1]

    def shifted(self, by: float) -> Points:
        """Each point moved so many times the reach along the contour."""
        at = self._at[:-1] + by * self._reach
        return np.stack(
            [np.interp(at, self._at[:-1], axis, period=self._at[-1]) for axis in self.points.T],
            axis=1,
        )

    def apart(self, one: int, other: int) -> bool:
        """Whether two points are farther from each other than the reach, along the contour."""
        between = abs(float(self._at[one] - self._at[other]))
        return bool(min(between, float(self._at[-1]) - between) > self._reach)

    def direction(self, index: int, side: Literal["before", "after", "both"]) -> Points:
        """Unit vector along the contour at a point."""
        here = self._at[index]
        at = here + self._reach * np.array([-(side != "after"), side != "before"], np.float64)
        ends = [np.interp(at, self._at[:-1], axis, period=self._at[-1]) for axis in self.points.T]
        along_ = np.array([axis[1] - axis[0] for axis in ends])
        return np.asarray(along_ / (np.hypot(*along_) or 1.0), np.float64)


def _corners(contour: _Contour) -> npt.NDArray[np.int64]:
    """Points where a contour turns sharply, the sharpest of those that lie together."""
    come = contour.points - contour.shifted(-1)
    go = contour.shifted(1) - contour.points
    lengths = np.hypot(*come.T) * np.hypot(*go.T)
    turn = np.einsum("nd,nd->n", come, go) / np.maximum(lengths, 1e-9)
    found: list[int] = []
    for index in np.flatnonzero(turn < _CORNER)[np.argsort(turn[turn < _CORNER], kind="stable")]:
        if all(contour.apart(int(index), known) for known in found):
            found.append(int(index))
    return np.array(sorted(found), np.int64)


def _extremes(points: Points) -> npt.NDArray[np.int64]:
    """Outermost points to all four sides: where a draughtsman sets the knots of a round shape."""
    x, y = points.T
    return np.unique([x.argmin(), x.argmax(), y.argmin(), y.argmax()]).astype(np.int64)


def _straight(points: Points, deviation: float) -> bool:
    """Whether points lie on the line from the first to the last, if these are two."""
    chord = points[-1] - points[0]
    length = float(np.hypot(*chord))
    if not length:
        return False
    off = points - points[0]
    across = np.abs(off[:, 0] * chord[1] - off[:, 1] * chord[0])
    forth = off @ chord
    within = forth.min() >= -deviation * length and forth.max() <= length * (length + deviation)
    return bool(across.max() <= deviation * length and within)


def _cubic(
    points: Points, leaving: Points, arriving: Points, deviation: float
) -> tuple[Points, float, int]:
    """The cubic curve nearest to points, how far it is off at most, and at which of them.

    Args:
        points: Open, first and last are kept.
        leaving: Unit vector from the first into the curve.
        arriving: Unit vector from the last into the curve.
        deviation: Allowed: a curve that is far from it is not improved.
    """
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    length = float(at[-1])
    at /= length
    for _ in range(_ROUNDS):
        curve = _least_squares(points, at, leaving, arriving, length)
        off = np.hypot(*(_weights(at).T @ curve - points).T)
        worst = float(off.max())
        if worst > _HOPELESS * deviation:
            break
        at = _nearest(points, at, curve)
    farthest = int(off[1:-1].argmax()) + 1 if len(points) > 2 else 0  # noqa: PLR2004 - both ends
    return curve, worst if farthest else 0.0, farthest


def _least_squares(
    points: Points, at: npt.NDArray[np.float64], leaving: Points, arriving: Points, length: float
) -> Points:
    """Handles of the given directions whose curve is nearest to points at given parameters."""
    weights = _weights(at)
    forth, back = weights[1][:, None] * leaving, weights[2][:, None] * arriving
    ends = (weights[0] + weights[1])[:, None] * points[0]
    ends += (weights[2] + weights[3])[:, None] * points[-1]
    both = np.sum(forth * back)
    normal = np.array([[np.sum(forth * forth), both], [both, np.sum(back * back)]])
    wanted = np.array([np.sum(forth * (points - ends)), np.sum(back * (points - ends))])
    handles = np.full(2, length / 3)
    if np.linalg.det(normal) > 1e-9:  # noqa: PLR2004 - else the directions say too little
        found = np.linalg.solve(normal, wanted)
        if (found > 0).all() and (found < _LONGEST_HANDLE * length).all():
            handles = found
    return np.stack(
        [
            points[0],
            points[0] + handles[0] * leaving,
            points[-1] + handles[1] * arriving,
            points[-1],
        ]
    )


def _nearest(points: Points, at: npt.NDArray[np.float64], curve: Points) -> Points:
    """Parameters moved, by a step of Newton's, towards where the curve is nearest to each point."""
    first = 3 * np.diff(curve, axis=0)
    second = 2 * np.diff(first, axis=0)
    off = _weights(at).T @ curve - points
    speed = np.stack([(1 - at) ** 2, 2 * at * (1 - at), at**2], axis=1) @ first
    bend = np.stack([1 - at, at], axis=1) @ second
    slope = np.sum(speed * speed, axis=1) + np.sum(off * bend, axis=1)
    step = np.sum(off * speed, axis=1) / np.where(np.abs(slope) > 1e-9, slope, np.inf)  # noqa: PLR2004 - no division by 0
    return np.maximum.accumulate(np.clip(at - step, 0, 1))


def _weights(at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(4, n): what each point of a cubic curve counts for at each parameter."""
    rest = 1 - at
    return np.stack([rest**3, 3 * at * rest**2, 3 * at**2 * rest, at**3])
