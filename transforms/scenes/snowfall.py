"""Snow in the air: many small soft flakes, a few near and large ones, all of them moving."""

import math

import cv2
import numpy as np

from transforms.scenes.light import Light3, Plane, mixed

_WORK_ROWS = 900
"""Flakes are soft: they are drawn at this height and enlarged."""
_WHITE = np.array((1.0, 1.02, 1.05), np.float32)
_DEPTHS = (
    # count for a square, radius and length of the track in shares of the height, cover
    (520, 0.0011, 0.002, 0.34),
    (170, 0.0024, 0.006, 0.30),
    (34, 0.0062, 0.014, 0.20),
    (7, 0.013, 0.026, 0.13),
)


def fall(rng: np.random.Generator, picture: Light3, *, until: float) -> None:
    """Let snow fall over `picture`, in place.

    Args:
        rng: Where flakes are, and the wind.
        picture: (height, width, 3), linear RGB.
        until: Height below which hardly any flake is seen against the white ground, as a share
            from the top.
    """
    height, width = picture.shape[:2]
    rows = min(height, _WORK_ROWS)
    columns = max(1, round(rows * width / height))
    wind = float(rng.uniform(-0.5, 0.5))
    cover = np.zeros((rows, columns), np.float32)
    for count, radius, track, strength in _DEPTHS:
        layer = np.zeros((rows, columns), np.float32)
        number = max(1, round(count * width / height))
        across, down, bright = rng.random((3, number))
        kernel = _flake(radius * rows, track * rows, wind)
        # The sharpest point of a flake's disc is 1 whatever its size.
        x = np.minimum((across * columns).astype(int), columns - 1)
        y = np.minimum((down * rows).astype(int), rows - 1)
        fades = np.clip((until + 0.12 - down) / 0.2, 0.25, 1)
        np.maximum.at(layer, (y, x), ((0.35 + 0.65 * bright) * fades).astype(np.float32))
        drawn = np.asarray(cv2.filter2D(layer, -1, kernel, borderType=cv2.BORDER_CONSTANT))
        cover = 1 - (1 - cover) * (1 - np.clip(strength * drawn, 0, 0.9))
    shown = np.asarray(cv2.resize(cover, (width, height), interpolation=cv2.INTER_LINEAR))
    picture[...] = mixed(picture, _WHITE, shown)


def _flake(radius: float, track: float, wind: float) -> Plane:
    """A disc drawn along its way while the shutter is open, its highest value 1."""
    reach = math.ceil(radius * 1.6 + track / 2 + 2)
    axis = np.arange(-reach, reach + 1, dtype=np.float32)
    x, y = axis[None, :], axis[:, None]
    total = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    steps = 9
    for step in range(steps):
        along = (step / (steps - 1) - 0.5) * track
        distance = np.hypot(x - np.float32(wind * along), y - np.float32(along))
        total += np.exp(-((distance / max(radius, 0.6)) ** 2.6))
    return np.asarray(total / total.max(), np.float32)
