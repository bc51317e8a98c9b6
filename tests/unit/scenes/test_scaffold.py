"""Every scaffold: any view, any size, equal for equal seeds, and never flat."""

import cv2
import numpy as np
import pytest

from tests.unit.scenes.drawings import LARGE, PALETTE, SMALL, draw, draw_anew
from transforms.scenes.scaffold import KINDS, draw_scaffold

SLOW = ("autumn", "diwali", "festive", "garden", "kitchen", "lunar-new-year", "marble", "spring")
"""Hundreds of petals, needles and veins: half a second and more each, whatever the size."""

KINDS_IN_VIEWS = [
    pytest.param(kind, view, marks=[pytest.mark.slow] if kind in SLOW and view != "level" else [])
    for kind in KINDS
    for view in ("level", "raised", "overhead")
]
KINDS_IN_PARTS = [
    pytest.param(kind, marks=[pytest.mark.slow] if kind in SLOW else []) for kind in KINDS
]


@pytest.mark.parametrize(("kind", "view"), KINDS_IN_VIEWS)
def test_every_kind_in_every_view_is_a_picture_with_its_geometry(kind, view):
    scene = draw(kind, view)

    assert scene.pixels.shape == (SMALL, SMALL, 3)
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


@pytest.mark.parametrize("kind", KINDS_IN_PARTS)
def test_equal_seeds_give_equal_pixels_and_others_do_not(kind):
    first, again = draw(kind), draw_anew(kind)

    np.testing.assert_array_equal(first.pixels, again.pixels)
    assert first.light == again.light
    assert (draw(kind, side=LARGE).pixels != draw(kind, side=LARGE, seed=2).pixels).any()


@pytest.mark.parametrize("kind", KINDS_IN_PARTS)
def test_a_larger_picture_shows_the_same_place(kind):
    small, large = draw(kind), draw(kind, side=LARGE)
    reduced = cv2.resize(large.pixels, (SMALL, SMALL), interpolation=cv2.INTER_AREA)

    assert large.light == small.light
    assert large.horizon == pytest.approx(small.horizon, abs=0.01)
    soft = [cv2.GaussianBlur(each.astype(float), (0, 0), 3) for each in (reduced, small.pixels)]
    assert np.abs(soft[0] - soft[1]).mean() < 6


@pytest.mark.parametrize("size", [(54, 96), (96, 54), (77, 96)])
@pytest.mark.parametrize(
    "kind",
    ["winter", pytest.param("festive", marks=pytest.mark.slow), "studio-gradient"],
)
def test_any_aspect(kind, size):
    width, height = size
    scene = draw_anew(kind, width=width, height=height)

    assert scene.pixels.shape == (height, width, 3)
    assert scene.horizon == pytest.approx(draw(kind).horizon, abs=0.02)


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
        draw_scaffold(**{**wanted, **change}, seed=1)
