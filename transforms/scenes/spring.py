"""Spring: a bright garden out of focus, and blossom."""

import numpy as np

from transforms.scenes import blossom, garden, linen, wood
from transforms.scenes.ground import Ground
from transforms.scenes.light import Light3, Values, linear
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.season import LYING, at_margin, at_sides, lit_by, season
from transforms.scenes.sprite import Layer, lay
from transforms.scenes.table import Lighting, Surface

_OUTER = tuple(linear(c) for c in ((252, 226, 232), (255, 240, 242), (246, 198, 212)))
_INNER = tuple(linear(c) for c in ((232, 132, 160), (246, 190, 200), (214, 96, 132)))
_LIGHT = lit_by((1.0, 0.98, 0.91), elevation=(38, 52), softness=0.5, shade=(0.18, 0.34))


def draw(setting: Setting) -> Scene:
    """A pale table in a garden in blossom."""
    return season(
        setting,
        material=_top,
        backdrop=_garden,
        around=_around,
        beside=_beside,
        near=_near,
        light=_LIGHT,
    )


def _top(rng: np.random.Generator, plane: Ground, setting: Setting, lit: Lighting) -> Surface:
    """Painted boards, or cloth, both pale."""
    drawn = (wood.surface if rng.random() < 0.6 else linen.surface)(rng, plane, setting, lit)
    grey = drawn.albedo.mean(axis=2, keepdims=True)
    paint = linear((240, 236, 228)) * np.float32(0.92)
    level = grey / max(1e-3, float(grey.mean()))
    painted = paint * np.clip(0.35 + 0.65 * level, 0.4, 1.06)
    return Surface(
        np.asarray(np.clip(painted, 0.02, 0.95), np.float32),
        polish=drawn.polish * 0.5,
        roughness=drawn.roughness,
        relief=drawn.relief,
    )


def _garden(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    """A garden in the morning: far hedges, a lit lawn, and boughs in blossom at two distances."""
    soft = garden.hedge(rng, setting, lit, horizon)
    outer, inner = _colours(rng)
    boughs = [blossom.branch(rng, outer, inner) for _ in range(4)]
    # A tree further back, then boughs nearer: each distance has its own blur.
    for blur, count, size, gain in ((0.019, 4, (0.55, 0.8), 0.8), (0.0085, 3, (0.5, 0.7), 1.0)):
        for _ in range(count):
            edge = float(rng.choice((-1, 1)))
            lay(
                soft,
                boughs[int(rng.integers(len(boughs)))],
                x=0.5 + edge * float(rng.uniform(0.30, 0.52)),
                y=float(rng.uniform(-0.06, 0.3)) * min(1.0, horizon / 0.5),
                size=float(rng.uniform(*size)),
                angle=float(-edge * rng.uniform(60, 125)),
                flip=bool(rng.random() < 0.5),
                blur=blur,
                gain=gain * float(rng.uniform(0.9, 1.08)),
            )
    return np.asarray(soft, np.float32)


def _colours(rng: np.random.Generator) -> tuple[Values, Values]:
    kind = int(rng.integers(len(_OUTER)))
    return _OUTER[kind], _INNER[kind]


def _around(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    del setting
    side = -1 if lit.light.azimuth_deg > 0 else 1
    outer, inner = _colours(rng)
    for _ in range(int(rng.integers(2, 4))):
        x, y = at_margin(rng, clear=0.45)
        inward = np.degrees(np.arctan2(0.5 - x, y - 0.5))
        lay(
            picture,
            blossom.branch(rng, outer, inner),
            x=x,
            y=y,
            size=float(rng.uniform(0.4, 0.55)),
            angle=float(inward + rng.uniform(-60, 60)),
            shadow=0.38,
            shadow_offset=(0.016 * side, 0.014),
            shadow_blur=0.014,
        )
    for _ in range(int(rng.integers(10, 18))):
        x, y = at_margin(rng)
        lay(
            picture,
            blossom.petal(rng, outer),
            x=x,
            y=y,
            size=float(rng.uniform(0.018, 0.03)),
            angle=float(rng.uniform(0, 360)),
            shadow=0.35,
            shadow_offset=(0.003 * side, 0.003),
            shadow_blur=0.004,
        )


def _beside(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    """Petals that fell, and sometimes a cut twig at a side."""
    away = -1 if lit.light.azimuth_deg > 0 else 1
    outer, inner = _colours(rng)
    twigs = int(rng.integers(0, 3))
    for x, y, scale, blur in at_sides(rng, setting, twigs, far=0.7, heaps=2):
        outwards = 1 if x > 0.5 else -1
        lay(
            picture,
            blossom.branch(rng, outer, inner),
            x=x + 0.13 * outwards * scale,
            y=y,
            size=0.62 * scale,
            angle=float(-90 * outwards + rng.uniform(-28, 28)),
            squash=min(1.0, LYING[setting.view] + 0.16),
            blur=blur + 0.0005,
            shadow=0.5,
            shadow_offset=(0.018 * away * scale, 0.008 * scale),
            shadow_blur=0.012 * scale,
        )
    for x, y, scale, blur in at_sides(rng, setting, int(rng.integers(16, 30))):
        lay(
            picture,
            blossom.petal(rng, outer),
            x=x,
            y=y,
            size=float(rng.uniform(0.032, 0.046)) * scale,
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
        blossom.branch(rng, *_colours(rng)),
        x=side,
        y=float(rng.uniform(0.0, 0.1)),
        size=float(rng.uniform(0.55, 0.75)),
        angle=float((1 - 2 * side) * rng.uniform(100, 135)),
        blur=0.018,
    )
