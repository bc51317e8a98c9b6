"""A prompt is its parts in the guides' order, and the brand's words once."""

from transforms.diffusion.prompts import write_prompts
from transforms.presets.brand import Brand
from transforms.presets.preset import Prompt

BRAND = Brand(name="house", words="soft light, muted colours", negative_words="neon, clutter")
PARTS = Prompt(
    style="a snowy table", preserve="the same mug", quality="sharp photograph", negative="blurry"
)


def test_parts_come_in_order_and_the_brand_last():
    assert write_prompts(PARTS, BRAND) == (
        "a snowy table, the same mug, sharp photograph, soft light, muted colours",
        "blurry, neon, clutter",
    )


def test_words_of_the_brand_that_a_preset_says_are_said_once():
    said = Prompt(style="soft light, a table", negative="clutter, blurry")

    assert write_prompts(said, BRAND) == (
        "soft light, a table, muted colours",
        "clutter, blurry, neon",
    )


def test_parts_that_are_empty_leave_no_trace():
    assert write_prompts(Prompt(style="a table, "), Brand(name="house")) == ("a table", "")
