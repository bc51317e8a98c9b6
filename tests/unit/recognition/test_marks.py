"""Small drawings are found on a plain backdrop, and nothing is where there is only a backdrop."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from transforms.recognition.marks import find_marks

SIDE = 600


def scene(*, noise=1.0):
    """A grey disc on a sweep that darkens downwards, with a camera's noise; its matte."""
    rows = np.linspace(240, 200, SIDE)[:, None]
    grain = np.random.default_rng(3).normal(0, noise, (SIDE, SIDE))
    grey = Image.fromarray(np.clip(rows + grain, 0, 255).astype(np.uint8))
    matte = Image.new("L", (SIDE, SIDE), 0)
    for each, value in ((grey, 90), (matte, 255)):
        ImageDraw.Draw(each).ellipse((180, 180, 420, 420), fill=value)
    return grey, matte


def test_an_address_in_a_corner_is_one_mark():
    grey, matte = scene()
    place = (400, 570)
    font = ImageFont.load_default(14)
    ImageDraw.Draw(grey).text(place, "www.bestshop24.com", 110, font)
    ink = np.array(font.getbbox("www.bestshop24.com")) + np.tile(place, 2)

    (box,) = find_marks(np.asarray(grey), np.asarray(matte))

    air = (np.array(box) - ink) * (-1, -1, 1, 1)
    assert air.min() >= 0
    assert air.max() < 25


def test_the_product_and_its_edge_are_no_marks():
    grey, matte = scene()
    ImageDraw.Draw(grey).text((260, 290), "LABEL", 250, ImageFont.load_default(30))

    assert find_marks(np.asarray(grey), np.asarray(matte)) == []


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(((0, 520), (600, 520)), id="edge of a table"),
        pytest.param(((500, 540), (508, 540)), id="dust"),
    ],
)
def test_what_is_too_long_or_too_short_for_a_line_of_text_is_none(line):
    grey, matte = scene()
    ImageDraw.Draw(grey).line(line, fill=120, width=5)

    assert find_marks(np.asarray(grey), np.asarray(matte)) == []


def test_a_textured_backdrop_has_none():
    grey, matte = scene(noise=40)
    ImageDraw.Draw(grey).text((400, 570), "www.bestshop24.com", 0, ImageFont.load_default(14))

    assert find_marks(np.asarray(grey), np.asarray(matte)) == []
