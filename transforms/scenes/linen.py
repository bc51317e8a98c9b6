"""Linen: a plain weave of uneven threads, laid with soft folds."""

import math

import cv2
import numpy as np

from transforms.scenes import backdrop
from transforms.scenes.ground import Ground
from transforms.scenes.light import Plane, Values, linear, mix
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.table import Lighting, Surface, table

_DYES = tuple(
    linear(colour)
    for colour in (
        (222, 210, 190),
        (236, 231, 222),
        (198, 194, 186),
        (172, 180, 160),
        (158, 172, 184),
        (214, 188, 178),
        (120, 118, 116),
    )
)

_THREAD = 0.0034
"""Distance between threads, on the ground: a coarse linen, whose weave a camera can see."""

_THREADS = 128
"""Threads in the tile, each way: so many differ that the eye finds no repeat."""

_FOLDS_SPAN = 3.4
"""Side of the square of cloth whose folds are drawn."""

_BRAND = 0.35
"""How often the cloth is dyed in a brand's colour."""


def draw(setting: Setting) -> Scene:
    """A table laid with linen."""
    return table(setting, material=surface, backdrop=backdrop.choose_backdrop)


def surface(rng: np.random.Generator, plane: Ground, setting: Setting, lit: Lighting) -> Surface:
    """One cloth."""
    dye = _DYES[int(rng.integers(len(_DYES)))]
    chosen = linear(setting.palette[int(rng.integers(len(setting.palette)))])
    if rng.random() < _BRAND:
        dye = np.asarray(mix(chosen, dye, 0.45), np.float32)
    turn = rng.uniform(-12, 12)
    weave = plane.laid(_weave(rng, plane.height), span=_THREAD * _THREADS, turn=turn)
    slubs = plane.laid(_slubs(rng), span=1.1, turn=turn)
    faded = plane.laid(fractal(rng, (128, 128), cell=0.3, tiled=True), span=1.9, turn=21)
    folds = _folds(rng, plane, lit)
    tone = weave * (1 + 0.024 * slubs + 0.018 * faded)
    return Surface(
        np.clip(dye * tone[..., None], 0.004, 0.95), polish=0.0, roughness=0.05, relief=folds
    )


def _weave(rng: np.random.Generator, height: int) -> Plane:
    """Threads over and under each other: (n, n), tiled, brightness about 1."""
    pixels = max(2, math.ceil(_THREAD * height * 1.1))
    side = pixels * _THREADS
    if pixels <= 2:
        pixels, side = 2, 2 * _THREADS
    place = (np.arange(side, dtype=np.float32) + 0.5) / pixels
    # Threads wander and differ in thickness.
    wander = fractal(rng, (side, side), cell=0.06, octaves=2, tiled=True) * np.float32(0.14)
    stray = fractal(rng, (side, side), cell=0.06, octaves=2, tiled=True) * np.float32(0.14)
    x, y = place[None, :] + wander, place[:, None] + stray
    thick = 1 + 0.22 * rng.standard_normal((2, _THREADS)).astype(np.float32)
    warp_at, weft_at = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    u, v = x - warp_at, y - weft_at
    warp_round = _round_threads(u, thick[0][warp_at % _THREADS])
    weft_round = _round_threads(v, thick[1][weft_at % _THREADS])
    over = ((warp_at + weft_at) % 2).astype(np.float32)
    # A thread is highest where it passes over its neighbour, and dives on both sides.
    warp = warp_round * (0.62 + 0.38 * np.sin(np.pi * v))
    weft = weft_round * (0.62 + 0.38 * np.sin(np.pi * u))
    tone = np.where(over > 0, np.maximum(warp, 0.72 * weft), np.maximum(weft, 0.72 * warp))
    colour = 1 + 0.055 * rng.standard_normal((2, _THREADS)).astype(np.float32)
    tone = tone * np.where(over > 0, colour[0][warp_at % _THREADS], colour[1][weft_at % _THREADS])
    tone = 0.52 + 0.48 * tone
    return np.asarray(tone / tone.mean(), np.float32)


def _round_threads(across: Plane, thickness: Plane) -> Plane:
    """Brightness over a round thread; dark in the gaps beside it."""
    away = np.abs(across - 0.5) / (0.5 * np.clip(thickness, 0.6, 1.35))
    return np.asarray(np.sqrt(np.clip(1 - away * away, 0, 1)), np.float32)


def _slubs(rng: np.random.Generator) -> Values:
    """Thick places of the yarn: short bright bars both ways."""
    shape = (640, 640)
    bars = fractal(rng, shape, cell=0.0045, octaves=1, stretch=(22, 1), tiled=True)
    posts = fractal(rng, shape, cell=0.0045, octaves=1, stretch=(1, 22), tiled=True)
    return np.asarray(np.maximum(bars, posts) - 0.5, np.float32)


def _folds(rng: np.random.Generator, plane: Ground, lit: Lighting) -> Plane:
    """Brightness of the cloth's slopes in the main light, about 1: (rows, width)."""
    shape = (512, 512)
    # Ridges of noise are sharp above and wide below, as cloth falls.
    swell = fractal(rng, shape, cell=0.36, octaves=2, gain=0.35, stretch=(0.8, 1.5), tiled=True)
    crease = fractal(rng, shape, cell=0.22, octaves=2, gain=0.4, stretch=(0.6, 1.8), tiled=True)
    tall = 0.6 * np.exp(-2.4 * np.abs(swell)) + 0.22 * np.exp(-4 * np.abs(crease)) + 0.12 * swell
    padded = np.pad(tall.astype(np.float32), 32, mode="wrap")
    tall = cv2.GaussianBlur(padded, (0, 0), 5.0)[32:-32, 32:-32]
    azimuth = math.radians(lit.light.azimuth_deg)
    lean = np.roll(tall, -1, 1) - np.roll(tall, 1, 1), np.roll(tall, -1, 0) - np.roll(tall, 1, 0)
    slope = (lean[0] * math.sin(azimuth) + lean[1] * 0.35) * shape[0] / 2
    hollow = tall - cv2.GaussianBlur(padded, (0, 0), 20.0)[32:-32, 32:-32]
    strength = rng.uniform(0.10, 0.17)
    shade = 1 - 0.34 * np.tanh(slope * strength) + 0.5 * np.clip(hollow, -0.25, 0.2)
    turn = float(rng.uniform(-50, 50))
    span = _FOLDS_SPAN
    return plane.laid(shade.astype(np.float32), span=span, turn=turn, shift=(span / 3, span / 4))
