"""Small drawings on a plain backdrop beside the product, such as a web address in a corner."""

import cv2
import numpy as np

from transforms.pixels import Pixels
from transforms.records.facts import Box

_INK = 6.0
"""Mean curvature of luma, in levels, from which on a pixel is drawn: soft shades and the noise of a
camera stay below."""
_APART = 0.02
"""Within this share of the longer side of the matte lie its own edge and what it left out."""
_GAP = 0.012
"""Letters nearer to each other than this share of the longer side are one mark."""
_LEAST, _MOST = 0.03, 0.5
"""Length of a mark: shorter is dust, longer is a seam of the backdrop or an edge of the table."""
_THIN = 0.008
"""Thinner than this share of the longer side is a scratch or the picture's own edge."""
_TEXTURED = 0.05
_AT_MOST = 6
_MARGIN = 0.5
_FROM = 26
"""A tenth of product."""
_NEIGHBOURS = 4


def find_marks(grey: Pixels, matte: Pixels) -> list[Box]:
    """Where something small was drawn on the backdrop.

    Args:
        grey: (height, width), luma.
        matte: (height, width), 255 is product.

    Returns:
        Boxes with some air around, the slimmest marks first, as a line of text is slim. None on a
        backdrop with a texture, where there would be hundreds.
    """
    height, width = matte.shape
    longer = max(height, width)
    soft = cv2.GaussianBlur(grey, (0, 0), 0.8)
    curved = np.abs(np.asarray(cv2.Laplacian(soft, cv2.CV_32F, ksize=3))) / _NEIGHBOURS
    drawn = np.asarray(cv2.blur(curved, (3, 3))) > _INK
    near = cv2.dilate((matte >= _FROM).view(np.uint8), _square(2 * _APART * longer))
    backdrop = np.asarray(near) == 0
    drawn &= backdrop
    if drawn.sum() > _TEXTURED * max(1, backdrop.sum()):
        return []
    joined = cv2.morphologyEx(drawn.view(np.uint8), cv2.MORPH_CLOSE, _square(_GAP * longer))
    stats = cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:, :4]
    found = []
    for left, top, wide, high in sorted(stats.tolist(), key=_slimness, reverse=True):
        sized = _LEAST * longer <= max(wide, high) <= _MOST * longer
        if sized and min(wide, high) >= _THIN * longer:
            air = round(_MARGIN * min(wide, high)) + 8
            found.append(
                (
                    max(0, left - air),
                    max(0, top - air),
                    min(width, left + wide + air),
                    min(height, top + high + air),
                )
            )
    return found[:_AT_MOST]


def _slimness(box: list[int]) -> float:
    return max(box[2:]) / min(box[2:])


def _square(side: float) -> Pixels:
    return np.ones((2 * round(side / 2) + 1,) * 2, np.uint8)
