"""Diwali: clay lamps with small flames, marigolds, and gold in the dark."""

import numpy as np

from transforms.scenes import blossom, wood
from transforms.scenes.backdrop import canvas
from transforms.scenes.ground import FOCAL, Ground, row_of, scale_of
from transforms.scenes.lamps import hang_lamps, swag
from transforms.scenes.lens import confusion
from transforms.scenes.light import Light3, linear, shares, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.season import LYING, at_sides, corners, lit_by, season
from transforms.scenes.sprite import Layer, Sprite, lay
from transforms.scenes.table import Lighting, Surface, blur_backdrop

_CLAY = linear((158, 84, 50))


def lamp(rng: np.random.Generator) -> Sprite:
    """A clay lamp with its flame, from the side."""
    side = 256
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(axis, axis)
    bowl = 0.72 * np.sqrt(np.clip(1 - ((y - 0.42) / 0.42) ** 2, 0, 1))
    clay = np.clip((bowl - np.abs(x)) * side / 3, 0, 1) * np.clip((y - 0.42) * side / 3, 0, 1)
    across = x / np.maximum(bowl, 1e-3)
    shade = 0.5 + 0.9 * np.sqrt(np.clip(1 - across**2, 0, 1)) * (1 - 0.7 * (y - 0.42) / 0.42)
    image = _CLAY * shade[..., None] * np.float32(rng.uniform(0.8, 1.1))
    mouth = np.clip((1 - np.hypot(x / 0.72, (y - 0.42) / 0.13)) * side / 4, 0, 1)
    image = image + mouth[..., None] * (linear((236, 160, 70)) - image)
    sway = x - 0.05 * np.sin(y * 3 + rng.uniform(0, 3))
    wide = 0.13 * np.clip((y + 0.5) / 0.88, 0, 1) ** 0.8 * np.clip((0.42 - y) / 0.2, 0, 1) ** 0.6
    flame = smoothstep(wide - np.abs(sway), 0.0, 0.05)
    core = smoothstep(wide * 0.6 - np.abs(sway), 0.0, 0.05)
    heat = flame[..., None] * np.array((3.0, 1.5, 0.4), np.float32)
    heat = heat + core[..., None] * np.array((2.0, 1.9, 1.2), np.float32)
    alpha = np.clip(clay + mouth + flame, 0, 1)
    glow = np.exp(-((x / 0.45) ** 2) - ((y - 0.05) / 0.5) ** 2)
    light = image * np.clip(clay + mouth, 0, 1)[..., None] * (1 - flame[..., None]) + heat
    light = light + glow[..., None] * np.array((0.28, 0.13, 0.03), np.float32)
    return Sprite(np.asarray(light, np.float32), np.asarray(alpha, np.float32))


def pool() -> tuple[Light3, Light3]:
    """The light that a lamp sheds around it: adds, hides nothing."""
    axis = np.linspace(-1, 1, 64, dtype=np.float32)
    fall = np.clip(np.exp(-3.5 * (axis[None] ** 2 + axis[:, None] ** 2)) - 0.03, 0, 1)
    return fall[..., None] * np.array((0.10, 0.05, 0.015), np.float32), np.zeros(
        (64, 64), np.float32
    )


_WALLS = tuple(linear(c) for c in ((84, 18, 52), (64, 16, 40), (92, 38, 14), (50, 18, 60)))
_FLAMES = np.array(((1.0, 0.62, 0.2), (1.0, 0.74, 0.34), (1.0, 0.5, 0.14)), np.float32)
_OUTER = tuple(linear(c) for c in ((244, 150, 20), (250, 184, 30), (232, 110, 16)))
_INNER = tuple(linear(c) for c in ((216, 92, 8), (236, 140, 10), (190, 66, 8)))
_LIGHT = lit_by((1.0, 0.80, 0.54), elevation=(34, 46), softness=0.5, shade=(0.12, 0.25))


def draw(setting: Setting) -> Scene:
    """A table with lamps and flowers, at night."""
    return season(
        setting,
        material=_top,
        backdrop=_lamps,
        around=_around,
        beside=_beside,
        near=_near,
        light=_LIGHT,
    )


def marigold(rng: np.random.Generator) -> Sprite:
    """A flower head from above."""
    kind = int(rng.integers(len(_OUTER)))
    return blossom.flower(rng, _OUTER[kind], _INNER[kind], ruffled=True)


def _top(rng: np.random.Generator, plane: Ground, setting: Setting, lit: Lighting) -> Surface:
    """Dark wood in the lamps' light."""
    drawn = wood.surface(rng, plane, setting, lit)
    level = drawn.albedo.mean(axis=2, keepdims=True)
    level = level / max(1e-3, float(level.mean()))
    stained = linear((96, 54, 34)) * np.clip(level, 0.3, 2.0)
    return Surface(np.asarray(stained, np.float32), polish=0.55, roughness=0.04)


def _lamps(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    del lit
    shape = canvas(setting)
    x, y = shares(*shape)
    tone = _WALLS[int(rng.integers(len(_WALLS)))]
    glow = np.exp(-((x / 0.6) ** 2) - ((y - horizon) / 0.35) ** 2)
    dim = 0.7 + 0.9 * glow + 0.08 * fractal(rng, shape, cell=0.4)
    image = tone * dim[..., None] + glow[..., None] * np.array((0.20, 0.09, 0.02), np.float32)
    soft = blur_backdrop(np.asarray(image, np.float32), setting, 0.02)
    aspect = setting.width / setting.height
    for number in range(int(rng.integers(3, 5))):
        start, end = (float(v) for v in rng.uniform(-0.06, 0.10, 2))
        path = swag((-0.05, start), (aspect + 0.05, end), float(rng.uniform(0.15, 0.75)) * horizon)
        nearer = number % 2
        hang_lamps(
            soft,
            rng,
            path,
            count=round((13, 20)[nearer] * aspect),
            radius=(0.017, 0.0095)[nearer],
            colours=_FLAMES,
            power=(0.4, 0.9)[nearer],
        )
    _garlands(rng, soft, aspect, horizon)
    for x_at in np.arange(0.06, 1.0, 0.17):
        away = float(rng.uniform(1.4, 2.4))
        size = 0.16 * scale_of(setting.view, away)
        lay(
            soft,
            lamp(rng),
            x=float(x_at + rng.normal(0, 0.025)),
            y=horizon - size * 0.3,
            size=size,
            blur=float(confusion(1 + away / 2.2, 0.03)),
        )
    return soft


def _garlands(rng: np.random.Generator, soft: Light3, aspect: float, horizon: float) -> None:
    """Strings of marigolds that hang at the sides, out of focus, in place."""
    heads = [marigold(rng) for _ in range(4)]
    for edge in (-1, 1):
        for _ in range(int(rng.integers(2, 4))):
            x = aspect / 2 + edge * float(rng.uniform(0.34, 0.54)) * min(1.0, aspect)
            end = horizon * float(rng.uniform(0.45, 0.92))
            size = float(rng.uniform(0.045, 0.058))
            kind = int(rng.integers(len(heads)))
            for y in np.arange(-0.02, end, size * 0.62):
                lay(
                    soft,
                    heads[kind if rng.random() < 0.8 else int(rng.integers(len(heads)))],
                    x=(x + float(rng.normal(0, 0.003))) / aspect,
                    y=float(y),
                    size=size,
                    angle=float(rng.uniform(0, 360)),
                    blur=0.0095,
                    gain=float(rng.uniform(0.4, 0.7)),
                )


def _around(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    _petals(rng, picture, setting, lit, 26)
    side = -1 if lit.light.azimuth_deg > 0 else 1
    heads = [marigold(rng) for _ in range(5)]
    for x, y in corners(rng, int(rng.integers(14, 20)), setting):
        lay(
            picture,
            heads[int(rng.integers(len(heads)))],
            x=x,
            y=y,
            size=float(rng.uniform(0.12, 0.17)),
            angle=float(rng.uniform(0, 360)),
            shadow=0.75,
            shadow_offset=(0.016 * side, 0.012),
            shadow_blur=0.012,
            gain=0.8,
        )


def _petals(
    rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting, count: int
) -> None:
    """Loose petals at the margins, or at the sides."""
    side = -1 if lit.light.azimuth_deg > 0 else 1
    overhead = setting.view == "overhead"
    places = (
        [(x, y, 1.0, 0.0) for x, y in corners(rng, count, setting)]
        if overhead
        else at_sides(rng, setting, count)
    )
    for x, y, scale, blur in places:
        colour = _OUTER[int(rng.integers(len(_OUTER)))]
        lay(
            picture,
            blossom.petal(rng, colour),
            x=x,
            y=y,
            size=float(rng.uniform(0.022, 0.036)) * scale,
            angle=float(rng.uniform(0, 360)),
            squash=LYING[setting.view],
            blur=blur,
            shadow=0.5,
            shadow_offset=(0.003 * side, 0.002),
            shadow_blur=0.003,
            gain=0.75,
        )


def _beside(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    _petals(rng, picture, setting, lit, 16)
    heads = [
        blossom.head(rng, _OUTER[kind], _INNER[kind])
        for kind in rng.integers(0, len(_OUTER), 3).tolist()
    ]
    for x, y, scale, blur in at_sides(rng, setting, int(rng.integers(6, 9)), far=0.8, heaps=2):
        size = float(rng.uniform(0.17, 0.22)) * scale
        lay(
            picture,
            heads[int(rng.integers(len(heads)))],
            x=x,
            y=y - size * 0.22,
            size=size,
            angle=float(rng.uniform(-14, 14)),
            squash=0.86 if setting.view == "level" else 1.0,
            blur=blur + 0.0004,
            shadow=0.8,
            shadow_offset=(0, size * 0.2),
            shadow_blur=0.08 * size,
            shadow_squash=LYING[setting.view] + 0.2,
            gain=0.72,
        )
    margin = 0.13 * min(1.0, setting.width / setting.height)
    for x in (
        margin + float(rng.uniform(-0.04, 0.05)),
        1 - margin + float(rng.uniform(-0.05, 0.04)),
    ):
        away = float(rng.uniform(-0.12, 0.1))
        size = 0.2 * scale_of(setting.view, away)
        y = row_of(setting.view, away)
        shed = Sprite(*pool())
        lay(picture, shed, x=x, y=y, size=size * 3.4, squash=LYING[setting.view] + 0.1)
        lay(
            picture,
            lamp(rng),
            x=x,
            y=y - size * 0.42,
            size=size,
            shadow=0.6,
            shadow_offset=(0, size * 0.46),
            shadow_blur=0.06 * size,
            shadow_squash=LYING[setting.view],
            blur=float(confusion(1 + away / FOCAL, 0.022)),
        )


def _near(rng: np.random.Generator, layer: Layer, setting: Setting) -> None:
    del setting
    for side in (0.0, 1.0):
        lay(
            layer,
            marigold(rng),
            x=side,
            y=float(rng.uniform(0.92, 1.02)),
            size=float(rng.uniform(0.2, 0.3)),
            blur=0.03,
            gain=0.7,
        )
