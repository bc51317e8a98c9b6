"""Placements as a search makes and compares them. Pure arithmetic."""

import math

from transforms.images.canvas import extent
from transforms.images.placing import placed_at
from transforms.pixels import Pixels
from transforms.records.facts import Placement

Size = tuple[int, int]
"""Width and height in pixels."""


def size_of(picture: Pixels) -> Size:
    """Width and height of a picture."""
    height, width = picture.shape[:2]
    return width, height


def spot(scale: float, left: float, top: float, size: Size, matte: Pixels) -> Placement:
    """A placement anywhere on a canvas.

    Args:
        scale: Canvas pixels for each pixel of the prepared image.
        left: Where its left edge lies on the canvas.
        top: Where its upper edge lies.
        size: Of the canvas.
        matte: Says what of the prepared image is product.
    """
    return placed_at(extent(matte), scale, size, across=left, down=top)


def rescaled(place: Placement, share: float, size: Size, matte: Pixels) -> Placement:
    """The same place on a canvas that is larger by `share`."""
    return spot(place.scale * share, place.left * share, place.top * share, size, matte)


def apart(first: Placement, second: Placement) -> float:
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
