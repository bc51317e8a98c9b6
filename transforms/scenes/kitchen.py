"""A kitchen: glazed tiles, a shelf with jars and bowls, a board against the wall."""

import math

import cv2
import numpy as np

from transforms.scenes import marble, props, wood
from transforms.scenes.backdrop import canvas, choose_wall_colour
from transforms.scenes.ground import Ground
from transforms.scenes.light import Light3, Plane, Values, linear, mix, shares, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.props import Corner
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.sprite import Sprite, lay
from transforms.scenes.table import Lighting, Surface, blur_backdrop, table

_CERAMICS = tuple(
    linear(colour)
    for colour in (
        (236, 231, 222),
        (205, 190, 168),
        (150, 160, 150),
        (120, 134, 146),
        (178, 120, 92),
        (70, 74, 78),
    )
)

_OAK = (linear((190, 146, 98)), linear((140, 96, 56)))

_WORKTOPS = ("wood", "marble")

_BLUR = (0.015, 0.022)
"""The wall is near the worktop: things stay readable."""


def draw(setting: Setting) -> Scene:
    """A worktop in front of a tiled wall."""
    return table(
        setting, material=_worktop, backdrop=_wall, around=_around, aperture=(0.016, 0.022)
    )


def _worktop(rng: np.random.Generator, plane: Ground, setting: Setting, lit: Lighting) -> Surface:
    draw_top = {"wood": wood.surface, "marble": marble.surface}[str(rng.choice(_WORKTOPS))]
    return draw_top(rng, plane, setting, lit)


def _ceramic(rng: np.random.Generator, setting: Setting) -> Values:
    """A glaze: mostly a potter's, sometimes the brand's."""
    if rng.random() < 0.3:
        chosen = linear(setting.palette[int(rng.integers(len(setting.palette)))])
        return np.asarray(np.clip(chosen, 0.01, 0.85), np.float32)
    return _CERAMICS[int(rng.integers(len(_CERAMICS)))]


def _wall(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    image = _tiles(rng, setting, lit, horizon)
    left_lit = lit.light.azimuth_deg < 0
    aspect = setting.width / setting.height
    shelf_y = horizon - rng.uniform(0.36, 0.40)
    shelf_from = rng.uniform(-0.05, 0.25)
    if shelf_y > 0.05:
        _shelf(rng, image, setting, lit, (shelf_y, shelf_from))
    # On the worktop, against the wall: a board and a pot of herbs at one end, a jar at the other.
    foot = horizon + 0.012
    end = -1.0 if left_lit else 1.0
    oak = props.board(rng, *(tone * 0.9 for tone in _OAK))
    tall = rng.uniform(0.27, 0.34)
    x = 0.5 - end * rng.uniform(0.30, 0.40)
    tilt = float(rng.uniform(-5, 5))
    _set(image, oak, x, foot, tall, flip=left_lit, angle=tilt)
    herbs = props.plant(rng, props.GREENS[int(rng.integers(2))], _ceramic(rng, setting))
    _set(image, herbs, x + end * rng.uniform(0.10, 0.13) / aspect, foot, 0.24, flip=left_lit)
    jar = props.vessel(rng, props.JAR, _ceramic(rng, setting), 0.5)
    x = 0.5 + end * rng.uniform(0.32, 0.42)
    _set(image, jar, x, foot, rng.uniform(0.13, 0.18), flip=left_lit)
    bottle = props.vessel(rng, props.BOTTLE, linear((92, 104, 56)) * 0.8, 0.8)
    _set(image, bottle, x + end * 0.09 / aspect, foot, rng.uniform(0.2, 0.26), flip=left_lit)
    return blur_backdrop(image, setting, rng.uniform(*_BLUR))


def _tiles(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    """Tiles in running bond, each a little different, with the window in their glaze."""
    rows, columns = shape = canvas(setting)
    x, y = shares(rows, columns)
    tall = float(rng.choice((0.075, 0.095)))
    wide = tall * float(rng.choice((1.0, 2.0)))
    across = x / np.float32(wide) + 100
    course = np.floor((y - np.float32(horizon)) / np.float32(tall)).astype(np.int32)
    shift = np.where(course % 2 == 0, 0.0, 0.5) if wide > tall else np.zeros(course.shape)
    column = np.floor(across + shift).astype(np.int32)
    u = across + shift - column
    v = (y - np.float32(horizon)) / np.float32(tall) - course
    edge = np.minimum(np.minimum(u, 1 - u) * (wide / tall), np.minimum(v, 1 - v))
    grout = smoothstep(edge, 0.045, 0.02)
    lottery = rng.standard_normal((64, 256)).astype(np.float32)
    tone = 1 + 0.055 * lottery[course % 64, column % 256]
    base = mix(choose_wall_colour(rng, setting), np.full(3, 0.86, np.float32), 0.4)
    side = math.copysign(1.0, lit.light.azimuth_deg)
    falloff = 0.74 + 0.30 * np.tanh(1.1 * side * x + 0.25) + 0.0 * y
    foot = 1 - 0.22 * smoothstep(y, horizon - 0.16, horizon)
    # A glazed tile is a cushion: its edges turn to the lamp or away from it.
    cushion = smoothstep(edge, 0.16, 0.03) * (
        0.10 * np.sign(0.5 - v) + 0.07 * side * np.sign(u - 0.5)
    )
    wave = fractal(rng, shape, cell=0.05, octaves=2)
    glint = smoothstep(wave + 0.6 * lottery[course % 64, (column + 7) % 256], 1.3, 2.2) * (
        1 - grout
    )
    bright = tone * falloff * foot * (1 + cushion) * (1 - 0.30 * grout)
    sun = np.asarray(lit.light.colour, np.float32)
    image = base * sun * bright[..., None] + 0.16 * (glint * falloff)[..., None]
    return np.asarray(image, np.float32)


def _shelf(
    rng: np.random.Generator,
    image: Light3,
    setting: Setting,
    lit: Lighting,
    place: tuple[float, float],
) -> None:
    """A wooden shelf with jars, bowls and cups, in place; on the side away from the light."""
    shelf_y, start = place
    rows, columns = image.shape[:2]
    left_lit = lit.light.azimuth_deg < 0
    span = (start, 1.1) if left_lit else (-0.1, 1 - start)
    top, thick = round(shelf_y * rows), max(2, round(0.026 * rows))
    x0, x1 = max(0, round(span[0] * columns)), min(columns, round(span[1] * columns))
    shadow: Plane = np.zeros((rows, columns), np.float32)
    shadow[top + thick : top + thick + round(0.09 * rows), x0:x1] = 0.5
    shadow = cv2.GaussianBlur(shadow, (0, 0), 0.02 * rows)
    image *= (1 - shadow)[..., None]
    grain = fractal(rng, (thick, columns), cell=0.5, octaves=3, stretch=(20, 1))
    plank = mix(_OAK[0], _OAK[1], np.clip(0.4 + 0.3 * grain, 0, 1)) * np.float32(0.75)
    plank[: max(1, thick // 4)] *= 1.35
    image[top : top + thick, x0:x1] = plank[:, x0:x1]
    shapes = (props.JAR, props.BOTTLE, props.BOWL, props.CUP, props.VASE)
    sizes = (0.13, 0.19, 0.065, 0.08, 0.17)
    widths = (0.085, 0.07, 0.125, 0.085, 0.12)
    x = span[0] * columns / rows + 0.06
    last = span[1] * columns / rows - 0.05
    while x < last:
        which = int(rng.integers(len(shapes)))
        gloss = float(rng.uniform(0.1, 0.7))
        piece = props.vessel(rng, shapes[which], _ceramic(rng, setting), gloss)
        size = sizes[which] * rng.uniform(0.9, 1.1)
        _set(image, piece, (x + widths[which] / 2) * rows / columns, shelf_y, size, flip=left_lit)
        x += widths[which] + rng.uniform(0.005, 0.06)


def _set(
    image: Light3,
    piece: Sprite,
    x: float,
    foot: float,
    size: float,
    *,
    flip: bool,
    angle: float = 0.0,
) -> None:
    """Stand `piece` on `foot`, with its shadow on the wall, in place."""
    away = 0.03 if flip else -0.03
    lay(
        image,
        piece,
        x=x,
        y=foot - size / 2,
        size=size,
        flip=flip,
        angle=angle,
        shadow=0.42,
        shadow_offset=(away, 0.008),
        shadow_blur=0.016,
    )


def _around(rng: np.random.Generator, image: Light3, setting: Setting, lit: Lighting) -> None:
    """On a worktop seen from above: a board, a bowl and herbs at its corners, in place."""
    aspect = setting.width / setting.height
    left = rng.random() < 0.5
    corner = Corner(image, setting, left, low=False, lit_from_left=lit.light.azimuth_deg < 0)
    turn = rng.uniform(35, 65) * (-1 if left else 1)
    corner.put(props.board(rng, *_OAK), x=0.01, y=0.05, size=0.58, angle=turn, high=0.8)
    rim = _ceramic(rng, setting)
    inside = linear((214, 206, 190)) if rng.random() < 0.5 else linear((150, 116, 62))
    bowl = props.round_from_above(rng, rim, inside, gloss=0.4)
    corner.put(bowl, x=0.05, y=0.10, size=0.20, angle=0, high=2.0)
    green = props.GREENS[int(rng.integers(len(props.GREENS)))]
    for _ in range(3):
        twig = props.sprig(rng, green, pairs=7)
        x, y = aspect - rng.uniform(0.02, 0.10), rng.uniform(0.86, 0.98)
        size, angle = rng.uniform(0.26, 0.34), rng.uniform(-70, 70)
        corner.put(twig, x=x, y=y, size=size, angle=angle, high=1.0)
