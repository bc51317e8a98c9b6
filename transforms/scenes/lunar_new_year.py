"""Lunar New Year: red lacquer, paper lanterns, and plum blossom."""

import numpy as np

from transforms.scenes import blossom
from transforms.scenes.backdrop import canvas
from transforms.scenes.ground import Ground
from transforms.scenes.lamps import hang_lamps, swag
from transforms.scenes.light import Light3, Plane, Values, linear, mix, shares, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.season import LYING, at_margin, at_sides, corners, lit_by, season
from transforms.scenes.sprite import Layer, Sprite, lay
from transforms.scenes.table import Lighting, Surface, blur_backdrop

_REDS = tuple(linear(c) for c in ((176, 24, 26), (150, 18, 24), (190, 38, 28)))
_GOLD = np.array(((1.0, 0.74, 0.32), (1.0, 0.82, 0.5), (1.0, 0.62, 0.24)), np.float32)
_OUTER, _INNER = linear((252, 214, 222)), linear((226, 96, 124))
_COIN = linear((206, 160, 70))
_BLACK = 0.4
"""How often the lacquer is black."""
_LIGHT = lit_by((1.0, 0.90, 0.76), elevation=(38, 52), softness=0.5, shade=(0.12, 0.26))


def draw(setting: Setting) -> Scene:
    """A lacquered table before lanterns."""
    return season(
        setting,
        material=_lacquer,
        backdrop=_lanterns,
        around=_around,
        beside=_beside,
        near=_near,
        light=_LIGHT,
    )


def lantern(rng: np.random.Generator) -> Sprite:
    """A round paper lantern, lit from within, with its tassel."""
    rows, columns = 360, 240
    y = ((np.arange(rows, dtype=np.float32) + 0.5) / columns * 2 - 1.0)[:, None]
    x = ((np.arange(columns, dtype=np.float32) + 0.5) / columns * 2 - 1)[None]
    body = 0.94 * np.sqrt(np.clip(1 - (y / 0.74) ** 2, 0, 1))
    paper = np.clip((body - np.abs(x)) * columns / 4, 0, 1)
    across = x / np.maximum(body, 1e-3)
    ribs = 0.86 + 0.14 * np.abs(np.cos(np.arcsin(np.clip(across, -1, 1)) * 9))
    glow = 0.5 + 1.5 * np.exp(-((across / 0.55) ** 2) - ((y - 0.1) / 0.5) ** 2)
    tone = mix(_REDS[int(rng.integers(len(_REDS)))], np.array((1.0, 0.30, 0.10), np.float32), 0.35)
    image = tone * (ribs * glow)[..., None]
    cap = np.clip((0.34 - np.abs(x)) * columns / 4, 0, 1) * np.clip(
        (0.1 - np.abs(np.abs(y) - 0.72)) * 60, 0, 1
    )
    image = mix(image, np.asarray(_COIN * 1.3, np.float32), cap)
    thread = np.clip((0.13 - np.abs(x) + 0.03 * np.sin(y * 20)) * columns / 4, 0, 1)
    tassel = thread * np.clip((y - 0.84) * 20, 0, 1) * np.clip((1.86 - y) * 20, 0, 1)
    streaks = 0.6 + 0.4 * np.abs(np.sin(x * 55))
    image = mix(image, tone * streaks[..., None] * np.float32(0.8), tassel)
    alpha = np.clip(paper + cap + tassel, 0, 1)
    return Sprite(np.asarray(image * alpha[..., None], np.float32), np.asarray(alpha, np.float32))


def coin(rng: np.random.Generator) -> Sprite:
    """A round brass coin with a square hole."""
    side = 140
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(axis, axis)
    radius, square = np.hypot(x, y), np.maximum(np.abs(x), np.abs(y))
    alpha = np.clip((0.96 - radius) * side / 3, 0, 1) * np.clip((square - 0.22) * side / 3, 0, 1)
    ridge = np.exp(-(((radius - 0.88) / 0.06) ** 2)) + np.exp(-(((square - 0.29) / 0.05) ** 2))
    shade = (
        0.62 + 0.4 * ridge + 0.5 * np.exp(-(((x + y * 0.6 + rng.uniform(-0.4, 0.4)) / 0.3) ** 2))
    )
    worn = 1 + 0.08 * fractal(rng, (side, side), cell=0.15)
    image = _COIN * (shade * worn)[..., None]
    return Sprite(np.asarray(image * alpha[..., None], np.float32), np.asarray(alpha, np.float32))


def _lacquer(rng: np.random.Generator, plane: Ground, _setting: Setting, lit: Lighting) -> Surface:
    """Polished lacquer, red or nearly black, with the fine waves of many coats."""
    del lit
    tone = _REDS[int(rng.integers(len(_REDS)))] * np.float32(0.62)
    if rng.random() < _BLACK:
        tone = linear((52, 26, 22))
    waves = plane.laid(fractal(rng, (256, 256), cell=0.4, octaves=4, tiled=True), span=2.2)
    brushed = fractal(rng, (512, 512), cell=0.01, octaves=3, gain=0.8, stretch=(14, 1), tiled=True)
    strokes = plane.laid(brushed, span=1.1, turn=float(rng.uniform(-6, 6)))
    albedo = tone * (1 + 0.06 * waves + 0.03 * strokes)[..., None]
    if plane.view == "overhead":
        # Seen from above it is laid with silk, with a little gold leaf.
        threads = plane.laid(_silk(rng), span=0.5)
        albedo = albedo * (0.92 + 0.16 * threads[..., :1]) + threads[..., 1:] * _COIN * 0.8
    return Surface(np.asarray(albedo, np.float32), polish=0.8, roughness=0.02)


def _silk(rng: np.random.Generator) -> Values:
    """Threads across and along, and flecks of gold leaf: (n, n, 2), tiled."""
    side = 640
    place = (np.arange(side, dtype=np.float32) + 0.5) / side
    weave = (
        0.5
        + 0.25 * np.sin(place[None] * 2 * np.pi * 96)
        + 0.25 * np.sin(place[:, None] * 2 * np.pi * 96)
    )
    uneven = 0.12 * fractal(rng, (side, side), cell=0.2, octaves=3, tiled=True)
    flecks = smoothstep(fractal(rng, (side, side), cell=0.016, octaves=2, tiled=True), 1.9, 2.4)
    gathered = smoothstep(fractal(rng, (side, side), cell=0.4, octaves=2, tiled=True), -0.4, 1.0)
    return np.dstack([weave + uneven, flecks * gathered]).astype(np.float32)


def _lanterns(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    del lit
    shape = canvas(setting)
    aspect = setting.width / setting.height
    x, y = shares(*shape)
    tone = _REDS[int(rng.integers(len(_REDS)))] * np.float32(rng.uniform(0.22, 0.45))
    glow = np.exp(-((x / 0.55) ** 2) - ((y - 0.3) / 0.45) ** 2)
    dim = 0.5 + 1.1 * glow + 0.06 * fractal(rng, shape, cell=0.4)
    dim = dim * (1 - 0.35 * smoothstep(y, horizon - 0.2, horizon))
    # Lattice screens stand left and right of the middle.
    dim = dim * (1 - 0.4 * _lattice(x + 0 * y, y + 0 * x, float(rng.uniform(0.085, 0.11))))
    soft = blur_backdrop(np.asarray(tone * dim[..., None], np.float32), setting, 0.014)
    for number in range(3):
        start, end = (float(v) for v in rng.uniform(-0.05, 0.06, 2))
        path = swag((-0.05, start), (aspect + 0.05, end), float(rng.uniform(0.2, 0.8)) * horizon)
        hang_lamps(
            soft,
            rng,
            path,
            count=round(12 * aspect),
            radius=(0.018, 0.018, 0.010)[number],
            colours=_GOLD,
            power=(0.3, 0.3, 0.6)[number],
        )
    for far in sorted(rng.uniform(0.45, 1.0, int(rng.integers(5, 8)))):
        away = float(rng.uniform(0.12, 0.5)) * (1 if rng.random() < 0.5 else -1)
        size = 0.36 * float(far)
        x_at, y_at = aspect / 2 + away * aspect, float(rng.uniform(-0.02, 0.16))
        cord = Sprite(*(np.zeros((64, 1, 3), np.float32), np.ones((64, 1), np.float32)))
        lay(soft, cord, x=x_at / aspect, y=y_at - 0.25, size=0.5, opacity=0.5, blur=0.002)
        lay(
            soft,
            lantern(rng),
            x=x_at / aspect,
            y=y_at + 0.2 * size,
            size=size,
            blur=0.010 + 0.012 * (1 - float(far)),
            gain=0.55 + 0.5 * float(far),
        )
    for edge in (-1, 1):
        lay(
            soft,
            blossom.branch(rng, _OUTER, _INNER),
            x=0.5 + edge * float(rng.uniform(0.36, 0.5)),
            y=float(rng.uniform(0.0, 0.35)) * min(1.0, horizon / 0.5),
            size=float(rng.uniform(0.55, 0.75)),
            angle=float(-edge * rng.uniform(55, 110)),
            blur=float(rng.uniform(0.006, 0.012)),
            gain=0.85,
        )
    return soft


def _lattice(x: Plane, y: Plane, step: float) -> Plane:
    """Bars of a wooden screen, 1, and what is between them, 0; the middle stays free."""
    u, v = np.abs(np.mod(x / step, 1) - 0.5), np.abs(np.mod(y / step, 1) - 0.5)
    bars = np.maximum(smoothstep(u, 0.42, 0.46), smoothstep(v, 0.42, 0.46))
    squares = np.maximum(u, v)
    bars = np.maximum(bars, smoothstep(np.abs(squares - 0.25), 0.05, 0.03))
    return np.asarray(bars * smoothstep(np.abs(x), 0.24, 0.26), np.float32)


def _around(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    side = -1 if lit.light.azimuth_deg > 0 else 1
    for _ in range(int(rng.integers(2, 4))):
        x, y = at_margin(rng, clear=0.45)
        inward = np.degrees(np.arctan2(0.5 - x, y - 0.5))
        lay(
            picture,
            blossom.branch(rng, _OUTER, _INNER),
            x=x,
            y=y,
            size=float(rng.uniform(0.42, 0.56)),
            angle=float(inward + rng.uniform(-60, 60)),
            shadow=0.55,
            shadow_offset=(0.016 * side, 0.014),
            shadow_blur=0.012,
        )
    for x, y in corners(rng, int(rng.integers(9, 14)), setting):
        lay(
            picture,
            coin(rng),
            x=x,
            y=y,
            size=float(rng.uniform(0.06, 0.075)),
            angle=float(rng.uniform(0, 360)),
            shadow=0.7,
            shadow_offset=(0.005 * side, 0.005),
            shadow_blur=0.004,
        )


def _beside(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    side = -1 if lit.light.azimuth_deg > 0 else 1
    for x, y, scale, blur in at_sides(rng, setting, int(rng.integers(12, 18))):
        flat = rng.random() < 0.45
        drawn = coin(rng) if flat else blossom.petal(rng, _OUTER)
        lay(
            picture,
            drawn,
            x=x,
            y=y,
            size=(0.085 if flat else 0.036) * scale,
            angle=float(rng.uniform(0, 360)),
            squash=LYING[setting.view],
            blur=blur,
            shadow=0.6,
            shadow_offset=(0.004 * side, 0.002),
            shadow_blur=0.003,
        )


def _near(rng: np.random.Generator, layer: Layer, setting: Setting) -> None:
    del setting
    side = float(rng.choice((0, 1)))
    lay(
        layer,
        blossom.branch(rng, _OUTER, _INNER),
        x=side,
        y=float(rng.uniform(0.0, 0.1)),
        size=float(rng.uniform(0.5, 0.7)),
        angle=float((1 - 2 * side) * rng.uniform(100, 135)),
        blur=0.018,
    )
