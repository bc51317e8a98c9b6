"""What the model is taught: sentences, sketches, and the files that pictures are carried in."""

import numpy as np
import pytest

from samples.training import shards
from samples.training.captions import CLASSES, Attributes, caption, vocabulary
from samples.training.pictures import Taught
from samples.training.sketch import drawn_alike, sketched
from samples.training.words import tokenizer


def test_every_word_of_a_caption_is_one_token():
    words = {word.strip(",") for phrase in vocabulary() for word in phrase.lower().split()}
    plain = [word for word in sorted(words) if word.isalpha()]
    read = tokenizer()

    assert [word for word in plain if len(read.tokenize(word)) > 1] == []


def test_a_caption_says_what_it_claims_to_say():
    """What is left out of a sentence is marked, and what is marked as said is in it."""
    rng = np.random.default_rng(0)
    teal = Attributes("studio", "level", "teal")
    told = []
    for _ in range(20):
        words, numbers = caption(teal, rng)
        marked = dict(zip(CLASSES, numbers, strict=True))["paint"] != -1
        told.append((marked, "teal" in words or "petrol" in words))

    assert set(told) == {(True, True), (False, False)}


def test_a_sketch_keeps_large_forms_and_takes_fine_detail():
    rng = np.random.default_rng(0)
    picture = np.zeros((128, 128, 3), np.float32)
    picture[64:] = 0.8
    stripes = np.full((128, 128, 3), 0.5, np.float32)
    stripes[:, ::2] = 0.7

    sketch = sketched(picture, stripes, rng, recoloured=False)

    assert sketch[:40].mean() == pytest.approx(0.0, abs=0.1)
    assert sketch[88:].mean() == pytest.approx(0.8, abs=0.1)
    assert np.abs(np.diff(sketch[100], axis=0)).mean() > 0.03


def test_a_scaffold_is_drawn_with_the_horizon_of_the_picture():
    """Where the picture's ground ends, the drawing changes most from row to row."""
    drawn = drawn_alike("summer", "level", horizon=0.4, mirrored=False, side=128, seed=1)
    rows = drawn.astype(np.float32).mean(axis=1)
    ground = rows[60:].mean(axis=0)

    assert np.abs(rows[40:48].mean(axis=0) - ground).max() > 40
    assert np.abs(rows[56:60].mean(axis=0) - ground).max() < 40


def test_shards_are_small_and_give_back_what_was_written(tmp_path):
    pictures = [
        Taught(f"plates/{number}", "winter", "level", "natural", bytes(6_000_000), b"drawn")
        for number in range(5)
    ]

    assert shards.write(tmp_path, pictures) == 5
    assert list(shards.read(tmp_path)) == pictures
    assert shards.names(tmp_path) == {picture.name for picture in pictures}
    assert max(path.stat().st_size for path in tmp_path.iterdir()) < 16_000_000
