"""The end of the year: lights out of focus, fir and baubles, on a dark polished table."""

import numpy as np

from transforms.scenes import fir, wood
from transforms.scenes.backdrop import canvas
from transforms.scenes.ground import Ground
from transforms.scenes.lens import bokeh
from transforms.scenes.light import Light3, Values, linear, mixed, shares
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Scene
from transforms.scenes.season import at_margin, at_sides, lit_by, season
from transforms.scenes.setting import Setting
from transforms.scenes.sprite import Layer, Sprite, lay
from transforms.scenes.table import Lighting, Surface, blurred_backdrop

_DARK = tuple(
    linear(c) for c in ((18, 38, 30), (20, 28, 48), (34, 30, 30), (78, 16, 20), (52, 12, 18))
)
_LAMPS = np.array(((1.0, 0.66, 0.26), (1.0, 0.76, 0.40), (1.0, 0.55, 0.18)), np.float32)
_BALLS = tuple(linear(c) for c in ((150, 22, 26), (196, 150, 62), (190, 192, 196), (24, 74, 52)))
_LIGHT = lit_by((1.0, 0.84, 0.62), elevation=(34, 48), softness=0.5, shade=(0.15, 0.3))


def draw(setting: Setting) -> Scene:
    """A dark table before a lit tree."""
    return season(
        setting,
        material=_top,
        backdrop=_lights,
        around=_around,
        beside=_beside,
        near=_near,
        light=_LIGHT,
    )


def bauble(rng: np.random.Generator, colour: Values) -> Sprite:
    """A glass ball that mirrors a window and the dark room."""
    side = 300
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(axis, axis)
    radius = np.hypot(x, y)
    alpha = np.clip((0.97 - radius) * side / 3, 0, 1)
    height = np.sqrt(np.clip(1 - (radius / 0.97) ** 2, 0, 1))
    facing = np.clip(0.55 * x - 0.5 * y + 0.65 * height, 0, 1)
    room = 0.10 + 0.55 * facing**1.6 + 0.28 * np.clip(y - 0.2, 0, 1) * radius
    image = np.asarray(colour, np.float32) * room[..., None] * np.float32(1.25)
    rim = np.clip((radius - 0.72) / 0.25, 0, 1) ** 2
    image = image + (rim * 0.12)[..., None] * mixed(colour, np.ones(3, np.float32), 0.6)
    for at, size, power in ((0.42, 0.16, 2.2), (-0.55, 0.09, 0.5)):
        pane = np.exp(
            -((((x - at) / size) ** 2 + ((y + 0.42 * abs(at) / 0.42) / (size * 1.3)) ** 2) ** 2)
        )
        image = image + (pane * power)[..., None] * np.array((1.0, 0.9, 0.75), np.float32)
    image = image * (1 + 0.02 * fractal(rng, (side, side), cell=0.1))[..., None]
    return Sprite(np.asarray(image * alpha[..., None], np.float32), np.asarray(alpha, np.float32))


def _top(rng: np.random.Generator, plane: Ground, setting: Setting, lit: Lighting) -> Surface:
    """Wood, stained dark and polished."""
    drawn = wood.surface(rng, plane, setting, lit)
    grey = drawn.albedo.mean(axis=2, keepdims=True)
    level = grey / max(1e-3, float(grey.mean()))
    stain = linear((84, 56, 40)) * np.float32(rng.uniform(0.7, 1.2))
    stained = stain * np.clip(level, 0.3, 2.0)
    return Surface(np.asarray(stained, np.float32), polish=0.75, roughness=0.03)


def _lights(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    del lit
    shape = canvas(setting)
    x, y = shares(*shape)
    tone = _DARK[int(rng.integers(len(_DARK)))]
    glow = np.exp(-(((x - rng.uniform(-0.3, 0.3)) / 0.5) ** 2) - ((y - 0.3) / 0.4) ** 2)
    dim = 0.6 + 1.6 * glow + 0.08 * fractal(rng, shape, cell=0.4)
    soft = blurred_backdrop(np.asarray(tone * dim[..., None], np.float32), setting, 0.02)
    tree = float(rng.choice((0.12, 0.88)))
    for _ in range(5):
        lay(
            soft,
            fir.twig(rng),
            x=float(tree + rng.normal(0, 0.1)),
            y=float(rng.uniform(0.05, horizon)),
            size=float(rng.uniform(0.4, 0.7)),
            angle=float(rng.uniform(90, 270)),
            blur=0.028,
            gain=0.5,
        )
    for count, radius, strength in (
        (60, (0.006, 0.014), 1.1),
        (38, (0.014, 0.034), 0.7),
        (13, (0.03, 0.055), 0.3),
    ):
        bokeh(
            soft,
            rng,
            count=count,
            colours=_LAMPS,
            radius=radius,
            region=(0, -0.02, 1, horizon - 0.01),
            strength=(0.06, strength),
        )
    return soft


def _around(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    side = -1 if lit.light.azimuth_deg > 0 else 1
    for _ in range(int(rng.integers(5, 8))):
        x, y = at_margin(rng, clear=0.43)
        inward = np.degrees(np.arctan2(0.5 - x, y - 0.5))
        lay(
            picture,
            fir.twig(rng),
            x=x,
            y=y,
            size=float(rng.uniform(0.36, 0.52)),
            angle=float(inward + rng.uniform(-55, 55)),
            shadow=0.6,
            shadow_offset=(0.014 * side, 0.012),
            shadow_blur=0.012,
            gain=0.62,
        )
    for _ in range(int(rng.integers(3, 6))):
        x, y = at_margin(rng, clear=0.37)
        _ball(rng, picture, setting, (x, y, 1.0, 0.0), side)


def _beside(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    side = -1 if lit.light.azimuth_deg > 0 else 1
    for place in at_sides(rng, setting, int(rng.integers(2, 5)), far=1.2):
        x, y, scale, blur = place
        lay(
            picture,
            fir.twig(rng),
            x=round(x),
            y=y - 0.06 * scale,
            size=0.34 * scale,
            angle=float((-90 if round(x) else 90) + rng.uniform(-30, 30)),
            squash=0.6,
            blur=blur + 0.002,
            shadow=0.5,
            shadow_offset=(0, 0.02),
            shadow_blur=0.012,
            gain=0.5,
        )
        _ball(rng, picture, setting, (x, y, scale, blur), side)


def _ball(
    rng: np.random.Generator,
    picture: Light3,
    setting: Setting,
    place: tuple[float, float, float, float],
    side: int,
) -> None:
    """A bauble resting at a place: x, y of its foot, size, blur."""
    x, y, scale, blur = place
    brand = linear(setting.palette[int(rng.integers(len(setting.palette)))])
    colour = brand if rng.random() < 0.25 else _BALLS[int(rng.integers(len(_BALLS)))]
    size = float(rng.uniform(0.09, 0.13)) * scale
    lift = 0.0 if setting.view == "overhead" else size / 2
    lay(
        picture,
        bauble(rng, colour),
        x=x,
        y=y - lift,
        size=size,
        blur=blur,
        shadow=0.75,
        shadow_offset=(0.012 * side * scale, size * 0.16),
        shadow_blur=0.02 * scale,
    )


def _near(rng: np.random.Generator, layer: Layer, setting: Setting) -> None:
    del setting
    side = float(rng.choice((0, 1)))
    lay(
        layer,
        fir.twig(rng),
        x=side,
        y=float(rng.uniform(0.0, 0.15)),
        size=float(rng.uniform(0.5, 0.7)),
        angle=float((1 - 2 * side) * rng.uniform(95, 130)),
        blur=0.02,
        gain=0.7,
    )
