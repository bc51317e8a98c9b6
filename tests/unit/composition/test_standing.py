"""Products stand on the scene's ground, and look about as large as each other."""

import numpy as np
import pytest

from transforms.composition.standing import fill_of, stand_in
from transforms.errors import RenderError
from transforms.presets.brand import Brand

BRAND = Brand(name="b", canvas_px=1000)


def block(height: int, width: int) -> np.ndarray:
    matte = np.zeros((220, 220), np.uint8)
    matte[10 : 10 + height, 10 : 10 + width] = 255
    return matte


def test_what_covers_little_is_shown_longer():
    bottle, book, cube = (fill_of(block(*size), 0.6) for size in ((200, 50), (200, 90), (200, 200)))

    assert bottle > book > cube
    assert 0.5 < cube < 0.6 < bottle < 0.71


def test_the_size_of_the_outline_does_not_matter():
    small = np.zeros((110, 110), np.uint8)
    small[5:105, 5:30] = 255

    assert fill_of(small, 0.6) == pytest.approx(fill_of(block(200, 50), 0.6), abs=1e-3)


@pytest.mark.parametrize("fill", [0.3, 0.6, 0.7, 0.9])
def test_a_brand_that_wants_large_products_gets_none_cut(fill):
    assert fill_of(block(200, 20), fill) <= max(fill, 0.76)


def test_no_product_is_an_error():
    with pytest.raises(RenderError):
        fill_of(np.zeros((9, 9), np.uint8), 0.6)


def test_it_stands_on_the_ground_in_the_middle():
    placement = stand_in((10, 10, 60, 210), BRAND, fill=0.5, stand=0.8, view="level")

    assert placement.product == (438, 300, 563, 800)


def test_what_lies_is_in_the_middle():
    placement = stand_in((0, 0, 200, 100), BRAND, fill=0.6, stand=0.5, view="overhead")

    assert placement.product == (200, 350, 800, 650)
