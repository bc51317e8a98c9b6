"""Linear light, in which scenes are drawn, and the picture a camera develops from it."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Pixels
from transforms.scenes.scene import Colour

Values = npt.NDArray[Any]
"""float32 of any shape. OpenCV's own types say no more than that it is an array."""

Light3 = Values
"""float32 (height, width, 3), linear RGB from 0. White paper in the main light is 1; a lamp
is more."""

Plane = Values
"""float32 (height, width), one number a pixel."""

SHOULDER = 0.7
"""Below it light is recorded as it is; above it ever more light adds ever less, as on film, so that
a window or a bulb keeps its roundness instead of clipping to a white patch."""

GRAIN_LEVELS = 0.8
"""Standard deviation of the grain, in 8-bit levels: enough to hide the steps of a wide gradient,
too little to be seen as noise at 100 %."""

_LINEAR_BELOW_ENCODED, _LINEAR_BELOW = 0.04045, 0.0031308
"""Where the curve of IEC 61966-2-1 has its straight foot."""

_PLANE = 2
"""Axes of a plane."""

_STRIP = 256
"""Rows developed at a time, so that a large picture needs no second copy of itself."""


def linear(colour: Colour | Pixels) -> Values:
    """Linear RGB, 0-1, of sRGB (..., 3), 0-255. Source: IEC 61966-2-1."""
    encoded = np.asarray(colour, np.float32) / 255
    low, high = encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4
    return np.where(encoded <= _LINEAR_BELOW_ENCODED, low, high).astype(np.float32)


def luminance(light: Values) -> Values:
    """How bright linear RGB (..., 3) looks: (...). Source: Rec. 709."""
    return light @ np.array((0.2126, 0.7152, 0.0722), np.float32)


def encode_srgb(light: Values) -> Values:
    """Levels in sRGB, 0-255 and not rounded, of linear light of any shape, after the shoulder."""
    room = 1 - SHOULDER
    flat = np.ascontiguousarray(light, np.float32).reshape(light.shape[0], -1)
    shown = np.maximum(flat, 0)
    over = np.maximum(shown - SHOULDER, 0)
    if over.any():
        shown = np.minimum(shown, SHOULDER) + room * (1 - cv2.exp(over * (-1 / room)))
    curve = 1.055 * cv2.pow(shown, 1 / 2.4) - 0.055
    levels = np.where(shown <= _LINEAR_BELOW, 12.92 * shown, curve) * np.float32(255)
    return levels.reshape(light.shape).astype(np.float32, copy=False)


def develop(light: Light3, rng: np.random.Generator) -> Pixels:
    """The picture of `light`, with a fine grain from `rng`: (height, width, 3), sRGB."""
    height, width = light.shape[:2]
    picture = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _STRIP):
        levels = encode_srgb(light[top : top + _STRIP])
        grain = rng.standard_normal((*levels.shape[:2], 1), np.float32) * GRAIN_LEVELS
        picture[top : top + _STRIP] = np.clip(levels + grain + 0.5, 0, 255)
    return picture


def develop_layer(light: Light3, alpha: Plane) -> Pixels:
    """A foreground: (height, width, 4), sRGB with straight alpha.

    Args:
        light: Linear RGB already multiplied by `alpha`.
        alpha: How much of the picture behind is hidden, 0-1.
    """
    opaque = np.maximum(alpha, 1e-4)[..., None]
    colour = np.clip(encode_srgb(light / opaque) + 0.5, 0, 255)
    cover = np.clip(alpha * 255 + 0.5, 0, 255)[..., None]
    return np.concatenate((colour, cover), axis=2).astype(np.uint8)


def mix(a: npt.ArrayLike, b: npt.ArrayLike, share: npt.ArrayLike) -> Values:
    """`a` where `share` is 0, `b` where it is 1. Colours are mixed by a (height, width) share."""
    start, end, amount = (np.asarray(value, np.float32) for value in (a, b, share))
    if amount.ndim == _PLANE and _PLANE not in {start.ndim, end.ndim}:
        amount = amount[..., None]
    return np.asarray(start + (end - start) * amount, np.float32)


def smoothstep(value: Values, low: float | Values, high: float | Values) -> Values:
    """0 up to `low`, 1 from `high`, smooth between; falling if `low` is above `high`."""
    t = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def shares(height: int, width: int) -> tuple[Plane, Plane]:
    """Where pixels are, in shares of the height.

    Returns:
        x from the middle, (1, width); y from the top, (height, 1).
    """
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / height
    y = (np.arange(height, dtype=np.float32) + 0.5) / height
    return x[None, :], y[:, None]
