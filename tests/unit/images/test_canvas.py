"""A product keeps its shape and lands exactly where the brand wants it."""

import numpy as np
import pytest

from transforms.errors import RenderError
from transforms.images.canvas import compose_over, extent, lay_on_canvas
from transforms.images.placing import place
from transforms.presets.brand import Brand

BRAND = Brand(name="b", canvas_px=400, fill=0.8, baseline=0.9)


def matte(height, width, box):
    left, top, right, bottom = box
    alpha = np.zeros((height, width), np.uint8)
    alpha[top:bottom, left:right] = 255
    return alpha


@pytest.mark.parametrize(
    ("size", "box", "expected"),
    [
        # canvas 400: longer side 320, baseline 360, centre 200
        pytest.param((100, 100), (10, 10, 90, 90), (40, 40, 360, 360), id="square, enlarged"),
        pytest.param((1700, 900), (50, 50, 850, 1650), (120, 40, 280, 360), id="tall, reduced"),
        pytest.param((60, 420), (10, 10, 410, 50), (40, 328, 360, 360), id="wide 10:1"),
        pytest.param((420, 60), (10, 10, 50, 410), (184, 40, 216, 360), id="tall 1:10"),
        pytest.param((80, 80), (0, 0, 80, 80), (40, 40, 360, 360), id="touches all borders"),
        pytest.param((9, 9), (4, 4, 5, 5), (40, 40, 360, 360), id="one pixel"),
        pytest.param((100, 300), (10, 10, 30, 20), (40, 200, 360, 360), id="off centre"),
    ],
)
def test_longer_side_baseline_and_centre_are_the_brands(size, box, expected):
    alpha = matte(*size, box)

    placement = place(extent(alpha), BRAND)
    cover, where = lay_on_canvas(alpha, placement)

    found = extent(cover)
    on_canvas = (found[0] + where[0], found[1] + where[1], found[2] + where[0], found[3] + where[1])
    assert placement.product == expected
    softness = max(1, 0.05 * placement.scale)  # an enlarged edge is half way a little elsewhere
    assert np.abs(np.subtract(on_canvas, expected)).max() <= softness
    assert placement.enlarged == (320 / max(box[2] - box[0], box[3] - box[1]) > 1)


def test_what_lies_outside_the_canvas_is_cut_off():
    placement = place((100, 100, 110, 110), BRAND)  # 32 times enlarged, with much around it

    cover, where = lay_on_canvas(np.full((300, 300), 255, np.uint8), placement)

    assert where == (0, 0, 400, 400)
    assert cover.shape == (400, 400)


def test_laying_twice_gives_the_same_pixels():
    picture = np.random.default_rng(1).integers(0, 256, (90, 130, 3), dtype=np.uint8)
    placement = place((3, 4, 120, 80), BRAND)

    assert np.array_equal(
        lay_on_canvas(picture, placement)[0], lay_on_canvas(picture, placement)[0]
    )


def test_a_size_that_fits_already_is_not_resampled():
    picture = np.random.default_rng(1).integers(0, 256, (320, 320, 3), dtype=np.uint8)

    lying, where = lay_on_canvas(picture, place((0, 0, 320, 320), BRAND))

    assert where == (40, 40, 360, 360)
    assert np.array_equal(lying, picture)


def test_composing_keeps_both_ends_exactly_and_mixes_between():
    backdrop = np.full((4, 4, 3), 200, np.uint8)
    product = np.full((1, 3, 3), 50, np.uint8)
    alpha = np.array([[0, 102, 255]], np.uint8)

    result = compose_over(backdrop, product, alpha, (1, 1, 4, 2))

    assert result[1, :, 0].tolist() == [200, 200, 140, 50]  # 200 - 150 * 0.4
    assert (result[[0, 2, 3]] == 200).all()


def test_an_empty_matte_is_refused():
    with pytest.raises(RenderError, match="no product"):
        extent(np.full((5, 5), 127, np.uint8))
