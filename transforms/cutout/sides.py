"""Colours beside the matte's edge: those of both sides, and how far each pixel is from it."""

from dataclasses import dataclass

import cv2
import numpy as np

from transforms.pixels import Floats, Mask

_STEADY = 1.0
"""Added to the variance of depth, in pixels: a slope over fewer is chance."""

_MIDDLE = np.float32(128)
_TINY = np.float32(1e-6)
_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
VARIANCES = (0, 3, 5)
"""Which of the pairs are a channel with itself."""


@dataclass(frozen=True, slots=True)
class Side:
    """Colours of one side of the edge around each point."""

    weight: Floats
    """(height, width), the share of the surroundings that shows it, 0-1."""
    mean: Floats
    """(height, width, 3)."""
    spread: Floats
    """(height, width, 6), the upper half of the covariance: rr, rg, rb, gg, gb, bb."""

    def at(self, chosen: Mask) -> "Side":
        """The same at some of its points, in one row."""
        return Side(self.weight[chosen], self.mean[chosen], self.spread[chosen])


def side_of(colours: Floats, mask: Mask, reach: int) -> Side:
    """Mean and covariance of the masked colours around each point.

    Args:
        colours: (height, width, 3), 0-255.
        mask: (height, width), which of them count.
        reach: Of the surroundings, in points.
    """
    found = _moments(colours, mask, reach)
    return Side(found.weight, found.mean + _MIDDLE, found.products)


def sides_of(colours: Floats, mask: Mask, reach: int, *, depth: Floats) -> tuple[Side, Side]:
    """The same, and the colours on the edge, if they go on changing as they do towards it.

    A bottle grows lighter there.

    Args:
        colours: (height, width, 3), 0-255.
        mask: (height, width), which of them count.
        reach: Of the surroundings, in points.
        depth: (height, width), distance to the edge.
    """
    found = _moments(colours, mask, reach)
    chosen = depth * mask
    along = soft(np.dstack([chosen, chosen * depth]), reach)
    along /= np.maximum(found.weight, _TINY)[..., None]
    usual = along[..., :1]
    varied = along[..., 1:] - usual * usual
    slope: Floats = soft(found.centred * depth[..., None], reach)
    slope /= np.maximum(found.weight, _TINY)[..., None]
    slope -= found.mean * usual
    slope /= varied + _STEADY
    products = found.products - _products(slope) * varied
    return (
        Side(found.weight, found.mean + _MIDDLE, found.products),
        Side(found.weight, found.mean - slope * usual + _MIDDLE, products),
    )


@dataclass(frozen=True, slots=True)
class _Moments:
    weight: Floats
    centred: Floats
    mean: Floats
    products: Floats
    """(height, width, 6), the upper half of the covariance."""


def _moments(colours: Floats, mask: Mask, reach: int) -> _Moments:
    chosen = mask.astype(np.float32)
    centred = (colours - _MIDDLE) * chosen[..., None]
    weight = soft(chosen, reach)
    safe = np.maximum(weight, _TINY)[..., None]
    mean = np.asarray(soft(centred, reach) / safe, np.float32)
    products: Floats = soft(_products(centred), reach)
    products /= safe
    products -= _products(mean)
    return _Moments(weight, centred, mean, products)


def _products(values: Floats) -> Floats:
    """Products of each two of three channels, (height, width, 6)."""
    products = np.empty((*values.shape[:2], len(_PAIRS)), np.float32)
    for place, (one, other) in enumerate(_PAIRS):
        np.multiply(values[..., one], values[..., other], out=products[..., place])
    return products


def invert_spreads(spread: Floats) -> Floats:
    """Inverses of covariances, (points, 6) as in `Side`; by cofactors: LAPACK takes far longer.

    Args:
        spread: (points, 6), none singular.
    """
    rr, rg, rb, gg, gb, bb = spread.astype(np.float64).T
    halves = (
        gg * bb - gb * gb,
        rb * gb - rg * bb,
        rg * gb - rb * gg,
        rr * bb - rb * rb,
        rg * rb - rr * gb,
        rr * gg - rg * rg,
    )
    whole = rr * halves[0] + rg * halves[1] + rb * halves[2]
    return np.stack([half / whole for half in halves], axis=-1).astype(np.float32)


def multiply_spreads(spread: Floats, colours: Floats) -> Floats:
    """Products of symmetric matrices, (points, 6) as in `Side`, with colours, (points, 3)."""
    rr, rg, rb, gg, gb, bb = spread.T
    red, green, blue = colours.T
    ways = (
        rr * red + rg * green + rb * blue,
        rg * red + gg * green + gb * blue,
        rb * red + gb * green + bb * blue,
    )
    return np.stack(ways, axis=-1)


def depth_of(share: Floats) -> Floats:
    """Distance in pixels to the edge, negative outside; `share` is the matte, 0-1."""
    solid = (share >= 0.5).view(np.uint8)  # noqa: PLR2004 - more product than not
    within = cv2.distanceTransform(solid, cv2.DIST_L2, 3)
    without = cv2.distanceTransform(1 - solid, cv2.DIST_L2, 3)
    return np.asarray(within - without, np.float32)


def soft(values: Floats, reach: int) -> Floats:
    """Two box filters: nearly a Gaussian, at a price that does not grow with `reach`."""
    size = (2 * reach + 1, 2 * reach + 1)
    return np.asarray(cv2.blur(cv2.blur(values, size), size), np.float32)


def ramp(values: Floats, low: float, high: float) -> Floats:
    """0 up to `low`, 1 from `high` on, and evenly between."""
    return np.asarray(np.clip((values - low) / (high - low), 0, 1), np.float32)
