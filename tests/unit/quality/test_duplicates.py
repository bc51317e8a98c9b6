"""One photograph serves one product: who came first keeps it."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from transforms.images.perceptual_hash import hash_picture
from transforms.quality.duplicates import Photograph, find_near_looks, find_repeats


def product(shape: str, colour: str) -> Image.Image:
    """A plain product on white, as shops show it."""
    image = Image.new("RGB", (256, 256), "white")
    draw = ImageDraw.Draw(image)
    if shape == "mug":
        draw.rounded_rectangle((70, 80, 170, 200), 12, fill=colour)
        draw.arc((150, 105, 205, 165), 270, 90, fill=colour, width=12)
    else:
        draw.ellipse((60, 60, 200, 200), fill=colour)
    return image


def picture(key: str, image: Image.Image, sha256: str = "", **known) -> Photograph:
    return Photograph(
        key, key.split("/", maxsplit=1)[0], sha256 or key, hash_picture(image), **known
    )


MUG = product("mug", "steelblue")


def test_same_bytes_under_two_skus_the_first_by_key_keeps_them():
    found = find_repeats([picture("B/front", MUG, "s"), picture("A/front", MUG, "s")])

    assert found.repeated == {"B/front": "A/front"}
    assert found.also_used == {"A/front": "B/front"}
    assert found.resembling == {}


def test_same_bytes_within_one_sku_only_resemble():
    found = find_repeats([picture("A/front", MUG, "s"), picture("A/side", MUG, "s")])

    assert found.repeated == {}
    assert found.resembling == {"A/front": "A/side", "A/side": "A/front"}


def test_what_was_published_comes_before_what_is_new():
    earlier = picture("Z/front", MUG, "s", in_run=False, published=True)

    found = find_repeats([picture("A/front", MUG, "s"), earlier])

    assert found.repeated == {"A/front": "Z/front"}


def test_earlier_pictures_are_not_decided_again():
    earlier = [
        picture(f"{sku}/front", MUG, "s", in_run=False, published=True) for sku in ("A", "B")
    ]

    found = find_repeats([*earlier, picture("C/front", product("ball", "red"))])

    assert (found.repeated, found.resembling) == ({}, {})


def test_a_resized_copy_resembles():
    copy = MUG.resize((150, 150)).resize((256, 256))

    found = find_repeats([picture("A/front", MUG), picture("B/front", copy)])

    assert found.repeated == {}
    assert set(found.resembling) == {"A/front", "B/front"}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(product("mug", "firebrick"), id="another colour"),
        pytest.param(product("mug", "slategrey"), id="a colour close by"),
        pytest.param(product("ball", "steelblue"), id="another shape"),
    ],
)
def test_other_products_do_not_resemble(other):
    found = find_repeats([picture("A/front", MUG), picture("B/front", other)])

    assert found.resembling == {}


def test_distances_are_counted_as_by_hand():
    rng = np.random.default_rng(0)
    plain = "0" * 384
    looks = [f"{value:016x}-{plain}" for value in (0, 0b1111, 0b11111, 2**63)]

    assert set(find_near_looks(looks, [])) == {
        (looks[0], looks[1]),
        (looks[1], looks[2]),
        (looks[0], looks[3]),
    }
    assert list(find_near_looks([], [rng.bytes(8).hex() + "-" + plain])) == []


def test_many_equal_looks_take_no_time():
    equal = [picture(f"{number:05}/front", MUG, str(number)) for number in range(1)]
    look = equal[0].look
    many = [
        Photograph(f"{number}/front", str(number), str(number), look) for number in range(20_000)
    ]

    assert len(find_repeats(many).resembling) == 20_000
