"""What a product's outline tells of its body: slices above the ground. Pure: outline in, masks out.

The body is seen in parallel: a point `h` above the ground lies `h` times the cosine of the camera's
elevation above its foot, and depth on the ground shows flattened by the sine. Each slice is as deep
as it is wide, or less where the base does not sag as a round one would.
"""

import itertools
import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.images.canvas import HALF, extent
from transforms.images.shadow import stands, touching_of
from transforms.pixels import Mask, Pixels
from transforms.scenes.scene import View

Row = npt.NDArray[np.float32]

_ELEVATION_DEG = {"level": 8.0, "raised": 30.0}
"""Of the camera; see `transforms.scenes.scene.View`."""
_SLICES = 56
_THICK, _LAYERS = 0.12, 10
"""Of its height in the picture: thickness of what rests on a face; and the slices it is cut in."""
_SHALLOWEST = 0.4
"""Depth over width of what stands on a straight edge: a box, a bag, a board."""
_TOUCHES = 0.3
"""From this weight on a column's underside is a foot."""
_FLARE = 1.1
"""How far a body reaches beyond its feet, at most, for its height above the ground."""
_ROUGH = 0.03
"""Of the width: narrower gaps in a slice are unevenness, not space between legs."""
_NARROWEST = 3
"""Columns that a foot has at least."""


@dataclass(frozen=True, slots=True)
class Volume:
    """A body on the ground."""

    slices: Pixels
    """(n, rows, columns), 255 is body: each slice as it would lie on the ground, lowest first."""
    heights: Row
    """(n,), of the slices above the ground, in pixels."""
    flat: float
    """Depth on the ground over its height in the picture."""
    ground: Row
    """(columns,): row on which the middle of the body's depth stands."""
    touching: Row
    """(columns,), 0 to 1: whether the underside touches the ground."""
    underside: npt.NDArray[np.int64]
    """(columns,): row below the lowest of each column."""


def volume_of(matte: Pixels, view: View) -> Volume:
    """Guess the body behind an outline that stands.

    Args:
        matte: (rows, columns), 255 is product. Not modified.
        view: How it is seen: level or raised.

    Raises:
        RenderError: The matte holds no product.
    """
    angle = math.radians(_ELEVATION_DEG[view])
    flat, upright = math.sin(angle), math.cos(angle)
    left, top, right, bottom = extent(matte)
    touching = touching_of(matte)
    solid = matte >= HALF
    if not stands(matte, touching):
        return _slab(matte, flat, upright)
    underside = np.where(solid.any(axis=0), matte.shape[0] - solid[::-1].argmax(axis=0), 0)
    ground, ratio = _stand(underside, touching, flat, (left, right, bottom))
    height = max(2.0, float(ground[left:right].max()) - top)
    edges = np.linspace(0, height, _SLICES + 1)
    slices = np.zeros((_SLICES, *matte.shape), np.uint8)
    rows = ground[left:right].astype(np.float64)
    stood = touching[left:right] > _TOUCHES
    # Seen from above the belly hides how narrow the foot is: a body flares no faster than this.
    aside = _away_from(stood)
    for number, (low, high) in enumerate(itertools.pairwise(edges)):
        steps = np.arange(low, max(high, low + 1))
        at = np.clip(np.rint(rows[None] - steps[:, None]), 0, matte.shape[0] - 1).astype(np.int64)
        present = solid[at, np.arange(left, right)[None]].any(axis=0)
        if number == 0:
            present |= stood
        present = _close(present & (aside <= _FLARE * low + 1))
        for start, end in _runs(present):
            _footprint(slices[number], ground, (left + start, left + end), ratio, flat)
        # Every point of a body is seen inside its outline.
        hull = np.maximum(_lower(matte, round(low)), _lower(matte, round(high)))
        np.minimum(slices[number], hull, out=slices[number])
    middles = ((edges[:-1] + edges[1:]) / 2 / upright).astype(np.float32)
    middles[0] = 0
    # A leg that stands further back touches as well as one in front.
    touches = np.minimum(1, 2 * touching).astype(np.float32)
    return Volume(slices, middles, flat, ground, touches, underside)


def _slab(matte: Pixels, flat: float, upright: float) -> Volume:
    """A body that rests flat on a face of which a corner is nearest, as books and shoes do.

    All of its underside touches. Its foot is what is also seen as its top, a thickness higher.
    """
    _, top, _, bottom = extent(matte)
    thick = max(2, round(_THICK * (bottom - top)))
    foot = np.minimum(matte, _lower(matte, thick))
    heights = np.asarray(np.linspace(0, thick / upright, _LAYERS), np.float32)
    solid = matte >= HALF
    touching = np.asarray(solid.any(axis=0), np.float32)
    underside = np.where(touching > 0, matte.shape[0] - solid[::-1].argmax(axis=0), 0)
    ground = np.full(matte.shape[1], bottom, np.float32)
    slices = np.broadcast_to(foot, (_LAYERS, *foot.shape))
    return Volume(slices, heights, flat, ground, touching, underside)


def _stand(
    underside: npt.NDArray[np.int64],
    touching: Row,
    flat: float,
    box: tuple[int, int, int],
) -> tuple[Row, float]:
    """Row of the middle of the body's depth under each column, and its depth over its width."""
    left, right, bottom = box
    feet = [run for run in _runs(touching > _TOUCHES) if run[1] - run[0] >= _NARROWEST]
    if not feet:
        return np.full(touching.shape, bottom, np.float32), _SHALLOWEST
    places, rows, ratios = [], [], []
    for first, last in feet:
        line = underside[first:last].astype(np.float64)
        chord = np.linspace(line[0], line[-1], line.size)
        sag, half = max(0.0, float((line - chord).max())), (last - first) / 2
        ratio = min(1.0, max(_SHALLOWEST, sag / max(1e-6, half * flat)))
        deep = min(ratio * half * flat, max(sag, _SHALLOWEST * half * flat))
        places += [float(first), float(last - 1)]
        rows += [float(line[0]) + sag - deep, float(line[-1]) + sag - deep]
        ratios.append((last - first, ratio))
    ground = np.interp(np.arange(touching.size), places, rows).astype(np.float32)
    total = sum(width for width, _ in ratios)
    wide = (right - left) > 3 * total  # Narrow feet say nothing of what they carry.
    return ground, 1.0 if wide else sum(width * ratio for width, ratio in ratios) / total


def _footprint(onto: Pixels, ground: Row, run: tuple[int, int], ratio: float, flat: float) -> None:
    """Draw one piece of a slice, in place: an ellipse, or nearly a box where it is shallow."""
    first, last = run
    half = (last - first) / 2
    x = np.linspace(-1, 1, 24)
    power = 2 + 2 * (1 - ratio) / (1 - _SHALLOWEST)
    deep = max(1.0, ratio * flat * half) * (1 - np.abs(x) ** power) ** (1 / power)
    across = first + half + x * half
    middle = np.interp(across, np.arange(ground.size), ground)
    upper = np.stack([across, middle - deep], axis=1)
    lower = np.stack([across, middle + deep], axis=1)[::-1]
    cv2.fillPoly(onto, [np.rint(np.concatenate([upper, lower])).astype(np.int32)], 255)


def _lower(matte: Pixels, rows: int) -> Pixels:
    """`matte`, moved down."""
    moved = np.zeros_like(matte)
    moved[rows:] = matte[: matte.shape[0] - rows]
    return moved


def _close(present: Mask) -> Mask:
    """Without the gaps that a rough outline leaves."""
    reach = max(3, round(_ROUGH * present.size) | 1)
    row = np.pad(present.astype(np.uint8), reach)[None]
    closed = cv2.morphologyEx(row, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    return np.asarray(closed[0, reach:-reach] > 0)


def _away_from(stood: Mask) -> Row:
    """Columns between each column and the nearest that stands; 0 everywhere where none does."""
    if not stood.any():
        return np.zeros(stood.shape, np.float32)
    places = np.flatnonzero(stood)
    columns = np.arange(stood.size)
    after = np.clip(np.searchsorted(places, columns), 0, places.size - 1)
    before = np.clip(after - 1, 0, None)
    nearest = np.minimum(np.abs(places[after] - columns), np.abs(places[before] - columns))
    return np.asarray(nearest, np.float32)


def _runs(present: Mask) -> list[tuple[int, int]]:
    """Where it is true without a break: (first, last + 1) each."""
    change = np.flatnonzero(np.diff(np.concatenate([[False], present, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(change[::2], change[1::2], strict=True)]
