"""A mask is used as it was drawn, or refused in words; never bent until it fits."""

import io

import numpy as np
import pytest
from PIL import Image

from transforms.errors import SourceError
from transforms.images.mask import read_supplied_mask

SIZE = (60, 40)


def drawn(size: tuple[int, int] = SIZE) -> np.ndarray:
    """A grey mask that no turning leaves as it is: a soft-edged block at the upper left."""
    levels = np.zeros(size[::-1], np.uint8)
    levels[4:20, 6:30] = 255
    levels[4:20, 30] = 128
    levels[-2, 2] = 77
    return levels


def encoded(image: Image.Image | np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def with_alpha(colour: int, alpha: np.ndarray) -> Image.Image:
    image = Image.new("RGB", alpha.shape[::-1], (colour, 10, 200))
    image.putalpha(Image.fromarray(alpha))
    return image


def oriented(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(encoded(drawn()), id="grey"),
        pytest.param(encoded(drawn(), "TIFF"), id="by content, not by name"),
        pytest.param(encoded(np.repeat(drawn()[..., None], 3, axis=2)), id="grey as RGB"),
        pytest.param(encoded(with_alpha(240, drawn())), id="cut-out: its transparency"),
        pytest.param(
            encoded(Image.merge("LA", (Image.new("L", SIZE, 255), Image.fromarray(drawn())))),
            id="grey with transparency",
        ),
        pytest.param(
            encoded(Image.merge("LA", (Image.fromarray(drawn()), Image.new("L", SIZE, 255)))),
            id="full transparency says nothing",
        ),
        pytest.param(encoded(drawn().astype(np.uint16) * 257), id="16 bits"),
        pytest.param(encoded(Image.fromarray(drawn()).convert("P")), id="palette"),
    ],
)
def test_every_level_is_kept(data):
    mask = read_supplied_mask(data, size=SIZE, orientation=1)

    assert mask.dtype == np.uint8
    np.testing.assert_array_equal(mask, drawn())


def test_black_and_white_of_one_bit():
    one_bit = encoded(Image.fromarray(drawn() > 100))

    mask = read_supplied_mask(one_bit, size=SIZE, orientation=1)

    np.testing.assert_array_equal(mask, np.where(drawn() > 100, 255, 0))


TURNS = {
    5: lambda a: a.T,
    6: lambda a: np.rot90(a, -1),
    7: lambda a: np.rot90(a, 2).T,
    8: np.rot90,
}
"""What EXIF says must be done to the stored picture."""


@pytest.mark.parametrize("orientation", TURNS)
def test_a_mask_as_the_picture_is_stored_is_turned_with_it(orientation):
    stored = drawn()
    mask = read_supplied_mask(encoded(stored), size=(40, 60), orientation=orientation)

    np.testing.assert_array_equal(mask, TURNS[orientation](stored))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_mask_as_the_picture_is_seen_is_not_turned(orientation):
    mask = read_supplied_mask(encoded(drawn()), size=SIZE, orientation=orientation)

    np.testing.assert_array_equal(mask, drawn())


def test_a_mask_with_an_orientation_of_its_own_is_turned_once():
    data = encoded(drawn(), exif=oriented(6))

    for orientation in (1, 6):
        mask = read_supplied_mask(data, size=(40, 60), orientation=orientation)
        np.testing.assert_array_equal(mask, np.rot90(drawn(), -1))


PHOTO = np.random.default_rng(1).integers(0, 256, (*SIZE[::-1], 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(encoded(drawn((61, 40))), "61 x 40 px and the picture 60 x 40", id="size"),
        pytest.param(encoded(drawn((40, 60))), "40 x 60 px and the picture 60 x 40", id="turned"),
        pytest.param(encoded(drawn((35, 20))), "35 x 20 px", id="smaller"),
        pytest.param(encoded(np.zeros(SIZE[::-1], np.uint8)), "no product", id="black"),
        pytest.param(encoded(np.full(SIZE[::-1], 255, np.uint8)), "all over", id="white"),
        pytest.param(
            encoded(with_alpha(1, np.zeros(SIZE[::-1], np.uint8))), "no product", id="transparent"
        ),
        pytest.param(encoded(PHOTO), "coloured", id="the photograph itself"),
        pytest.param(encoded(drawn())[:60], "cut off|damaged", id="broken upload"),
        pytest.param(b"", "holds nothing", id="empty"),
        pytest.param(b"%PDF-1.7", "PDF", id="no picture"),
    ],
)
def test_refusals_say_what_to_do(data, said):
    with pytest.raises(SourceError, match=said) as caught:
        read_supplied_mask(data, size=SIZE, orientation=1)

    assert caught.value.reason == "bad_mask"
    assert caught.value.message.startswith("Its mask ")
    assert caught.value.message.endswith(".")


def test_a_strip_is_as_good_as_the_whole():
    tall = np.tile(drawn((90, 40)), (30, 1))  # 1200 rows
    rgb = np.repeat(tall[..., None], 3, axis=2)

    mask = read_supplied_mask(encoded(rgb), size=(90, 1200), orientation=1)

    np.testing.assert_array_equal(mask, tall)
