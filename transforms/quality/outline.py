"""Whether the product's outline is right in a file: rim and halo. Pure.

Distances are pixels of a canvas whose longer side has 2000 and grow and shrink with it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Mask, Pixels
from transforms.quality.colour_difference import lab
from transforms.quality.placed import Placed, cut, erode
from transforms.quality.surround import PlainBackdrop
from transforms.records.facts import Box

_CANVAS = 2000
_BAND = 6
"""Width of the rim within the edge that must be there."""
_CHANGED = 25.0
"""Levels from which on a rim pixel shows something else: JPEG's ringing stays below."""
_NEAR, _FAR = (1, 6), (18, 28)
"""Rings outside the matte: what lies at the product's edge, and what lies behind it."""
_AT_LEAST = (0.9, 3.0), (5.0, 9.0)
"""The same at half resolution, at least: on a small canvas the edge itself is as wide."""
_WINDOW = 33
_STEP = 7.0
"""CIE Lab units between both rings from which on there is a rim around the product: a soft
shadow changes less on that way."""
_PIXELS = 400


def boundary_changed(decoded: Pixels, placed: Placed) -> float | None:
    """Share of the product's rim that shows something else: eaten edges, cut-off parts.

    Args:
        decoded: (height, width, 3), sRGB.
        placed: What it should show.

    Returns:
        0 to 1; None: no rim is opaque, as with glass.
    """
    opaque = placed.opaque()
    band = opaque & ~erode(opaque, _scale(_BAND, decoded))
    if placed.occluder is not None:
        # Its own edge is no rim of the product.
        band &= ~_grown(cut(placed.occluder, placed.box) > 0, _scale(_BAND, decoded))
    if not band.any():
        return None
    found = cut(decoded, placed.box)
    difference = cv2.absdiff(found, placed.product)[band].mean(axis=1)
    return float((difference > _CHANGED).mean())


def halo(decoded: Pixels, placed: Placed, expected: PlainBackdrop | None = None) -> float | None:
    """Share of the outline along which a band of another colour lies between product and backdrop.

    On the brand's plain colour the band is what is neither that colour nor the shadow that belongs
    there. In a scene, whose colours nobody knows, a remnant of the old backdrop ends with a step a
    few pixels out, where a shadow fades: the colour just outside the edge is compared with that
    some 20 px further out. At half resolution.

    Args:
        decoded: (height, width, 3), sRGB.
        placed: What it should show.
        expected: The plain backdrop; None: a scene.

    Returns:
        0 to 1; None: there is next to no room around the product.
    """
    rings = _rings(decoded, placed)
    near = rings.near
    if near.sum() < _PIXELS * rings.unit:
        return None
    if expected is not None:
        return float((~expected.fits(rings.pixels, rings.region)[near]).mean())
    values = lab(rings.pixels)
    window = max(3, round(_WINDOW * rings.unit) | 1)
    (first, first_weight), (second, second_weight) = (
        _local_mean(values, ring, window * times) for ring, times in ((near, 1), (rings.far, 3))
    )
    known = near & (first_weight > 0) & (second_weight > 0)
    if known.sum() < _PIXELS * rings.unit:
        return None
    step = np.sqrt(np.square(first[known] - second[known]).sum(axis=1))
    return float((step > _STEP).mean())


@dataclass(frozen=True, slots=True)
class _Rings:
    """The product's surroundings at half resolution."""

    pixels: Pixels
    near: Mask
    far: Mask
    region: Box
    unit: float
    """Pixels at this resolution for each of a canvas of 2000."""


def _rings(decoded: Pixels, placed: Placed) -> _Rings:
    region = _around(placed.box, _scale(_FAR[1], decoded) + 2, decoded)
    matte = _on(region, placed)
    size = max(1, matte.shape[1] // 2), max(1, matte.shape[0] // 2)
    small = np.asarray(cv2.resize((matte > 0).view(np.uint8), size, interpolation=cv2.INTER_AREA))
    distance = np.asarray(cv2.distanceTransform(1 - small, cv2.DIST_L2, 3))
    pixels = cv2.resize(cut(decoded, region), size, interpolation=cv2.INTER_AREA)
    unit = max(decoded.shape[:2]) / _CANVAS / 2
    near, far = (
        (distance > max(least, unit * first)) & (distance <= max(most, unit * last))
        for (first, last), (least, most) in zip((_NEAR, _FAR), _AT_LEAST, strict=True)
    )
    if placed.occluder is not None:
        above = (cut(placed.occluder, region) > 0).view(np.uint8)
        clear = np.asarray(cv2.resize(above, size, interpolation=cv2.INTER_AREA)) == 0
        near, far = near & clear, far & clear
    return _Rings(np.asarray(pixels, np.uint8), near, far, region, unit)


def _local_mean(
    values: npt.NDArray[np.float32], ring: Mask, window: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Mean of the ring's values around each pixel, and how much of the ring there is."""
    weight = ring.astype(np.float32)
    size = (window | 1, window | 1)
    total = np.asarray(cv2.blur(values * weight[..., None], size), np.float32)
    cover = np.asarray(cv2.blur(weight, size), np.float32)
    return np.asarray(total / np.maximum(cover, 1e-6)[..., None], np.float32), cover


def _on(region: Box, placed: Placed) -> Pixels:
    """The matte on a region that holds its box, or the part of it that lies there."""
    left, top, right, bottom = region
    matte = np.zeros((bottom - top, right - left), np.uint8)
    x, y = placed.box[0] - left, placed.box[1] - top
    height, width = placed.matte.shape
    matte[y : y + height, x : x + width] = placed.matte
    return matte


def _around(box: Box, reach: int, decoded: Pixels) -> Box:
    left, top, right, bottom = box
    height, width = decoded.shape[:2]
    return (
        max(0, left - reach),
        max(0, top - reach),
        min(width, right + reach),
        min(height, bottom + reach),
    )


def _grown(mask: Mask, by: int) -> Mask:
    size = 2 * by + 1
    return np.asarray(cv2.dilate(mask.view(np.uint8), np.ones((size, size), np.uint8))) > 0


def _scale(pixels: int, decoded: Pixels) -> int:
    return max(1, round(pixels * int(max(decoded.shape[:2])) / _CANVAS))
