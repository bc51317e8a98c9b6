"""The measure of cut-outs: a drawn shadow is no product, and errors count beside the edge."""

import numpy as np

from benchmarks.backgrounds import backgrounds
from benchmarks.cutout import matte_errors, packshot


def test_a_drawn_shadow_is_laid_down_and_is_no_product():
    rgba = np.zeros((900, 900, 4), np.uint8)
    rgba[200:600, 300:600] = (200, 30, 40, 255)
    rgba[700:760, 250:650, 3] = 100

    shot = packshot(rgba)

    assert shot.truth[400, 450] == 1
    assert shot.truth[720, 400] == 0
    laid = shot.over(np.full((900, 900, 3), 200, np.uint8))
    assert tuple(laid[400, 450]) == (200, 30, 40)
    assert 115 <= laid[720, 400, 0] <= 125
    assert tuple(laid[50, 50]) == (200, 200, 200)


def test_errors_of_a_matte():
    truth = np.zeros((100, 100), np.float32)
    truth[20:80, 20:80] = 1
    exact = (255 * truth).astype(np.uint8)
    half = exact.copy()
    half[20:80, 20:50] = 0

    assert matte_errors(exact, truth) == (1.0, 0.0)
    assert matte_errors(half, truth)[0] == 0.5
    assert 0.2 < matte_errors(half, truth)[1] < 0.3
    assert matte_errors(np.zeros_like(exact), truth)[0] == 0


def test_backgrounds_are_many_and_the_same_again():
    once, again, other = (backgrounds(60, 80, seed=seed) for seed in (1, 1, 2))

    assert len(once) >= 12
    assert all(each.shape == (60, 80, 3) for each in once.values())
    assert all(np.array_equal(once[name], again[name]) for name in once)
    assert not np.array_equal(once["street"], other["street"])
    means = [each.mean() for each in once.values()]
    assert min(means) < 60
    assert max(means) > 240
