"""Colours beside the matte's edge: those of both sides, and how far each pixel is from it."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

_STEADY = 1.0
"""Added to the variance of depth, in pixels: a slope over fewer is chance."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Side:
    """Colours of one side of the edge around each point."""

    weight: Floats
    """(height, width), the share of the surroundings that shows it, 0-1."""
    mean: Floats
    """(height, width, 3)."""
    spread: Floats
    """(height, width, 3, 3), covariance."""


def side_of(
    colours: Floats,
    mask: npt.NDArray[np.bool_],
    reach: int,
    *,
    depth: Floats | None = None,
) -> Side:
    """Mean and covariance of the masked colours around each point.

    Args:
        colours: (height, width, 3), 0-255.
        mask: (height, width), which of them count.
        reach: Of the surroundings, in points.
        depth: (height, width), distance to the edge. With it, the mean is that on the edge, if
            colours go on changing as they do towards it: a bottle grows lighter there. None: as
            they are on average.
    """
    chosen = mask.astype(np.float32)
    first, second = (0, 0, 0, 1, 1, 2), (0, 1, 2, 1, 2, 2)
    middle = np.float32(128)
    centred = (colours - middle) * chosen[..., None]
    products = centred[..., first] * (colours - middle)[..., second]
    weight = soft(chosen, reach)
    safe = np.maximum(weight, 1e-6)[..., None]
    mean = soft(centred, reach) / safe
    moments = np.concatenate([soft(products[..., :3], reach), soft(products[..., 3:], reach)], -1)
    moments = moments / safe - mean[..., first] * mean[..., second]
    if depth is not None:
        along = np.stack([depth * chosen, depth * depth * chosen], -1)
        usual, square = np.moveaxis(soft(along, reach) / safe, -1, 0)
        varied = (square - usual * usual)[..., None]
        slope = soft(centred * depth[..., None], reach) / safe - mean * usual[..., None]
        slope /= varied + _STEADY
        mean = mean - slope * usual[..., None]
        moments -= slope[..., first] * slope[..., second] * varied
    whole = moments[..., (0, 1, 2, 1, 3, 4, 2, 4, 5)]
    spread = np.asarray(whole.reshape(*weight.shape, 3, 3), np.float32)
    return Side(weight, np.asarray(mean + middle, np.float32), spread)


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
