"""What is far behind a table: a wall, a room, a garden, the dark. Drawn small: it is blurred."""

import math

import cv2
import numpy as np

from transforms.scenes import gobo
from transforms.scenes.lens import bokeh
from transforms.scenes.light import Light3, Values, linear, mix, shares, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Setting
from transforms.scenes.table import Lighting, blur_backdrop

_WALLS = tuple(
    linear(colour)
    for colour in (
        (232, 227, 218),
        (214, 203, 187),
        (196, 190, 182),
        (184, 190, 180),
        (190, 198, 204),
        (206, 184, 168),
    )
)
"""Lime washes and paints that flatter most products."""

_ROWS = 420
"""Rows on which a backdrop is drawn; everything finer is lost to the blur."""


def choose_backdrop(
    rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float
) -> Light3:
    """One of the backdrops, by seed."""
    kind = rng.choice(("wall", "room", "garden", "dusk"), p=(0.45, 0.3, 0.15, 0.10))
    draw = {"wall": wall, "room": room, "garden": garden, "dusk": dusk}[str(kind)]
    return draw(rng, setting, lit, horizon)


def canvas(setting: Setting) -> tuple[int, int]:
    """Height and width on which a backdrop is drawn."""
    rows = min(setting.height, _ROWS)
    return rows, max(1, round(rows * setting.width / setting.height))


def choose_wall_colour(rng: np.random.Generator, setting: Setting) -> Values:
    """A wall's colour, (3,); sometimes a hint of the brand's."""
    base = _WALLS[int(rng.integers(len(_WALLS)))]
    brand = linear(setting.palette[int(rng.integers(len(setting.palette)))])
    pale = mix(brand, np.ones(3, np.float32) * 0.8, 0.72)
    return np.asarray(mix(base, pale, float(rng.choice((0.0, 0.5)))), np.float32)


def wall(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    """A plastered wall with the window's or the plant's shadow on it."""
    shape = canvas(setting)
    colour = choose_wall_colour(rng, setting)
    x, y = shares(*shape)
    side = math.copysign(1.0, lit.light.azimuth_deg)
    plaster = 1 + 0.035 * fractal(rng, shape, cell=0.5, octaves=5, gain=0.6)
    cast = gobo.window(rng, softness=0.012) if rng.random() < 0.5 else gobo.foliage(rng)
    if side > 0:
        cast = cast[:, ::-1]
    edge = max(shape)
    grown = cv2.resize(cast, (round(edge * 1.15), round(edge * 1.15)))
    arriving = grown[: shape[0], : shape[1]]
    depth = rng.uniform(0.22, 0.42) if lit.depth > 0.25 else 0.12
    falloff = 0.80 + 0.22 * np.tanh(1.2 * side * x + 0.1)
    foot = 1 - 0.28 * smoothstep(y, horizon - 0.35, horizon + 0.05)
    bright = plaster * (1 - depth * (1 - arriving)) * falloff * foot
    sun = np.asarray(lit.light.colour, np.float32)
    image = colour * sun * bright[..., None] * np.float32(0.9)
    return blur_backdrop(np.asarray(image, np.float32), setting, rng.uniform(0.008, 0.016))


def room(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    """A daylit room: a window with its frame on the lit side, furniture, frames and a plant."""
    rows, columns = shape = canvas(setting)
    aspect = columns / rows
    side = math.copysign(1.0, lit.light.azimuth_deg)
    x, y = shares(*shape)
    tone = choose_wall_colour(rng, setting) * 0.62
    falloff = 0.62 + 0.5 * np.exp(-(((x - side * aspect * 0.45) / 0.6) ** 2)) + 0 * y
    texture = 1 + 0.02 * fractal(rng, shape, cell=0.4)
    image = tone * (falloff * texture)[..., None]

    def box(left: float, top: float, right: float, bottom: float, colour: Values) -> None:
        """Fill a rectangle; from the middle in shares of the height, mirrored to the light."""
        ends = sorted(((-side * left + aspect / 2) * rows, (-side * right + aspect / 2) * rows))
        part = image[
            max(0, int(top * rows)) : int(bottom * rows), max(0, int(ends[0])) : int(ends[1])
        ]
        if part.size:
            lightness = np.linspace(1.12, 0.82, part.shape[1], dtype=np.float32)[None, :, None]
            part[:] = colour * (lightness if side < 0 else lightness[:, ::-1])

    half = aspect / 2
    # From the lit side: window, curtain, frames; then a shelf or cupboard and a plant.
    glass = np.array((1.0, 1.05, 1.1), np.float32) * np.float32(rng.uniform(1.5, 2.4))
    w_right = -half + rng.uniform(0.22, 0.36)
    top, sill = rng.uniform(-0.1, 0.06), horizon - rng.uniform(0.04, 0.16)
    box(-half - 0.1, top, w_right, sill, tone * 1.5)
    for pane in range(2):
        width = (w_right + half - 0.03) / 2
        left = -half - 0.02 + pane * (width + 0.02)
        box(left, top + 0.03, left + width, (top + sill) / 2 - 0.01, glass)
        box(left, (top + sill) / 2 + 0.012, left + width, sill - 0.03, glass * 0.92)
    box(w_right, -0.1, w_right + rng.uniform(0.06, 0.12), 1, tone * np.float32(1.25))
    for _ in range(int(rng.integers(1, 3))):
        left = rng.uniform(-0.1, half * 0.6)
        high, wide = rng.uniform(0.12, 0.22), rng.uniform(0.1, 0.18)
        y0 = rng.uniform(0.06, 0.24)
        box(left, y0, left + wide, y0 + high, linear((74, 62, 52)) * np.float32(0.8))
        box(left + 0.012, y0 + 0.012, left + wide - 0.012, y0 + high - 0.012, tone * 1.3)
    shelf = rng.uniform(0.05, 0.3)
    wooden = linear((150, 110, 74)) * np.float32(rng.uniform(0.5, 1.0))
    box(shelf, horizon - rng.uniform(0.12, 0.2), half + 0.1, 1, wooden)
    for index in range(int(rng.integers(3, 6))):
        left = shelf + 0.03 + index * rng.uniform(0.07, 0.1)
        tall = rng.uniform(0.05, 0.16)
        shade = _WALLS[int(rng.integers(len(_WALLS)))] * np.float32(rng.uniform(0.25, 0.9))
        box(left, horizon - 0.16 - tall, left + rng.uniform(0.03, 0.07), horizon - 0.13, shade)
    _plant(image, rng, (half + side * (half - rng.uniform(0.05, 0.2)) * -1) * rows, rows * horizon)
    return blur_backdrop(np.asarray(image, np.float32), setting, rng.uniform(0.026, 0.04))


def garden(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    """Leaves and light, far away: discs of green and gold."""
    del horizon
    shape = canvas(setting)
    deep, mid, high = (linear(c) for c in ((34, 58, 28), (96, 130, 52), (196, 212, 120)))
    field = fractal(rng, shape, cell=0.5, octaves=4, gain=0.6)
    image = mix(deep, mid, smoothstep(field, -1.2, 1.0))
    leaves = fractal(rng, shape, cell=0.12, octaves=3, gain=0.7)
    image = mix(image, high, 0.8 * smoothstep(leaves + 0.5 * field, 0.7, 1.8))
    side = math.copysign(1.0, lit.light.azimuth_deg)
    x, y = shares(*shape)
    glow = np.exp(-((x - side * 0.4) ** 2 + (y - 0.1) ** 2) / 0.25)
    image = image * (0.6 + 0.8 * glow)[..., None]
    image += glow[..., None] * np.array((0.35, 0.33, 0.2), np.float32)
    soft = blur_backdrop(np.asarray(image, np.float32), setting, rng.uniform(0.03, 0.045))
    bokeh(
        soft,
        rng,
        count=int(rng.integers(22, 36)),
        colours=np.array(((0.9, 1.0, 0.55), (1.0, 0.95, 0.7), (0.6, 0.85, 0.4)), np.float32),
        radius=(0.015, 0.05),
        region=(0, 0, 1, 0.7),
        strength=(0.04, 0.4),
    )
    return soft


def dusk(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    """A dark wall with a pool of light on it."""
    del horizon
    shape = canvas(setting)
    tones = ((44, 42, 42), (38, 44, 50), (52, 42, 36), (40, 48, 42))
    tone = linear(tones[int(rng.integers(len(tones)))])
    x, y = shares(*shape)
    side = math.copysign(1.0, lit.light.azimuth_deg)
    plaster = 1 + 0.1 * fractal(rng, shape, cell=0.4, octaves=5, gain=0.6)
    pool = np.exp(-(((x - side * 0.25) / 0.5) ** 2) - ((y - 0.35) / 0.4) ** 2)
    image = tone * ((0.55 + 2.2 * pool) * plaster)[..., None]
    return blur_backdrop(np.asarray(image, np.float32), setting, 0.014)


def _plant(image: Light3, rng: np.random.Generator, x: float, foot: float) -> None:
    """A pot plant, in place: dark leaves fanning out, and a pot. `x` and `foot` in pixels."""
    rows = image.shape[0]
    pot = linear((168, 120, 92)) * np.float32(0.6)
    for _ in range(int(rng.integers(16, 26))):
        angle = rng.normal(-np.pi / 2, 0.75)
        length = rows * rng.uniform(0.12, 0.3)
        tip = (x + math.cos(angle) * length, foot - rows * 0.08 + math.sin(angle) * length)
        green = linear((70, 96, 58)) * np.float32(rng.uniform(0.25, 1.3))
        middle = ((x + tip[0]) / 2, (foot - rows * 0.08 + tip[1]) / 2)
        axes = (round(length / 2), max(1, round(length * rng.uniform(0.08, 0.16))))
        cv2.ellipse(
            image,
            (round(middle[0]), round(middle[1])),
            axes,
            math.degrees(angle),
            0,
            360,
            tuple(map(float, green)),
            -1,
        )
    half = rows * 0.05
    cv2.rectangle(
        image,
        (round(x - half), round(foot - rows * 0.09)),
        (round(x + half), round(foot + rows * 0.2)),
        tuple(map(float, pot)),
        -1,
    )
