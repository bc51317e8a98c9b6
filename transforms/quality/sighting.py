"""Where a product is in a picture that shows it: scale and place, without any record of ours.

The search goes from coarse to fine: edges and colours at many sizes over the whole picture, then
maximising the edges' correlation, then least squares on the pixels themselves.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.errors import RenderError
from transforms.images.canvas import laid
from transforms.pixels import Pixels
from transforms.quality.alignment import corrected, settled
from transforms.quality.placed import Placed, luma
from transforms.quality.spot import apart
from transforms.quality.whereabouts import likely_places
from transforms.records.facts import Placement

_CERTAIN = 0.55
"""Correlation of edges from which on the product is found; others reach 0.4."""
_SNAP = 0.6
_ALIKE = 3.0
"""Mean difference in levels below which the product is found, and no other place is tried."""
_NEAR = 0.02
"""Of the picture: ways that end so close together found the same place."""
_SPREAD = 0.5
"""Of the product's own spread of luma: a difference below it is no chance. A flat product is like
any flat place."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A product found in a picture."""

    placement: Placement
    sure: bool
    """Whether it is this product at all."""


def sighted(
    picture: Pixels, image: Pixels, matte: Pixels, *, expected: Sequence[Placement] = ()
) -> Sighting:
    """Find a prepared product in a picture, at any size, upright.

    Args:
        picture: (height, width, 3), sRGB.
        image: Prepared image, (height, width, 3).
        matte: Of it, 255 is product.
        expected: Where it is looked for first.

    Raises:
        RenderError: The matte holds no product, or one of a few pixels.
    """
    tries = []
    alike = False
    for begin, correlation in _begun(picture, image, matte, expected):
        placement, away = settled(picture, image, matte, begin)
        tries.append((away, placement, correlation))
        alike = away < _ALIKE and away < _SPREAD * _spread(image, matte, placement)
        if alike:
            break
    if not tries:
        raise RenderError("The product is too small or too large to be looked for.")
    _, best, _ = min(tries, key=lambda each: each[0])
    near = _NEAR * max(best.size_px)
    certain = any(
        correlation >= _CERTAIN and apart(placement, best) < near
        for _, placement, correlation in tries
    )
    return Sighting(best, sure=alike or certain)


def snapped(found: Placement, wanted: Placement) -> Placement:
    """The wanted placement where the found one is the same to a fraction of a pixel."""
    return wanted if apart(found, wanted) < _SNAP else found


def _begun(
    picture: Pixels, image: Pixels, matte: Pixels, expected: Sequence[Placement]
) -> Iterator[tuple[Placement, float]]:
    """Places that are about right, the likeliest first, with the correlation of edges there."""
    for each in expected:
        yield each, -math.inf
    backdrop = _border_colour(picture)
    for likely in likely_places(picture, image, matte, backdrop):
        yield corrected(picture, image, matte, likely.placement, backdrop), likely.correlation


def _spread(image: Pixels, matte: Pixels, at: Placement) -> float:
    """Standard deviation of the product's luma, in levels."""
    product, box = laid(image, at)
    core = Placed(product, laid(matte, at)[0], box).core()
    return float(luma(product)[core].std()) if core.any() else 0.0


def _border_colour(picture: Pixels) -> tuple[int, int, int]:
    border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    red, green, blue = (int(each) for each in np.median(border, axis=0))
    return red, green, blue
