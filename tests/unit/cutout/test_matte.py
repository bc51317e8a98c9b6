"""The product is found; transparency that came along is kept; nothing is never a product."""

from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageDraw

from transforms.cutout.left_out import measure_left_out
from transforms.cutout.matte import crop_box, matte_of
from transforms.errors import SourceError

MODEL = "u2netp"  # the real network: `packshot models fetch u2netp`


def sweep(height, width):
    rows = np.linspace(225, 205, height)[:, None, None]
    noise = np.random.default_rng(0).normal(0, 1.0, (height, width, 1))
    return np.clip(rows + np.zeros((1, width, 3)) + noise, 0, 255).astype(np.uint8)


def bottle(height, width, box):
    image = Image.fromarray(sweep(height, width))
    ImageDraw.Draw(image).rounded_rectangle(box, 12, fill=(150, 30, 40))
    left, top, right, bottom = box
    ImageDraw.Draw(image).rectangle(
        (left + 8, (top + bottom) // 2, right - 8, bottom - 20), fill=(240, 235, 220)
    )
    return np.asarray(image)


def small_bottle():
    return bottle(600, 800, (300, 150, 400, 450))


@cache
def small_bottle_in_two_looks():
    """Kept: half a second a look."""
    return matte_of(small_bottle(), None, model=MODEL)


def test_a_small_product_is_found_in_two_looks():
    found = small_bottle_in_two_looks()

    truth = np.zeros((600, 800), bool)
    truth[150:451, 300:401] = True
    solid = found.alpha > 127
    assert (solid & truth).sum() / (solid | truth).sum() > 0.95
    assert found.facts.passes == 2
    assert found.facts.origin == "network"
    assert found.facts.area_share == pytest.approx(truth.mean(), rel=0.05)
    assert found.facts.border_share == 0
    assert found.facts.parts == 1
    assert found.facts.left_out < 0.1


def test_a_product_in_a_long_picture_is_found_whole():
    """Squeezed into a square, its label would be all that is seen."""
    found = matte_of(bottle(1500, 250, (20, 200, 230, 1300)), None, model=MODEL)

    assert found.alpha.shape == (1500, 250)
    assert found.facts.area_share == pytest.approx(211 * 1101 / (1500 * 250), rel=0.05)


def test_a_product_cut_off_by_the_frame_says_so():
    found = matte_of(bottle(400, 400, (100, 120, 300, 420)), None, model=MODEL)

    assert found.facts.border_share > 0.02


def test_an_empty_sweep_has_no_subject():
    with pytest.raises(SourceError) as refused:
        matte_of(np.full((300, 300, 3), 230, np.uint8), None, model=MODEL)

    assert refused.value.reason == "no_subject"


def test_transparency_of_its_own_is_kept_and_no_network_asked():
    alpha = np.zeros((50, 60), np.uint8)
    alpha[10:40, 20:30] = 200

    found = matte_of(np.zeros((50, 60, 3), np.uint8), alpha, model="there is no such model")

    assert np.array_equal(found.alpha, alpha)
    assert (found.facts.origin, found.facts.model, found.facts.passes) == ("alpha", "", 0)
    assert crop_box(found.alpha) == (16, 6, 34, 44)


def test_a_full_alpha_channel_says_nothing():
    picture = bottle(400, 400, (120, 100, 280, 340))

    found = matte_of(picture, np.full((400, 400), 255, np.uint8), model=MODEL, looks=1)

    assert found.facts.origin == "network"


def test_all_transparent_is_no_product():
    with pytest.raises(SourceError) as refused:
        matte_of(np.zeros((9, 9, 3), np.uint8), np.zeros((9, 9), np.uint8), model="never asked")

    assert refused.value.reason == "no_subject"


@pytest.mark.parametrize("box", [(4, 4, 5, 5), (0, 0, 9, 9)], ids=["one pixel", "all but a row"])
def test_extremes_of_alpha(box):
    alpha = np.zeros((10, 10), np.uint8)
    alpha[box[1] : box[3], box[0] : box[2]] = 255

    facts = matte_of(np.zeros((10, 10, 3), np.uint8), alpha, model=MODEL).facts

    assert facts.area_share == (box[2] - box[0]) * (box[3] - box[1]) / 100
    assert facts.body_alpha == 1


def test_glass_that_the_matte_left_out_is_noticed():
    picture = Image.fromarray(sweep(400, 400))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((130, 60, 270, 120), fill=(170, 120, 60))
    lid = np.asarray(picture)
    draw.ellipse((140, 250, 260, 310), outline=(180, 180, 180), width=4)
    jar = np.asarray(picture)
    matte = np.zeros((400, 400), np.uint8)
    matte[60:121, 130:271] = 255

    assert measure_left_out(lid, matte) < 0.1
    assert measure_left_out(jar, matte) > 0.3


def test_a_backdrop_with_a_texture_says_nothing():
    stripes = sweep(400, 400)
    stripes[::8] -= 60
    matte = np.zeros((400, 400), np.uint8)
    matte[60:121, 130:271] = 255

    assert measure_left_out(stripes, matte) == 0


def test_a_supplied_mask_is_used_as_it_is_and_no_network_asked():
    mask = np.zeros((50, 60), np.uint8)
    mask[10:40, 20:30] = 255
    mask[9, 20:30] = 77

    found = matte_of(np.zeros((50, 60, 3), np.uint8), None, model="no such model", mask=mask)

    assert np.array_equal(found.alpha, mask)
    assert (found.facts.origin, found.facts.model, found.facts.passes) == ("mask", "", 0)
    assert found.facts.area_share == 0.1


def test_a_mask_goes_before_the_pictures_own_transparency():
    mask, alpha = np.zeros((2, 20, 20), np.uint8)
    mask[5:9, 5:9], alpha[2:18, 2:18] = 255, 255

    found = matte_of(np.zeros((20, 20, 3), np.uint8), alpha, model="no such model", mask=mask)

    assert np.array_equal(found.alpha, mask)


def test_an_empty_mask_is_refused():
    mask = np.full((9, 9), 90, np.uint8)

    with pytest.raises(SourceError) as refused:
        matte_of(np.zeros((9, 9, 3), np.uint8), None, model=MODEL, mask=mask)

    assert refused.value.reason == "empty_mask"


def test_the_edge_is_as_sharp_as_the_photographs():
    found = small_bottle_in_two_looks()

    across = found.alpha[300, 290:311]
    assert ((across > 12) & (across < 243)).sum() <= 3
    assert abs(int((across < 128).sum()) - 10) <= 1


def test_both_looks_agree_on_a_plain_product_and_one_look_is_not_compared():
    twice = small_bottle_in_two_looks().facts
    once = matte_of(small_bottle(), None, model=MODEL, looks=1).facts

    assert 0 < twice.disagreement < 0.15
    assert (once.passes, once.disagreement) == (1, 0)
    assert twice.second_opinion == ""


def test_a_second_opinion_is_compared_and_recorded():
    facts = matte_of(small_bottle(), None, model=MODEL, second_opinion=MODEL).facts

    assert (facts.second_opinion, facts.disagreement) == (MODEL, 0)
