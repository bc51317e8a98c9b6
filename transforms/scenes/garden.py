"""A green garden in summer light, and leaves."""

import numpy as np

from transforms.scenes import props, wood
from transforms.scenes.backdrop import canvas
from transforms.scenes.ground import Ground
from transforms.scenes.lens import bokeh
from transforms.scenes.light import Light3, Values, linear, mix, shares, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.season import LYING, at_margin, at_sides, lit_by, season
from transforms.scenes.sprite import Layer, lay
from transforms.scenes.table import Lighting, Surface, blur_backdrop

_GAPS = np.array(((1.0, 1.02, 0.84), (1.0, 1.0, 0.95), (0.86, 1.0, 0.66)), np.float32)
"""Light that falls through a hedge."""
_WOODS = ("teak", "oak")
_GREENS = tuple(linear(c) for c in ((66, 92, 50), (84, 108, 60), (58, 82, 54)))
_LIGHT = lit_by((1.0, 0.97, 0.90), elevation=(40, 56), softness=0.35, shade=(0.22, 0.40))


def draw(setting: Setting) -> Scene:
    """A wooden table in a garden."""
    return season(
        setting,
        material=_top,
        backdrop=_garden,
        around=_around,
        beside=_beside,
        near=_near,
        light=_LIGHT,
    )


def hedge(
    rng: np.random.Generator,
    setting: Setting,
    lit: Lighting,
    horizon: float,
    *,
    sky_seen: float = 0.9,
) -> Light3:
    """Far hedges, a lit lawn, and the sky between leaves, out of focus: (rows, columns, 3)."""
    shape = canvas(setting)
    x, y = shares(*shape)
    side = np.float32(np.sign(lit.light.azimuth_deg))
    aspect = np.float32(setting.width / setting.height)
    field = fractal(rng, shape, cell=0.42, octaves=5, gain=0.62)
    image = mix(linear((58, 84, 50)), linear((142, 170, 96)), smoothstep(field, -1.3, 1.2))
    leaves = fractal(rng, shape, cell=0.07, octaves=3, gain=0.8)
    image = mix(image, linear((204, 218, 150)), 0.75 * smoothstep(leaves + 0.6 * field, 0.7, 2.2))
    sky = np.exp(-(((x - 0.24 * side * aspect) / 0.55) ** 2) - ((y + 0.05) / 0.42) ** 2)
    gaps = smoothstep(fractal(rng, shape, cell=0.16, octaves=3, gain=0.7) + 2.0 * sky, 0.6, 2.2)
    image = mix(image, np.array((0.98, 1.04, 1.06), np.float32) * 1.25, sky_seen * gaps)
    lawn = smoothstep(y, horizon - 0.16, horizon - 0.05)
    image = mix(image, linear((150, 182, 92)) * np.float32(1.15), 0.8 * (lawn + 0 * x))
    image = image * (0.86 + 0.5 * sky)[..., None] + 0.05
    soft = blur_backdrop(np.asarray(image, np.float32), setting, rng.uniform(0.026, 0.036))
    bokeh(
        soft,
        rng,
        count=int(rng.integers(8, 15)),
        colours=_GAPS,
        radius=(0.016, 0.034),
        region=(0, 0, 1, horizon - 0.05),
        strength=(0.05, 0.22),
    )
    return soft


def _top(rng: np.random.Generator, plane: Ground, _setting: Setting, _lit: Lighting) -> Surface:
    """Boards that have been outside for some summers: greyer than indoors."""
    drawn = wood.boards(rng, plane, str(rng.choice(_WOODS)))
    grey = drawn.albedo.mean(axis=2, keepdims=True) * np.array((1.06, 1.0, 0.92), np.float32)
    weathered = mix(drawn.albedo, np.asarray(grey, np.float32), np.float32(rng.uniform(0.4, 0.7)))
    return Surface(
        np.asarray(np.clip(weathered * 1.08, 0.02, 0.95), np.float32),
        polish=drawn.polish * 0.4,
        roughness=drawn.roughness,
        relief=drawn.relief,
    )


def _garden(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    """The hedge, and twigs before it at two distances, each with its own blur."""
    soft = hedge(rng, setting, lit, horizon, sky_seen=0.5)
    twigs = [props.sprig(rng, _green(rng)) for _ in range(4)]
    for blur, count, size, gain in ((0.026, 7, (0.4, 0.6), 0.8), (0.012, 4, (0.4, 0.55), 0.9)):
        for _ in range(count):
            edge = float(rng.choice((-1, 1)))
            lay(
                soft,
                twigs[int(rng.integers(len(twigs)))],
                x=0.5 + edge * float(rng.uniform(0.32, 0.52)),
                y=float(rng.uniform(-0.06, 0.26)) * min(1.0, horizon / 0.5),
                size=float(rng.uniform(*size)),
                angle=float(-edge * rng.uniform(70, 150)),
                flip=bool(rng.random() < 0.5),
                blur=blur,
                gain=gain * float(rng.uniform(0.8, 1.1)),
            )
    return soft


def _green(rng: np.random.Generator) -> Values:
    return _GREENS[int(rng.integers(len(_GREENS)))]


def _around(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    del setting
    side = -1 if lit.light.azimuth_deg > 0 else 1
    for _ in range(int(rng.integers(3, 5))):
        x, y = at_margin(rng, clear=0.45)
        inward = np.degrees(np.arctan2(0.5 - x, y - 0.5))
        lay(
            picture,
            props.sprig(rng, _green(rng)),
            x=x,
            y=y,
            size=float(rng.uniform(0.32, 0.45)),
            angle=float(inward + rng.uniform(-60, 60)),
            shadow=0.4,
            shadow_offset=(0.016 * side, 0.014),
            shadow_blur=0.014,
        )


def _beside(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    """A cut twig or two at the sides, and leaves that fell."""
    away = -1 if lit.light.azimuth_deg > 0 else 1
    for x, y, scale, blur in at_sides(rng, setting, int(rng.integers(1, 4)), far=0.9, heaps=2):
        outwards = 1 if x > 0.5 else -1
        lay(
            picture,
            props.sprig(rng, _green(rng)),
            x=x + 0.10 * outwards * scale,
            y=y,
            size=0.5 * scale,
            angle=float(-90 * outwards + rng.uniform(-28, 28)),
            squash=min(1.0, LYING[setting.view] + 0.12),
            blur=blur + 0.0005,
            shadow=0.5,
            shadow_offset=(0.016 * away * scale, 0.007 * scale),
            shadow_blur=0.010 * scale,
        )
    for x, y, scale, blur in at_sides(rng, setting, int(rng.integers(3, 8))):
        lay(
            picture,
            props.leaf(rng, _green(rng)),
            x=x,
            y=y,
            size=float(rng.uniform(0.06, 0.09)) * scale,
            angle=float(rng.uniform(0, 360)),
            squash=LYING[setting.view],
            blur=blur,
            shadow=0.5,
            shadow_offset=(0.004 * away * scale, 0.002 * scale),
            shadow_blur=0.003 * scale,
        )


def _near(rng: np.random.Generator, layer: Layer, setting: Setting) -> None:
    del setting
    side = float(rng.choice((0, 1)))
    lay(
        layer,
        props.sprig(rng, _green(rng)),
        x=side,
        y=float(rng.uniform(0.0, 0.1)),
        size=float(rng.uniform(0.4, 0.55)),
        angle=float((1 - 2 * side) * rng.uniform(100, 135)),
        blur=0.020,
        gain=0.85,
    )
