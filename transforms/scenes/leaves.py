"""Fallen leaves: maple, oak and beech, dry and a little curled, from above."""

import math

import cv2
import numpy as np

from transforms.scenes.light import Light3, Plane, Values, linear, luminance, mix, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.sprite import Sprite

_SIDE = 384
_FINE = 4
"""Bits of sub-pixel precision with which OpenCV draws."""

Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]
"""(n, 2): x from the midrib in shares of the length, y from the stalk's end upwards, 0-1."""

_TONES = tuple(
    tuple(linear(c) for c in tone)
    for tone in (
        ((236, 176, 62), (206, 104, 28), (150, 52, 20)),
        ((222, 120, 44), (176, 54, 26), (110, 28, 20)),
        ((244, 206, 96), (226, 164, 52), (168, 104, 34)),
        ((188, 132, 70), (146, 88, 44), (98, 58, 34)),
        ((206, 178, 74), (168, 140, 54), (120, 92, 40)),
        ((214, 92, 40), (160, 38, 24), (96, 22, 18)),
    )
)
"""Along the veins, between them, and at the rim."""

_DULL = 0.14
"""Share of grey in them: they are dry."""

_MAPLE = (
    (0.0, 1.0), (0.045, 0.88), (0.11, 0.87), (0.085, 0.76), (0.13, 0.70), (0.085, 0.585),
    (0.20, 0.655), (0.235, 0.755), (0.30, 0.705), (0.46, 0.735), (0.385, 0.635), (0.435, 0.555),
    (0.32, 0.525), (0.195, 0.44), (0.30, 0.425), (0.365, 0.46), (0.40, 0.395), (0.50, 0.37),
    (0.41, 0.305), (0.375, 0.32), (0.25, 0.255), (0.13, 0.265), (0.02, 0.235),
)  # fmt: skip
"""Right half of the outline, from the tip to the stalk."""
_MANY_VEINS = 20
"""A leaf with more has several thick ones."""
_MAPLE_VEINS = ((0.0, 1.0), (0.45, 0.72), (0.48, 0.37), (-0.45, 0.72), (-0.48, 0.37))


def any_leaf(rng: np.random.Generator) -> Sprite:
    """One of them, by chance."""
    return (maple, maple, oak, beech)[int(rng.integers(4))](rng)


def maple(rng: np.random.Generator) -> Sprite:
    """Five pointed lobes."""
    right = np.array(_MAPLE) * (rng.uniform(0.92, 1.08), 1.0)
    left = right[::-1] * (-rng.uniform(0.92, 1.08), 1.0)
    outline = np.concatenate([right, left])
    outline += rng.normal(0, 0.008, outline.shape)
    foot = (0.0, 0.245)
    veins = [(foot, tip) for tip in _MAPLE_VEINS]
    for tip in _MAPLE_VEINS:
        for share in (0.4, 0.62, 0.8):
            start = tuple(a + (b - a) * share for a, b in zip(foot, tip, strict=True))
            heading = math.atan2(tip[1] - foot[1], tip[0] - foot[0])
            for turn in (-0.7, 0.7):
                long = 0.16 * (1.1 - share)
                end = (start[0] + math.cos(heading + turn) * long,
                       start[1] + math.sin(heading + turn) * long)  # fmt: skip
                veins.append(((start[0], start[1]), end))
    return _leaf(rng, outline, veins, stalk=foot)


def oak(rng: np.random.Generator) -> Sprite:
    """Long, with round lobes."""
    y = np.linspace(1, 0.14, 90)
    envelope = 0.26 * np.sin(np.pi * (1 - (y - 0.14) / 0.86) ** 0.8) ** 0.75 + 0.004
    lobes = 0.78 + 0.26 * np.cos(2 * np.pi * (y * 4.6 + rng.uniform(0, 0.3)))
    right = np.stack([envelope * lobes, y], axis=1)
    other = 0.78 + 0.26 * np.cos(2 * np.pi * (y * 4.6 + rng.uniform(0.2, 0.5)))
    left = np.stack([-envelope * other, y], axis=1)[::-1]
    return _leaf(rng, np.concatenate([right, left]), _feather(6), stalk=(0.0, 0.15))


def beech(rng: np.random.Generator) -> Sprite:
    """Pointed oval."""
    y = np.linspace(1, 0.14, 60)
    share = (1 - y) / 0.86
    wide = rng.uniform(0.22, 0.29) * np.sin(np.pi * share**0.85) ** 0.9
    wavy = 1 + 0.03 * np.sin(share * 60 + rng.uniform(0, 6))
    right = np.stack([wide * wavy, y], axis=1)
    left = np.stack([-wide * wavy, y], axis=1)[::-1]
    return _leaf(rng, np.concatenate([right, left]), _feather(8), stalk=(0.0, 0.15))


def _feather(pairs: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """A midrib with pairs of veins."""
    veins = [((0.0, 0.14), (0.0, 0.98))]
    for pair in range(pairs):
        y = 0.22 + 0.66 * pair / pairs
        long = 0.24 * math.sin(math.pi * min(0.95, (pair + 1.2) / (pairs + 1)))
        veins += [((0.0, y), (sign * long, y + 0.8 * long)) for sign in (-1, 1)]
    return veins


def _leaf(
    rng: np.random.Generator,
    outline: Points,
    veins: list[tuple[tuple[float, float], tuple[float, float]]],
    *,
    stalk: tuple[float, float],
) -> Sprite:
    """Blade and stalk, lit from the upper right."""
    cover = np.zeros((_SIDE, _SIDE), np.float32)
    cv2.fillPoly(cover, [_place(outline)], 1.0, cv2.LINE_AA, _FINE)
    ribs = np.zeros((_SIDE, _SIDE), np.float32)
    for number, (start, end) in enumerate(veins):
        ends = _place(np.array([start, end]))
        wide = 3 if number == 0 or (number < 5 and len(veins) > _MANY_VEINS) else 1
        cv2.line(ribs, tuple(ends[0]), tuple(ends[1]), 1.0, wide, cv2.LINE_AA, _FINE)
    ribs *= cover
    near_rib = _blur(ribs, 10.0)
    inner, middle, rim = _TONES[int(rng.integers(len(_TONES)))]
    inside = _blur(cover, _SIDE / 28) * cover
    mottle = fractal(rng, cover.shape, cell=0.18, octaves=5, gain=0.65)
    image = mix(middle, inner, np.clip(2.2 * near_rib + 0.22 * mottle, 0, 1))
    image = mix(image, rim, np.clip(1.5 - 1.7 * inside + 0.35 * mottle, 0, 1) * 0.85)
    spots = smoothstep(fractal(rng, cover.shape, cell=0.05, octaves=2), 1.9, 2.6)
    image = mix(image, rim * np.float32(0.35), 0.7 * spots)
    image = mix(image, luminance(image)[..., None], _DULL)
    image = image * _relief(rng, cover, ribs, near_rib)[..., None]
    image = mix(image, np.asarray(inner * np.float32(0.85)), 0.45 * ribs)
    base, tip = _place(np.array([stalk, (stalk[0] + rng.uniform(-0.05, 0.05), 0.0)]))
    stem = np.zeros_like(cover)
    cv2.line(stem, tuple(base), tuple(tip), 1.0, 4, cv2.LINE_AA, _FINE)
    image = mix(image, np.asarray(middle * np.float32(0.6)), stem * (1 - cover))
    alpha = np.clip(cover + stem, 0, 1)
    return Sprite(np.asarray(image * alpha[..., None], np.float32), np.asarray(alpha, np.float32))


def _relief(rng: np.random.Generator, cover: Plane, ribs: Plane, near_rib: Plane) -> Light3:
    """Brightness of a blade that is curled, buckled between its veins, and grooved along them."""
    axis = (np.arange(_SIDE, dtype=np.float32) + 0.5) / _SIDE - 0.5
    x, y = axis[None, :], axis[:, None]
    curl = rng.uniform(-1.0, 1.4) * x * x + rng.uniform(-0.6, 0.6) * x * y
    curl = curl + rng.uniform(-0.7, 0.7) * y * y
    buckled = 0.018 * fractal(rng, cover.shape, cell=0.22, octaves=3, gain=0.45)
    height = curl + buckled - 0.06 * near_rib + 0.02 * _blur(ribs, 1.2)
    height = np.asarray(_blur(height, 1.5) * _SIDE, np.float32)
    slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) / 8
    slope_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3) / 8
    lit = (0.80 - 0.42 * slope_x + 0.36 * slope_y) / np.sqrt(1 + slope_x**2 + slope_y**2)
    return np.asarray(np.clip(0.25 + 0.95 * lit, 0.25, 1.55), np.float32)


def _place(points: Points | np.ndarray) -> Values:
    """Where points of a leaf are drawn, in OpenCV's fixed-point pixels."""
    x = (points[:, 0] * 0.94 + 0.5) * _SIDE
    y = (0.985 - points[:, 1] * 0.97) * _SIDE
    return np.asarray(np.rint(np.stack([x, y], axis=1) * 2**_FINE), np.int32)


def _blur(plane: Plane, sigma: float) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma), np.float32)
