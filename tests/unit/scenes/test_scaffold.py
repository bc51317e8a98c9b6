"""Every scaffold: any view, any size, equal for equal seeds, and never flat."""

from functools import cache

import cv2
import numpy as np
import pytest

from transforms.scenes.scaffold import KINDS, scaffold
from transforms.scenes.scene import Scene

SIDE = 96
VIEWS = ("level", "raised", "overhead")
PALETTE = ((201, 183, 160), (86, 101, 89))


def drawn(kind, view="level", *, width=SIDE, height=SIDE, seed=1, foreground=False) -> Scene:
    return scaffold(
        kind,
        width=width,
        height=height,
        view=view,
        palette=PALETTE,
        seed=seed,
        foreground=foreground,
    )


first_drawn = cache(drawn)
"""The same, kept: most tests compare another picture with it."""


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_in_every_view_is_a_picture_with_its_geometry(kind, view):
    scene = first_drawn(kind, view)

    assert scene.pixels.shape == (SIDE, SIDE, 3)
    assert scene.pixels.dtype == np.uint8
    assert scene.pixels.std() > 2, "flat"
    assert scene.view == view
    assert 0 <= scene.horizon < scene.stand < 1
    light = scene.light
    assert 15 <= light.elevation_deg <= 90
    assert abs(light.azimuth_deg) <= 180
    assert max(light.colour) == 1
    assert 0 <= light.softness <= 1
    assert 0 <= scene.gloss <= 1
    assert scene.foreground is None


@pytest.mark.parametrize("kind", KINDS)
def test_equal_seeds_give_equal_pixels_and_others_do_not(kind):
    first, again = first_drawn(kind, "overhead"), drawn(kind, "overhead")

    np.testing.assert_array_equal(first.pixels, again.pixels)
    assert first.light == again.light
    assert (first.pixels != drawn(kind, "overhead", seed=2).pixels).any()


@pytest.mark.parametrize("kind", KINDS)
def test_a_larger_picture_shows_the_same_place(kind):
    small, large = first_drawn(kind), drawn(kind, width=2 * SIDE, height=2 * SIDE)
    reduced = cv2.resize(large.pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)

    assert large.light == small.light
    assert large.horizon == pytest.approx(small.horizon, abs=0.01)
    soft = [cv2.GaussianBlur(each.astype(float), (0, 0), 3) for each in (reduced, small.pixels)]
    assert np.abs(soft[0] - soft[1]).mean() < 6


@pytest.mark.parametrize("size", [(54, 96), (96, 54), (77, 96)])
@pytest.mark.parametrize("kind", ["winter", "festive", "kitchen", "studio-gradient"])
def test_any_aspect(kind, size):
    width, height = size
    scene = drawn(kind, width=width, height=height)

    assert scene.pixels.shape == (height, width, 3)
    assert scene.horizon == pytest.approx(first_drawn(kind).horizon, abs=0.02)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "moon"}, "no scaffold is called 'moon'"),
        ({"palette": ()}, "at least one colour"),
        ({"width": 0}, "0 x 8 pixels is no picture"),
    ],
)
def test_what_cannot_be_drawn_is_told(change, told):
    wanted = {"kind": "wood", "width": 8, "height": 8, "view": "level", "palette": PALETTE}
    with pytest.raises(ValueError, match=told):
        scaffold(**{**wanted, **change}, seed=1)
