"""What pictures are compared by with the others of their look: see `batch.MEASURES`. Pure."""

import cv2
import numpy as np

from transforms.images.canvas import HALF, extent
from transforms.pixels import Pixels
from transforms.quality.colour_difference import lab
from transforms.quality.placed import Placed, cut
from transforms.records.facts import PreparedFacts

_EDGE = 0.01
"""Width of the border that is taken for the background, as a share of the side."""


def of_picture(decoded: Pixels, placed: Placed) -> list[float]:
    """Values of a finished picture.

    Args:
        decoded: (height, width, 3), sRGB.
        placed: The product in it.
    """
    height, width = decoded.shape[:2]
    top = placed.box[1]
    left, above, right, below = extent(placed.matte)
    return [
        *_background(decoded),
        max((right - left) / width, (below - above) / height),
        (top + below) / height,
        *_product(cut(decoded, placed.box), placed.matte),
    ]


def of_photograph(before: Pixels, matte: Pixels, facts: PreparedFacts) -> list[float]:
    """Values of the photograph as it came.

    Args:
        before: The whole photograph, upright, at any size.
        matte: Of the prepared image, 255 is product.
        facts: Of the prepared image. Where it was straightened its crop is that of the turned
            picture, which is the same place to about a hundredth.
    """
    height, width = before.shape[:2]
    share = max(height, width) / max(facts.height_px, facts.width_px)
    left, top, right, bottom = (round(each * share) for each in facts.crop)
    left, top = max(0, left), max(0, top)
    right, bottom = min(width, right), min(height, bottom)
    first, above, last, below = extent(matte)
    values = [
        *_background(before),
        max(last - first, below - above) / max(facts.height_px, facts.width_px),
        (facts.crop[1] + below) / facts.height_px,
    ]
    if right - left < 2 or bottom - top < 2:  # noqa: PLR2004 - pixels
        return [*values, float("nan"), float("nan")]
    size = (right - left, bottom - top)
    small = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.uint8)
    return [*values, *_product(before[top:bottom, left:right], small)]


def _background(picture: Pixels) -> list[float]:
    """L*, a*, b* of the border."""
    edge = max(1, round(_EDGE * min(picture.shape[:2])))
    strips = picture[:edge], picture[-edge:], picture[:, :edge], picture[:, -edge:]
    border = np.concatenate([each.reshape(-1, 3) for each in strips])
    middle = np.median(border, axis=0).astype(np.uint8)
    return [round(float(each), 3) for each in lab(middle[None, None])[0, 0]]


def _product(pixels: Pixels, matte: Pixels) -> list[float]:
    """Lightness L* of the product, and its b*: blue below 0, yellow above."""
    step = max(1, max(matte.shape) // 200)
    inside = matte[::step, ::step] >= HALF
    if not inside.any():
        return [float("nan"), float("nan")]
    values = lab(np.ascontiguousarray(pixels[::step, ::step]))[inside].mean(axis=0)
    return [round(float(values[0]), 3), round(float(values[2]), 3)]
