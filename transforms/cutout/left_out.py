"""Finds what the matte may have left out: drawn shapes outside it, such as the glass of a jar."""

import cv2
import numpy as np

from transforms.pixels import Pixels

_SIDE = 384
_VISIBLE = 1.5
"""Mean curvature of luma, in levels, from which on a line counts; a sweep's noise stays below."""
_APART = 11
"""Lines nearer to the matte than half of this, in pixels of `_SIDE`, are its own edge."""
_BORDER = 3
_TEXTURED = 0.12
"""A backdrop with more of it in lines (wood, linen, a street: 0.2 and more; sweeps: up to 0.08) has
drawings of its own, which say nothing."""


def measure_left_out(rgb: Pixels, matte: Pixels) -> float:
    """How large a connected drawing there is outside the matte.

    The network keeps a jar's lid and drops its glass, and is sure of both. But the glass has
    lines, and a plain backdrop has none: its shades are soft, and its noise does not connect.

    Args:
        rgb: (height, width, 3), sRGB, the whole picture. Not modified.
        matte: (height, width), 255 is product; holds some.

    Returns:
        Shorter side of the largest connected drawing, as a share of the product's longer side. A
        shadow's edge is long and thin, so it gives a small number. On plain backdrops: the jar
        0.32, 12 photographs with nothing left out up to 0.11. 0 on backdrops with a texture.
    """
    height, width = matte.shape
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    cover = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA))
    luma = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    curved = np.abs(cv2.Laplacian(cv2.GaussianBlur(luma, (0, 0), 0.7), cv2.CV_32F, ksize=3)) / 4
    near = cv2.dilate(
        (cover > 25).view(np.uint8),  # noqa: PLR2004 - a tenth
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_APART, _APART)),
    )
    lines = np.asarray(cv2.blur(curved, (3, 3))) > _VISIBLE
    inside = np.asarray(near) == 0
    inside[:_BORDER] = inside[-_BORDER:] = False
    inside[:, :_BORDER] = inside[:, -_BORDER:] = False
    lines &= inside
    if lines.sum() > _TEXTURED * inside.sum():
        return 0.0
    stats = cv2.connectedComponentsWithStats(lines.view(np.uint8), connectivity=8)[2]
    shorter = np.minimum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    product = cv2.boundingRect((cover >= 128).view(np.uint8))  # noqa: PLR2004 - a half
    return float(shorter.max() / max(1, *product[2:])) if shorter.size else 0.0
