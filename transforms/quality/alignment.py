"""From a place of a product that is about right to the exact one. Pure.

Maximising the correlation of edges goes far and is not exact; least squares on the pixels
themselves is exact and goes a few pixels only.
"""

import math

import cv2
import numpy as np

from transforms.images.canvas import extent, fit_within, lay_on_canvas, over
from transforms.images.placing import place_at
from transforms.pixels import Mask, Pixels, Plane
from transforms.quality.placed import Placed, cut, luma
from transforms.quality.registration import find_edges
from transforms.records.facts import Box, Placement

Size = tuple[int, int]
"""Width and height in pixels."""


def size_of(picture: Pixels) -> Size:
    """Width and height of a picture."""
    height, width = picture.shape[:2]
    return width, height


def placement_at(scale: float, left: float, top: float, size: Size, matte: Pixels) -> Placement:
    """A placement anywhere on a canvas.

    Args:
        scale: Canvas pixels for each pixel of the prepared image.
        left: Where its left edge lies on the canvas.
        top: Where its upper edge lies.
        size: Of the canvas.
        matte: Says what of the prepared image is product.
    """
    return place_at(extent(matte), scale, size, across=left, down=top)


def rescale(place: Placement, share: float, size: Size, matte: Pixels) -> Placement:
    """The same place on a canvas that is larger by `share`."""
    return placement_at(place.scale * share, place.left * share, place.top * share, size, matte)


def corner_distance(first: Placement, second: Placement) -> float:
    """Largest distance of the product's corners, in pixels; infinite on different canvases."""
    if first.size_px != second.size_px:
        return math.inf
    left, top, right, bottom = (
        (edge - begin) / second.scale
        for edge, begin in zip(second.product, (second.left, second.top) * 2, strict=True)
    )
    return max(
        math.hypot(
            first.left + first.scale * x - second.left - second.scale * x,
            first.top + first.scale * y - second.top - second.scale * y,
        )
        for x in (left, right)
        for y in (top, bottom)
    )


def is_within(at: Placement, image: Pixels) -> bool:
    """Whether a placement leaves something on the canvas to be compared."""
    height, width = image.shape[:2]
    right, bottom = at.left + at.scale * width, at.top + at.scale * height
    columns, rows = at.size_px
    wide, high = min(right, columns) - max(at.left, 0), min(bottom, rows) - max(at.top, 0)
    return bool(min(wide, high) > 2)  # noqa: PLR2004 - pixels


_FINE_PX = 800
_ROUNDS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 80, 1e-6)
_STEPS = 8
_PYRAMID = (16, 8, 4, 2, 1)
_SETTLED = 0.004
"""Pixels at the product's corner below which a further step says nothing."""
_FARTHEST = 1.5
"""Pixels that one step may go: beyond, the picture's slope says nothing."""


def align_by_edges(
    picture: Pixels,
    image: Pixels,
    matte: Pixels,
    begin: Placement,
    backdrop: tuple[int, int, int],
) -> Placement:
    """Maximise the correlation of edges (Evangelidis and Psarakis 2008).

    Args:
        picture: (height, width, 3), sRGB.
        image: Prepared image, (height, width, 3).
        matte: Of it, 255 is product.
        begin: A place that is right to a few per cent.
        backdrop: Colour that is thought behind the product.
    """
    whole = size_of(picture)
    small = fit_within(picture, _FINE_PX)
    share = max(size_of(small)) / max(whole)
    start = rescale(begin, share, size_of(small), matte)
    product, box = lay_on_canvas(image, start)
    cover = lay_on_canvas(matte, start)[0]
    wanted = np.full_like(small, backdrop)
    cut(wanted, box)[...] = over(backdrop, product, cover)
    mask = np.zeros(small.shape[:2], np.uint8)
    cut(mask, box)[...] = np.where(cover > 0, 255, 0)
    mask = np.asarray(cv2.dilate(mask, np.ones((9, 9), np.uint8)), np.uint8)
    eye = np.eye(2, 3, dtype=np.float32)
    try:
        _, answer = cv2.findTransformECC(
            find_edges(wanted), find_edges(small), eye, cv2.MOTION_AFFINE, _ROUNDS, mask, 5
        )
    except cv2.error:  # nothing in common; the coarse place stays
        return begin
    place = np.asarray(answer, np.float64)
    # Of the affine map only size and place are taken; what turns or shears is no picture of ours.
    larger = math.sqrt(abs(float(np.linalg.det(place[:, :2]))))
    left, top, right, bottom = start.product
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    moved = place[:, :2] @ middle + place[:, 2]
    scale = start.scale * larger
    source = (middle - (start.left, start.top)) / start.scale
    return placement_at(
        scale / share,
        float(moved[0] - scale * source[0]) / share,
        float(moved[1] - scale * source[1]) / share,
        whole,
        matte,
    )


def align_by_pixels(
    picture: Pixels, image: Pixels, matte: Pixels, begin: Placement
) -> tuple[Placement, float]:
    """Least squares on the product's own pixels, from a quarter of the size to the whole.

    Args:
        picture: (height, width, 3), sRGB.
        image: Prepared image, (height, width, 3).
        matte: Of it, 255 is product.
        begin: A place that is right to a few pixels.

    Returns:
        The placement, and by how many levels the product differs there on average.
    """
    found, least = begin, math.inf
    longer = max(size_of(picture))
    for shrunk in _PYRAMID:
        small = fit_within(picture, max(1, longer // shrunk))
        share = max(size_of(small)) / max(found.size_px)
        start = rescale(found, share, size_of(small), matte)
        found, least = _fit(small, image, matte, start)
    return found, least


def _fit(
    picture: Pixels, image: Pixels, matte: Pixels, begin: Placement
) -> tuple[Placement, float]:
    found = begin
    best, least = begin, math.inf
    for _ in range(_STEPS):
        if not is_within(found, image):
            break
        product, box = lay_on_canvas(image, found)
        placed = Placed(product, lay_on_canvas(matte, found)[0], box)
        core = placed.core()
        if not core.any():
            break
        wanted, seen = luma(product), luma(cut(picture, box))
        away = (seen - wanted)[core]
        error = float(np.abs(away).mean())
        if error < least:
            best, least = found, error
        larger, right, down = _step(wanted, away, core)
        reach = max(*core.shape) / 2
        length = max(abs(larger) * reach, abs(right), abs(down))
        held = min(1.0, _FARTHEST / max(length, 1e-9))
        move = larger * held, right * held, down * held
        found = _move(found, move, about=box, matte=matte)
        if length < _SETTLED:
            break
    return best, least


def _step(wanted: Plane, away: Plane, core: Mask) -> tuple[float, float, float]:
    """Relative size, right and down by which the product should go."""
    across, down = (
        np.asarray(cv2.Sobel(wanted, cv2.CV_32F, *each, ksize=3, scale=0.125), np.float32)[core]
        for each in ((1, 0), (0, 1))
    )
    rows, columns = np.nonzero(core)
    middle = core.shape[1] / 2, core.shape[0] / 2
    apart = (columns - middle[0]) * across + (rows - middle[1]) * down
    slopes = np.stack([apart, across, down], axis=1).astype(np.float64)
    normal = slopes.T @ slopes + np.eye(3) * 1e-3
    larger, right, below = np.linalg.solve(normal, -(slopes.T @ away.astype(np.float64)))
    return float(larger), float(right), float(below)


def _move(
    at: Placement, move: tuple[float, float, float], *, about: Box, matte: Pixels
) -> Placement:
    """The placement, larger about a box's middle and moved."""
    x, y = (about[0] + about[2]) / 2, (about[1] + about[3]) / 2
    larger, right, down = move
    factor = 1 + larger
    return placement_at(
        at.scale * factor,
        x + (at.left - x) * factor + right,
        y + (at.top - y) * factor + down,
        at.size_px,
        matte,
    )
