"""A product's mirror symmetry: the axis of what was turned, cast or folded about one."""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Pixels

HALF = 128
"""From this alpha on a pixel is more product than not."""
SHARP = 0.04
"""`Symmetry.sharpness` from which an axis is one: round things fit at any lean."""
STRONG_FIT = 0.975
"""`Symmetry.fit` that speaks for itself: turned and cast things reach 0.985 to 0.997; cloth, worn
clothes, boards and leaves 0.93 to 0.965."""

_COARSE_PX, _FINE_PX = 96, 256
_SEARCHED_DEG, _FINE_STEP_DEG = 11, 0.25
_APART_DEG = 4
_BODY_SHARE = 0.7
_OPENINGS: Final = (0.3, 0.45)
"""Diameters, in roots of the area, of a brush that handles and spouts are too thin for."""


@dataclass(frozen=True, slots=True)
class Symmetry:
    """How well an outline fits its own mirror image about a nearly upright axis."""

    lean: float
    """Of the axis, degrees, clockwise positive."""
    fit: float
    """0-1: intersection with the mirror image over their union."""
    sharpness: float
    """How much of `fit` four degrees take away. Spheres: 0.002, a wide soft cushion 0.08, bottles
    0.2."""
    whole: bool
    """Of the product as it is, not of its body without handles."""


def symmetry_of(outline: Pixels) -> Symmetry:
    """Of the whole product where it has one, or else of its body: a mug less its handle.

    Args:
        outline: Matte, (height, width), not empty. Not modified.
    """
    found = _mirror(outline, whole=True)
    if found.sharpness >= SHARP and found.fit >= STRONG_FIT:
        return found
    area = np.count_nonzero(outline >= HALF)
    for opening in _OPENINGS:
        body = _open(outline, opening * math.sqrt(area) / 2)
        if np.count_nonzero(body) < _BODY_SHARE * area:
            break
        other = _mirror(body, whole=False)
        if other.sharpness >= SHARP and other.fit > found.fit:
            found = other
    return found


def _open(outline: Pixels, radius: float) -> Pixels:
    """All places of a round brush that fits inside, by distances: as quick for large brushes."""
    solid = (outline >= HALF).view(np.uint8)
    ringed = cv2.copyMakeBorder(solid, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    centres = np.asarray(cv2.distanceTransform(ringed, cv2.DIST_L2, 5)) > radius
    away = np.asarray(cv2.distanceTransform((~centres).view(np.uint8), cv2.DIST_L2, 5))
    body: Pixels = np.where(away[1:-1, 1:-1] < radius, np.uint8(255), np.uint8(0))
    return body if centres.any() else np.zeros_like(body)


def _mirror(outline: Pixels, *, whole: bool) -> Symmetry:
    coarse, fine = (within(outline, side) for side in (_COARSE_PX, _FINE_PX))
    leans = np.arange(-_SEARCHED_DEG, _SEARCHED_DEG + 1.0)
    fits = _fits(coarse, leans)
    middle = float(leans[fits.argmax()])
    near = middle + np.arange(-1, 1 + _FINE_STEP_DEG, _FINE_STEP_DEG)
    finer = _fits(fine, near)
    # A parabola through all of the fine search: a single triple follows the pixels' noise.
    a, b, _ = np.polyfit(near - middle, finer, 2)
    lean = middle - b / (2 * a) if a < 0 else float(near[finer.argmax()])
    lean = float(np.clip(lean, near[0], near[-1]))
    aside = _fits(fine, np.array([lean - _APART_DEG, lean + _APART_DEG]))
    fit = float(finer.max())
    return Symmetry(lean, fit, fit - float(aside.max()), whole)


def _fits(outline: Pixels, leans: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Overlap with the mirror image about an axis through the middle, at each lean."""
    moments = cv2.moments(outline)
    if not moments["m00"]:
        return np.zeros(len(leans))
    x, y = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    side = 2 * math.ceil(math.hypot(*outline.shape) / 2) + 1
    fits = []
    for lean in leans:
        turn = cv2.getRotationMatrix2D((x, y), lean, 1.0)
        turn[:, 2] += np.array((side // 2 - x, side // 2 - y))
        upright = cv2.warpAffine(outline, turn, (side, side), flags=cv2.INTER_LINEAR)
        mirror = cv2.flip(upright, 1)
        shared, either = cv2.min(upright, mirror), cv2.max(upright, mirror)
        fits.append(cv2.sumElems(shared)[0] / max(1.0, cv2.sumElems(either)[0]))
    return np.array(fits)


def within(pixels: Pixels, side: int) -> Pixels:
    """Reduced so that its longer side is no more than `side` px."""
    scale = min(1.0, side / max(pixels.shape[:2]))
    size = tuple(max(1, round(length * scale)) for length in pixels.shape[1::-1])
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
