"""Laying a product on a canvas. Pure pixels; `transforms.images.placing` says where."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from transforms.errors import RenderError
from transforms.pixels import Pixels

if TYPE_CHECKING:  # the sandbox's child measures over white, and needs no records for it
    from transforms.records.facts import Box, Placement

HALF = 128
"""From this alpha on a pixel is more product than not, and counts for its extent."""

WHITE, MID_GREY = (255, 255, 255), (119, 119, 119)
"""On mid grey rims show, both lighter and darker ones."""


def extent(matte: Pixels) -> Box:
    """Extent of what is more product than not.

    Raises:
        RenderError: The matte holds no product.
    """
    solid = matte >= HALF
    columns, rows = np.flatnonzero(solid.any(axis=0)), np.flatnonzero(solid.any(axis=1))
    if not columns.size:
        raise RenderError("The matte holds no product.")
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def lay_on_canvas(pixels: Pixels, placement: Placement) -> tuple[Pixels, Box]:
    """Resample an image, once, to where a placement puts it.

    Args:
        pixels: Prepared image (height, width, 3) or matte (height, width). Not modified.
        placement: Where it lies.

    Returns:
        What of it falls on the canvas, and where that is. The same pixels each time: the gate
        does this again and compares.

    Lanczos where the image is reduced: the sharpest. Cubic where it is enlarged: Lanczos draws
    visible rings around the marks that JPEG left in small pictures.
    """
    height, width = pixels.shape[:2]
    scale, x, y = placement.scale, placement.left, placement.top
    columns, rows = placement.size_px
    box = (
        max(0, math.ceil(x)),
        max(0, math.ceil(y)),
        min(columns, math.floor(x + scale * width)),
        min(rows, math.floor(y + scale * height)),
    )
    left, top, right, bottom = box
    # Within the image also where dividing rounds up in the last digit.
    source = (
        max(0.0, (left - x) / scale),
        max(0.0, (top - y) / scale),
        min(float(width), (right - x) / scale),
        min(float(height), (bottom - y) / scale),
    )
    size = (max(1, right - left), max(1, bottom - top))
    kernel = Image.Resampling.BICUBIC if placement.enlarged else Image.Resampling.LANCZOS
    resized = Image.fromarray(pixels).resize(size, kernel, box=source)
    return np.array(resized), (left, top, left + size[0], top + size[1])


def place_on_canvas(cover: Pixels, box: Box, size_px: tuple[int, int]) -> Pixels:
    """Put a matte or mask where it lies, with 0 around it.

    Args:
        cover: (height, width) of `box`, as from `laid`. Not modified.
        box: Where it lies on the canvas.
        size_px: Width and height of the canvas.

    Returns:
        (height, width) of the canvas.
    """
    width, height = size_px
    left, top, right, bottom = box
    canvas = np.zeros((height, width), np.uint8)
    canvas[top:bottom, left:right] = cover
    return canvas


def over(ground: tuple[int, int, int], pixels: Pixels, matte: Pixels) -> Pixels:
    """A product on one colour.

    Args:
        ground: sRGB, 0-255.
        pixels: (height, width, 3), sRGB. Not modified.
        matte: (height, width), 255 is product.
    """
    height, width = matte.shape
    backdrop = np.full((height, width, 3), ground, np.uint8)
    return compose_over(backdrop, pixels, matte, (0, 0, width, height))


def fit_within(pixels: Pixels, side: int) -> Pixels:
    """Reduce a picture so that its longer side is no more than `side` px; never enlarged."""
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def compose_over(
    backdrop: Pixels,
    product: Pixels,
    matte: Pixels,
    box: Box,
) -> Pixels:
    """Lay a product over a backdrop, in sRGB as every viewer does with alpha.

    Args:
        backdrop: (rows, columns, 3). Becomes the result.
        product: (height, width, 3), at canvas size.
        matte: (height, width), 255 is product: there the product's pixels arrive unchanged. Where
            it is 0 the backdrop's do.
        box: Where both lie.
    """
    left, top, right, bottom = box
    behind = backdrop[top:bottom, left:right]
    cv2.copyTo(product, (matte == 255).view(np.uint8), behind)  # noqa: PLR2004
    edge = np.nonzero((matte > 0) & (matte < 255))  # noqa: PLR2004
    cover = matte[edge].astype(np.uint32)[:, None]
    mixed = product[edge] * cover + behind[edge] * (255 - cover)
    behind[edge] = (mixed + 127) // 255
    return backdrop
