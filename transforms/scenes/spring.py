"""Spring: a bright garden out of focus, and blossom."""

import numpy as np

from transforms.scenes import backdrop, blossom, linen, wood
from transforms.scenes.ground import Ground
from transforms.scenes.light import Light3, Values, linear, mixed
from transforms.scenes.scene import Scene
from transforms.scenes.season import LYING, at_margin, at_sides, lit_by, season
from transforms.scenes.setting import Setting
from transforms.scenes.sprite import Layer, lay
from transforms.scenes.table import Lighting, Surface

_OUTER = tuple(linear(c) for c in ((252, 226, 232), (255, 240, 242), (246, 198, 212)))
_INNER = tuple(linear(c) for c in ((232, 132, 160), (246, 190, 200), (214, 96, 132)))
_FRESH = np.array((0.92, 1.06, 0.86), np.float32)
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
    picture = backdrop.garden(rng, setting, lit, horizon)
    picture = mixed(picture * _FRESH * 1.5, np.array((0.98, 1.02, 0.86), np.float32), 0.26)
    outer, inner = _colours(rng)
    for _ in range(int(rng.integers(3, 6))):
        side = float(rng.choice((-0.02, 1.02)))
        lay(
            picture,
            blossom.branch(rng, outer, inner),
            x=side + (0.5 - side) * 0.2,
            y=float(rng.uniform(-0.05, 0.4)),
            size=float(rng.uniform(0.45, 0.75)),
            angle=float((1 if side < 0 else -1) * rng.uniform(55, 120)),
            blur=float(rng.uniform(0.008, 0.03)),
            gain=float(rng.uniform(0.85, 1.05)),
        )
    return np.asarray(picture, np.float32)


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
    side = -1 if lit.light.azimuth_deg > 0 else 1
    outer, _ = _colours(rng)
    for x, y, scale, blur in at_sides(rng, setting, int(rng.integers(12, 22))):
        lay(
            picture,
            blossom.petal(rng, outer),
            x=x,
            y=y,
            size=float(rng.uniform(0.024, 0.034)) * scale,
            angle=float(rng.uniform(0, 360)),
            squash=LYING[setting.view],
            blur=blur,
            shadow=0.4,
            shadow_offset=(0.003 * side, 0.0015),
            shadow_blur=0.003,
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
