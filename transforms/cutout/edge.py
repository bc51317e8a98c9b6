"""The matte's edge, drawn by the photograph where its colours tell product from backdrop."""

import cv2
import numpy as np

from transforms.cutout.fur import without_backdrop
from transforms.cutout.sides import (
    VARIANCES,
    Side,
    depth_of,
    invert_spreads,
    multiply_spreads,
    ramp,
    side_of,
    sides_of,
    soft,
)
from transforms.pixels import Floats, Pixels

_MOST = 5.0
"""The network's pixel in ours; larger pictures are refined smaller, and their matte enlarged: a
canvas shows no more."""

_ROUNDS = 1.0, 0.6, 0.36
"""Each round knows better where the edge is, and looks at colours nearer to it."""
_BAND = 2.0
"""Half the width of what is drawn anew, in pixels of the network: its edge is that uncertain."""
_PURE, _SHARPEST = 1.0, 1.5
"""From this distance on, in the same pixels, but never less than the second in the picture's own,
a side shows its own colour only."""
_WINDOW = 3.5
"""How far, in the same pixels, colours count as those beside the edge."""
_SURE_FRONT, _SURE_BACK = 0.85, 0.1

_NOISE = 4.0
"""Deviation in levels that any picture has: noise and what JPEG made of it."""
_LEAST, _AMPLE = 20.0, 90.0
"""Fisher's ratio of both sides' colours. Below the first they are too like to tell; from the
second on their mixture is read to a ninth. Lower limits measure a little better, and leave the
outline ragged where both sides are nearly alike: a stone candle on linen."""
_CHANGES = 0.2, 0.4
"""Up to this share of the way to the backdrop a product's colour may change towards its edge; from
the second on it is no colour of its own: hair, a blur wider than the network saw."""
_SEEN = 0.01
"""Least share of a window that must show a side."""
_DOUBT, _FAR, _WIDE = 0.35, 1.5, (0.02, 0.08)
"""Alpha this near to the half, so many pixels of the network from its edge, is doubt; in more than
these shares of the surroundings it is no mere blur."""
_STRANGE, _FOREIGN = 6.0, 25.0
"""Squared distance of a colour from the mixtures of both sides, in deviations: a shadow, another
thing. To the first it is noise, from the second on it says nothing."""
_DEAD = 0.02, 0.1
"""Shares nearer than a deviation to none and whole are noise; at least and at most so much."""

_ROW = 1024
"""Places are looked up in rows of so many: OpenCV takes no row of any length."""


def refine_edge(rgb: Pixels, alpha: Pixels, *, cell: float) -> Pixels:
    """Draw the edge at the picture's resolution, where its colours tell both sides apart.

    The network's edge is blurred over two or three of its pixels. Beside it both sides' colours
    are known, with their spread, and what lies between is a mixture of them: its share along the
    line that separates them best (Fisher's) is the alpha. Where the sides are alike, vary as much
    as they differ, or show a third colour, the network's answer stays.

    Args:
        rgb: (height, width, 3), sRGB. Not modified.
        alpha: (height, width), 255 is product. Not modified.
        cell: Side of the network's pixel in pixels of the picture.

    Returns:
        (height, width), 255 is product. Equal to `alpha` further from its edge than `_BAND`.
    """
    if cell > _MOST:
        height, width = alpha.shape
        size = max(1, round(width * _MOST / cell)), max(1, round(height * _MOST / cell))
        less, cover = (
            np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_AREA), np.uint8)
            for each in (rgb, alpha)
        )
        drawn = refine_edge(less, cover, cell=_MOST)
        enlarged = cv2.resize(drawn, (width, height), interpolation=cv2.INTER_CUBIC)
        return np.asarray(enlarged, np.uint8)
    cell = max(cell, 1.0)
    box = _around(alpha, round(2 * _WINDOW * cell))
    if box is None:
        return alpha
    result = alpha.copy()
    share = alpha[box].astype(np.float32) * np.float32(1 / 255)
    clear = _clear(share, cell)
    share = without_backdrop(rgb[box], share, cell)
    for part in _ROUNDS:
        share = _draw_edge(rgb[box], share, clear, max(1.0, part * cell))
    result[box] = np.rint(255 * share)
    return result


def _around(alpha: Pixels, margin: int) -> tuple[slice, slice] | None:
    left, top, width, height = cv2.boundingRect((alpha > 0).view(np.uint8))
    if not width:
        return None
    return (
        slice(max(0, top - margin), top + height + margin),
        slice(max(0, left - margin), left + width + margin),
    )


def _clear(share: Floats, cell: float) -> Floats:
    """Where the network's edge is one, and no wide doubt: hair, gauze, white on white."""
    doubt = (np.abs(share - 0.5) < _DOUBT) & (np.abs(depth_of(share)) > _FAR * cell)
    around = soft(doubt.astype(np.float32), round(_BAND * cell))
    return 1 - ramp(around, *_WIDE)


def _draw_edge(rgb: Pixels, share: Floats, clear: Floats, cell: float) -> Floats:
    """One round: the band around the half, by the colours on both sides of it."""
    inside = depth_of(share)
    band = np.abs(inside) < _BAND * cell
    if not band.any():
        return share
    step = max(2, round(cell))
    colours = rgb[::step, ::step].astype(np.float32)
    coarse, depth = share[::step, ::step], inside[::step, ::step]
    reach = max(1, round(_WINDOW * cell / step))
    pure = max(_SHARPEST, _PURE * cell)
    core = (depth > pure) & (coarse > _SURE_FRONT)
    usual, there = sides_of(colours, core, reach, depth=depth)
    back = side_of(colours, (depth < -pure) & (coarse < _SURE_BACK), reach)
    near = np.abs(depth) < _BAND * cell + 2 * step
    mixtures = np.zeros((*depth.shape, 16), np.float32)
    mixtures[near] = _mixtures(usual.at(near), there.at(near), back.at(near))

    rows, columns = np.nonzero(band)
    places = (columns / step).astype(np.float32), (rows / step).astype(np.float32)
    found = _at(places, mixtures)
    base, apart, towards, ratio = found[:, :3], found[:, 3:6], found[:, 6:9], found[:, 9]
    seen = rgb[rows, columns].astype(np.float32) - base
    mixed = (towards * seen).sum(axis=1)
    rest = seen - np.clip(mixed, 0, 1)[:, None] * apart
    strange = (multiply_spreads(found[:, 10:], rest) * rest).sum(axis=1)
    trust = clear[rows, columns] * ramp(ratio, _LEAST, _AMPLE)
    trust *= 1 - ramp(strange, _STRANGE, _FOREIGN)
    trust *= 1 - ramp(np.abs(inside[rows, columns]), 0.7 * _BAND * cell, _BAND * cell)
    dead = np.clip(1 / np.sqrt(np.maximum(ratio, _LEAST)), *_DEAD)
    mixed = np.clip((mixed - dead) / (1 - 2 * dead), 0, 1)
    drawn = share.copy()
    drawn[rows, columns] += trust * (mixed - share[rows, columns])
    return drawn


def _mixtures(usual: Side, there: Side, back: Side) -> Floats:
    """How to read a mixture of both sides at each of some points.

    Returns:
        (points, 16): the backdrop's colour (3), the way from it to the product's (3), what a
        colour on that way is multiplied with to give its share (3), Fisher's ratio (1), and the
        inverse of both sides' covariance (6).
    """
    front = _towards_edge(usual, there, back)
    apart = front.mean - back.mean
    spread = front.spread + back.spread
    spread[:, VARIANCES] += _NOISE**2
    inverse = invert_spreads(spread)
    towards = multiply_spreads(inverse, apart)
    ratio = (towards * apart).sum(axis=-1, keepdims=True)
    ratio[np.minimum(front.weight, back.weight) < _SEEN] = 0
    towards /= np.maximum(ratio, _LEAST)
    return np.concatenate([back.mean, apart, towards, ratio, inverse], axis=-1)


def _towards_edge(usual: Side, there: Side, back: Side) -> Side:
    """The product's colours on its edge; the usual ones where they would become the backdrop's."""
    way = back.mean - usual.mean
    share = ((there.mean - usual.mean) * way).sum(axis=-1)
    share /= np.maximum((way * way).sum(axis=-1), 1)
    kept = ramp(share, *_CHANGES)[..., None]
    mean = there.mean + kept * (usual.mean - there.mean)
    spread = there.spread + kept * (usual.spread - there.spread)
    return Side(usual.weight, mean, spread)


def _at(places: tuple[Floats, Floats], stack: Floats) -> Floats:
    """Values of a stack of maps between their points, (places, channels)."""
    count = places[0].size
    rows = -(-count // _ROW)
    x, y = (np.resize(each, (rows, _ROW)) for each in places)
    found = [
        cv2.remap(
            np.ascontiguousarray(stack[..., channel : channel + 4]),
            x,
            y,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ).reshape(rows * _ROW, -1)[:count]
        for channel in range(0, stack.shape[-1], 4)
    ]
    return np.asarray(np.concatenate(found, axis=1), np.float32)
