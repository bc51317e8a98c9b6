"""Studio sweeps: seamless paper that curves from the table up the wall, under a softbox."""

import numpy as np

from transforms.scenes.ground import STAND
from transforms.scenes.lens import vignette
from transforms.scenes.light import Values, develop, linear, luminance, mix, shares, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Light, Scene, Setting

_GREYS = (0.14, 0.5)
"""Darkest and lightest grey paper, in linear light: charcoal to storm grey."""

_WHITE = np.array((0.95, 0.95, 0.94), np.float32)

_MUDDY = 0.75
"""A gradient whose middle has less than this share of its ends' saturation looks dirty."""

_DEEP = 0.2
"""Darker paper shows more of its sheen, in linear light."""

_CURVE = {"level": 0.66, "raised": 0.30, "overhead": 0.0}
"""Where the paper leaves the table, as a share of the height."""


def white(setting: Setting) -> Scene:
    """White paper, as marketplaces ask for it."""
    return _swept(setting, _WHITE, _WHITE, falloff=0.22)


def grey(setting: Setting) -> Scene:
    """Grey paper, lighter or darker by seed."""
    level = setting.rng.uniform(*np.sqrt(_GREYS)) ** 2
    warmth = setting.rng.uniform(-0.02, 0.03)
    paper = np.array((level * (1 + warmth), level, level * (1 - warmth)), np.float32)
    return _swept(setting, paper, paper, falloff=0.45)


def brand(setting: Setting) -> Scene:
    """Paper in the brand's first colour."""
    paper = _paper(linear(setting.palette[0]))
    return _swept(setting, paper, paper, falloff=0.4)


def gradient(setting: Setting) -> Scene:
    """Paper that runs from the brand's first colour to its second.

    Opposite hues meet in grey; from such a first colour it runs to a tint of itself.
    """
    first = _paper(linear(setting.palette[0]))
    second = mix(first, _WHITE, 0.55)
    if len(setting.palette) > 1:
        asked = linear(setting.palette[1])
        vivid = min(_saturation(first), _saturation(asked))
        if _saturation((first + asked) / 2) >= _MUDDY * vivid:
            second = asked
    return _swept(setting, first, _paper(second), falloff=0.25)


def _saturation(colour: Values) -> float:
    return float((colour.max() - colour.min()) / max(float(colour.max()), 1e-6))


def _paper(colour: Values) -> Values:
    """What a dyed paper of that colour reflects: never quite black, nor as bright as light."""
    return np.clip(colour, 0.006, 0.93).astype(np.float32)


def _swept(setting: Setting, floor: Values, wall: Values, *, falloff: float) -> Scene:
    """A sweep of paper.

    Args:
        setting: Size, view and seed.
        floor: Linear RGB, (3,), of the paper near the camera.
        wall: The same of its upper end.
        falloff: How much darker the paper is away from the softbox.
    """
    rng, height, width, view = setting.rng, setting.height, setting.width, setting.view
    side = float(rng.choice((-1, 1)))
    azimuth, elevation = side * rng.uniform(25, 60), rng.uniform(45, 65)
    x, y = shares(height, width)
    centre_x = side * rng.uniform(0.02, 0.22) * width / height
    halo_y, reach = rng.uniform(0.25, 0.40), rng.uniform(0.60, 0.85)
    # The softbox lights the table under it; a second, weaker pool is its spill on the wall.
    pool = np.exp(-(((x - centre_x) / 0.95) ** 2) - ((y - STAND[view]) / 0.6) ** 2)
    halo = np.exp(-((x - centre_x * 0.6) ** 2 + (y - halo_y) ** 2) / reach**2)
    if view == "overhead":
        away = (x - centre_x) ** 2 + (y - 0.42) ** 2
        lit = (1 - falloff) + falloff * np.exp(-away / 0.6)
        brightness = lit * (1 - 0.2 * smoothstep(y * 0.5 - x * side, -0.6, 1.1))
        share = smoothstep(y + 0.25 * x * side, 1.15, -0.15)
    else:
        # Paper bends over a third of the picture; while it bends it faces neither lamp nor room.
        turn, bend = _CURVE[view], rng.uniform(0.20, 0.28)
        upright = smoothstep(y, turn + 0.8 * bend, turn - 1.2 * bend)
        hollow = 1 - 0.05 * np.exp(-(((y - turn) / bend) ** 2))
        table = 1 - 0.45 * falloff * (1 - pool)
        back = (1 - falloff) + 0.75 * falloff * halo
        brightness = mix(table, back, upright) * hollow
        brightness = brightness * (1 - 0.10 * smoothstep(-side * x, -0.4, 1.0))
        share = smoothstep(y, turn + 0.4, -0.1)
    fibre = fractal(rng, (height, width), cell=0.004, octaves=2, gain=0.7)
    brightness = brightness * (1 + np.float32(0.004) * fibre)
    paper = mix(floor, wall, np.broadcast_to(share, (height, width)))
    light = vignette(paper * np.asarray(brightness, np.float32)[..., None] * 1.04, 0.12)
    deep = float(luminance(floor)) < _DEEP
    return Scene(
        pixels=develop(light, rng),
        view=view,
        horizon=_CURVE[view],
        stand=STAND[view],
        light=Light(float(azimuth), float(elevation), (1.0, 0.985, 0.965), 0.75),
        gloss=0.12 if deep else 0.06,
    )
