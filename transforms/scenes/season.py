"""What all seasons share: a ground, what is behind it, what lies around, and what is near."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import numpy as np

from transforms.scenes import gobo
from transforms.scenes.ground import row_of, scale_of
from transforms.scenes.lens import confusion
from transforms.scenes.light import Light3, develop_layer
from transforms.scenes.scene import Light, Scene, Setting
from transforms.scenes.sprite import Layer, empty_layer
from transforms.scenes.table import Around, Backdrop, Illumination, Lighting, Material, table

Near = Callable[[np.random.Generator, Layer, Setting], None]
"""Draws what is between the camera and the product: (rng, layer, setting)."""

Span = tuple[float, float]

_BACKDROP_ROWS = 960
"""All that is behind the ground is blurred to discs of several pixels at this height."""

_APERTURE = 0.022
"""Of things beside the product, as `transforms.scenes.lens.confusion` takes it."""

_GATHERED = 0.7
"""Share of the things at a side that lie close to its edge."""
_CLEAR, _CLEAR_GROWS = 0.33, 0.2
"""Half of the width that stays free for the product, in shares of the height, and how much more
before it."""

LYING = {"level": 0.2, "raised": 0.52, "overhead": 1.0}
"""How flat something that lies on the ground looks."""


def season(
    setting: Setting,
    *,
    material: Material,
    backdrop: Backdrop,
    around: Around,
    beside: Around | None = None,
    near: Near,
    light: Illumination,
    aperture: Span = (0.018, 0.028),
) -> Scene:
    """A scene of a season.

    Args:
        setting: Size, view, palette and seed.
        material: What the product stands on.
        backdrop: What is behind it.
        around: What lies at the margins, seen from above.
        beside: What lies at the sides, in the other views.
        near: What is near the camera; asked where the setting allows it.
        light: Sets the light.
        aperture: See `transforms.scenes.table.table`.
    """
    near_rng = setting.rng.spawn(1)[0]
    scene = table(
        setting,
        material=material,
        backdrop=_enlarge(backdrop),
        around=around,
        beside=beside,
        light=light,
        aperture=aperture,
    )
    if not setting.foreground:
        return scene
    layer = empty_layer(setting.height, setting.width)
    near(near_rng, layer, setting)
    return replace(scene, foreground=develop_layer(layer.light, layer.alpha))


def _enlarge(backdrop: Backdrop) -> Backdrop:
    """`backdrop`, drawn at no more rows than what is out of focus needs."""

    def draw(rng: np.random.Generator, setting: Setting, lit: Lighting, horizon: float) -> Light3:
        rows = min(setting.height, _BACKDROP_ROWS)
        columns = max(1, round(setting.width * rows / setting.height))
        picture = backdrop(rng, replace(setting, height=rows, width=columns), lit, horizon)
        size = (setting.width, setting.height)
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.float32)

    return draw


def lit_by(
    colour: tuple[float, float, float],
    *,
    elevation: Span,
    softness: float,
    shade: Span,
) -> Illumination:
    """Light from one side through leaves.

    Args:
        colour: Linear RGB, the brightest channel 1.
        elevation: Lowest and highest, in degrees.
        softness: See `transforms.scenes.scene.Light`.
        shade: Palest and darkest shadow of the leaves.
    """

    def light(rng: np.random.Generator, view: str) -> Lighting:
        side = float(rng.choice((-1, 1)))
        where = Light(
            float(side * rng.uniform(52, 84)), float(rng.uniform(*elevation)), colour, softness
        )
        mask = gobo.foliage(rng, softness=0.02 + 0.05 * softness, at_edges=view == "overhead")
        return Lighting(where, mask[:, ::-1] if side > 0 else mask, float(rng.uniform(*shade)))

    return light


def at_sides(
    rng: np.random.Generator,
    setting: Setting,
    count: int,
    *,
    far: float = 1.5,
    heaps: int = 3,
) -> Iterator[tuple[float, float, float, float]]:
    """Places on the ground beside where a product stands, far ones first.

    Args:
        rng: Where.
        setting: Its view.
        count: How many.
        far: How far behind the product they may lie, in units of the ground.
        heaps: Around so many spots they gather, as what falls or is strewn does.

    Yields:
        x and y as shares of width and height; size against one beside the product; blur as a
        share of the height.
    """
    aspect = setting.width / setting.height
    first = float(rng.choice((-1, 1)))
    spots = [
        (first * (-1) ** number, float(rng.uniform(-0.22, 0.55 * far))) for number in range(heaps)
    ]
    places = []
    for number in range(count):
        side, away = spots[number % heaps]
        away = float(np.clip(away + rng.normal(0, 0.16), -0.28, far))
        scale = scale_of(setting.view, away)
        # In shares of the height from the middle; further back more of the ground is in view.
        out = abs(rng.normal(0, 0.075)) if rng.random() < _GATHERED else rng.uniform(0, 0.3)
        across = (aspect / 2 / scale - out - 0.02) * scale
        clear = (_CLEAR + _CLEAR_GROWS * max(0.0, -away)) * min(1.0, aspect)
        x = 0.5 + side * max(across, clear) / aspect
        places.append((away, x, scale))
    for away, x, scale in sorted(places, reverse=True):
        blur = float(confusion(1 / scale, _APERTURE))
        yield float(x), row_of(setting.view, away), scale, blur


def at_margin(rng: np.random.Generator, *, clear: float = 0.3) -> tuple[float, float]:
    """A place outside the picture's middle, as shares of width and height.

    Args:
        rng: Where.
        clear: Half of the side of the square that stays free.
    """
    while True:
        x, y = (float(each) for each in rng.uniform(-0.02, 1.02, 2))
        if max(abs(x - 0.5), abs(y - 0.5)) > clear:
            return x, y


def corners(
    rng: np.random.Generator, count: int, setting: Setting
) -> Iterator[tuple[float, float]]:
    """Places in heaps around two or three corners of a picture seen from above.

    Yields:
        x and y as shares of width and height.
    """
    turned = int(rng.integers(4))
    spots = [((0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0))[(each + turned) % 4] for each in
             range(int(rng.integers(2, 4)))]  # fmt: skip
    aspect = setting.width / setting.height
    for number in range(count):
        left, top = spots[number % len(spots)]
        # Along either edge, thinning out.
        along, inwards = abs(rng.normal(0, 0.22)), abs(rng.normal(0, 0.06))
        out = (along, inwards) if rng.random() < 0.5 else (inwards, along)
        yield (
            abs(left - min(0.6, out[0] / max(1.0, aspect))),
            abs(top - min(0.6, out[1] * min(1.0, aspect))),
        )
