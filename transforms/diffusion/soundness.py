"""Whether what a model made is a picture at all. Pure."""

from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Pixels

Fault = Literal["", "not_finite", "black", "flat"]

MESSAGES: dict[Fault, str] = {
    "not_finite": "The model's numbers overflowed; float16 does that, bfloat16 and float32 do not.",
    "black": "The model made a black picture: an overflow, or a safety checker that covers it.",
    "flat": "The model made one colour where the picture that it was given shows something.",
}

_BLACK = 3 / 255
"""No pixel above it: what comes of NaN that was rounded, or of a safety checker."""
_FLAT = 0.012
"""Standard deviation. Our photographs and finished catalogue pictures have 0.05 and more, white
sweeps that darken by 3 to 10 % have 0.009 to 0.029, one colour with grain of 13 levels 0.005."""
_LEFT = 0.25
"""A flat result keeps less than this share of the given picture's own deviation."""
_COARSE_PX = 48
"""Sides are averaged to this, so that grain is not taken for a picture."""


def fault(made: npt.NDArray[np.float32], given: Pixels) -> Fault:
    """Say what is wrong with a model's picture.

    Args:
        made: (height, width, 3), 0 to 1 where it is sound.
        given: (height, width, 3): what the model was given. A plain sweep may come back plain, a
            night black.

    Returns:
        A code; empty: it is a picture.
    """
    if not np.isfinite(made).all():
        return "not_finite"
    if made.max() <= _BLACK < given.max() / 255:
        return "black"
    deviation, own = _deviation(made), _deviation(np.float32(1 / 255) * given)
    return "flat" if deviation < min(_FLAT, _LEFT * own) else ""


def _deviation(pixels: npt.NDArray[np.float32]) -> float:
    """Of the averaged picture, channel by channel, so that one hue is flat and two are not."""
    height, width = pixels.shape[:2]
    size = (min(width, _COARSE_PX), min(height, _COARSE_PX))
    coarse = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return float(coarse.reshape(-1, pixels.shape[2]).std(axis=0).max())
