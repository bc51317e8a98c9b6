"""Shapes that the light has passed on its way: a window's bars, a plant's leaves.

A gobo is a (size, size) plane of how much of the main light arrives, 0-1, over a square whose side
the scene chooses. It is soft, so a small size is enough.
"""

import math

import cv2
import numpy as np

from transforms.scenes.light import Plane

_SIZE = 384
"""Pixels: shadows from far away have no finer detail."""

_FINE = 4
"""Bits of sub-pixel precision with which OpenCV draws."""


def window(rng: np.random.Generator, *, softness: float = 0.018) -> Plane:
    """A window's light: two or three panes wide, with bars, thrown aslant.

    Args:
        rng: Size, slant and place of the panes.
        softness: Half-shadow, as a share of the square.
    """
    lit = np.zeros((_SIZE, _SIZE), np.float32)
    columns, rows = int(rng.integers(2, 4)), 3
    pane_w, pane_h = rng.uniform(0.13, 0.19), rng.uniform(0.22, 0.30)
    bar = rng.uniform(0.018, 0.03)
    slant, drop = rng.uniform(-0.5, 0.5), rng.uniform(-0.12, 0.12)
    left = 0.5 - columns * (pane_w + bar) / 2 + rng.uniform(-0.08, 0.08)
    top = 0.5 - rows * (pane_h + bar) / 2
    for column in range(columns):
        for row in range(rows):
            x, y = left + column * (pane_w + bar), top + row * (pane_h + bar)
            corners = ((x, y), (x + pane_w, y), (x + pane_w, y + pane_h), (x, y + pane_h))
            leaning = [(u + slant * (v - 0.5), v + drop * (u - 0.5)) for u, v in corners]
            _fill(lit, np.array(leaning), 1.0)
    return _soften(lit, softness)


def foliage(rng: np.random.Generator, *, softness: float = 0.012, at_edges: bool = False) -> Plane:
    """Light past a plant: branches with leaves reaching in from one side.

    Args:
        rng: Where from, how many, and each leaf.
        softness: Half-shadow, as a share of the square.
        at_edges: Keep the branches short, so that the middle stays free.
    """
    lit = np.ones((_SIZE, _SIZE), np.float32)
    side = float(rng.choice((-1, 1)))
    length = (0.22, 0.32) if at_edges else (0.35, 0.6)
    for _ in range(int(rng.integers(3, 6))):
        start = (0.5 + side * rng.uniform(0.4, 0.62), rng.uniform(-0.05, 0.75))
        heading = math.pi / 2 + side * math.pi / 2 + rng.uniform(-0.7, 0.7)
        _branch(lit, rng, start, heading, rng.uniform(*length))
    return _soften(lit, softness)


def _branch(
    lit: Plane,
    rng: np.random.Generator,
    start: tuple[float, float],
    heading: float,
    length: float,
) -> None:
    x, y = start
    bend = rng.uniform(-0.8, 0.8)
    leaf = rng.uniform(0.07, 0.12)
    slim = rng.uniform(0.16, 0.3)
    pairs = int(rng.integers(6, 10))
    for index in range(pairs):
        share = index / pairs
        towards = heading + bend * share
        nx, ny = x + math.cos(towards) * length / pairs, y + math.sin(towards) * length / pairs
        _fill(lit, _strip((x, y), (nx, ny), 0.004), 0.0)
        for turn in (-1, 1):
            angle = towards + turn * rng.uniform(0.5, 0.95)
            _fill(lit, _leaf((nx, ny), angle, leaf * (1.1 - 0.5 * share), slim), 0.0)
        x, y = nx, ny


def _leaf(
    base: tuple[float, float], angle: float, length: float, slim: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    t = np.linspace(0, np.pi, 12)
    along = (1 - np.cos(t)) / 2 * length
    out = np.sin(t) ** 1.2 * slim * length * (1 - 0.3 * np.cos(t + np.pi))
    u, v = np.concatenate((along, along[::-1])), np.concatenate((out, -out[::-1]))
    c, s = math.cos(angle), math.sin(angle)
    return np.stack((base[0] + u * c - v * s, base[1] + u * s + v * c), axis=1)


def _strip(
    start: tuple[float, float], end: tuple[float, float], half: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    length = max(math.hypot(end[0] - start[0], end[1] - start[1]), 1e-9)
    ox, oy = -(end[1] - start[1]) / length * half, (end[0] - start[0]) / length * half
    return np.array(
        (
            (start[0] + ox, start[1] + oy),
            (end[0] + ox, end[1] + oy),
            (end[0] - ox, end[1] - oy),
            (start[0] - ox, start[1] - oy),
        )
    )


def _fill(
    plane: Plane, corners: np.ndarray[tuple[int, int], np.dtype[np.float64]], value: float
) -> None:
    points = np.round(corners * _SIZE * 2**_FINE).astype(np.int32)
    cv2.fillPoly(plane, [points], value, cv2.LINE_8, _FINE)


def _soften(lit: Plane, softness: float) -> Plane:
    return np.asarray(cv2.GaussianBlur(lit, (0, 0), softness * _SIZE), np.float32)
