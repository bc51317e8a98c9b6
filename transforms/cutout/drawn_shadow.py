"""A shadow that somebody drew into a cut-out picture's own transparency: no part of the product.

Shops' older pictures and design programs' exports often have one. Taken for product, it would be
laid on the brand's canvas beside the brand's own shadow, and reach over the picture's edge.
"""

import cv2
import numpy as np

from transforms.pixels import Mask, Pixels

_CLEAR, _SOLID = 4, 250
"""Alpha below which nothing is there, and from which on a pixel is product."""
_REACH = 0.008
"""Of the product's size: partly transparent pixels so far from it are more than its soft edge."""
_LEAST = 0.003
"""Of the product's area; a smaller patch is a leftover."""
_VISIBLE = 16
"""Alpha from which on a pixel's colour is not a rounding."""
_DARK, _GREY = 72, 28
"""Levels that a shadow's channels reach, and by which they differ: coloured glass and veils are
lighter, or have a colour."""
_FADED = 28
"""Alpha that a shadow has just within its outline: it fades, where glass and cloth end."""
_MOST = 0.9
_EDGE_PX = 3.0
"""From the product's solid part: its own soft edge."""


def without_drawn_shadow(rgb: Pixels, alpha: Pixels) -> tuple[Pixels, float]:
    """Take a drawn shadow out of a picture's transparency.

    What is taken for one lies away from the product's solid part, is dark and without colour
    throughout, and fades to nothing. Smoked glass, a black veil or a net end with an edge, so they
    stay.
    Where the shadow passes under the product's soft edge, that edge keeps what is its own: of two
    layers with alpha a over s, 1 - (1 - a)(1 - s) is seen (Porter and Duff 1984).

    Args:
        rgb: (height, width, 3), sRGB, not premultiplied.
        alpha: (height, width). Not modified.

    Returns:
        Alpha of the product alone, and the shadow's area as a share of the product's; 0: there is
        none, and alpha is as it came.
    """
    solid = alpha >= _SOLID
    area = int(solid.sum())
    if not area:
        return alpha, 0.0
    is_shady = _is_shady(rgb)
    away = np.asarray(cv2.distanceTransform((~solid).view(np.uint8), cv2.DIST_L2, 5), np.float32)
    reach = max(2 * _EDGE_PX, _REACH * float(np.sqrt(area)))
    shadow = _shadow(is_shady, alpha, away > reach, least=_LEAST * area)
    share = int(shadow.sum()) / area
    if not share:
        return alpha, 0.0
    edge = (away > 0) & (away <= reach) & ~(is_shady & (away > _EDGE_PX))
    return _separate(alpha, shadow, edge, reach), round(share, 4)


def _is_shady(rgb: Pixels) -> Mask:
    """Which pixels have a shadow's colour."""
    lightest = rgb.max(axis=2)
    return np.asarray((lightest <= _DARK) & (lightest - rgb.min(axis=2) <= _GREY), np.bool_)


def _shadow(is_shady: Mask, alpha: Pixels, far: Mask, *, least: float) -> Mask:
    """Patches of a shadow, away from the product."""
    patches = far & (alpha >= _CLEAR) & (alpha < _SOLID)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(patches.view(np.uint8), connectivity=8)
    outline = far & _just_within(alpha)
    found = np.zeros(alpha.shape, np.bool_)
    for number, (*_, area) in enumerate(stats):
        if number == 0 or area < least:
            continue
        patch = labels == number
        seen, edge = patch & (alpha >= _VISIBLE), patch & outline
        if not seen.any() or not edge.any():
            continue
        if is_shady[seen].mean() >= _MOST and (alpha[edge] <= _FADED).mean() >= _MOST:
            found |= patch
    return found


def _just_within(alpha: Pixels) -> Mask:
    """Pixels up to two inside what is not clear; a cut by the picture's own edge is no outline."""
    there = (alpha >= _CLEAR).view(np.uint8)
    inner = np.asarray(cv2.erode(there, np.ones((5, 5), np.uint8), borderValue=1))
    return np.asarray((there > 0) & (inner == 0), np.bool_)


def _separate(alpha: Pixels, shadow: Mask, edge: Mask, reach: float) -> Pixels:
    """Alpha without the shadow, also where it passes under the product's soft edge."""
    size = 2 * int(np.ceil(2 * reach)) + 1
    weight = np.asarray(cv2.blur(shadow.astype(np.float32), (size, size)), np.float32)
    cover = cv2.blur(np.where(shadow, alpha, np.uint8(0)).astype(np.float32), (size, size))
    under = np.asarray(cover, np.float32) / np.maximum(weight, 1e-6) / 255
    own = 1 - (1 - alpha / np.float32(255)) / np.maximum(1 - under, 1e-3)
    beside = (weight > 0) & (alpha < _SOLID)
    kept = np.where(beside, np.where(edge, np.clip(own, 0, 1) * 255, 0), alpha)
    # What is hardly there where nothing else is was the shadow's very end.
    gone = shadow | ((alpha < _CLEAR) & ~edge)
    return np.asarray(np.rint(np.where(gone, 0, kept)), np.uint8)
