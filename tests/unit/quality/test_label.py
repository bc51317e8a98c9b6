"""A label is read on both sides with the real reader."""

import cv2
import numpy as np
import pytest

from tests.unit.quality.examples import canvas, facts, text, through_jpeg
from transforms.quality.label import (
    has_label,
    label_text_kept,
    read_label,
    reduce_for_reading,
    text_similarity,
)
from transforms.quality.placed import Placed

SIDE = 400
LABEL = facts(text("", on_product=1, said="JASMINE"))


def carton(words: str = "JASMINE") -> Placed:
    """A carton with one word on it."""
    product = np.full((320, 320, 3), (236, 228, 205), np.uint8)
    cv2.putText(
        product, words, (30, 175), cv2.FONT_HERSHEY_DUPLEX, 1.9, (30, 40, 60), 3, cv2.LINE_AA
    )
    return Placed(product, np.full((320, 320), 255, np.uint8), (40, 40, 360, 360))


def shown(placed: Placed) -> np.ndarray:
    return through_jpeg(canvas(placed, side=SIDE))


def test_a_label_that_came_through_is_kept(states):
    found = label_text_kept(shown(carton()), carton(), LABEL)

    assert found == 1
    assert states({"label_text_kept": found}) == {"label_text_kept": "PASS"}


@pytest.mark.parametrize(
    ("words", "state"), [("JASMIME", "REVIEW"), ("JPSNLNE", "FAIL"), ("", "FAIL")]
)
def test_another_text_is_noticed(states, words, state):
    found = label_text_kept(shown(carton(words)), carton(), LABEL)

    assert states({"label_text_kept": found}) == {"label_text_kept": state}


def test_without_text_on_the_photograph_nothing_is_measured():
    assert label_text_kept(shown(carton()), carton(), facts()) is None
    plain = carton("")
    assert label_text_kept(shown(plain), plain, LABEL) is None


def test_overlays_and_doubtful_readings_are_no_label():
    assert has_label(LABEL)
    assert not has_label(facts(text("promotional", on_product=1)))
    doubtful = text("", on_product=1).model_copy(update={"score": 0.8})
    assert not has_label(facts(doubtful))


def test_lines_that_lie_outside_the_opaque_product_are_no_label():
    placed = carton()
    assert [words for _, words in read_label(reduce_for_reading(placed.product), placed)] == [
        "jasmine"
    ]

    placed.matte[120:200] = 100  # as glass
    assert not list(read_label(reduce_for_reading(placed.product), placed))


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("abcd", "abcd", 1),
        ("abcd", "abxd", 0.75),
        ("abcd", "", 0),
        ("ab", "abcd", 0.5),
        ("", "", 1),
    ],
)
def test_similarity_counts_letters(first, second, kept):
    assert text_similarity(first, second) == kept
