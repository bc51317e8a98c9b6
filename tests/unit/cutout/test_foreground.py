"""At the edge the product keeps its own colour, and the old background leaves no rim."""

import cv2
import numpy as np
import pytest

from transforms.cutout.foreground import foreground_colours


def photographed(front, back, *, soft=3.0):
    """A disc of one colour, out of focus at its edge, before a backdrop."""
    matte = np.zeros((200, 200), np.uint8)
    cv2.circle(matte, (100, 100), 60, 255, -1)
    matte = cv2.GaussianBlur(matte, (0, 0), soft)
    share = matte[..., None] / 255
    mixed = np.rint(np.array(front) * share + np.array(back) * (1 - share)).astype(np.uint8)
    return mixed, matte


@pytest.mark.parametrize(
    ("front", "back"),
    [
        pytest.param((30, 30, 34), (250, 250, 250), id="black on white"),
        pytest.param((240, 240, 235), (60, 60, 60), id="white on grey"),
        pytest.param((180, 40, 40), (40, 160, 60), id="red on green"),
    ],
)
def test_the_edge_has_the_products_colour(front, back):
    mixed, matte = photographed(front, back)

    found = foreground_colours(mixed, matte).astype(int)

    edge = (matte > 40) & (matte < 250)
    before = np.abs(mixed[edge].astype(int) - front).mean()
    after = np.abs(found[edge] - front).mean()
    assert before > 30
    assert after < 0.25 * before


def test_opaque_pixels_are_the_photographs_bit_for_bit():
    rng = np.random.default_rng(2)
    picture = rng.integers(0, 256, (120, 90, 3), dtype=np.uint8)
    matte = np.zeros((120, 90), np.uint8)
    matte[20:100, 10:70] = 255

    found = foreground_colours(picture, matte)

    assert np.array_equal(found[matte == 255], picture[matte == 255])


def test_colours_run_on_beyond_the_matte():
    mixed, matte = photographed((200, 30, 30), (255, 255, 255), soft=1.0)

    found = foreground_colours(mixed, matte).astype(int)

    ring = cv2.dilate((matte > 0).astype(np.uint8), np.ones((9, 9))).astype(bool) & (matte == 0)
    assert np.abs(found[ring] - (200, 30, 30)).max() <= 12


@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (1, 40)])
def test_tiny_pictures_work(shape):
    picture = np.full((*shape, 3), 77, np.uint8)

    assert (foreground_colours(picture, np.full(shape, 255, np.uint8)) == 77).all()
