"""The table that a bundled model is judged by fails where a model falls short."""

import numpy as np
import pytest

from benchmarks.bundled import LIMITS, colour_error, diversity, judged, unevenness

GOOD = {
    "recognised": 0.95,
    "colour_error": 9.0,
    "diversity": 0.08,
    "strength_steps": 0.02,
    "light_touch_error": 1.2,
    "unevenness": 0.001,
}


def test_a_good_model_passes():
    assert {row.name: row.passed for row in judged(GOOD)} == dict.fromkeys(LIMITS, True)


@pytest.mark.parametrize("name", list(LIMITS))
def test_one_value_beyond_its_limit_fails(name):
    side, limit = LIMITS[name]
    worse = limit - 0.01 if side == "at least" else limit + 0.01

    failed = [row.name for row in judged({**GOOD, name: worse}) if not row.passed]

    assert failed == [name]


def test_no_number_does_not_pass():
    failed = [row.name for row in judged({**GOOD, "colour_error": float("nan")}) if not row.passed]

    assert failed == ["colour_error"]


def test_blotches_count_and_a_slope_does_not():
    slope = np.repeat(np.linspace(0.4, 0.6, 64, dtype=np.float32)[:, None], 64, axis=1)
    plain = np.dstack([slope] * 3)
    rng = np.random.default_rng(0)
    blotches = np.kron(rng.normal(0, 0.03, (16, 16, 1)), np.ones((4, 4, 1))).astype(np.float32)

    assert unevenness(plain) < 0.006
    assert unevenness(plain + blotches) > 0.006


def test_the_middle_of_a_picture_has_a_colour():
    teal = np.full((64, 64, 3), (52, 120, 123), np.float32) / 255

    assert colour_error(teal, (52, 120, 123)) < 0.5
    assert colour_error(teal, (160, 47, 52)) > 40


def test_equal_pictures_are_no_choice():
    grey = np.full((8, 8, 3), 0.5, np.float32)

    assert diversity([grey, grey]) == 0
    assert diversity([grey, grey + 0.1]) == pytest.approx(0.1)
