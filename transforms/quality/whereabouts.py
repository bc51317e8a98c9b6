"""The likeliest places of a product in a picture: its edges and colours at many sizes. Pure."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.images.canvas import extent, fitted, over
from transforms.pixels import Pixels, Plane
from transforms.quality.edges import edges
from transforms.quality.placed import cut
from transforms.quality.spot import size_of, spot
from transforms.records.facts import Placement

_LOOKED_AT_PX = 256
_SIZES = np.exp(np.linspace(math.log(0.16), math.log(1.0), 47))
"""Longer side of the product as a share of the picture's, in steps of 4 %."""
_LEAST_PX = 8
_FLAT = 0.25
_COLOURS = 2.0
"""Correlation that a colour difference of the whole range outweighs. Edges alone lose a plain
cushion before lights out of focus; in 62 scenes of the samples the right place is among the first
two with colours, and missing in 12 without."""
_SOLID = 200
"""Alpha from which on a pixel has the product's colour alone."""
_LIKELY = 5


@dataclass(frozen=True, slots=True)
class Likely:
    """A place where a product may be."""

    placement: Placement
    correlation: float
    """Of edges, -1 to 1."""
    score: float
    """Correlation, less what the colours differ."""


def likely_places(
    picture: Pixels, image: Pixels, matte: Pixels, backdrop: tuple[int, int, int]
) -> list[Likely]:
    """The likeliest places, each at another size, the best first.

    Args:
        picture: (height, width, 3), sRGB.
        image: Prepared image, (height, width, 3).
        matte: Of it, 255 is product.
        backdrop: Colour that is thought behind the product, for the edges of its outline.
    """
    whole = size_of(picture)
    small = fitted(picture, _LOOKED_AT_PX)
    share = max(whole) / max(size_of(small))
    seen, colours = edges(small), _halved(small)
    left, top, right, bottom = extent(matte)
    longer = max(right - left, bottom - top)
    margin = max(2, longer // 40)
    box = (
        max(0, left - margin),
        max(0, top - margin),
        min(matte.shape[1], right + margin),
        min(matte.shape[0], bottom + margin),
    )
    cover = cut(matte, box)
    product = over(backdrop, cut(image, box), cover)
    found = []
    for size in _SIZES:
        scale = size * max(size_of(small)) / longer
        wide, high = (round(each * scale) for each in product.shape[1::-1])
        if min(wide, high) < _LEAST_PX or wide > small.shape[1] or high > small.shape[0]:
            continue
        resized = cv2.resize(product, (wide, high), interpolation=cv2.INTER_AREA)
        answer = _correlation(seen, edges(np.asarray(resized, np.uint8)))
        score = answer - _COLOURS * _difference(colours, product, cover, answer.shape)
        _, best, _, (x, y) = cv2.minMaxLoc(score)
        placed = spot(
            scale * share, (x - scale * box[0]) * share, (y - scale * box[1]) * share, whole, matte
        )
        found.append(Likely(placed, float(answer[y, x]), float(best)))
    return sorted(found, key=lambda each: -each.score)[:_LIKELY]


def _correlation(seen: Plane, template: Plane) -> Plane:
    answer = np.asarray(cv2.matchTemplate(seen, template, cv2.TM_CCOEFF_NORMED), np.float32)
    # Where the picture is flat, correlation divides by nothing.
    answer[_contrast(seen, template.shape) < _FLAT * template.std()] = 0
    return answer


def _difference(colours: Plane, product: Pixels, cover: Pixels, shape: tuple[int, ...]) -> Plane:
    """How much colours inside the product differ at each place, 0 to 1; at half the size.

    Args:
        colours: Of the picture, halved.
        product: The product with what is around it, at any size.
        cover: Its matte.
        shape: Of the places, which are those of a template at full size.
    """
    size = tuple(
        max(2, (2 * whole - places + 1) // 2)
        for whole, places in zip(colours.shape[1::-1], shape[::-1], strict=True)
    )
    wanted = cv2.resize(product, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    alpha = np.asarray(cv2.resize(cover, size, interpolation=cv2.INTER_AREA))
    inside = (alpha >= _SOLID).astype(np.float32)
    squares = cv2.matchTemplate(colours, wanted, cv2.TM_SQDIFF, mask=np.dstack([inside] * 3))
    mean = np.maximum(squares, 0) / max(1.0, 3 * float(inside.sum()))
    larger = cv2.resize(np.sqrt(mean), shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(larger, np.float32)


def _halved(small: Pixels) -> Plane:
    soft = cv2.GaussianBlur(small, (0, 0), 1.0)
    size = small.shape[1] // 2, small.shape[0] // 2
    halved = np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_AREA), np.float32)
    return np.asarray(halved / 255, np.float32)


def _contrast(seen: Plane, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Standard deviation of edges in each window of a template's size."""
    high, wide = shape
    sums, squares = (np.asarray(each) for each in cv2.integral2(seen))
    mean, square = (
        (each[high:, wide:] - each[:-high, wide:] - each[high:, :-wide] + each[:-high, :-wide])
        / (high * wide)
        for each in (sums, squares)
    )
    return np.asarray(np.sqrt(np.maximum(0, square - mean * mean)), np.float64)
