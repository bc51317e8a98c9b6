"""Structural similarity, by tiles: what is smeared or drawn anew in one place shows there."""

import cv2
import numpy as np

from transforms.pixels import Mask, Pixels, Plane
from transforms.quality.placed import luma

TILE = 48
"""Pixels of a canvas of 2000; a smeared label is found from about this size on."""
_TILE_COVER = 0.5


def worst_tile(first: Plane, second: Plane, inside: Mask) -> float:
    """Lowest mean SSIM of a 48 px tile that lies mostly inside; of all inside where none does.

    Args:
        first: (height, width), luma 0-255.
        second: The same.
        inside: (height, width); what counts.

    Returns:
        -1 to 1; 1 is equal. JPEG at quality 92 leaves 0.98 and more, a smeared label 0.14 to 0.69.
    """
    similar = ssim(first, second)
    weight = inside.astype(np.float32)
    cover = cv2.boxFilter(weight, -1, (TILE, TILE), normalize=False, borderType=0)
    total = cv2.boxFilter(similar * weight, -1, (TILE, TILE), normalize=False, borderType=0)
    chosen = np.asarray(cover) > _TILE_COVER * TILE * TILE
    if not chosen.any():
        return float(similar[inside].mean())
    return float((np.asarray(total)[chosen] / np.asarray(cover)[chosen]).min())


def as_made(found: Pixels, wanted: Pixels) -> float:
    """SSIM of the worst tile of a whole file against what was made, both at half resolution.

    Args:
        found: (height, width, 3), the file, decoded.
        wanted: The same of what it was encoded from.
    """
    height, width = found.shape[0] // 2, found.shape[1] // 2
    first, second = (
        luma(np.asarray(cv2.resize(each, (width, height), interpolation=cv2.INTER_AREA), np.uint8))
        for each in (wanted, found)
    )
    return worst_tile(first, second, np.ones((height, width), np.bool_))


def ssim(first: Plane, second: Plane) -> Plane:
    """Structural similarity of each pixel's surroundings (Wang et al. 2004, sigma 1.5).

    Args:
        first: (height, width), luma 0-255.
        second: The same.
    """

    def blurred(values: Plane) -> Plane:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float32)

    m1, m2 = blurred(first), blurred(second)
    v1, v2 = blurred(first * first) - m1 * m1, blurred(second * second) - m2 * m2
    both = blurred(first * second) - m1 * m2
    c1, c2 = np.float32((0.01 * 255) ** 2), np.float32((0.03 * 255) ** 2)
    top = (2 * m1 * m2 + c1) * (2 * both + c2)
    return np.asarray(top / ((m1 * m1 + m2 * m2 + c1) * (v1 + v2 + c2)), np.float32)
