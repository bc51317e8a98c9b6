"""Summer: sand, the sea behind it, and the shadow of palms."""

import math

import numpy as np

from transforms.scenes import drift, props
from transforms.scenes.backdrop import canvas
from transforms.scenes.ground import Ground
from transforms.scenes.light import Light3, linear, mix, shares, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.season import LYING, at_margin, at_sides, lit_by, season
from transforms.scenes.sprite import Layer, Sprite, lay
from transforms.scenes.table import Lighting, Surface, blur_backdrop

_SAND = (linear((242, 224, 190)), linear((248, 236, 210)), linear((232, 208, 168)))
_DAMP = np.array((0.72, 0.665, 0.60), np.float32)
"""Of the sand's light: slopes away from the sun, of which each grain lights the next."""
_GLITTER = np.array(((1.0, 1.0, 0.94), (1.0, 0.97, 0.86)), np.float32)
_SHELLS = tuple(linear(c) for c in ((246, 232, 216), (236, 206, 184), (250, 244, 236)))
_LIGHT = lit_by((1.0, 0.96, 0.87), elevation=(46, 62), softness=0.15, shade=(0.30, 0.5))


def draw(setting: Setting) -> Scene:
    """A beach."""
    return season(
        setting,
        material=_beach,
        backdrop=_sea,
        around=_around,
        beside=_beside,
        near=_near,
        light=_LIGHT,
    )


def _beach(rng: np.random.Generator, plane: Ground, _setting: Setting, lit: Lighting) -> Surface:
    sand = _SAND[int(rng.integers(len(_SAND)))] * np.float32(0.94)
    grains = drift.Grains(
        colour=sand,
        shade=sand * _DAMP,
        forms=0.32,
        dimples=0.24,
        grain=0.085,
        ripples=0.85,
        smooth=0.45,
    )
    return drift.surface(rng, plane, lit, grains)


def _sea(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    shape = canvas(setting)
    side = math.copysign(1.0, lit.light.azimuth_deg)
    x, y = shares(*shape)
    line = horizon * float(rng.uniform(0.48, 0.6))
    up = np.clip(y / line, 0, 1)
    sky = mix(
        linear((92, 164, 222)), linear((214, 234, 246)), (up**1.3)[..., None] + 0 * x[..., None]
    )
    clouds = fractal(rng, shape, cell=0.5, octaves=5, gain=0.55, stretch=(2.4, 1.0))
    sky = mix(sky, np.ones(3, np.float32), 0.75 * smoothstep(clouds, 0.3, 1.8))
    deep = smoothstep(y, line, horizon)
    water = mix(linear((24, 118, 168)), linear((116, 214, 208)), deep[..., None] + 0 * x[..., None])
    waves = fractal(rng, shape, cell=0.1, octaves=4, gain=0.7, stretch=(5.0, 0.5))
    water = water * (1 + 0.16 * waves)[..., None]
    crest = np.zeros(shape, np.float32)
    for at, thick in ((0.55, 0.006), (0.8, 0.010), (0.97, 0.016)):
        edge = line + at * (horizon - line) + 0.006 * fractal(rng, (1, shape[1]), cell=60.0)
        crest += np.exp(-(((y - edge) / thick) ** 2)) * np.float32(0.35 + 0.6 * at)
    water = mix(water, np.ones(3, np.float32), np.clip(crest, 0, 0.9))
    image = mix(sky, water, smoothstep(y, line - 0.003, line + 0.003) + 0 * x)
    image = image * (0.9 + 0.2 * np.exp(-(((x - side * 0.3) / 0.5) ** 2)))[..., None]
    image = image + _glitter(rng, shape, (line, horizon), side)
    return blur_backdrop(np.asarray(image, np.float32), setting, rng.uniform(0.007, 0.012))


def _glitter(
    rng: np.random.Generator, shape: tuple[int, int], sea: tuple[float, float], side: float
) -> Light3:
    """The sun's path on the waves, to be blurred with them: (height, width, 3)."""
    x, y = shares(*shape)
    line, shore = sea
    share = np.clip((y - line) / max(1e-3, shore - line), 0, 1)
    # Facets are small near the line and longer near the shore; the path widens towards it.
    near = fractal(rng, shape, cell=0.02, octaves=3, gain=0.8, stretch=(3.0, 0.45))
    path = np.exp(-(((x - side * 0.3) / (0.10 + 0.16 * share)) ** 2))
    on_sea = smoothstep(y, line, line + 0.012) * smoothstep(y, shore - 0.02, shore - 0.06)
    flash = smoothstep(near, 1.1, 2.4) * path * on_sea
    return np.asarray(flash[..., None] * (_GLITTER[1] * np.float32(3.2)), np.float32)


def shell(rng: np.random.Generator) -> Sprite:
    """A scallop."""
    side = 160
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(axis, axis)
    hinge = y - 0.78
    angle = np.arctan2(x, -hinge)
    reach = np.hypot(x, hinge) / (1.62 * (1 - 0.16 * (np.abs(angle) / 0.95) ** 2))
    reach = reach * (1 + 0.02 * np.cos(angle * 22))
    alpha = np.clip((1 - reach) * side / 3, 0, 1) * np.clip((0.98 - np.abs(angle)) * 24, 0, 1)
    ribs = 0.86 + 0.16 * np.cos(angle * 22) * np.clip(reach, 0, 1)
    rings = 1 - 0.10 * smoothstep(np.abs(np.mod(reach * 5, 1) - 0.5), 0.2, 0.0)
    tone = _SHELLS[int(rng.integers(len(_SHELLS)))]
    image = tone * (ribs * rings * (0.75 + 0.3 * np.cos(angle - 0.6)))[..., None]
    return Sprite(np.asarray(image * alpha[..., None], np.float32), np.asarray(alpha, np.float32))


def _around(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    del setting
    side = -1 if lit.light.azimuth_deg > 0 else 1
    for _ in range(int(rng.integers(4, 8))):
        x, y = at_margin(rng, clear=0.34)
        lay(
            picture,
            shell(rng),
            x=x,
            y=y,
            size=float(rng.uniform(0.05, 0.09)),
            angle=float(rng.uniform(0, 360)),
            shadow=0.6,
            shadow_offset=(0.008 * side, 0.007),
            shadow_blur=0.005,
        )


def _beside(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    side = -1 if lit.light.azimuth_deg > 0 else 1
    for x, y, scale, blur in at_sides(rng, setting, int(rng.integers(3, 6))):
        lay(
            picture,
            shell(rng),
            x=x,
            y=y,
            size=float(rng.uniform(0.07, 0.10)) * scale,
            angle=float(rng.uniform(-60, 60)),
            squash=min(1.0, LYING[setting.view] + 0.2),
            blur=blur,
            shadow=0.6,
            shadow_offset=(0.009 * side * scale, 0.003),
            shadow_blur=0.004,
        )


def _near(rng: np.random.Generator, layer: Layer, setting: Setting) -> None:
    del setting
    side = float(rng.choice((0, 1)))
    green = linear((66, 112, 52))
    for _ in range(6):
        lay(
            layer,
            props.leaf(rng, green, slim=0.1),
            x=side + (0.5 - side) * 0.02,
            y=-0.04,
            size=float(rng.uniform(0.55, 0.8)),
            angle=float((1 - 2 * side) * rng.uniform(90, 170)),
            blur=0.022,
            gain=float(rng.uniform(0.6, 1)),
        )
