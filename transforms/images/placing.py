"""Where a product lies on a canvas, and how large. Pure arithmetic.

Sizes and places are exact fractions of a pixel: rounding would shift a small product, and stretch
it by up to a pixel. What is neither enlarged nor reduced lies on whole ones, and stays as it is.
"""

import math

from transforms.errors import RenderError
from transforms.presets.brand import Baseline, Brand
from transforms.records.facts import Box, Placement

Size = tuple[int, int]
"""Width and height in pixels."""

LEAST_PX = 300
"""Shorter side below which no outlet takes a picture; a pixel is then more than the gate allows."""

_ASPECT_TOLERANCE = 0.005
"""How far a canvas may be off the brand's aspect, as a share: what outlets' rules allow."""

_LIFT = 0.6
"""Of what a canvas is higher than wide: how much higher products stand on it."""


def place(product: Box, brand: Brand) -> Placement:
    """Lay a product on the brand's canvas: its fill, its baseline, centred across.

    Args:
        product: Its extent in the prepared image.
        brand: Canvas, fill and baseline.

    Raises:
        RenderError: The brand enlarges no product, and this one has too few pixels.
    """
    scale, size = scale_of_product(product, brand, brand.fill)
    stand = standing(scale * (product[3] - product[1]), size, brand.baseline)
    return place_box(product, scale, size, down=stand - scale * product[3])


def scale_of_product(product: Box, brand: Brand, fill: float) -> tuple[float, Size]:
    """Canvas pixels for each pixel of the product, and the canvas that it then has.

    That is the brand's. Where the brand enlarges no product, the canvas of a small one is made
    smaller, so that it shows exactly the pixels that it has: of even sides, within
    `_ASPECT_TOLERANCE` of the brand's aspect.

    Args:
        product: Its extent in the prepared image.
        brand: Canvas, and whether products are enlarged.
        fill: The larger of its width and height, each as a share of the canvas's.

    Raises:
        RenderError: The brand enlarges no product, and this one has too few pixels.
    """
    left, top, right, bottom = product
    width, height = brand.size_px
    wide, high = right - left, bottom - top
    scale = min(fill * width / wide, fill * height / high)
    if scale <= 1 or brand.enlarge:
        return scale, (width, height)
    size = _even(width / scale), _even(height / scale)
    if abs(size[0] * height / (size[1] * width) - 1) > _ASPECT_TOLERANCE:
        # Both sides were rounded away from each other: the longer follows the shorter.
        if width < height:
            size = size[0], _even(size[0] * height / width)
        else:
            size = _even(size[1] * width / height), size[1]
    if min(size) < LEAST_PX:
        raise RenderError(
            f"The product has {wide} x {high} px, so without enlarging it the picture would have "
            f"{size[0]} x {size[1]}."
        )
    return 1.0, size


def _even(length: float) -> int:
    return 2 * round(length / 2)


def standing(high: float, size: Size, baseline: Baseline) -> float:
    """Height of a product's lowest pixel, in pixels from the top.

    On a canvas that is no higher than wide that is the brand's baseline. On a higher one it would
    leave what is not tall at the bottom of an empty picture: there all stand on a higher line, a
    little below where they would be centred, and those that are too tall for it are centred.

    Args:
        high: The product's height on the canvas, in pixels.
        size: Of the canvas.
        baseline: Of the brand.
    """
    width, height = size
    if baseline == "middle":
        return (height + high) / 2
    lowest = baseline * height
    # What it has above it more than below it, down on the baseline.
    over = max(0.0, lowest - high - (1 - baseline) * height)
    return lowest - min(over / 2, _LIFT * max(0, height - width))


def place_box(product: Box, scale: float, size: Size, *, down: float) -> Placement:
    """A placement centred across; where the product keeps its pixels, on whole ones.

    Args:
        product: Its extent in the prepared image.
        scale: Canvas pixels per pixel of the prepared image.
        size: Of the canvas.
        down: Canvas coordinate of the prepared image's upper edge.
    """
    across = size[0] / 2 - scale * (product[0] + product[2]) / 2
    if scale == 1:
        across, down = float(math.floor(across)), float(math.floor(down + 0.5))
    return place_at(product, scale, size, across=across, down=down)


def place_at(product: Box, scale: float, size: Size, *, across: float, down: float) -> Placement:
    """A placement anywhere on a canvas.

    Args:
        product: Its extent in the prepared image.
        scale: Canvas pixels per pixel of the prepared image.
        size: Of the canvas.
        across: Canvas coordinate of the prepared image's left edge.
        down: Of its upper edge.
    """
    edges = zip(product, (across, down) * 2, strict=True)
    on_canvas = tuple(math.floor(begin + scale * edge + 0.5) for edge, begin in edges)
    return Placement(
        scale=scale,
        left=across,
        top=down,
        canvas_px=size[0],
        canvas_height_px=size[1],
        product=on_canvas,
    )
