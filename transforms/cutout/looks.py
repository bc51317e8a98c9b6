"""Looks of the network: at the picture, then at the product's surroundings alone, larger."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from transforms.cutout.network import salience, sight_of
from transforms.errors import SourceError
from transforms.pixels import Floats, Mask, Pixels
from transforms.records.facts import Box

_SUBJECT = 0.2
"""Where the first look answers more than this, the second looks closer."""
_MARGIN = 0.08
_LEAST_PEAK = 0.5
_WHOLE = 0.97
"""A second look at nearly the same square shows nothing new."""
_SURE, _KEPT = 0.9, 0.95
_PART, _AROUND = 0.01, 7
"""A part of this share of the product is joined again, with this many pixels of the network."""
_FLOOR, _CEILING = 0.04, 0.96
_SPECK = 0.002
_LONG = 2.0
"""A picture longer than this for its width is widened by what its border shows: the network sees
squares, and squeezed by six took the label of a bottle for the product."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking brought."""

    alpha: Pixels
    cell: float
    """Side of the network's pixel, in pixels of the picture."""
    passes: int = 1
    joined: bool = False
    disagreement: float = 0.0


def look(rgb: Pixels, model: str, looks: int) -> Seen:
    """One look at the picture and one at the product's surroundings.

    The network sees few pixels. A second look at the product's surroundings alone gives it two to
    three times the detail: sharper edges, open handles.

    Args:
        rgb: (height, width, 3), sRGB. Not modified.
        model: Entry of `config/models.yaml`.
        looks: 1 leaves out the second; it is also left out where it would show nothing new.

    Raises:
        SourceError: `no_subject`.
        ModelError: Weights are missing, or are not the ones we know.
    """
    height, width = rgb.shape[:2]
    wider, higher = int(height / _LONG) - width, int(width / _LONG) - height
    if max(wider, higher) > 1:
        return _widened(rgb, model, looks, (max(0, wider) // 2, max(0, higher) // 2))
    first = salience(rgb, model)
    if first.max() < _LEAST_PEAK:
        raise no_subject()
    side = sight_of(model).input_px
    left, top, right, bottom = _closer(first, height, width)
    if looks == 1 or (right - left) * (bottom - top) >= _WHOLE * height * width:
        return Seen(_clean(_enlarged(first, width, height)), max(height, width) / side)
    second = salience(np.ascontiguousarray(rgb[top:bottom, left:right]), model)
    matte = np.zeros((height, width), dtype=np.float32)
    matte[top:bottom, left:right] = _enlarged(second, right - left, bottom - top)
    size = first.shape[::-1]
    again = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.float32)
    lost = _lost(first, again)
    if joined := bool(lost.any()):
        np.maximum(matte, _enlarged(first * lost, width, height), out=matte)
    return Seen(
        _clean(matte),
        max(right - left, bottom - top) / side,
        passes=2,
        joined=joined,
        disagreement=disagreement_of(first >= 0.5, again >= 0.5),  # noqa: PLR2004 - a half
    )


def _widened(rgb: Pixels, model: str, looks: int, margins: tuple[int, int]) -> Seen:
    """Look at a picture with margins at its sides, and above and below; the answer is without."""
    height, width = rgb.shape[:2]
    left, top = margins
    wide = cv2.copyMakeBorder(rgb, top, top, left, left, cv2.BORDER_REPLICATE)
    seen = look(np.asarray(wide, np.uint8), model, looks)
    kept = np.ascontiguousarray(seen.alpha[top : top + height, left : left + width])
    return replace(seen, alpha=kept)


def _lost(first: Floats, again: Floats) -> Floats:
    """Where the first look was sure of product and the second sees none, with soft borders.

    A hole that the second look opened in what it sees is no loss, but the air in a handle; unless
    it lost so much that it cannot be believed at all.
    """
    sure, empty = first > _SURE, again < _SURE / 2
    gone = sure & empty
    if gone.sum() > (1 - _KEPT) * sure.sum():
        return np.ones_like(first)
    _, holes = cv2.connectedComponents(np.pad(empty, 1, constant_values=True).view(np.uint8))
    outside = holes[1:-1, 1:-1] == holes[0, 0]
    count, labels, stats, _ = cv2.connectedComponentsWithStats((gone & outside).view(np.uint8))
    large = stats[:, cv2.CC_STAT_AREA] > _PART * sure.sum()
    large[0] = False
    lost = np.asarray(large[np.asarray(labels)], np.float32)
    if count > 1 and large.any():
        size = (_AROUND, _AROUND)
        around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _AROUND + 1, 2 * _AROUND + 1))
        lost = np.asarray(cv2.blur(cv2.dilate(lost, around), size), np.float32)
    return lost


def _closer(first: Floats, height: int, width: int) -> Box:
    left, top, right, bottom = extent_of(first > _SUBJECT)
    across, down = width / first.shape[1], height / first.shape[0]
    margin = _MARGIN * max((right - left) * across, (bottom - top) * down)
    return (
        max(0, int(left * across - margin)),
        max(0, int(top * down - margin)),
        min(width, int(np.ceil(right * across + margin))),
        min(height, int(np.ceil(bottom * down + margin))),
    )


def _enlarged(answer: Floats, width: int, height: int) -> Floats:
    enlarged = cv2.resize(answer, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(enlarged, np.float32)


def _clean(matte: Floats) -> Pixels:
    """Whole and none where the network is nearly sure, without specks; `matte` is used up."""
    matte -= _FLOOR
    matte *= 255 / (_CEILING - _FLOOR)
    np.rint(np.clip(matte, 0, 255, out=matte), out=matte)
    cleaned: Pixels = matte.astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((cleaned > 0).view(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA]
    if count > 2:  # noqa: PLR2004 - the background and one piece
        for piece in np.flatnonzero(areas < _SPECK * areas[1:].max()):
            left, top, width, height = stats[piece, : cv2.CC_STAT_AREA]
            part = np.s_[top : top + height, left : left + width]
            cleaned[part][np.asarray(labels)[part] == piece] = 0
    return cleaned


def disagreement_of(one: Mask, other: Mask) -> float:
    """1 less the intersection over union."""
    both, either = int(np.count_nonzero(one & other)), int(np.count_nonzero(one | other))
    return 1 - both / max(1, either)


def extent_of(mask: Mask) -> Box:
    """What holds all of it, which is some."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def no_subject() -> SourceError:
    """The error of a picture in which nothing stands out."""
    return SourceError(
        "no_subject", "No product stands out from its background: photograph it on a plainer one."
    )
