"""Things that a stylist sets around a product: vessels, leaves, plants, boards. As sprites.

They are drawn upright in daylight from the right; a scene lit from the left flips them.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from transforms.scenes.light import Light3, Plane, Values, linear, mix, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Setting
from transforms.scenes.sprite import Sprite, lay

_ROWS = 256
"""Height of most sprites, in pixels: props are out of focus or small."""

_FINE = 4
"""Bits of sub-pixel precision with which OpenCV draws."""

Profile = tuple[tuple[float, float], ...]
"""(share of the height from the top, half width as a share of the height), top to bottom."""

JAR: Profile = ((0.0, 0.20), (0.13, 0.20), (0.14, 0.18), (0.2, 0.24), (0.95, 0.25), (1, 0.22))
BOTTLE: Profile = ((0, 0.06), (0.3, 0.06), (0.42, 0.13), (0.5, 0.155), (0.96, 0.155), (1, 0.13))
BOWL: Profile = ((0, 0.86), (0.05, 0.87), (0.4, 0.78), (0.75, 0.52), (0.92, 0.34), (1, 0.33))
CUP: Profile = ((0, 0.42), (0.04, 0.42), (0.5, 0.40), (0.85, 0.36), (1, 0.27))
VASE: Profile = ((0, 0.11), (0.1, 0.09), (0.25, 0.13), (0.55, 0.29), (0.75, 0.29), (1, 0.17))
POT: Profile = ((0, 0.52), (0.16, 0.52), (0.17, 0.48), (0.6, 0.43), (1, 0.34))


def vessel(rng: np.random.Generator, profile: Profile, colour: Values, gloss: float) -> Sprite:
    """Something turned: a jar, a bottle, a bowl.

    Args:
        rng: Its small unevenness.
        profile: Its outline.
        colour: Linear RGB, (3,).
        gloss: 0 clay, 1 glaze.
    """
    down, half = np.array(profile).T
    rows, columns = _ROWS, 2 * math.ceil(float(half.max()) * _ROWS) + 4
    y = (np.arange(rows, dtype=np.float32) + 0.5) / rows
    edge = np.interp(y, down, half).astype(np.float32)[:, None]
    x = (np.arange(columns, dtype=np.float32) + 0.5 - columns / 2) / rows
    across = x[None, :] / np.maximum(edge, 1e-3)
    alpha = np.clip((edge - np.abs(x)[None, :]) * rows + 0.5, 0, 1)
    round_off = np.sqrt(np.clip(1 - across * across, 0, 1))
    shade = 0.26 + 0.62 * np.clip(0.62 * across + 0.72 * round_off, 0, 1)
    shade += 0.10 * smoothstep(-across, 0.75, 1.0)
    shade *= 1 - 0.25 * y[:, None] ** 2
    sheen = np.exp(-(((across - 0.52) / 0.10) ** 2))
    sheen += 0.35 * np.exp(-(((across + 0.6) / 0.07) ** 2))
    glaze = 1 + 0.05 * fractal(rng, (rows, columns), cell=0.2, octaves=4)
    image = np.asarray(colour, np.float32) * (shade * glaze)[..., None]
    image += (gloss * 0.75 * sheen * round_off)[..., None]
    return _sprite(image, alpha)


def leaf(rng: np.random.Generator, green: Values, *, slim: float = 0.3) -> Sprite:
    """One leaf, tip up, with its ribs."""
    rows, columns = _ROWS, max(8, round(_ROWS * slim * 1.25))
    y = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / rows
    x = (np.arange(columns, dtype=np.float32)[None, :] + 0.5 - columns / 2) / rows
    bow = np.float32(rng.uniform(-0.05, 0.05)) * np.sin(np.pi * y)
    u = x - bow
    half = np.float32(slim / 2) * np.sin(np.pi * y**1.25) ** 0.85
    alpha = np.clip((half - np.abs(u)) * rows + 0.5, 0, 1)
    slope = u / np.maximum(half, 1e-3)
    ribs = np.abs(np.mod(y * 11 + np.abs(slope) * 1.8, 1) - 0.5)
    tone = (
        0.9 - 0.12 * smoothstep(ribs, 0.12, 0.0) + 0.16 * np.sign(slope) * (1 - 0.4 * np.abs(slope))
    )
    tone += 0.20 * np.exp(-((u / 0.008) ** 2))
    tone *= 1 + 0.06 * fractal(rng, (rows, columns), cell=0.3, octaves=4)
    tip = mix(green, green * np.array((1.35, 1.15, 0.8), np.float32), y[..., None] * 0.35)
    return _sprite(np.broadcast_to(tip, (rows, columns, 3)) * tone[..., None], alpha)


def sprig(rng: np.random.Generator, green: Values, *, pairs: int = 8, slim: float = 0.34) -> Sprite:
    """A stem with pairs of leaves, tip up: olive, eucalyptus, sage."""
    side = 2 * _ROWS
    light, alpha = np.zeros((side, side, 3), np.float32), np.zeros((side, side), np.float32)
    bend = rng.uniform(-0.5, 0.5)
    x, y, heading = 0.5 - 0.12 * bend, 0.97, -math.pi / 2 - 0.25 * bend
    stem = green * np.array((1.1, 0.85, 0.7), np.float32)
    leaves = [leaf(rng, green * np.float32(rng.uniform(0.7, 1.25)), slim=slim) for _ in range(4)]
    step = 0.86 / pairs
    for index in range(pairs + 1):
        nx, ny = x + math.cos(heading) * step, y + math.sin(heading) * step
        ends = [(round(u * side * 16), round(v * side * 16)) for u, v in ((x, y), (nx, ny))]
        for plane, value in ((light, tuple(map(float, stem * 0.7))), (alpha, 1.0)):
            cv2.line(plane, ends[0], ends[1], value, 4, cv2.LINE_AA, _FINE)
        size = 0.26 * (1 - 0.45 * index / pairs) * rng.uniform(0.85, 1.15)
        turns = (-1, 1) if index < pairs else (0,)
        for turn in turns:
            angle = heading + turn * rng.uniform(0.55, 1.0)
            middle = (nx + math.cos(angle) * size / 2, ny + math.sin(angle) * size / 2)
            part = leaves[int(rng.integers(len(leaves)))]
            _stamp(light, alpha, part, middle, size, math.degrees(angle) + 90)
        x, y, heading = nx, ny, heading + bend * step * 1.6
    return Sprite(light, np.clip(alpha, 0, 1))


def plant(rng: np.random.Generator, green: Values, clay: Values) -> Sprite:
    """A pot plant with a fan of leaves."""
    side = 2 * _ROWS
    light, alpha = np.zeros((side, side, 3), np.float32), np.zeros((side, side), np.float32)
    slim = rng.uniform(0.2, 0.5)
    leaves = [leaf(rng, green * np.float32(value), slim=slim) for value in (0.35, 0.6, 0.9, 1.25)]
    count = int(rng.integers(16, 26))
    for index in range(count):
        # Leaves behind are dark and upright, those in front bright and low.
        near = index / count
        angle = rng.normal(-math.pi / 2, 0.35 + 0.5 * near)
        size = rng.uniform(0.3, 0.55) * (1.1 - 0.4 * near)
        out = rng.uniform(0.0, 0.1)
        middle = (
            0.5 + math.cos(angle) * (size / 2 + out) * 0.9,
            0.72 + math.sin(angle) * (size / 2 + out),
        )
        part = leaves[min(3, int(near * 4 * rng.uniform(0.7, 1.3)))]
        _stamp(light, alpha, part, middle, size, math.degrees(angle) + 90 + rng.normal(0, 15))
    _stamp(light, alpha, vessel(rng, POT, clay, 0.1), (0.5, 0.84), 0.3, 0)
    return Sprite(light, np.clip(alpha, 0, 1))


def board(rng: np.random.Generator, early: Values, late: Values) -> Sprite:
    """A chopping board with a round grip, upright."""
    rows, columns = 2 * _ROWS, round(1.1 * _ROWS)
    grain = fractal(rng, (rows, columns), cell=0.012, octaves=4, gain=0.7, stretch=(1, 26))
    lines = fractal(rng, (rows, columns), cell=0.05, octaves=3, gain=0.6, stretch=(1, 20))
    image = mix(early, late, np.clip(0.4 + 0.14 * grain + 0.22 * lines, 0, 1))
    alpha = np.zeros((rows, columns), np.float32)
    radius = round(columns * 0.12)
    top = round(rows * 0.22)
    _round_box(alpha, (2, top, columns - 2, rows - 2), radius)
    middle = columns // 2
    _round_box(alpha, (middle - radius, 2, middle + radius, top + radius), radius)
    cv2.circle(alpha, (middle, round(radius * 1.3)), round(radius * 0.4), 0.0, -1, cv2.LINE_AA)
    return _sprite(_bevel(image, alpha), alpha)


def round_from_above(
    rng: np.random.Generator, rim: Values, inside: Values, *, gloss: float
) -> Sprite:
    """A bowl or a cup seen from above: its wall, and what is in it."""
    side = 2 * _ROWS
    grid = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = grid[None, :], grid[:, None]
    distance = np.hypot(x, y) / np.float32(0.97)
    alpha = np.clip((1 - distance) * side / 2 + 0.5, 0, 1)
    facing = (x * 0.8 - y * 0.6) / np.maximum(distance, 1e-3)
    wall = smoothstep(distance, 0.90, 0.93)
    inner = 0.62 - 0.34 * facing * smoothstep(distance, 0.0, 0.9)
    # The wall throws a crescent of shadow on what is inside.
    inner *= 0.62 + 0.38 * smoothstep(np.hypot(x + 0.14, y - 0.10), 0.95, 0.55)
    content = 1 + 0.04 * fractal(rng, (side, side), cell=0.3, octaves=4)
    image = mix(
        np.asarray(inside, np.float32) * (inner * content)[..., None],
        np.asarray(rim, np.float32) * (0.82 + 0.2 * facing)[..., None],
        wall,
    )
    crest = np.exp(-(((distance - 0.95) / 0.018) ** 2)) * smoothstep(facing, 0.2, 0.95)
    image = image + (gloss * 0.8 * crest)[..., None]
    return _sprite(image, alpha)


def _sprite(image: Values, alpha: Plane) -> Sprite:
    opaque = np.asarray(alpha, np.float32)
    return Sprite(np.asarray(np.maximum(image, 0) * opaque[..., None], np.float32), opaque)


def _stamp(  # noqa: PLR0917 - one sprite's place on a sheet
    light: Light3,
    alpha: Plane,
    part: Sprite,
    middle: tuple[float, float],
    size: float,
    angle: float,
) -> None:
    """Lay `part` on a sheet of square sides, in place."""
    side = alpha.shape[0]
    scale = size * side / part.alpha.shape[0]
    shrink = min(1.0, scale)
    whole = np.dstack((part.light, part.alpha))
    if shrink < 1:
        wide = max(1, round(whole.shape[1] * shrink))
        tall = max(1, round(whole.shape[0] * shrink))
        whole = cv2.resize(whole, (wide, tall), interpolation=cv2.INTER_AREA)
    centre = (whole.shape[1] / 2, whole.shape[0] / 2)
    turn = cv2.getRotationMatrix2D(centre, -angle, scale / shrink)
    turn[:, 2] += (middle[0] * side - centre[0], middle[1] * side - centre[1])
    seen = cv2.warpAffine(whole, turn, (side, side))
    through = 1 - seen[..., 3]
    light *= through[..., None]
    light += seen[..., :3]
    alpha *= through
    alpha += seen[..., 3]


def _round_box(plane: Plane, box: tuple[int, int, int, int], radius: int) -> None:
    left, top, right, bottom = box
    cv2.rectangle(plane, (left + radius, top), (right - radius, bottom), 1.0, -1)
    cv2.rectangle(plane, (left, top + radius), (right, bottom - radius), 1.0, -1)
    for x in (left + radius, right - radius):
        for y in (top + radius, bottom - radius):
            cv2.circle(plane, (x, y), radius, 1.0, -1, cv2.LINE_AA)


def _bevel(image: Values, alpha: Plane) -> Values:
    """`image` with an edge that catches the light from the upper right."""
    soft = cv2.GaussianBlur(alpha, (0, 0), 3.0)
    lean = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3) - cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3)
    return np.asarray(image * (1 + np.clip(0.5 * lean, -0.35, 0.35))[..., None], np.float32)


GREENS = tuple(linear(c) for c in ((92, 122, 70), (70, 104, 64), (118, 134, 104), (84, 110, 84)))
"""Leaves of house plants, herbs and eucalyptus."""


@dataclass(frozen=True, slots=True)
class Corner:
    """One corner of a picture, and which way shadows fall in it."""

    image: Light3
    setting: Setting
    left: bool
    low: bool
    lit_from_left: bool

    def put(
        self, piece: Sprite, *, x: float, y: float, size: float, angle: float, high: float
    ) -> None:
        """Lay one thing down, in place.

        Args:
            piece: What is laid.
            x: Of its middle, from the corner's side, in shares of the height.
            y: Of its middle, from the corner's top or bottom edge, in shares of the height.
            size: Its height, in shares of the picture's.
            angle: In degrees.
            high: How far it rises above the table: 1 is a board. Higher ones cast longer shadows
                and are a little out of focus.
        """
        aspect = self.setting.width / self.setting.height
        away = 0.021 if self.lit_from_left else -0.021
        lay(
            self.image,
            piece,
            x=x / aspect if self.left else 1 - x / aspect,
            y=1 - y if self.low else y,
            size=size,
            angle=angle,
            flip=self.lit_from_left,
            shadow=0.55,
            shadow_offset=(away * high, 0.012 * high),
            shadow_blur=0.009 * high,
            blur=0.0008 * high,
        )
