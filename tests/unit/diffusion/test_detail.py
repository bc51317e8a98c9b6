"""Fine detail of what a model was given comes back where it kept that, and nowhere else."""

import cv2
import numpy as np

from transforms.diffusion.enlarging import transfer_detail

SMALL = (64, 64)
SIDE = 512


def forms(seed: int) -> np.ndarray:
    """Large soft forms, as a model of 64 px keeps them."""
    noise = np.random.default_rng(seed).uniform(0, 1, (8, 8, 3)).astype(np.float32)
    large = cv2.resize(noise, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return np.clip(60 + 130 * large, 0, 255)


def with_grain(pixels: np.ndarray) -> np.ndarray:
    lines = 14 * np.sin(np.arange(SIDE) * 2 * np.pi / 5)
    return np.clip(np.rint(pixels + lines[:, None, None]), 0, 255).astype(np.uint8)


def lines_in(pixels: np.ndarray) -> float:
    """Deviation of what is finer than the small picture."""
    return float((pixels.astype(np.float32) - cv2.GaussianBlur(pixels, (0, 0), 6)).std())


def distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other).mean())


def test_detail_comes_back_where_the_forms_were_kept():
    given = with_grain(forms(1))
    soft = forms(1).astype(np.uint8)

    made = transfer_detail(soft, given, SMALL, 1.5)

    assert lines_in(soft) < 1
    assert lines_in(made) > 0.8 * lines_in(given)
    assert distance(made, given) < 0.35 * distance(soft, given)


def test_a_darker_surface_has_less_of_it():
    given, soft = with_grain(forms(1)), (forms(1) * 0.6).astype(np.uint8)

    made = transfer_detail(soft, given, SMALL, 1.5)

    assert 0.4 * lines_in(given) < lines_in(made) < 0.8 * lines_in(given)
    assert abs(made.mean() - soft.mean()) < 1


def test_other_forms_stay_as_they_were_made():
    made = transfer_detail(forms(2).astype(np.uint8), with_grain(forms(1)), SMALL, 1.5)

    assert lines_in(made) < 0.4 * lines_in(with_grain(forms(1)))


def test_nothing_that_was_given_is_modified():
    given, soft = with_grain(forms(1)), forms(1).astype(np.uint8)
    kept, kept_soft = given.copy(), soft.copy()

    transfer_detail(soft, given, SMALL, 1.5)

    assert np.array_equal(given, kept)
    assert np.array_equal(soft, kept_soft)
