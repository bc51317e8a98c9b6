"""Backdrop that the network kept between hairs, taken out of the matte by its colour."""

import cv2
import numpy as np
import numpy.typing as npt

from transforms.cutout.sides import VARIANCES, depth_of, ramp, side_of, soft
from transforms.pixels import Floats, Mask, Pixels

_DOUBT, _FAR = 0.35, 1.5
"""Alpha this near to the half, so many pixels of the network from its edge, is doubt."""
_AROUND, _SOME = 6, (0.01, 0.02)
"""Doubt in more than these shares of the surroundings, in pixels of the network, is hair."""
_FURRY = 0.3
"""Of its edge a furred product doubts at least this; a shoe's pale sole on white, a tenth. On our
17 backgrounds: a plush bear 0.5 and more."""

_ZONE, _WINDOW = 12, 15
"""Hair is no longer, and colours are those of so far around, in pixels of the network."""
_PURE = 1.0
_NEAR = 8
"""So far from backdrop that was found, in the same pixels, other pixels are mixtures with it."""
_SURE_FRONT, _SURE_BACK = 0.85, 0.1
_NOISE = 4.0
_SEEN = 0.01
_APART, _TOLD = (5.0, 10.0), (6.0, 15.0)
"""Squared distance of the sides' colours over the product's variance, and over both sides'."""
_SAME = 3.0
"""Deviations of the backdrop within which a colour is its own."""
_STRANGE = (2.0, 6.0)
"""Squared distance from the line of mixtures, in variances: a third colour."""
_WHOLE = 1.5
"""Deviations of the product within which a pixel is all product."""


def without_backdrop(rgb: Pixels, share: Floats, cell: float) -> Floats:
    """Where the matte's edge is hair, give back to the backdrop what has its colours.

    The network answers hair with a soft blanket around it, backdrop and all. What looks like the
    backdrop beside it and is joined to it, is backdrop; what lies near is read as the mixture of
    both sides' mean colours. Products without hair, and hair that its backdrop resembles, keep
    their matte.

    Args:
        rgb: (height, width, 3), sRGB. Not modified.
        share: (height, width), the matte, 0-1. Not modified.
        cell: Side of the network's pixel in pixels of the picture.

    Returns:
        (height, width), nowhere more than `share`.
    """
    inside = depth_of(share)
    hair = _hair(share, inside, cell)
    rim = np.abs(inside) <= 1
    if not rim.any() or hair[rim].mean() < _FURRY:
        return share
    zone, step = _ZONE * cell, max(2, round(cell))
    colours = rgb[::step, ::step].astype(np.float32)
    coarse, depth = share[::step, ::step], inside[::step, ::step]
    reach = max(1, round(_WINDOW * cell / step))
    front = side_of(colours, (depth > zone) & (coarse > _SURE_FRONT), reach)
    back = side_of(colours, (depth < -_PURE * cell) & (coarse < _SURE_BACK), reach)
    apart = front.mean - back.mean
    length = np.asarray((apart * apart).sum(axis=-1))
    product, backdrop = (
        np.asarray(side.spread[..., VARIANCES].sum(axis=-1) + _NOISE**2) for side in (front, back)
    )
    told = ramp(length / product, *_APART) * ramp(length / (product + backdrop), *_TOLD)
    told *= np.minimum(front.weight, back.weight) > _SEEN

    base, apart, length, told, product, backdrop = (
        _enlarge(each, share) for each in (back.mean, apart, length, told, product, backdrop)
    )
    length = np.maximum(length, 1)
    seen = rgb.astype(np.float32) - base
    mixed = np.clip((seen * apart).sum(axis=-1) / length, 0, 1)
    seen -= mixed[..., None] * apart
    strange = (seen * seen).sum(axis=-1)
    doubtful = np.sqrt(backdrop / (3 * length))
    alike = (strange < _SAME**2 * backdrop) & (mixed < np.clip(_SAME * doubtful, 0.1, 0.35))
    shown = _join(alike & (told * hair > 0.25) & (inside < zone), share < _SURE_BACK)  # noqa: PLR2004 - a half of each

    low = np.clip(doubtful, 0.02, 0.2)
    high = 1 - np.clip(_WHOLE * np.sqrt(product / (3 * length)), 0.05, 0.4)
    mixed = np.minimum(np.clip((mixed - low) / (high - low), 0, 1), share)
    trust = told * hair * (1 - ramp(strange / (product + backdrop), *_STRANGE))
    trust *= _around(shown, round(_NEAR * cell)) & (np.abs(inside) < zone)
    return np.asarray(np.where(shown, 0, share + trust * (mixed - share)), np.float32)


def _hair(share: Floats, inside: Floats, cell: float) -> Floats:
    """How surely the edge is hair: the network's doubt is wide there."""
    doubt = (np.abs(share - 0.5) < _DOUBT) & (np.abs(inside) > _FAR * cell)
    return ramp(soft(doubt.astype(np.float32), max(1, round(_AROUND * cell))), *_SOME)


def _join(alike: Mask, outside: Mask) -> Mask:
    """What is alike and reaches the outside through its like."""
    _, labels = cv2.connectedComponents((alike | outside).view(np.uint8), connectivity=4)
    labels = np.asarray(labels)
    reached = np.zeros(int(labels.max()) + 1, np.bool_)
    reached[labels[outside]] = True
    return np.asarray(reached[labels] & alike)


def _around(mask: Mask, reach: int) -> Mask:
    away = cv2.distanceTransform((~mask).view(np.uint8), cv2.DIST_L2, 3)
    return np.asarray(away <= reach / 2) & mask.any()


def _enlarge(values: npt.NDArray[np.floating], share: Floats) -> Floats:
    size = share.shape[1], share.shape[0]
    return np.asarray(cv2.resize(np.ascontiguousarray(values, np.float32), size), np.float32)
