"""Fir: a twig with its needles, and trees far away."""

import math

import cv2
import numpy as np

from transforms.scenes.light import Light3, Values, linear, mix
from transforms.scenes.sprite import Sprite

_SIDE = 640
_SHIFT = 4
_BARK, _FROST = linear((92, 68, 48)) * np.float32(0.5), linear((232, 240, 248))
_GREENS = tuple(linear(c) for c in ((34, 62, 44), (46, 78, 52), (30, 54, 46), (58, 84, 50)))


def twig(rng: np.random.Generator, *, frost: float = 0.0) -> Sprite:
    """A twig with side shoots, tip up; `frost` 0 to 1 whitens its needles."""
    image = np.zeros((_SIDE, _SIDE, 3), np.float32)
    cover = np.zeros((_SIDE, _SIDE), np.float32)
    green = _GREENS[int(rng.integers(len(_GREENS)))]
    _shoot(
        rng,
        image,
        cover,
        start=(0.5, 0.97),
        angle=-90.0,
        length=0.88,
        green=green,
        frost=frost,
        depth=1,
    )
    alpha = np.clip(cover, 0, 1)
    return Sprite(image * alpha[..., None], alpha)


def _shoot(
    rng: np.random.Generator,
    image: Light3,
    cover: Values,
    *,
    start: tuple[float, float],
    angle: float,
    length: float,
    green: Values,
    frost: float,
    depth: int,
) -> None:
    """One shoot with needles on both sides, and side shoots while `depth` lasts."""
    x, y = start
    parts = 26
    for part in range(parts):
        angle += rng.normal(0, 2.0)
        step = length / parts
        following = (
            x + math.cos(math.radians(angle)) * step,
            y + math.sin(math.radians(angle)) * step,
        )
        _line(image, cover, ((x, y), following), colour=_BARK, width=4)
        grown = part / parts
        for _ in range(5):
            for side in (-1, 1):
                lean = angle + side * rng.uniform(22, 70)
                long = 0.062 * rng.uniform(0.55, 1.15) * (1.05 - 0.5 * grown)
                tip = (
                    x + math.cos(math.radians(lean)) * long,
                    y + math.sin(math.radians(lean)) * long,
                )
                white = frost * rng.random()
                tone = mix(green * np.float32(rng.uniform(0.5, 2.0)), _FROST, white)
                _line(image, cover, ((x, y), tip), colour=tone, width=int(rng.integers(1, 4)))
        if depth and part in {6, 11, 16}:
            for side in (-1, 1):
                _shoot(
                    rng,
                    image,
                    cover,
                    start=following,
                    angle=angle + side * rng.uniform(35, 50),
                    length=length * (0.5 - 0.28 * grown),
                    green=green,
                    frost=frost,
                    depth=depth - 1,
                )
        x, y = following


def _line(
    image: Light3,
    cover: Values,
    ends: tuple[tuple[float, float], tuple[float, float]],
    *,
    colour: Values,
    width: int,
) -> None:
    (x0, y0), (x1, y1) = ends
    start, end = (
        (round(x * _SIDE * 2**_SHIFT), round(y * _SIDE * 2**_SHIFT))
        for x, y in ((x0, y0), (x1, y1))
    )
    tone = tuple(float(v) for v in colour)
    cv2.line(image, start, end, tone, width, cv2.LINE_AA, _SHIFT)
    cv2.line(cover, start, end, 1.0, width, cv2.LINE_AA, _SHIFT)


def wood_far_away(
    rng: np.random.Generator,
    shape: tuple[int, int],
    *,
    ground: float,
    haze: Values,
    snow: float,
) -> Light3:
    """Rows of firs, the further the paler: (height, width, 3).

    Args:
        rng: Which trees.
        shape: Height and width in pixels.
        ground: Where they stand, as a share of the height.
        haze: Linear RGB of the air between.
        snow: Share of snow on their boughs, 0-1.
    """
    rows, columns = shape
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None, None]
    image = np.asarray(haze * (1.12 - 0.2 * down) + np.zeros((rows, columns, 3)), np.float32)
    for distance in (0.85, 0.62, 0.38, 0.12):
        layer, cover = np.zeros_like(image), np.zeros(shape, np.float32)
        count = round(columns / rows * (6 + 16 * distance))
        for _ in range(count):
            tall = (0.95 - 0.55 * distance) * rng.uniform(0.7, 1.15)
            x = rng.uniform(-0.05, 1.05) * columns
            _tree(rng, layer, cover, x=x, ground=ground, tall=tall, snow=snow)
        share = np.clip(cover, 0, 1)[..., None] * np.float32(1 - 0.55 * distance)
        faded = mix(layer, haze, 0.72 * distance)
        image = image * (1 - share) + faded * share
    return image


def _tree(
    rng: np.random.Generator,
    image: Light3,
    cover: Values,
    *,
    x: float,
    ground: float,
    tall: float,
    snow: float,
) -> None:
    rows = image.shape[0]
    green = _GREENS[int(rng.integers(len(_GREENS)))] * np.float32(rng.uniform(0.5, 1.1))
    top = ground - tall
    boughs = 15
    for bough in range(boughs):
        share = (bough + 0.6) / boughs
        y = (top + share * tall * 0.96) * rows
        half = tall * rows * 0.2 * share**0.9 * rng.uniform(0.8, 1.15)
        drop = half * 0.55
        left = [(x, y - half * 0.5), (x - half, y + drop), (x + half, y + drop)]
        tone = green * np.float32(rng.uniform(0.6, 1.3))
        points = [np.array(left, np.int32)]
        cv2.fillPoly(image, points, tuple(float(v) for v in tone), cv2.LINE_AA)
        cv2.fillPoly(cover, points, 1.0, cv2.LINE_AA)
        for _ in range(round(5 * snow)):
            out = rng.uniform(-1, 1)
            bright = tuple(float(v) for v in linear((226, 234, 244)) * rng.uniform(0.35, 1.0))
            middle = (round(x + out * half), round(y + abs(out) * drop - rows * 0.004))
            size = (max(1, round(half * rng.uniform(0.08, 0.3))), max(1, rows // 120))
            cv2.ellipse(image, middle, size, float(out * 28), 0, 360, bright, -1, cv2.LINE_AA)
