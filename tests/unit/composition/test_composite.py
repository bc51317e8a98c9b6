"""A product in a scene: its own pixels stay, the ground gets its shadow and its reflection."""

from dataclasses import replace

import numpy as np
import pytest

from transforms.composition.composite import composite_product
from transforms.scenes.scene import Light, Scene

SIDE = 160
BOX = (60, 50, 100, 128)
LABEL = (70, 100, 90, 120)


def scene(*, gloss=0.0, foreground=None, colour=(1.0, 1.0, 1.0), view="level") -> Scene:
    rows = np.linspace(90, 210, SIDE)[:, None, None]
    return Scene(
        pixels=np.broadcast_to(rows, (SIDE, SIDE, 3)).astype(np.uint8),
        view=view,
        horizon=0.5,
        stand=0.8,
        light=Light(60, 40, colour, 0.3),
        gloss=gloss,
        foreground=foreground,
    )


def product() -> tuple[np.ndarray, np.ndarray]:
    """Red, with an edge that is half transparent."""
    pixels = np.full((78, 40, 3), (180, 20, 20), np.uint8)
    cover = np.full((78, 40), 255, np.uint8)
    cover[:, 0] = cover[:, -1] = 120
    return pixels, cover


def made(shown: Scene, *, keep_clear=(), standing=True):
    return composite_product(shown, *product(), BOX, standing=standing, keep_clear=keep_clear)


def everywhere(value=255) -> np.ndarray:
    layer = np.full((SIDE, SIDE, 4), 90, np.uint8)
    layer[..., 3] = value
    return layer


@pytest.mark.parametrize("view", ["level", "raised", "overhead"])
@pytest.mark.parametrize("gloss", [0.0, 0.6])
def test_the_products_own_pixels_arrive_as_they_are(view, gloss):
    shown = scene(gloss=gloss, view=view)
    before = shown.pixels.copy()
    pixels = made(shown, standing=view != "overhead").pixels

    left, top, right, bottom = BOX
    colours, cover = product()
    inside = cover == 255
    np.testing.assert_array_equal(pixels[top:bottom, left:right][inside], colours[inside])
    np.testing.assert_array_equal(shown.pixels, before)


@pytest.mark.parametrize("view", ["level", "raised", "overhead"])
def test_a_shadow_only_darkens(view):
    shown = scene(view=view)
    picture = made(shown, standing=view != "overhead")
    left, top, right, bottom = BOX
    ground = np.ones((SIDE, SIDE), bool)
    ground[top:bottom, left:right] = False

    change = picture.pixels[ground].astype(int) - shown.pixels[ground]
    assert change.max() <= 0
    assert change.min() < -25


def test_beyond_its_box_nothing_is_darker():
    shown = scene()
    picture = made(shown)
    left, top, right, bottom = picture.shadow
    touched = (picture.pixels != shown.pixels).any(axis=2)
    touched[top:bottom, left:right] = False
    touched[BOX[1] : BOX[3], BOX[0] : BOX[2]] = False

    darker = (picture.pixels != shown.pixels).any(axis=2)
    darker[BOX[1] : BOX[3], BOX[0] : BOX[2]] = False
    assert not touched.any()
    assert darker[top:bottom, left:right].mean() > 0.3, "the box is no larger than its shadow"
    assert (right - left) * (bottom - top) < SIDE * SIDE / 2


def test_shadows_in_warm_light_are_cool():
    warm, shown = made(scene(colour=(1.0, 0.8, 0.5))), scene()
    kept = warm.pixels.astype(float) / shown.pixels
    left, top, _, bottom = warm.shadow
    part = kept[top:bottom, left : BOX[0] - 2]
    dark = part[part[..., 1] < 0.85]

    assert len(dark) > 20
    assert dark[:, 2].mean() > dark[:, 0].mean() + 0.03


def test_only_a_glossy_ground_mirrors_the_product():
    below = (slice(BOX[3] + 4, BOX[3] + 14), slice(70, 90))
    matt, glossy = (made(scene(gloss=gloss)).pixels[below].astype(int) for gloss in (0.0, 0.6))

    assert np.abs(matt[..., 0] - matt[..., 1]).max() <= 4
    assert (glossy[..., 0] - glossy[..., 1]).mean() > 15


def test_nothing_lies_before_it_where_the_scene_has_nothing():
    picture = made(scene())

    assert picture.occluder is None
    assert picture.foreground_share == 0


def test_what_is_near_hides_neither_label_nor_much_of_the_product():
    picture = made(scene(foreground=everywhere()), keep_clear=[LABEL])

    assert 0 < picture.foreground_share <= 0.121
    left, top, right, bottom = LABEL
    assert picture.occluder[top:bottom, left:right].max() == 0
    np.testing.assert_array_equal(
        picture.pixels[top:bottom, left:right], np.full((20, 20, 3), (180, 20, 20), np.uint8)
    )
    assert picture.occluder[:40].min() == 255
    assert picture.occluder[BOX[1] + 4 : 90, 66:94].max() == 0


def test_where_it_hides_nothing_no_pixel_changes():
    clear = made(scene(foreground=everywhere(0)))

    np.testing.assert_array_equal(clear.pixels, made(scene()).pixels)
    assert clear.foreground_share == 0


def test_equal_scenes_give_equal_pixels():
    shown = scene(gloss=0.4, foreground=everywhere(60))

    np.testing.assert_array_equal(made(shown).pixels, made(replace(shown)).pixels)
