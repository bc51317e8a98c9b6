"""Lines of text are found and read by the real network, in coordinates of the picture."""

import socket

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from transforms.recognition.text import find_texts


def drawn(*lines, side=800):
    """A brown box on a pale sweep, and each (text, centre, height, colour), in shares of `side`."""
    picture = Image.new("RGB", (side, side), (236, 235, 233))
    draw = ImageDraw.Draw(picture)
    product = tuple(side * share for share in (0.25, 0.25, 0.75, 0.75))
    draw.rectangle(product, fill=(120, 84, 60))
    matte = Image.new("L", (side, side), 0)
    ImageDraw.Draw(matte).rectangle(product, fill=255)
    for text, (x, y), height, colour in lines:
        font = ImageFont.load_default(round(height * side))
        draw.text((x * side, y * side), text, colour, font, anchor="mm")
    return np.asarray(picture), np.asarray(matte)


LABEL = ("Arbequina", (0.5, 0.45), 0.06, (250, 240, 220))


def test_a_label_is_the_products_and_a_line_beside_it_is_not():
    found = find_texts(*drawn(LABEL, ("Nordia Studio", (0.5, 0.9), 0.05, (30, 30, 30))))

    assert [(each.text, each.overlay, each.on_product) for each in found] == [
        ("Arbequina", "", 1.0),
        ("Nordia Studio", "beside the product", 0.0),
    ]
    assert min(each.score for each in found) > 0.9


def test_a_badge_over_the_product_is_read():
    rgb, matte = drawn(LABEL, ("SALE", (0.5, 0.6), 0.08, (255, 40, 40)))

    assert [each.overlay for each in find_texts(rgb, matte)] == ["", "promotional"]


@pytest.mark.parametrize("side", [500, 2400])
def test_boxes_are_in_pixels_of_the_picture(side):
    text, (x, y), height, _ = LABEL
    font = ImageFont.load_default(round(height * side))
    ink = font.getbbox(text, anchor="mm")
    expected = np.array([x, y, x, y]) * side + ink

    (found,) = find_texts(*drawn(LABEL, side=side))

    beyond = (np.array(found.box) - expected) * (-1, -1, 1, 1) / side
    assert beyond.min() > -0.01
    assert beyond.max() < 0.06


@pytest.mark.parametrize("turns", [1, 3])
def test_a_line_on_end_is_read_whichever_way_it_runs(turns):
    rgb, matte = drawn(("www.nordia.com", (0.5, 0.95), 0.04, (60, 60, 60)))

    (found,) = find_texts(np.ascontiguousarray(np.rot90(rgb, turns)), np.rot90(matte, turns).copy())

    assert found.text == "www.nordia.com"
    assert found.overlay == "promotional"


def test_a_translucent_line_across_the_picture_is_a_watermark():
    rgb, matte = drawn()
    mark = Image.new("RGBA", (800, 800))
    font = ImageFont.load_default(80)
    ImageDraw.Draw(mark).text((400, 400), "Kestrel Bureau", (90, 90, 90, 110), font, anchor="mm")
    marked = Image.fromarray(rgb).convert("RGBA")
    marked.alpha_composite(mark.rotate(30, Image.Resampling.BICUBIC))

    found = find_texts(np.asarray(marked.convert("RGB")), matte)

    assert "diagonal" in {each.overlay for each in found}


@pytest.mark.parametrize("size", [(1, 1), (700, 20), (20, 700), (500, 500)])
def test_where_nothing_is_written_nothing_is_read(size):
    assert find_texts(np.full((*size, 3), 230, np.uint8), np.zeros(size, np.uint8)) == ()


def test_reading_opens_no_connection_and_prints_nothing(monkeypatch, capfd):
    def refused(*_args, **_keywords):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refused)
    rgb, matte = drawn(LABEL)
    before = rgb.copy()

    assert find_texts(rgb, matte)[0].text == "Arbequina"
    assert capfd.readouterr() == ("", "")
    np.testing.assert_array_equal(rgb, before)
