"""Where a product lies on a canvas, and how large. Pure arithmetic.

Sizes and places are exact fractions of a pixel: rounding would shift a small product, and stretch
it by up to a pixel.
"""

import math

from transforms.errors import RenderError
from transforms.manifest.facts import Box, Placement
from transforms.presets.brand import Brand

Size = tuple[int, int]
"""Width and height in pixels."""

LEAST_PX = 64
"""Shorter side of a canvas below which a picture shows nothing."""


def place(product: Box, brand: Brand) -> Placement:
    """Lay a product on the brand's canvas: its fill, its baseline, centred across.

    Args:
        product: Its extent in the prepared image.
        brand: Canvas, fill and baseline.

    Raises:
        RenderError: The brand enlarges no product, and this one has too few pixels.
    """
    scale, size = scaled(product, brand, brand.fill)
    stand = standing(scale * (product[3] - product[1]), size, brand.baseline)
    return placed(product, scale, size, down=stand - scale * product[3])


def scaled(product: Box, brand: Brand, fill: float) -> tuple[float, Size]:
    """Canvas pixels for each pixel of the product, and the canvas that it then has.

    That is the brand's. Where the brand enlarges no product, the canvas of a small one is made
    smaller: of even sides, as close to the brand's aspect as these allow.

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

    def scale_on(size: Size) -> float:
        # A square's is one division, as it was before canvases had two sides.
        return min(fill * size[0] / wide, fill * size[1] / high)

    scale = scale_on((width, height))
    if scale <= 1 or brand.enlarge:
        return scale, (width, height)
    # What limits is rounded down, so that the product is not enlarged by a hair.
    if fill * width / wide <= fill * height / high:
        columns = 2 * math.floor(width / scale / 2)
        size = columns, 2 * round(columns * height / width / 2)
    else:
        rows = 2 * math.floor(height / scale / 2)
        size = 2 * round(rows * width / height / 2), rows
    if min(size) < LEAST_PX:
        raise RenderError(
            f"The product has {wide} x {high} px, so without enlarging it the picture would have "
            f"{size[0]} x {size[1]}."
        )
    return scale_on(size), size


def standing(high: float, size: Size, baseline: float) -> float:
    """Height of a product's lowest pixel, in pixels from the top.

    The brand's baseline, on a canvas that is no higher than wide. On a higher one it would leave
    what is not tall at the bottom of an empty picture: there products stand where they would in the
    square in the canvas's middle, and only those that need its room go down to the baseline.

    Args:
        high: The product's height on the canvas, in pixels.
        size: Of the canvas.
        baseline: Of the brand, as a share of the height.
    """
    width, height = size
    lowest = baseline * height
    over = max(0.0, lowest - high - (1 - baseline) * height)
    return lowest - min(over, (baseline - 0.5) * max(0, height - width))


def placed(product: Box, scale: float, size: Size, *, down: float) -> Placement:
    """A placement centred across.

    Args:
        product: Its extent in the prepared image.
        scale: Canvas pixels per pixel of the prepared image.
        size: Of the canvas.
        down: Canvas coordinate of the prepared image's upper edge.
    """
    left, top, right, bottom = product
    across = size[0] / 2 - scale * (left + right) / 2
    on_canvas = (
        math.floor(across + scale * left + 0.5),
        math.floor(down + scale * top + 0.5),
        math.floor(across + scale * right + 0.5),
        math.floor(down + scale * bottom + 0.5),
    )
    return Placement(
        scale=scale,
        left=across,
        top=down,
        canvas_px=size[0],
        canvas_height_px=size[1],
        product=on_canvas,
    )
