"""A prompt is its parts in the guides' order, and the brand's words once."""

from transforms.diffusion.prompt import written
from transforms.presets.brand import Brand
from transforms.presets.preset import Prompt

BRAND = Brand(name="house", words="soft light, muted colours", negative_words="neon, clutter")
PARTS = Prompt(
    style="a snowy table", preserve="the same mug", quality="sharp photograph", negative="blurry"
)


def test_parts_come_in_order_and_the_brand_last():
    assert written(PARTS, BRAND) == (
        "a snowy table, the same mug, sharp photograph, soft light, muted colours",
        "blurry, neon, clutter",
    )


def test_words_of_the_brand_that_a_preset_says_are_said_once():
    said = Prompt(style="soft light, a table", negative="clutter, blurry")

    assert written(said, BRAND) == (
        "soft light, a table, muted colours",
        "clutter, blurry, neon",
    )


def test_parts_that_are_empty_leave_no_trace():
    assert written(Prompt(style="a table, "), Brand(name="house")) == ("a table", "")
