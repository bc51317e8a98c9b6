"""The end of the year: lights out of focus, fir and baubles, on a dark polished table."""

import numpy as np

from transforms.scenes import fir, wood
from transforms.scenes.backdrop import canvas
from transforms.scenes.ground import Ground
from transforms.scenes.lamps import hang_lamps, swag, tree
from transforms.scenes.light import Light3, Plane, Values, linear, mix, shares, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.season import LYING, at_sides, corners, lit_by, season
from transforms.scenes.sprite import Layer, Sprite, lay
from transforms.scenes.table import Lighting, Surface, blur_backdrop

_WINDOW = np.array((1.0, 0.9, 0.76), np.float32)
_LAMP = np.array((1.0, 0.66, 0.26), np.float32)


def bauble(rng: np.random.Generator, colour: Values) -> Sprite:
    """A glass ball with its cap: it mirrors the window, the lamps, the room and the table."""
    side = 260
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(axis / np.float32(0.86), (axis - np.float32(0.12)) / np.float32(0.86))
    radius = np.hypot(x, y)
    alpha = np.clip((1 - radius) * side / 2.6, 0, 1)
    facing = np.sqrt(np.clip(1 - radius**2, 0, 1))
    # The way a ray from the camera goes on: to the right, up, and back towards the camera.
    right, up, back = 2 * facing * x, -2 * facing * y, 2 * facing**2 - 1
    room = _room(right, up, back, rng)
    tint = np.asarray(colour, np.float32)
    glass = tint * 0.16 * (0.4 + facing)[..., None]
    share = (0.55 + 0.45 * (1 - facing) ** 4)[..., None]
    image = glass + room * (tint * np.float32(0.9) + 0.06) * share * 1.25
    # Lamps and window are so much brighter that the glass's own skin shows them untinted.
    image = image + 0.07 * np.maximum(room - 0.5, 0) + 0.1 * room * ((1 - facing) ** 5)[..., None]
    crown = np.clip((0.17 - np.abs(x)) * side / 3, 0, 1) * np.clip(
        (0.115 - np.abs(y + 1.06)) * side / 3, 0, 1
    )
    metal = linear((196, 170, 110)) * (0.35 + 0.9 * np.exp(-(((x - 0.06) / 0.05) ** 2)))[..., None]
    image, alpha = mix(image, metal, crown), np.maximum(alpha, crown)
    return Sprite(np.asarray(image * alpha[..., None], np.float32), np.asarray(alpha, np.float32))


def _room(right: Plane, up: Plane, back: Plane, rng: np.random.Generator) -> Light3:
    """What is seen from the product in a direction, in linear light: (height, width, 3)."""
    above = smoothstep(up, -0.05, 0.12)
    wall = np.array((0.16, 0.11, 0.08), np.float32) * (0.5 + 0.9 * above)[..., None]
    table = np.array((0.11, 0.062, 0.038), np.float32)
    image = mix(np.broadcast_to(table, wall.shape), wall, above)
    # A window beside the camera, with a bar across.
    u, v = (right - 0.62) / 0.30, (up - 0.42) / 0.40
    pane = (
        smoothstep(np.abs(u), 1.0, 0.86)
        * smoothstep(np.abs(v), 1.0, 0.86)
        * smoothstep(back, -0.3, 0.0)
    )
    bars = smoothstep(np.abs(u), 0.03, 0.08) * smoothstep(np.abs(v), 0.03, 0.08)
    image = image + (pane * (0.25 + 0.75 * bars) * 3.0)[..., None] * _WINDOW
    fill = smoothstep(np.abs(right + 0.75), 0.2, 0.02) * smoothstep(np.abs(up - 0.2), 0.6, 0.2)
    image = image + (0.45 * fill)[..., None] * _WINDOW
    for _ in range(26):
        # Fairy lights all round.
        turn, rise = rng.uniform(0, 2 * np.pi), rng.uniform(-0.1, 0.85)
        flat = np.sqrt(1 - rise**2)
        near = right * np.sin(turn) * flat + back * np.cos(turn) * flat + up * rise
        spot = smoothstep(near, 0.9965, 0.9992)
        image = image + (spot * rng.uniform(0.8, 3.0))[..., None] * _LAMP
    return np.asarray(image, np.float32)


_DARK = tuple(
    linear(c) for c in ((18, 38, 30), (20, 28, 48), (34, 30, 30), (78, 16, 20), (52, 12, 18))
)
_LAMPS = np.array(((1.0, 0.66, 0.26), (1.0, 0.76, 0.40), (1.0, 0.55, 0.18)), np.float32)
_BALLS = tuple(linear(c) for c in ((150, 22, 26), (196, 150, 62), (190, 192, 196), (24, 74, 52)))
_ADORNED = 0.55
"""Of the sprigs have a ball."""
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


def _top(rng: np.random.Generator, plane: Ground, setting: Setting, lit: Lighting) -> Surface:
    """Wood, stained dark and polished."""
    drawn = wood.surface(rng, plane, setting, lit)
    grey = drawn.albedo.mean(axis=2, keepdims=True)
    level = grey / max(1e-3, float(grey.mean()))
    stain = linear((84, 56, 40)) * np.float32(rng.uniform(0.8, 1.25))
    if plane.view == "overhead":
        # Nothing but wood is behind the product there: dark things must still show.
        stain = stain * np.float32(1.6)
    stained = stain * np.clip(level, 0.3, 2.0)
    return Surface(np.asarray(stained, np.float32), polish=0.75, roughness=0.03)


def _lights(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    del lit
    shape = canvas(setting)
    x, y = shares(*shape)
    tone = _DARK[int(rng.integers(len(_DARK)))]
    glow = np.exp(-(((x - rng.uniform(-0.3, 0.3)) / 0.5) ** 2) - ((y - 0.3) / 0.4) ** 2)
    dim = 0.5 + 1.3 * glow + 0.08 * fractal(rng, shape, cell=0.4)
    soft = blur_backdrop(np.asarray(tone * dim[..., None], np.float32), setting, 0.02)
    aspect = setting.width / setting.height
    side = float(rng.choice((-1, 1)))
    _curtain(rng, soft, aspect, horizon)
    _tree(rng, soft, aspect, horizon, side)
    return soft


def _curtain(rng: np.random.Generator, soft: Light3, aspect: float, horizon: float) -> None:
    """Strings of small lamps along the wall, the furthest things, in place."""
    for _ in range(int(rng.integers(2, 4))):
        start, end = (
            (-0.05, float(rng.uniform(-0.02, 0.14))),
            (
                aspect + 0.05,
                float(rng.uniform(-0.02, 0.14)),
            ),
        )
        path = swag(start, end, float(rng.uniform(0.03, 0.4)) * horizon)
        count = round(9 * aspect)
        hang_lamps(soft, rng, path, count=count, radius=0.019, colours=_LAMPS, power=0.34)


def _tree(
    rng: np.random.Generator, soft: Light3, aspect: float, horizon: float, side: float
) -> None:
    """A fir with lamps and balls, nearer than the wall, in place."""
    middle = aspect / 2 + side * float(rng.uniform(0.30, 0.40)) * min(1.0, aspect)
    # Only its boughs are in the picture where the camera looks down.
    top = (middle, horizon - float(rng.uniform(0.62, 0.72)))
    half = float(rng.uniform(0.27, 0.34))
    boughs = [fir.twig(rng) for _ in range(4)]
    balls = [bauble(rng, colour) for colour in _BALLS]
    for _ in range(46):
        share = float(rng.uniform(0.0, 1.0)) ** 0.7
        out = float(rng.uniform(-1, 1))
        y = top[1] + (horizon + 0.06 - top[1]) * share
        lay(
            soft,
            boughs[int(rng.integers(len(boughs)))],
            x=(middle + out * half * share * 0.85) / aspect,
            y=y,
            size=float(rng.uniform(0.16, 0.26)),
            angle=float(180 - out * 62 + rng.uniform(-18, 18)),
            blur=0.009,
            gain=float(rng.uniform(0.22, 0.6)),
        )
    for path in tree(rng, top=top, foot=horizon + 0.02, half=half, turns=8):
        count = max(2, round(np.ptp(path[:, 0]) / 0.036))
        hang_lamps(
            soft, rng, path, count=count, radius=0.0105, colours=_LAMPS, power=1.25, stray=0.012
        )
    for _ in range(9):
        share = float(rng.uniform(0.25, 0.98))
        lay(
            soft,
            balls[int(rng.integers(len(balls)))],
            x=(middle + float(rng.uniform(-0.8, 0.8)) * half * share) / aspect,
            y=top[1] + (horizon - top[1]) * share,
            size=0.055,
            blur=0.008,
            gain=0.9,
        )


def _around(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    side = -1 if lit.light.azimuth_deg > 0 else 1
    sprigs, balls = [fir.twig(rng) for _ in range(5)], _balls(rng, setting)
    for x, y in corners(rng, int(rng.integers(9, 13)), setting):
        inward = np.degrees(np.arctan2(0.5 - x, y - 0.5))
        lay(
            picture,
            sprigs[int(rng.integers(len(sprigs)))],
            x=x,
            y=y,
            size=float(rng.uniform(0.36, 0.52)),
            angle=float(inward + rng.uniform(-75, 75)),
            shadow=0.6,
            shadow_offset=(0.014 * side, 0.012),
            shadow_blur=0.012,
            gain=float(rng.uniform(0.5, 0.9)),
        )
    for x, y in corners(rng, int(rng.integers(4, 7)), setting):
        _ball(
            rng, picture, setting, balls[int(rng.integers(len(balls)))], (x, y, 1.0, 0.0), side=side
        )


def _beside(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    """Fir sprigs from both sides, with balls among them."""
    side = -1 if lit.light.azimuth_deg > 0 else 1
    squash = min(1.0, LYING[setting.view] + 0.22)
    sprigs, balls = [fir.twig(rng) for _ in range(5)], _balls(rng, setting)
    for x, y, scale, blur in at_sides(rng, setting, int(rng.integers(7, 10)), far=1.0, heaps=2):
        outwards = 1 if x > 0.5 else -1
        lay(
            picture,
            sprigs[int(rng.integers(len(sprigs)))],
            x=x + 0.11 * outwards * scale,
            y=y - 0.012 * scale,
            size=float(rng.uniform(0.40, 0.52)) * scale,
            angle=float(-90 * outwards + rng.uniform(-38, 38)),
            squash=squash,
            blur=blur + 0.0006,
            shadow=0.6,
            shadow_offset=(0.012 * side * scale, 0.012 * scale),
            shadow_blur=0.012 * scale,
            gain=float(rng.uniform(0.5, 0.85)),
        )
        if rng.random() < _ADORNED:
            _ball(
                rng,
                picture,
                setting,
                balls[int(rng.integers(len(balls)))],
                (x + 0.05 * outwards, y, scale, blur),
                side=side,
            )


def _balls(rng: np.random.Generator, setting: Setting) -> list[Sprite]:
    """One of each colour, and one of the brand's."""
    brand = linear(setting.palette[int(rng.integers(len(setting.palette)))])
    return [bauble(rng, colour) for colour in (*_BALLS, brand)]


def _ball(
    rng: np.random.Generator,
    picture: Light3,
    setting: Setting,
    ball: Sprite,
    place: tuple[float, float, float, float],
    *,
    side: int,
) -> None:
    """A bauble resting at a place: x, y of its foot, size, blur."""
    x, y, scale, blur = place
    size = float(rng.uniform(0.13, 0.19)) * scale
    lift = 0.0 if setting.view == "overhead" else size * 0.36
    lay(
        picture,
        ball,
        x=x,
        y=y - lift,
        size=size,
        angle=float(rng.uniform(-70, 70)),
        blur=blur,
        shadow=0.8,
        shadow_offset=(0.16 * size * side, size * (0.1 if setting.view == "overhead" else 0.34)),
        shadow_blur=0.13 * size,
        shadow_squash=1.0 if setting.view == "overhead" else LYING[setting.view] + 0.1,
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
