"""Winter: snow, firs out of focus, and flakes in the air."""

import math

import cv2
import numpy as np

from transforms.scenes import drift, fir
from transforms.scenes.backdrop import canvas
from transforms.scenes.ground import HORIZON, Ground
from transforms.scenes.light import Light3, Plane, linear, mix, shares, smoothstep
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.season import LYING, at_sides, corners, lit_by, season
from transforms.scenes.sprite import Layer, Sprite, lay
from transforms.scenes.table import Lighting, Surface, blur_backdrop

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


def let_snow_fall(rng: np.random.Generator, picture: Light3, *, until: float) -> None:
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
    picture[...] = mix(picture, _WHITE, shown)


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


_SNOW = drift.Grains(
    colour=linear((250, 250, 252)),
    shade=linear((214, 222, 236)),
    forms=0.55,
    dimples=0.22,
    grain=0.022,
    sparkle=0.5,
    smooth=0.36,
)
_AIR = (linear((206, 220, 236)), linear((226, 226, 228)), linear((188, 204, 226)))
_SUN = np.array((1.0, 0.86, 0.66), np.float32)
_LIGHT = lit_by((1.0, 0.95, 0.87), elevation=(28, 40), softness=0.42, shade=(0.08, 0.22))


def draw(setting: Setting) -> Scene:
    """A snow field in front of firs."""
    return season(
        setting,
        material=_ground,
        backdrop=_firs,
        around=_around,
        beside=_air,
        near=_near,
        light=_LIGHT,
    )


def _ground(rng: np.random.Generator, plane: Ground, _setting: Setting, lit: Lighting) -> Surface:
    return drift.surface(rng, plane, lit, _SNOW)


def _firs(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    shape = canvas(setting)
    haze = _AIR[int(rng.integers(len(_AIR)))]
    image = fir.wood_far_away(rng, shape, ground=horizon + 0.03, haze=haze, snow=0.75)
    soft = blur_backdrop(image, setting, rng.uniform(0.015, 0.024))
    x, y = shares(*soft.shape[:2])
    bank = smoothstep(y, horizon - 0.12, horizon + 0.01)
    soft = mix(soft, haze * np.float32(1.08), 0.7 * (bank + 0 * x))
    # The low sun behind the wood, on the side that the light comes from.
    side = np.float32(np.sign(lit.light.azimuth_deg) * 0.42 * setting.width / setting.height)
    glow = np.exp(-(((x - side) / 0.5) ** 2) - ((y - horizon + 0.16) / 0.32) ** 2)
    return np.asarray(soft + _SUN * (0.34 * glow)[..., None], np.float32)


def _air(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    """Frosted sprigs and cones at the sides, and falling snow."""
    away = -1 if lit.light.azimuth_deg > 0 else 1
    squash = min(1.0, LYING[setting.view] + 0.12)
    for x, y, scale, blur in at_sides(rng, setting, int(rng.integers(2, 4)), far=0.9, heaps=2):
        lay(
            picture,
            fir.twig(rng, frost=0.6),
            x=x + (0.10 if x > 0.5 else -0.10) * scale,
            y=y,
            size=0.46 * scale,
            angle=float((-90 if x > 0.5 else 90) + rng.uniform(-30, 30)),
            squash=squash,
            blur=blur + 0.0006,
            shadow=0.42,
            shadow_offset=(0.016 * away * scale, 0.006 * scale),
            shadow_blur=0.012 * scale,
        )
        for _ in range(int(rng.integers(2, 5))):
            size = float(rng.uniform(0.016, 0.024)) * scale
            lay(
                picture,
                _berry(rng),
                x=x + float(rng.normal(0, 0.03)) * scale,
                y=y + (float(rng.normal(0, 0.03)) * LYING[setting.view] - 0.006) * scale,
                size=size,
                blur=blur,
                shadow=0.5,
                shadow_offset=(0.3 * size * away, 0.4 * size),
                shadow_blur=0.3 * size,
            )
    let_snow_fall(rng, picture, until=HORIZON[setting.view][1])


def _around(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    side = -1 if lit.light.azimuth_deg > 0 else 1
    for x, y in corners(rng, int(rng.integers(5, 8)), setting):
        inward = np.degrees(np.arctan2(0.5 - x, y - 0.5))
        lay(
            picture,
            fir.twig(rng, frost=0.55),
            x=x,
            y=y,
            size=float(rng.uniform(0.34, 0.5)),
            angle=float(inward + rng.uniform(-50, 50)),
            shadow=0.4,
            shadow_offset=(0.014 * side, 0.014),
            shadow_blur=0.012,
        )
        for _ in range(int(rng.integers(1, 4))):
            lay(
                picture,
                _berry(rng),
                x=x + float(rng.normal(0, 0.05)),
                y=y + float(rng.normal(0, 0.05)),
                size=float(rng.uniform(0.02, 0.028)),
                shadow=0.5,
                shadow_offset=(0.005 * side, 0.005),
                shadow_blur=0.005,
            )


def _berry(rng: np.random.Generator) -> Sprite:
    side = 48
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = axis[None], axis[:, None]
    radius = np.hypot(x, y)
    alpha = np.clip((0.94 - radius) * side / 4, 0, 1).astype(np.float32)
    round_off = np.sqrt(np.clip(1 - radius**2, 0, 1))
    red = linear((178, 30, 34)) * np.float32(rng.uniform(0.7, 1.1))
    image = red * (0.25 + 0.9 * round_off)[..., None]
    image += 0.7 * np.exp(-(((x - 0.3) / 0.16) ** 2 + ((y + 0.35) / 0.16) ** 2))[..., None]
    return Sprite(np.asarray(image * alpha[..., None], np.float32), alpha)


def _near(rng: np.random.Generator, layer: Layer, setting: Setting) -> None:
    side = float(rng.choice((0, 1)))
    lay(
        layer,
        fir.twig(rng, frost=0.8),
        x=side,
        y=float(rng.uniform(0.0, 0.12)),
        size=float(rng.uniform(0.5, 0.7)),
        angle=float((1 - 2 * side) * rng.uniform(95, 130)),
        blur=0.016,
    )
    del setting
