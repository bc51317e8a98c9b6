"""The shadow follows what touches the ground, spares the product, and ends in exact white."""

import cv2
import numpy as np
import pytest

from transforms.images.canvas import compose_over
from transforms.images.shadow import darken_by_shade, shade_of
from transforms.presets.preset import Shadow

SIDE = 400
CONTACT = Shadow(kind="contact", opacity=0.8, spread=0.1)


def box_matte(left, top, right, bottom):
    alpha = np.zeros((SIDE, SIDE), np.uint8)
    alpha[top:bottom, left:right] = 255
    return alpha


def on_white(shade):
    return darken_by_shade(np.full((SIDE, SIDE, 3), 255, np.uint8), shade)[..., 0]


def test_no_shadow_is_no_shade():
    assert shade_of(box_matte(100, 100, 300, 360), Shadow(kind="none")) is None


@pytest.mark.parametrize(
    "matte",
    [
        pytest.param(box_matte(100, 100, 300, 360), id="block"),
        pytest.param(box_matte(0, 0, SIDE, SIDE), id="touching every border"),
        pytest.param(box_matte(190, 10, 210, 372), id="tall"),
        pytest.param(box_matte(20, 340, 380, 372), id="wide"),
        pytest.param(box_matte(200, 371, 201, 372), id="one pixel"),
    ],
)
def test_it_ends_in_exact_white_before_the_border(matte):
    shade = shade_of(matte, CONTACT)

    picture = on_white(shade)
    if shade:
        left, top, right, bottom = shade.box
        outside = np.ones((SIDE, SIDE), bool)
        outside[top:bottom, left:right] = False
        assert (picture[outside] == 255).all()
    assert (picture[[0, -1]] == 255).all()
    assert (picture[:, [0, -1]] == 255).all()


def test_it_is_darkest_under_the_base_and_fades_out():
    picture = on_white(shade_of(box_matte(100, 100, 300, 340), CONTACT)).astype(int)

    under = picture[340:, 200]
    assert under[0] < 150
    assert (np.diff(under) >= 0).all()
    assert under[-1] == 255
    assert (picture[:250] == 255).all()


def test_two_feet_have_two_shadows():
    matte = box_matte(60, 100, 340, 300)
    matte[300:340, 60:100] = 255
    matte[300:340, 300:340] = 255

    row = on_white(shade_of(matte, CONTACT))[342].astype(int)

    assert row[80] < row[200] - 60
    assert row[320] < row[200] - 60


def test_a_curved_base_is_followed():
    matte = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(matte, (200, 300), (100, 40), 0, 0, 360, 255, -1)
    matte[100:300, 100:301] = 255

    picture = on_white(shade_of(matte, CONTACT)).astype(int)

    edge = 300 + round(40 * np.sqrt(1 - 0.5**2))  # of the ellipse, at half its radius
    assert picture[edge + 3, 150] < 215
    assert picture[342, 200] < 215


def test_what_would_fall_over_lies_and_is_shaded_weakly_all_around():
    matte = np.zeros((SIDE, SIDE), np.uint8)
    cv2.line(matte, (60, 60), (340, 360), 255, 30)

    lying = on_white(shade_of(matte, CONTACT)).astype(int)
    standing = on_white(shade_of(box_matte(100, 100, 300, 360), CONTACT)).astype(int)

    assert lying[matte == 0].min() > standing[360:].min() + 40
    assert lying[90, 60] < 255  # beside its upper end too


def test_the_products_own_pixels_are_never_darkened():
    matte = box_matte(100, 100, 300, 340)
    product = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    backdrop = darken_by_shade(np.full((SIDE, SIDE, 3), 255, np.uint8), shade_of(matte, CONTACT))

    picture = compose_over(backdrop, product, matte, (0, 0, SIDE, SIDE))

    assert np.array_equal(picture[matte == 255], product[matte == 255])


def test_light_is_taken_away_linearly():
    strong = Shadow(kind="contact", opacity=0.5, spread=0.3)
    shade = shade_of(box_matte(50, 50, 350, 300), strong)

    amount = float(shade.amount.max())
    darkest = int(on_white(shade).min())
    expected = 255 * (1.055 * (1 - amount) ** (1 / 2.4) - 0.055)
    assert darkest == pytest.approx(expected, abs=1)
    assert amount <= 0.5
