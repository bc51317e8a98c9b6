"""Blurred things between the camera and the product, where they may be."""

from collections.abc import Sequence

import cv2
import numpy as np

from transforms.images.canvas import extent
from transforms.pixels import Floats, Pixels
from transforms.records.facts import Box
from transforms.scenes.scene import Foreground

_MOST = 0.12
"""Share of the product that may be hidden."""
_KEPT_FREE = 0.62
"""Upper share of the product's height that stays free, and the middle half of its width."""
_MARGIN = 0.02
"""Of the canvas, around a label."""


def allow_foreground(
    foreground: Foreground, matte: Pixels, keep_clear: Sequence[Box]
) -> tuple[Pixels, float]:
    """Alpha of the foreground after it was faded out where it must not be.

    Args:
        foreground: (height, width, 4), sRGB and straight alpha. Not modified.
        matte: (height, width), 255 is product.
        keep_clear: Labels on the product, in pixels of the canvas.

    Returns:
        (height, width), 255 is opaque, and the share of the product that it hides.
    """
    alpha = foreground[..., 3].astype(np.float32)
    left, top, right, bottom = extent(matte)
    width, height = right - left, bottom - top
    keep = np.zeros(matte.shape, np.float32)
    free = round(top + _KEPT_FREE * height)
    keep[top:free, left:right] = 1
    keep[top:bottom, left + width // 4 : right - width // 4] = 1
    margin = round(_MARGIN * matte.shape[0])
    for box in keep_clear:
        first, above, last, below = box
        keep[max(0, above - margin) : below + margin, max(0, first - margin) : last + margin] = 1
    keep = np.asarray(cv2.blur(keep, (2 * margin + 1, 2 * margin + 1)), np.float32)
    near = cv2.dilate(matte, np.ones((3, 3), np.uint8)).astype(np.float32) / 255
    shown = alpha * (1 - np.minimum(1, keep * 2) * np.minimum(1, near))
    for box in keep_clear:
        first, above, last, below = box
        shown[max(0, above) : below, max(0, first) : last] = 0
    hidden = _hidden(shown, matte)
    if hidden > _MOST:
        shown *= 1 - near * (1 - _MOST / hidden)
        hidden = _hidden(shown, matte)
    return np.rint(shown).astype(np.uint8), hidden


def _hidden(alpha: Floats, matte: Pixels) -> float:
    cover = matte.astype(np.float32)
    return float((alpha / 255 * cover).sum() / max(1.0, float(cover.sum())))
