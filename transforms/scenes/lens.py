"""What a fast lens does to linear light: discs for what is out of focus, glare and vignette.

Radii are in pixels here; a scene multiplies its shares by the height.
"""

import math
from functools import lru_cache
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from transforms.scenes.light import Light3, Plane, Values, luminance, shares, smoothstep

_WORKING_RADIUS = 7.0
"""A larger disc is drawn on a reduction on which it has about this radius: a disc hides every
detail much finer than itself, and a 200 px kernel at full size would take a minute."""

_SMALLEST = 0.35
"""A smaller disc lies within one pixel."""

_RIM = 0.12
"""How much brighter a disc's edge is than its middle, as spherical aberration makes it."""


_SOFT_EDGE = 0.16
"""Width of a disc's edge against its radius: lenses that draw a hard one are called nervous."""

_FLOCK = 7
"""Lamps that belong together, at about one distance, in what `bokeh` draws."""


@lru_cache(maxsize=64)
def _disc(radius: float) -> Plane:
    reach = math.ceil(radius + 0.5)
    axis = np.arange(-reach, reach + 1, dtype=np.float32)
    distance = np.hypot(axis[:, None], axis[None, :])
    cover = np.clip(radius + 0.5 - distance, 0, 1)
    disc = cover * (1 + _RIM * np.clip(distance / max(radius, 1), 0, 1) ** 4)
    return np.asarray(disc / disc.sum(), np.float32)


def defocus(light: Values, radius: float) -> Values:
    """`light`, every point of it spread to a disc of `radius` pixels. (h, w) or (h, w, c)."""
    if radius < _SMALLEST:
        return light
    height, width = light.shape[:2]
    factor = 2 ** max(0, round(math.log2(radius / _WORKING_RADIUS)))
    small = light
    if factor > 1:
        size = (max(1, math.ceil(width / factor)), max(1, math.ceil(height / factor)))
        small = cv2.resize(light, size, interpolation=cv2.INTER_AREA)
    disc = _disc(round(radius / factor * 4) / 4)
    small = cv2.filter2D(small, -1, disc, borderType=cv2.BORDER_REFLECT)
    if factor > 1:
        small = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(small, np.float32)


def confusion(depth: npt.ArrayLike, aperture: float) -> Values:
    """Radius of the disc of a point at `depth`, in the unit of `aperture`.

    Args:
        depth: Distance from the camera, in distances of the product, which is in focus.
        aperture: Radius of the disc of a point infinitely far away. About 0.01 of the height is a
            stopped-down still life, 0.05 a fast portrait lens.
    """
    return np.asarray(aperture * np.abs(1 - 1 / np.asarray(depth, np.float32)), np.float32)


def defocus_by(light: Light3, radius: Values) -> Light3:
    """`light`, every pixel seen through a disc of its own radius.

    Args:
        light: (height, width, 3).
        radius: Pixels: (height, width), or (height,) where all of a row lie equally deep, which
            is several times faster.
    """
    largest = float(radius.max())
    if largest < _SMALLEST:
        return light
    steps = [0.0, 1.0]
    while steps[-1] < largest:
        steps.append(steps[-1] * 1.7)
    spread = radius if radius.ndim == light.ndim - 1 else radius[:, None]
    result = np.zeros_like(light)
    # Between two steps a mix of both discs stands for the one between them.
    weights = [np.clip((spread - low) / (high - low), 0, 1) for low, high in pairwise(steps)]
    for index, step in enumerate(steps):
        rising = weights[index - 1] if index else np.float32(1)
        falling = weights[index] if index < len(weights) else np.float32(0)
        share = np.asarray(rising - falling, np.float32)
        rows = np.flatnonzero((share > 0).any(axis=1))
        if not rows.size:
            continue
        first, last = int(rows[0]), int(rows[-1]) + 1
        reach = math.ceil(step) + 2
        start, end = max(0, first - reach), min(light.shape[0], last + reach)
        blurred = defocus(light[start:end], step)[first - start : last - start]
        result[first:last] += blurred * share[first:last, :, None]
    return result


def disc(
    light: Light3,
    x: float,
    y: float,
    radius: float,
    colour: npt.ArrayLike,
    *,
    rim: float = 0.14,
    squeeze: float = 0.0,
) -> None:
    """Add to `light`, in place, the disc that a small lamp out of focus makes.

    Args:
        light: (height, width, 3).
        x: Middle, in pixels.
        y: Middle, in pixels.
        radius: In pixels.
        colour: Linear RGB of the disc's middle.
        rim: How much brighter the edge is.
        squeeze: 0 a circle; up to 1 the cat's eye of a picture's corner, cut on the side that
            is away from the middle of the picture.
    """
    height, width = light.shape[:2]
    left, right = max(0, int(x - radius - 2)), min(width, int(x + radius + 3))
    top, bottom = max(0, int(y - radius - 2)), min(height, int(y + radius + 3))
    if left >= right or top >= bottom:
        return
    across = np.arange(left, right, dtype=np.float32)[None, :] + np.float32(0.5 - x)
    down = np.arange(top, bottom, dtype=np.float32)[:, None] + np.float32(0.5 - y)
    distance = np.hypot(across, down)
    if squeeze > 0:
        lean = (width / 2 - x, height / 2 - y)
        length = max(math.hypot(*lean), 1.0)
        shift = [squeeze * radius * part / length for part in lean]
        other = np.hypot(across - np.float32(shift[0]), down - np.float32(shift[1]))
        distance = np.maximum(distance, other)
    edge = max(1.0, radius * _SOFT_EDGE)
    cover = smoothstep((radius - distance) / np.float32(edge), -0.5, 0.5)
    cover *= 1 + rim * smoothstep(distance / np.float32(radius), 0.5, 0.95)
    light[top:bottom, left:right] += cover[..., None] * np.asarray(colour, np.float32)


def bokeh(
    light: Light3,
    rng: np.random.Generator,
    *,
    count: int,
    colours: Values,
    radius: tuple[float, float],
    region: tuple[float, float, float, float],
    strength: tuple[float, float] = (0.1, 0.8),
    rim: float = 0.12,
) -> None:
    """Add to `light`, in place, `count` gaps of light in leaves, out of focus.

    They come in flocks: a flock is at one distance, so its discs are of one size.

    Args:
        light: (height, width, 3).
        rng: Where, which and how bright.
        count: How many.
        colours: Linear RGB, (n, 3).
        radius: Smallest and largest, as shares of the height; smaller ones are more frequent.
        region: Left, top, right and bottom of the area, as shares of width and height.
        strength: Dimmest and brightest; dim ones are more frequent.
        rim: How much brighter their edges are.
    """
    height, width = light.shape[:2]
    left, top, right, bottom = region
    for number in range(count):
        if number % _FLOCK == 0:
            middle = rng.random(2)
            reach = radius[0] + (radius[1] - radius[0]) * float(rng.random()) ** 1.7
            spread = rng.uniform(0.05, 0.16, 2)
        across, down = middle + rng.normal(0, 1, 2) * spread
        x, y = left + (right - left) * across, top + (bottom - top) * min(1.0, abs(down))
        power = strength[0] + (strength[1] - strength[0]) * float(rng.random()) ** 2
        colour = colours[int(rng.integers(len(colours)))] * np.float32(power)
        corner = min(1.0, math.hypot(x - 0.5, y - 0.5) * 1.4) ** 2 * 0.55
        size = reach * height * float(rng.uniform(0.92, 1.08))
        disc(light, x * width, y * height, size, colour, rim=rim, squeeze=corner)


def bloom(light: Light3, *, strength: float = 0.06, reach: float = 0.05) -> Light3:
    """`light` with the glow that bright parts shed over their surroundings inside a lens.

    Args:
        light: (height, width, 3).
        strength: Share of the light above middle grey that is shed.
        reach: How far, as a share of the height.
    """
    height, width = light.shape[:2]
    scale = max(1, round(height / 256))
    size = (max(1, width // scale), max(1, height // scale))
    small = cv2.resize(light, size, interpolation=cv2.INTER_AREA)
    bright = small * smoothstep(luminance(small), 0.5, 1.2)[..., None]
    sigma = reach * size[1]
    near = cv2.GaussianBlur(bright, (0, 0), max(0.5, sigma))
    far = cv2.GaussianBlur(bright, (0, 0), max(0.5, 3 * sigma))
    glow = cv2.resize(near * 0.6 + far * 0.4, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(light + glow * np.float32(strength), np.float32)


def vignette(light: Light3, strength: float = 0.15) -> Light3:
    """`light`, its corners darker by `strength`."""
    height, width = light.shape[:2]
    x, y = shares(height, width)
    corner = (width / height / 2) ** 2 + 0.25
    away = (x**2 + (y - np.float32(0.5)) ** 2) / np.float32(corner)
    return np.asarray(light * (1 - np.float32(strength) * away**1.3)[..., None], np.float32)
