"""Autumn: low warm light between trunks, and fallen leaves."""

import math

import cv2
import numpy as np

from transforms.scenes import leaves, wood
from transforms.scenes.backdrop import canvas
from transforms.scenes.ground import Ground
from transforms.scenes.lens import bokeh
from transforms.scenes.light import Light3, linear, mix, shares, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.season import LYING, at_sides, corners, lit_by, season
from transforms.scenes.sprite import Layer, lay
from transforms.scenes.table import Lighting, Surface, blur_backdrop

_WOODS = ("oak", "teak", "walnut", "smoked oak")
"""Paler ones first: seen from above dark things must show on them."""
_DIFFERENT = 9
"""Leaves that are drawn; turned and lit differently nobody knows them again."""
_GOLD = np.array(((1.0, 0.72, 0.3), (1.0, 0.55, 0.18), (1.0, 0.85, 0.5)), np.float32)
_LIGHT = lit_by((1.0, 0.90, 0.74), elevation=(22, 36), softness=0.4, shade=(0.25, 0.45))


def draw(setting: Setting) -> Scene:
    """A wooden table at the edge of a wood."""
    return season(
        setting,
        material=_top,
        backdrop=_wood,
        around=_around,
        beside=_beside,
        near=_near,
        light=_LIGHT,
    )


def _top(rng: np.random.Generator, plane: Ground, _setting: Setting, _lit: Lighting) -> Surface:
    """Old boards, brown or grey: pale new ones belong to spring."""
    overhead = plane.view == "overhead"
    return wood.boards(rng, plane, str(rng.choice(_WOODS[:2] if overhead else _WOODS)))


def _wood(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    rows, columns = shape = canvas(setting)
    side = math.copysign(1.0, lit.light.azimuth_deg)
    x, y = shares(*shape)
    field = fractal(rng, shape, cell=0.45, octaves=4, gain=0.6)
    image = mix(linear((52, 34, 18)), linear((150, 84, 26)), smoothstep(field, -1.2, 1.1))
    crowns = fractal(rng, shape, cell=0.13, octaves=3, gain=0.7)
    image = mix(image, linear((236, 164, 62)), 0.85 * smoothstep(crowns + 0.6 * field, 0.5, 1.8))
    for _ in range(int(rng.integers(6, 11))):
        where, wide = rng.uniform(-0.05, 1.05) * columns, rng.uniform(0.012, 0.05) * rows
        tone = linear((60, 44, 34)) * np.float32(rng.uniform(0.4, 1.2))
        lean = rng.normal(0, 0.03) * rows
        ends = [
            (where - wide / 2 + lean, 0),
            (where + wide / 2 + lean, 0),
            (where + wide * 0.7, horizon * rows + 4),
            (where - wide * 0.7, horizon * rows + 4),
        ]
        trunk = np.zeros(shape, np.float32)
        cv2.fillPoly(trunk, [np.array(ends, np.int32)], 1.0, cv2.LINE_AA)
        image = mix(image, tone, trunk * np.float32(rng.uniform(0.5, 0.95)))
    glow = np.exp(-(((x - side * 0.28) / 0.34) ** 2) - ((y - 0.2) / 0.3) ** 2)
    image = image * (0.55 + 1.1 * glow)[..., None]
    image += glow[..., None] * np.array((0.75, 0.5, 0.2), np.float32)
    soft = blur_backdrop(np.asarray(image, np.float32), setting, rng.uniform(0.02, 0.03))
    bokeh(
        soft,
        rng,
        count=int(rng.integers(34, 52)),
        colours=_GOLD,
        radius=(0.012, 0.045),
        region=(0, 0, 1, horizon),
        strength=(0.05, 0.5),
    )
    _carpet(rng, soft, horizon)
    return soft


def _carpet(rng: np.random.Generator, soft: Light3, horizon: float) -> None:
    """Leaves on the ground of the wood, seen over the table's far edge, in place."""
    drawn = [leaves.any_leaf(rng) for _ in range(6)]
    for _ in range(int(rng.integers(36, 52))):
        size = float(rng.uniform(0.05, 0.09))
        lay(
            soft,
            drawn[int(rng.integers(len(drawn)))],
            x=float(rng.uniform(-0.02, 1.02)),
            y=horizon - float(rng.exponential(0.006)),
            size=size,
            angle=float(rng.uniform(0, 360)),
            squash=0.3,
            blur=0.012,
            gain=float(rng.uniform(0.4, 1.0)),
        )


def _around(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    side = -1 if lit.light.azimuth_deg > 0 else 1
    drawn = [leaves.any_leaf(rng) for _ in range(_DIFFERENT)]
    for x, y in corners(rng, int(rng.integers(20, 30)), setting):
        lay(
            picture,
            drawn[int(rng.integers(len(drawn)))],
            x=x,
            y=y,
            size=float(rng.uniform(0.13, 0.25)),
            angle=float(rng.uniform(0, 360)),
            shadow=0.6,
            shadow_offset=(0.012 * side, 0.008),
            shadow_blur=0.008,
            gain=float(rng.uniform(0.75, 1.05)),
        )


def _beside(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    side = -1 if lit.light.azimuth_deg > 0 else 1
    drawn = [leaves.any_leaf(rng) for _ in range(_DIFFERENT)]
    for x, y, scale, blur in at_sides(rng, setting, int(rng.integers(13, 20))):
        lay(
            picture,
            drawn[int(rng.integers(len(drawn)))],
            x=x,
            y=y,
            size=float(rng.uniform(0.15, 0.25)) * scale,
            angle=float(rng.uniform(0, 360)),
            squash=LYING[setting.view],
            blur=blur,
            shadow=0.7,
            shadow_offset=(0.012 * side * scale, 0.005 * scale),
            shadow_blur=0.007 * scale,
            gain=float(rng.uniform(0.65, 1.0)),
        )


def _near(rng: np.random.Generator, layer: Layer, setting: Setting) -> None:
    del setting
    side = float(rng.choice((0, 1)))
    for low, size in ((0.02, 0.36), (0.99, 0.3)):
        lay(
            layer,
            leaves.any_leaf(rng),
            x=side + (0.5 - side) * float(rng.uniform(-0.04, 0.06)),
            y=low + float(rng.normal(0, 0.03)),
            size=float(size * rng.uniform(0.8, 1.1)),
            angle=float(rng.uniform(0, 360)),
            blur=0.026,
            gain=0.85,
        )
