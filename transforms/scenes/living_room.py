"""A living room: a sofa with cushions, a lamp, a plant and a curtained window, behind a table."""

import cv2
import numpy as np

from transforms.scenes import linen, props, wood
from transforms.scenes.backdrop import canvas, choose_wall_colour
from transforms.scenes.ground import Ground
from transforms.scenes.lens import disc
from transforms.scenes.light import Light3, Plane, Values, linear, mix, shares, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.props import Corner
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.sprite import Sprite, lay
from transforms.scenes.table import Lighting, Surface, blur_backdrop, table

_CLOTHS = tuple(
    linear(colour)
    for colour in (
        (176, 168, 156),
        (142, 140, 136),
        (108, 122, 116),
        (196, 178, 154),
        (92, 98, 110),
    )
)

_BLUR = (0.022, 0.032)

_GARLANDED = 0.4
"""How often lamps hang along the wall."""

_BRANDED = 0.55
"""How often a cushion is in one of the brand's colours."""


def draw(setting: Setting) -> Scene:
    """A coffee table in front of a sofa."""
    return table(setting, material=_top, backdrop=_room, around=_around, aperture=(0.018, 0.026))


def _top(rng: np.random.Generator, plane: Ground, setting: Setting, lit: Lighting) -> Surface:
    cloth = setting.view == "overhead" and rng.random() < 0.4
    return (linen.surface if cloth else wood.surface)(rng, plane, setting, lit)


def _room(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    """The room, drawn as if the light came from the right, and mirrored if it does not."""
    rows, columns = shape = canvas(setting)
    half = columns / rows / 2
    x, y = shares(rows, columns)
    tone = choose_wall_colour(rng, setting)
    falloff = 0.50 + 0.42 * np.exp(-(((x - half * 0.8) / 0.75) ** 2)) + 0.0 * y
    plaster = 1 + 0.02 * fractal(rng, shape, cell=0.4)
    sun = np.asarray(lit.light.colour, np.float32)
    image = np.asarray(tone * sun * (falloff * plaster)[..., None], np.float32)
    _window(rng, image, half)
    _pictures(rng, image, tone)
    # The sofa stands behind the table's edge; a raised camera sees its seat only.
    seat = horizon - rng.uniform(0.10, 0.13)
    cloth = _CLOTHS[int(rng.integers(len(_CLOTHS)))]
    _sofa(rng, image, seat, cloth, setting)
    green = props.GREENS[int(rng.integers(len(props.GREENS)))] * np.float32(0.8)
    clay = linear((206, 196, 182)) * np.float32(0.7)
    tall = rng.uniform(0.42, 0.52)
    plant_x = (half + rng.uniform(-0.36, -0.20)) / (2 * half) + 0.5
    lay(image, props.plant(rng, green, clay), x=plant_x, y=seat + 0.14 - tall / 2, size=tall)
    lamp = (rng.uniform(-0.40, -0.30) * 2 * half, seat - rng.uniform(0.30, 0.36))
    _lamp(image, lamp, half)
    if lit.light.azimuth_deg < 0:
        image = np.ascontiguousarray(image[:, ::-1])
        lamp = (-lamp[0], lamp[1])
    soft = blur_backdrop(image, setting, rng.uniform(*_BLUR))
    if rng.random() < _GARLANDED:
        _garland(rng, soft)
    return soft


def _garland(rng: np.random.Generator, light: Light3) -> None:
    """A string of small lamps sagging along the wall, out of focus, in place."""
    rows, columns = light.shape[:2]
    top, sag = rng.uniform(0.0, 0.05), rng.uniform(0.08, 0.14)
    radius = rng.uniform(0.012, 0.017) * rows
    for share in np.linspace(-0.02, 1.02, int(rng.integers(11, 16))):
        swing = 1 - (2 * ((share * 2) % 1) - 1) ** 2
        y = top + sag * swing + rng.normal(0, 0.004)
        warm = np.array((1.0, 0.74, 0.42), np.float32) * np.float32(rng.uniform(0.25, 0.6))
        disc(light, share * columns, y * rows, radius, warm)


def _window(rng: np.random.Generator, image: Light3, half: float) -> None:
    """Glass, frame and a sheer curtain at the right, in place."""
    rows, columns = image.shape[:2]
    x, y = shares(rows, columns)
    left = half - rng.uniform(0.20, 0.32)
    inside = smoothstep(x, left, left + 0.006) * smoothstep(y, 0.62, 0.60)
    bar = np.exp(-(((x - left - 0.16) / 0.010) ** 2)) + np.exp(-(((y - 0.26) / 0.010) ** 2))
    glass = np.array((1.45, 1.5, 1.55), np.float32) * (1 - 0.6 * np.clip(bar, 0, 1))[..., None]
    image[:] = mix(image, glass, inside)
    folds = fractal(rng, (rows, columns), cell=0.06, octaves=3, gain=0.6, stretch=(0.8, 40))
    sheer = smoothstep(x, left - 0.12, left - 0.115) * smoothstep(x, left + 0.10, left + 0.09)
    sheer = sheer * np.ones_like(y)
    cloth = np.array((0.95, 0.93, 0.9), np.float32) * (0.86 + 0.16 * folds)[..., None]
    image[:] = mix(image, cloth, 0.86 * sheer)


def _pictures(rng: np.random.Generator, image: Light3, tone: Values) -> None:
    """Two framed sheets on the wall, in place."""
    rows, columns = image.shape[:2]
    half = columns / rows / 2
    left = rng.uniform(-0.22, -0.08)
    for _ in range(2):
        wide, tall = rng.uniform(0.14, 0.18), rng.uniform(0.2, 0.24)
        top = rng.uniform(0.05, 0.09)
        frame = linear((96, 76, 58)) * np.float32(0.6)
        _plate(image, (left + half, top, left + half + wide, top + tall), frame)
        inner = (left + half + 0.010, top + 0.010, left + half + wide - 0.010, top + tall - 0.010)
        _plate(image, inner, np.asarray(mix(tone, np.ones(3), 0.5) * 0.75, np.float32))
        spot = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
        motif = _CLOTHS[int(rng.integers(len(_CLOTHS)))] * np.float32(0.6)
        _plate(image, (spot[0] - 0.035, spot[1] - 0.04, spot[0] + 0.035, spot[1] + 0.05), motif)
        left += wide + rng.uniform(0.05, 0.09)


def _plate(image: Light3, box: tuple[float, float, float, float], colour: Values) -> None:
    left, top, right, bottom = (max(0, round(edge * image.shape[0])) for edge in box)
    image[top:bottom, left:right] = colour


def _sofa(
    rng: np.random.Generator, image: Light3, seat: float, cloth: Values, setting: Setting
) -> None:
    """Back, arms, seat and cushions, in place."""
    rows, columns = image.shape[:2]
    half = columns / rows / 2
    left, right = -half + rng.uniform(0.06, 0.2), half - rng.uniform(0.25, 0.38)
    middle = (left + right) / 2
    back = seat - rng.uniform(0.19, 0.23)
    for start, end in ((left + 0.04, middle), (middle, right - 0.04)):
        _cushion(image, (start, back, end, seat + 0.04), cloth * np.float32(0.92), 0.05)
    for start in (left, right - 0.09):
        _cushion(image, (start, seat - 0.09, start + 0.09, seat + 0.5), cloth, 0.04)
    _cushion(image, (left + 0.06, seat, right - 0.06, seat + 0.5), cloth * np.float32(1.05), 0.03)
    for x in (left + 0.10, right - 0.29, left + 0.26)[: int(rng.integers(2, 4))]:
        if rng.random() < _BRANDED:
            colour = linear(setting.palette[int(rng.integers(len(setting.palette)))])
        else:
            colour = _CLOTHS[int(rng.integers(len(_CLOTHS)))] * np.float32(1.3)
        side = rng.uniform(0.15, 0.19)
        top = seat - side + 0.02
        _cushion(image, (x, top, x + side, top + side), colour, 0.05)


def _cushion(
    image: Light3, box: tuple[float, float, float, float], colour: Values, radius: float
) -> None:
    """A padded box, lit from the right and above, with its shadow, in place."""
    rows, columns = image.shape[:2]
    x, y = shares(rows, columns)
    left, top, right, bottom = box
    inside = _distance_from_box(x, y, box, radius)
    alpha = smoothstep(inside, 0.004, -0.002)
    u = (x - (left + right) / 2) / ((right - left) / 2)
    v = (y - top) / (bottom - top)
    swell = 1 - 0.10 * u * u - 0.25 * v + 0.16 * u
    edge = 1 - 0.25 * smoothstep(inside, -0.03, 0.0)
    shadow = smoothstep(_distance_from_box(x + 0.015, y - 0.01, box, radius), 0.035, -0.02)
    image *= (1 - 0.35 * shadow)[..., None]
    image[:] = mix(image, np.asarray(colour) * (0.72 * swell * edge)[..., None], alpha)


def _distance_from_box(
    x: Plane, y: Plane, box: tuple[float, float, float, float], radius: float
) -> Plane:
    """Distance from the outline of a rounded box, negative inside."""
    left, top, right, bottom = box
    across = np.abs(x - (left + right) / 2) - (right - left) / 2 + radius
    down = np.abs(y - (top + bottom) / 2) - (bottom - top) / 2 + radius
    outside = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
    return np.asarray(outside + np.minimum(np.maximum(across, down), 0) - radius, np.float32)


def _lamp(image: Light3, place: tuple[float, float], half: float) -> None:
    """A standing lamp with a linen shade, and its glow on the wall, in place."""
    rows, columns = image.shape[:2]
    x, y = shares(rows, columns)
    centre, top = place
    warm = np.array((1.0, 0.66, 0.36), np.float32)
    glow = np.exp(-(((x - centre) / 0.22) ** 2) - ((y - top - 0.05) / 0.26) ** 2)
    image += warm * (0.42 * glow)[..., None]
    pole = smoothstep(np.abs(x - centre), 0.007, 0.004) * smoothstep(y, top, top + 0.01)
    image[:] = mix(image, linear((52, 44, 38)), pole)
    slant = 0.055 + 0.03 * np.clip((y - top) / 0.13, 0, 1)
    shade = smoothstep(np.abs(x - centre), slant + 0.003, slant - 0.003)
    shade = (
        shade * smoothstep(y, top - 0.002, top + 0.002) * smoothstep(y, top + 0.132, top + 0.128)
    )
    inner = np.exp(-(((x - centre) / 0.05) ** 2) - ((y - top - 0.075) / 0.07) ** 2)
    image[:] = mix(image, warm * (0.75 + 1.3 * inner)[..., None], shade)
    spot = ((centre + half) * rows, (top + 0.14) * rows)
    disc(image, *spot, 0.02 * rows, warm * np.float32(0.8), rim=0.0)


def _around(rng: np.random.Generator, image: Light3, setting: Setting, lit: Lighting) -> None:
    """On a table seen from above: a book, a cup and a plant's leaves at its corners, in place."""
    aspect = setting.width / setting.height
    left, low = rng.random() < 0.5, rng.random() < 0.5
    corner = Corner(image, setting, left, low, lit_from_left=lit.light.azimuth_deg < 0)
    cover = linear(setting.palette[int(rng.integers(len(setting.palette)))])
    turn = rng.uniform(-24, 24)
    corner.put(_book(rng, cover), x=0.05, y=0.09, size=0.42, angle=turn, high=1.0)
    clay = np.asarray(_CLOTHS[int(rng.integers(len(_CLOTHS)))] * 1.3, np.float32)
    coffee = linear((62, 38, 24))
    cup = props.round_from_above(rng, clay, coffee, gloss=0.5)
    corner.put(cup, x=0.08, y=0.41, size=0.15, angle=0, high=1.8)
    green = props.GREENS[int(rng.integers(len(props.GREENS)))]
    for _ in range(3):
        twig = props.sprig(rng, green, pairs=6, slim=0.5)
        x, y = aspect - rng.uniform(-0.02, 0.07), 1 - rng.uniform(0.0, 0.14)
        size, angle = rng.uniform(0.3, 0.42), rng.uniform(-60, 60)
        corner.put(twig, x=x, y=y, size=size, angle=angle, high=2.2)


def _book(rng: np.random.Generator, cover: Values) -> Sprite:
    """A closed book with a cloth cover and a rule around it."""
    rows, columns = 512, 372
    cloth = 1 + 0.04 * fractal(rng, (rows, columns), cell=0.008, octaves=2, gain=0.8)
    image = np.asarray(cover, np.float32) * cloth[..., None]
    paper = np.array((0.84, 0.81, 0.74), np.float32)
    image[-9:] = paper * (0.8 + 0.2 * rng.random((9, 1, 1), np.float32))
    image[:, :26] *= 0.82
    image[:, 26:32] *= 0.62
    light = mix(cover, np.ones(3, np.float32), 0.5)
    cv2.rectangle(image, (62, 40), (columns - 36, rows - 52), tuple(map(float, light)), 3)
    alpha = np.ones((rows, columns), np.float32)
    fade = 1 + 0.08 * np.linspace(-1, 1, columns, dtype=np.float32)[None, :, None]
    return Sprite(np.asarray(image * fade, np.float32), alpha)
