"""A shadow drawn into a picture's own transparency goes; what is product stays."""

import cv2
import numpy as np
import pytest

from transforms.cutout.drawn_shadow import without_drawn_shadow
from transforms.cutout.matte import matte_of

SIDE = 300


def disc(x: float, y: float, radius: float, *, soft: float = 0.8) -> np.ndarray:
    """Alpha of a disc, 0 to 1."""
    whole = np.zeros((SIDE, SIDE), np.float32)
    cv2.circle(whole, (round(x), round(y)), round(radius), 1, -1)
    return cv2.GaussianBlur(whole, (0, 0), soft)


def over(upper: np.ndarray, colour, lower: np.ndarray, below) -> tuple[np.ndarray, np.ndarray]:
    """Two layers in one: colours, not premultiplied, and alpha."""
    alpha = upper + (1 - upper) * lower
    mixed = upper[..., None] * np.array(colour) + ((1 - upper) * lower)[..., None] * np.array(below)
    rgb = mixed / np.maximum(alpha, 1e-6)[..., None]
    return np.rint(rgb).astype(np.uint8), np.rint(alpha * 255).astype(np.uint8)


@pytest.mark.parametrize("strength", [0.3, 0.7], ids=["faint", "strong"])
@pytest.mark.parametrize("colour", [(176, 42, 38), (30, 30, 34)], ids=["red", "black"])
def test_a_wide_soft_shadow_goes_and_the_product_keeps_its_edge(strength, colour):
    product = disc(130, 130, 70)
    shadow = strength * disc(165, 170, 75, soft=14)
    rgb, alpha = over(product, colour, shadow, (0, 0, 0))

    found, share = without_drawn_shadow(rgb, alpha)

    true = product * 255
    assert 0.3 < share < 1.5
    assert np.abs(found - true).max() < 50  # levels of one edge pixel
    assert np.abs(found - true).mean() < 0.4
    assert found[product == 0].max() < 128


@pytest.mark.parametrize(
    ("colour", "alpha"),
    [
        pytest.param((40, 42, 44), 0.45 * disc(190, 150, 60), id="smoked glass"),
        pytest.param((180, 200, 60), 0.6 * disc(190, 150, 60, soft=14), id="a coloured glow"),
        pytest.param((0, 0, 0), np.zeros((SIDE, SIDE)), id="nothing"),
        pytest.param((0, 0, 0), 0.4 * disc(206, 150, 3, soft=1.5), id="a speck"),
    ],
)
def test_what_is_no_shadow_stays(colour, alpha):
    product = disc(120, 150, 70)
    rgb, whole = over(product, (176, 42, 38), alpha, colour)

    found, share = without_drawn_shadow(rgb, whole)

    assert share == 0
    assert np.array_equal(found, whole)


def test_a_black_net_is_product():
    threads = np.zeros((SIDE, SIDE), np.float32)
    threads[:, ::4] = threads[::4] = 0.9
    product = disc(110, 150, 60)
    rgb, alpha = over(product, (176, 42, 38), threads * disc(190, 150, 70), (10, 10, 10))

    assert without_drawn_shadow(rgb, alpha)[1] == 0


def test_the_matte_of_a_picture_with_a_drawn_shadow_is_its_product():
    product = disc(130, 130, 70)
    rgb, alpha = over(product, (176, 42, 38), 0.6 * disc(150, 190, 80, soft=16), (0, 0, 0))

    found = matte_of(rgb, alpha, model="none is asked")

    assert found.facts.origin == "alpha"
    assert found.facts.drawn_shadow > 0.2
    assert found.facts.area_share == pytest.approx(float((product >= 0.5).mean()), rel=0.01)
