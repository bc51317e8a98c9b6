"""Each fault within the product is caught by its metric, and good pictures pass."""

import cv2
import numpy as np
import pytest

from tests.unit.quality.examples import BOX, SIDE, canvas, textured, through_jpeg
from transforms.quality.fidelity import lock_metrics, product_metrics, worst_tile
from transforms.quality.placed import Placed, compare_core


@pytest.fixture(scope="module")
def placed() -> Placed:
    return textured()


def shown(placed, change):
    """The encoded file of a picture whose product was changed."""
    return through_jpeg(canvas(Placed(change(placed.product), placed.matte, placed.box)))


def turned_hue(product):
    hsv = cv2.cvtColor(product, cv2.COLOR_RGB2HSV).astype(int)
    hsv[..., 0] = (hsv[..., 0] + 6) % 180  # 12 degrees
    return cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB)


def smeared(product):
    result = product.copy()
    result[200:300, 150:250] = cv2.GaussianBlur(product[200:300, 150:250], (0, 0), 8)
    return result


def one_panel_redder(product):
    result = product.copy()
    result[:60, :, 0] = np.minimum(255, result[:60, :, 0].astype(int) + 40)
    return result


def one_spot(product):
    result = product.copy()
    result[100:112, 50:62] = 255 - result[100:112, 50:62]
    return result


def sharpened(product):
    soft = cv2.GaussianBlur(product, (0, 0), 1)
    return cv2.addWeighted(product, 2, soft, -1, 0)


def lighter(product):
    return np.clip(product * 1.2, 0, 255).astype(np.uint8)


def burnt(product):
    return np.clip(product.astype(int) + 90, 0, 255).astype(np.uint8)


def test_a_good_picture_passes_after_encoding(placed, states):
    found = product_metrics(through_jpeg(canvas(placed)), placed)

    assert set(states(found).values()) == {"PASS"}


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        pytest.param(lambda p: np.roll(p, 3, 1), "worst_tile_similarity", id="shifted"),
        pytest.param(lambda p: np.roll(p, 3, 1), "gradient_correlation", id="edges elsewhere"),
        pytest.param(turned_hue, "colour_difference", id="hue turned"),
        pytest.param(one_panel_redder, "colour_difference_p95", id="one panel redder"),
        pytest.param(
            lambda p: cv2.GaussianBlur(p, (0, 0), 2), "worst_tile_similarity", id="blurred"
        ),
        pytest.param(lambda p: cv2.GaussianBlur(p, (0, 0), 2), "sharpness_ratio", id="softer"),
        pytest.param(sharpened, "sharpness_ratio", id="sharper"),
        pytest.param(smeared, "worst_tile_similarity", id="label smeared"),
        pytest.param(one_spot, "worst_spot_difference", id="one spot"),
        pytest.param(lighter, "colour_difference", id="lighter"),
        pytest.param(burnt, "clipped_light", id="burnt out"),
        pytest.param(lambda p: 0 * p, "colour_difference", id="black"),
    ],
)
def test_an_injected_fault_fails(placed, states, fault, rule):
    assert states(product_metrics(shown(placed, fault), placed))[rule] == "FAIL"


def test_a_spot_is_seen_that_tile_and_mean_overlook(placed, states):
    found = states(product_metrics(shown(placed, one_spot), placed))

    assert found["colour_difference"] == found["colour_difference_p95"] == "PASS"
    assert found["gradient_correlation"] == "PASS"


def test_jpegs_own_noise_on_a_smooth_product_is_no_fault(states):
    shades = np.linspace(90, 140, 480)[:, None, None] + np.zeros((480, 400, 3))
    smooth = Placed(shades.astype(np.uint8), np.full((480, 400), 255, np.uint8), BOX)

    found = product_metrics(through_jpeg(canvas(smooth)), smooth)

    assert set(states(found).values()) == {"PASS"}


def test_the_lock_finds_one_pixel_that_differs_by_one_level(placed):
    master = canvas(placed)
    assert lock_metrics(master, placed) == {"product_lock_differing_pixels": 0}

    master[300, 300, 1] ^= 1

    assert lock_metrics(master, placed) == {"product_lock_differing_pixels": 1}


def test_a_flat_product_goes_to_a_person(states):
    flat = Placed(np.full((480, 400, 3), 90, np.uint8), np.full((480, 400), 255, np.uint8), BOX)

    assert states(product_metrics(canvas(flat), flat))["product_contrast"] == "REVIEW"


def test_what_lies_before_the_product_is_not_compared(placed):
    occluder = np.zeros((SIDE, SIDE), np.uint8)
    occluder[200:260, 150:300] = 90
    pixels = canvas(placed)
    pixels[200:260, 150:300] = (20, 120, 20)

    hidden = product_metrics(pixels, Placed(placed.product, placed.matte, BOX, occluder))
    seen = product_metrics(pixels, placed)

    assert hidden["worst_spot_difference"] == 0
    assert seen["worst_spot_difference"] > 30


def test_a_product_of_one_pixel_is_measured():
    dot = Placed(np.full((1, 1, 3), 9, np.uint8), np.full((1, 1), 255, np.uint8), (5, 5, 6, 6))

    found = product_metrics(canvas(dot, side=20), dot)

    assert found["colour_difference"] == pytest.approx(0, abs=1e-3)
    assert found["worst_tile_similarity"] == pytest.approx(1)
    assert found["worst_spot_difference"] == 0
    assert found["gradient_correlation"] == found["sharpness_ratio"] == 1


def test_one_bad_tile_decides_over_many_good_ones(placed):
    pair = compare_core(shown(placed, smeared), placed)

    assert worst_tile(pair.wanted_luma, pair.found_luma, pair.core) < 0.8
    label_left_out = pair.core.copy()
    label_left_out[170:330, 120:280] = False
    assert worst_tile(pair.wanted_luma, pair.found_luma, label_left_out) > 0.95
