"""Winter: snow, firs out of focus, and flakes in the air."""

import numpy as np

from transforms.scenes import drift, fir
from transforms.scenes.backdrop import canvas
from transforms.scenes.ground import Ground
from transforms.scenes.lens import bokeh
from transforms.scenes.light import Light3, eased, linear, luminance, mixed, shares
from transforms.scenes.scene import Scene
from transforms.scenes.season import at_margin, lit_by, season
from transforms.scenes.setting import Setting
from transforms.scenes.sprite import Layer, Sprite, lay
from transforms.scenes.table import Lighting, Surface, blurred_backdrop

_SNOW, _SHADE = linear((250, 250, 252)), linear((206, 216, 234))
_AIR = (linear((206, 220, 236)), linear((226, 226, 228)), linear((188, 204, 226)))
_FLAKES = np.array(((1.0, 1.0, 1.0), (0.92, 0.96, 1.0)), np.float32)
_LIGHT = lit_by((1.0, 0.97, 0.93), elevation=(26, 40), softness=0.55, shade=(0.08, 0.22))


def draw(setting: Setting) -> Scene:
    """A snow field in front of firs."""
    return season(
        setting, material=_ground, backdrop=_firs, around=_around, near=_near, light=_LIGHT
    )


def _ground(rng: np.random.Generator, plane: Ground, _setting: Setting, lit: Lighting) -> Surface:
    return drift.surface(rng, plane, lit, colour=_SNOW, shade=_SHADE, relief=0.7, grain=0.035)


def _firs(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
    del lit
    shape = canvas(setting)
    haze = _AIR[int(rng.integers(len(_AIR)))]
    image = fir.wood_far_away(rng, shape, ground=horizon + 0.03, haze=haze, snow=0.75)
    soft = blurred_backdrop(image, setting, rng.uniform(0.03, 0.045))
    bank = eased(shares(*soft.shape[:2])[1], horizon - 0.10, horizon + 0.01)[..., None]
    soft = mixed(soft, haze * np.float32(1.05), 0.75 * bank)
    for count, radius, strength in ((90, (0.002, 0.006), 0.5), (26, (0.008, 0.02), 0.3)):
        bokeh(
            soft,
            rng,
            count=count,
            colours=_FLAKES,
            radius=radius,
            region=(0, 0, 1, horizon + 0.1),
            strength=(0.08, strength),
            rim=0.1,
        )
    return soft


def _around(rng: np.random.Generator, picture: Light3, setting: Setting, lit: Lighting) -> None:
    del setting
    side = -1 if lit.light.azimuth_deg > 0 else 1
    for _ in range(int(rng.integers(3, 6))):
        x, y = at_margin(rng, clear=0.42)
        inward = np.degrees(np.arctan2(0.5 - x, y - 0.5))
        lay(
            picture,
            fir.twig(rng, frost=0.55),
            x=x,
            y=y,
            size=float(rng.uniform(0.34, 0.5)),
            angle=float(inward + rng.uniform(-50, 50)),
            shadow=0.4,
            shadow_offset=(0.014 * side, 0.014),
            shadow_blur=0.012,
        )
    for _ in range(int(rng.integers(5, 9))):
        x, y = at_margin(rng)
        lay(
            picture,
            _berry(rng),
            x=x,
            y=y,
            size=float(rng.uniform(0.012, 0.02)),
            shadow=0.5,
            shadow_offset=(0.004 * side, 0.004),
            shadow_blur=0.004,
        )


def _berry(rng: np.random.Generator) -> Sprite:
    side = 48
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = axis[None], axis[:, None]
    radius = np.hypot(x, y)
    alpha = np.clip((0.94 - radius) * side / 4, 0, 1).astype(np.float32)
    round_off = np.sqrt(np.clip(1 - radius**2, 0, 1))
    red = linear((178, 30, 34)) * np.float32(rng.uniform(0.7, 1.1))
    image = red * (0.25 + 0.9 * round_off)[..., None]
    image += 0.7 * np.exp(-(((x - 0.3) / 0.16) ** 2 + ((y + 0.35) / 0.16) ** 2))[..., None]
    return Sprite(np.asarray(image * alpha[..., None], np.float32), alpha)


def _near(rng: np.random.Generator, layer: Layer, setting: Setting) -> None:
    side = float(rng.choice((0, 1)))
    lay(
        layer,
        fir.twig(rng, frost=0.8),
        x=side,
        y=float(rng.uniform(0.0, 0.12)),
        size=float(rng.uniform(0.5, 0.7)),
        angle=float((1 - 2 * side) * rng.uniform(95, 130)),
        blur=0.016,
    )
    flakes = np.zeros_like(layer.light)
    bokeh(
        flakes,
        rng,
        count=34,
        colours=_FLAKES,
        radius=(0.004, 0.016),
        region=(0, 0, 1, 0.9),
        strength=(0.1, 0.5),
        rim=0.1,
    )
    layer.light[...] += flakes
    layer.alpha[...] = np.maximum(layer.alpha, np.clip(luminance(flakes), 0, 1))
    del setting
