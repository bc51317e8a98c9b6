"""Concrete: a cast slab with clouds of cement, stains, trowel marks and small open pores."""

import math

import cv2
import numpy as np

from transforms.scenes import backdrop
from transforms.scenes.ground import Ground
from transforms.scenes.light import Plane, linear, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.table import Lighting, Surface, table

_CEMENTS = tuple(
    linear(colour)
    for colour in (
        (176, 174, 170),
        (150, 149, 147),
        (196, 190, 182),
        (122, 122, 123),
        (96, 96, 98),
    )
)

_PORES_SPAN = 1.3
"""Side of the square on which pores are scattered, on the ground."""

_PORES = 620
"""Pores on that square."""

_PORE = (0.0012, 0.0075)
"""Smallest and largest radius, on the ground; small ones are far more frequent."""


def draw(setting: Setting) -> Scene:
    """A concrete top."""
    return table(setting, material=surface, backdrop=backdrop.choose_backdrop)


def surface(rng: np.random.Generator, plane: Ground, _setting: Setting, lit: Lighting) -> Surface:
    """One slab."""
    cement = _CEMENTS[int(rng.integers(len(_CEMENTS)))] * np.array((1.01, 1.0, 0.985), np.float32)
    cloud = plane.laid(
        fractal(rng, (512, 512), cell=0.35, octaves=6, gain=0.6, tiled=True), span=2.3, turn=17
    )
    grit = plane.laid(
        fractal(rng, (768, 768), cell=0.03, octaves=4, gain=0.85, tiled=True), span=0.5, turn=-9
    )
    trowel = plane.laid(
        fractal(rng, (512, 512), cell=0.05, octaves=4, gain=0.7, stretch=(9, 1), tiled=True),
        span=1.6,
        turn=float(rng.uniform(0, 180)),
    )
    stain = plane.laid(
        fractal(rng, (384, 384), cell=0.3, octaves=5, gain=0.65, tiled=True), span=1.9, turn=40
    )
    ring = np.exp(-((np.abs(stain - 0.6) / 0.12) ** 2)) * smoothstep(cloud, -0.5, 1.0)
    tone = 1 + 0.085 * cloud + 0.05 * grit + 0.016 * trowel - 0.06 * ring
    tone -= 0.11 * smoothstep(stain + 0.3 * cloud, 0.4, 1.6)
    pores = plane.laid(_pores(rng, plane.height, lit), span=_PORES_SPAN, turn=-23)
    albedo = cement * (tone * pores)[..., None]
    return Surface(np.clip(albedo, 0.01, 0.9), polish=float(rng.uniform(0.12, 0.3)), roughness=0.07)


def _pores(rng: np.random.Generator, height: int, lit: Lighting) -> Plane:
    """Holes that bubbles left: their brightness, 1 where there is none. (n, n), tiled."""
    side = max(64, round(_PORES_SPAN * height * 0.8))
    plane = np.ones((side, side), np.float32)
    azimuth = math.radians(lit.light.azimuth_deg)
    # The wall of a hole that is turned to the light is bright, the one beneath the light is dark.
    towards = (math.sin(azimuth), 0.45)
    draws = rng.random((_PORES, 5))
    for x, y, size, aspect, deep in draws:
        radius = (_PORE[0] + (_PORE[1] - _PORE[0]) * size**5) / _PORES_SPAN * side
        reach = math.ceil(radius * 1.8) + 1
        cx, cy = x * (side - 2 * reach) + reach, y * (side - 2 * reach) + reach
        x0, y0 = int(cx) - reach, int(cy) - reach
        if x0 < 0 or y0 < 0 or x0 + 2 * reach > side or y0 + 2 * reach > side:
            continue
        grid = np.arange(2 * reach, dtype=np.float32) + 0.5
        u = (grid[None, :] - np.float32(cx - x0)) / np.float32(radius)
        v = (grid[:, None] - np.float32(cy - y0)) / np.float32(radius * (0.6 + 0.4 * aspect))
        distance = np.hypot(u, v)
        hole = smoothstep(distance, 1.0 + 0.5 / max(radius, 0.5), 0.75)
        facing = u * towards[0] + v * towards[1]
        shade = 1 - hole * (0.30 + 0.35 * deep + 0.30 * np.clip(facing, -1, 1))
        rim = 0.10 * np.exp(-(((distance - 1.12) / 0.16) ** 2)) * np.clip(-facing, 0, 1)
        plane[y0 : y0 + 2 * reach, x0 : x0 + 2 * reach] *= shade + rim
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), 0.5), np.float32)
