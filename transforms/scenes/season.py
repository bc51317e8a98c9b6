"""What all seasons share: a ground, what is behind it, what lies around, and what is near."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from transforms.scenes import gobo
from transforms.scenes.ground import row_of, scale_of
from transforms.scenes.lens import confusion
from transforms.scenes.light import developed_layer
from transforms.scenes.scene import Light, Scene
from transforms.scenes.setting import Setting
from transforms.scenes.sprite import Layer, empty_layer
from transforms.scenes.table import Around, Backdrop, Illumination, Lighting, Material, table

Near = Callable[[np.random.Generator, Layer, Setting], None]
"""Draws what is between the camera and the product: (rng, layer, setting)."""

Span = tuple[float, float]

_APERTURE = 0.022
"""Of things beside the product, as `transforms.scenes.lens.confusion` takes it."""

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
        backdrop=backdrop,
        around=around,
        beside=beside,
        light=light,
        aperture=aperture,
    )
    if not setting.foreground:
        return scene
    layer = empty_layer(setting.height, setting.width)
    near(near_rng, layer, setting)
    return replace(scene, foreground=developed_layer(layer.light, layer.alpha))


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
            float(side * rng.uniform(40, 75)), float(rng.uniform(*elevation)), colour, softness
        )
        mask = gobo.foliage(rng, softness=0.02 + 0.05 * softness, at_edges=view == "overhead")
        return Lighting(where, mask[:, ::-1] if side > 0 else mask, float(rng.uniform(*shade)))

    return light


def at_sides(
    rng: np.random.Generator, setting: Setting, count: int, *, far: float = 1.5
) -> Iterator[tuple[float, float, float, float]]:
    """Places on the ground beside where a product stands, far ones first.

    Args:
        rng: Where.
        setting: Its view.
        count: How many.
        far: How far behind the product they may lie, in units of the ground.

    Yields:
        x and y as shares of width and height; size against one beside the product; blur as a
        share of the height.
    """
    for away in sorted(rng.uniform(-0.28, far, count), reverse=True):
        x = rng.uniform(0.0, 0.19) if rng.random() < 0.5 else rng.uniform(0.81, 1.0)
        scale = scale_of(setting.view, float(away))
        blur = float(confusion(1 / scale, _APERTURE))
        yield float(x), row_of(setting.view, float(away)), scale, blur


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
