"""What is no picture is told from what is a plain one."""

import numpy as np
import pytest

from transforms.diffusion.generation import find_fault

SIDE = 256


def sweep(darkest: float) -> np.ndarray:
    """A white studio sweep that darkens downwards. (256, 256, 3), 0 to 1."""
    shade = np.linspace(1, darkest, SIDE, dtype=np.float32)
    return np.repeat(np.repeat(shade[:, None, None], SIDE, axis=1), 3, axis=2)


def grain(level: float, deviation: float = 0.02) -> np.ndarray:
    noise = np.random.default_rng(0).normal(level, deviation, (SIDE, SIDE, 3))
    return np.clip(noise, 0, 1).astype(np.float32)


def product() -> np.ndarray:
    pixels = sweep(0.95)
    pixels[80:200, 90:170] = (0.7, 0.2, 0.1)
    return pixels


def levels(pixels: np.ndarray) -> np.ndarray:
    return np.round(pixels * 255).astype(np.uint8)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_one_number_that_is_none_spoils_the_picture(number):
    made = product()
    made[3, 4, 1] = number

    assert find_fault(made, levels(product())) == "not_finite"


def test_black_is_a_fault_unless_black_was_given():
    black = np.zeros((SIDE, SIDE, 3), np.float32)

    assert find_fault(black, levels(product())) == "black"
    assert not find_fault(black, levels(black))


def test_a_dark_scene_is_no_black_picture():
    assert not find_fault(0.08 * product(), levels(0.08 * product()))


@pytest.mark.parametrize("made", [grain(0.5), grain(0.5, 0), grain(1.0)], ids=["grey", "even", "w"])
def test_one_colour_with_grain_is_flat_where_a_product_was_given(made):
    assert find_fault(made, levels(product())) == "flat"


@pytest.mark.parametrize("darkest", [1.0, 0.98, 0.95, 0.9])
def test_a_white_sweep_that_comes_back_as_a_white_sweep_is_not_flat(darkest):
    assert not find_fault(sweep(darkest), levels(sweep(darkest)))
    assert not find_fault(np.clip(sweep(darkest) - 0.02, 0, 1), levels(sweep(darkest)))


def test_a_picture_with_less_contrast_is_not_flat():
    assert not find_fault(0.6 + 0.1 * product(), levels(product()))


def test_two_hues_of_one_lightness_are_not_flat():
    made = np.full((SIDE, SIDE, 3), (0.6, 0.4, 0.5), np.float32)
    made[:, 128:] = (0.4, 0.5, 0.6)

    assert not find_fault(made, levels(product()))
