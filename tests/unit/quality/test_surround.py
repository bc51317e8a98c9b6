"""Background, frames and pictures that are none."""

import numpy as np
import pytest

from tests.unit.quality.examples import SIDE, canvas, ring, textured, through_jpeg
from transforms.quality.surround import background_metrics, picture_metrics

WHITE = (255, 255, 255)


def test_a_good_background_passes_after_encoding(states):
    pixels = through_jpeg(canvas(textured()))

    found = background_metrics(pixels, WHITE, textured(), None) | picture_metrics(pixels)

    assert set(states(found).values()) == {"PASS"}


def test_background_that_is_not_exact_is_found(states):
    pixels = canvas(textured())
    pixels[20:40, 20:60] = 254
    found = states(background_metrics(pixels, WHITE, textured(), None))
    assert found["background_exact_share"] == "FAIL"
    assert found["border_exact_share"] == "PASS"

    pixels[0, 5] = 254

    found = states(background_metrics(pixels, WHITE, textured(), None))
    assert found["border_exact_share"] == "FAIL"


def test_what_lies_beside_the_product_within_its_box_is_background_too(states):
    pixels = canvas(ring())
    assert background_metrics(pixels, WHITE, ring(), None)["background_exact_share"] == 1
    pixels[104:126, 104:126] = 250  # a corner of the ring's box

    found = background_metrics(pixels, WHITE, ring(), None)

    assert states(found)["background_exact_share"] == "REVIEW"


def test_a_shadow_is_no_fault_of_the_background():
    pixels = canvas(textured())
    pixels[545:570, 90:510] = 200

    found = background_metrics(pixels, WHITE, textured(), (90, 545, 510, 570))

    assert found["background_exact_share"] == 1
    assert background_metrics(pixels, WHITE, textured(), None)["background_exact_share"] < 0.95


def test_a_grey_background_is_wrong_but_even(states):
    pixels = canvas(textured(), backdrop=(253, 253, 253))

    found = background_metrics(pixels, WHITE, textured(), None)

    assert states(found)["background_exact_share"] == "FAIL"
    assert found["background_unevenness"] == 0


def test_traces_and_gradients_are_uneven(states):
    pixels = canvas(textured())
    pixels[:, :90] = np.linspace(240, 255, SIDE).astype(np.uint8)[:, None, None]

    found = background_metrics(pixels, WHITE, textured(), None)

    assert states(found)["background_unevenness"] == "FAIL"


@pytest.mark.parametrize("level", [0, 128, 255])
def test_one_colour_is_no_picture(states, level):
    found = picture_metrics(np.full((SIDE, SIDE, 3), level, np.uint8))

    assert states(found)["picture_contrast"] == "FAIL"


@pytest.mark.parametrize("turn", range(4))
def test_a_bar_at_any_edge_is_a_frame(turn):
    scene = np.random.default_rng(1).integers(90, 200, (SIDE, SIDE, 3)).astype(np.uint8)
    assert picture_metrics(scene)["framed_sides"] == 0

    barred = np.ascontiguousarray(np.rot90(scene, turn))
    barred[:8] = 0

    assert picture_metrics(barred)["framed_sides"] == 1


def test_plain_white_around_a_product_is_no_frame():
    assert picture_metrics(canvas(textured()))["framed_sides"] == 0
