"""Marble tops: veins along the cracks of a folded rock, under a polish that mirrors the window."""

from dataclasses import dataclass

import cv2
import numpy as np

from transforms.scenes import backdrop
from transforms.scenes.ground import Ground
from transforms.scenes.light import Plane, Values, linear, mix, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Colour, Scene, Setting
from transforms.scenes.table import Lighting, Surface, table


@dataclass(frozen=True, slots=True)
class _Stone:
    base: Colour
    cloud: Colour
    vein: Colour
    hairline: Colour
    strength: float
    """Of the veins, 0-1."""


_STONES = {
    "carrara": _Stone((238, 237, 235), (214, 215, 217), (140, 144, 150), (176, 178, 182), 0.75),
    "calacatta": _Stone((241, 238, 232), (226, 222, 214), (150, 138, 120), (190, 172, 140), 0.85),
    "crema": _Stone((231, 217, 194), (214, 196, 168), (178, 146, 108), (240, 230, 212), 0.6),
    "nero": _Stone((30, 30, 33), (44, 44, 48), (196, 190, 182), (120, 118, 116), 0.8),
    "verde": _Stone((34, 66, 54), (50, 88, 72), (176, 200, 184), (104, 140, 122), 0.6),
    "rosa": _Stone((228, 204, 196), (214, 182, 174), (172, 124, 114), (240, 224, 218), 0.6),
}

_LIKELY = (0.3, 0.25, 0.15, 0.12, 0.08, 0.10)
"""How often each is drawn: pale stones suit most products."""

_SPAN = 2.6
"""Side of the square of rock, on the ground."""

_TILE = 768
"""Pixels of that square: veins' courses are smooth, and their grain is added from a finer tile."""


def draw(setting: Setting) -> Scene:
    """A polished marble top."""
    return table(setting, material=surface, backdrop=backdrop.choose_backdrop)


def surface(rng: np.random.Generator, plane: Ground, _setting: Setting, _lit: Lighting) -> Surface:
    """One slab."""
    stone = _STONES[str(rng.choice(tuple(_STONES), p=_LIKELY))]
    turn = rng.uniform(-65, -25) if rng.random() < 0.5 else rng.uniform(25, 65)
    shift = (float(rng.uniform(0, _SPAN)), float(rng.uniform(0, _SPAN)))
    fields = np.dstack((_fold(rng, 0.40), _fold(rng, 0.24), _cloud(rng)))
    fields = plane.laid(fields, span=_SPAN, turn=turn, shift=shift)
    rough = plane.laid(
        fractal(rng, (512, 512), cell=0.16, octaves=6, gain=0.6, tiled=True), span=0.83, turn=12
    )
    bold, thin, cloud = fields[..., 0], fields[..., 1], fields[..., 2]
    veins = _veins(bold + 0.028 * rough, width=0.045) * smoothstep(cloud + 0.2 * rough, -1.3, 0.7)
    halo = _veins(bold + 0.06 * rough, width=0.24) * smoothstep(cloud, -1.2, 0.8)
    hairs = _veins(thin + 0.020 * rough, width=0.02) * smoothstep(-cloud + 0.3 * rough, -1.0, 0.9)
    image = mix(
        linear(stone.base), linear(stone.cloud), smoothstep(cloud + 0.35 * rough, -1.0, 2.0)
    )
    image = mix(image, linear(stone.vein), 0.42 * stone.strength * halo)
    image = mix(image, linear(stone.vein), stone.strength * veins)
    image = mix(image, linear(stone.hairline), 0.75 * stone.strength * hairs)
    crystals = plane.laid(fractal(rng, (512, 512), cell=0.02, octaves=3, tiled=True), span=0.3)
    image *= (1 + 0.012 * crystals)[..., None]
    return Surface(image, polish=float(rng.uniform(0.6, 0.85)), roughness=0.012)


def _veins(field: Plane, *, width: float) -> Plane:
    """1 where `field` is zero, falling off within about `width`, with soft feet."""
    away = np.abs(field) / np.float32(width)
    return np.asarray(1 / (1 + away * away) ** 1.5, np.float32)


def _fold(rng: np.random.Generator, cell: float) -> Plane:
    """A tiled field whose zero lines run like cracks in folded rock.

    Noise, stretched and twice displaced by other noise.
    """
    shape = (_TILE, _TILE)
    field = fractal(rng, shape, cell=cell, octaves=4, gain=0.45, stretch=(3.0, 0.7), tiled=True)
    for reach, lump in ((0.055, 0.5), (0.018, 0.16)):
        push = [fractal(rng, shape, cell=lump, octaves=4, gain=0.5, tiled=True) for _ in range(2)]
        grid = np.arange(_TILE, dtype=np.float32)
        x = np.mod(grid[None, :] + push[0] * np.float32(reach * _TILE), _TILE)
        y = np.mod(grid[:, None] + push[1] * np.float32(reach * _TILE), _TILE)
        wrapped = np.pad(field, ((0, 2), (0, 2)), mode="wrap")
        field = cv2.remap(wrapped, x, y, cv2.INTER_LINEAR)
    return np.asarray(field, np.float32)


def _cloud(rng: np.random.Generator) -> Values:
    return fractal(rng, (_TILE, _TILE), cell=0.4, octaves=4, gain=0.55, tiled=True)
