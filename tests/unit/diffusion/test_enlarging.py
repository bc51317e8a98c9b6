"""A backdrop is enlarged without a shift, and keeps its grain."""

import numpy as np
import pytest
from PIL import Image

from transforms.diffusion.enlarging import _restore_colours, enlarge_backdrop, measure_grain


def grainy(deviation: float, side: int = 256) -> np.ndarray:
    slope = np.linspace(60, 180, side)[:, None, None]
    noise = np.random.default_rng(5).normal(0, deviation, (side, side, 1))
    return np.clip(np.rint(slope + noise + np.zeros(3)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("deviation", [2.0, 4.0, 8.0])
def test_grain_is_measured_in_levels(deviation):
    assert measure_grain(grainy(deviation)) == pytest.approx(deviation, rel=0.1)


def test_an_edge_is_no_grain():
    pixels = grainy(2.0)
    pixels[100:150, 60:200] //= 3

    assert measure_grain(pixels) == pytest.approx(2.0, rel=0.15)


def test_the_enlarged_backdrop_has_the_grain_of_the_small_one():
    small = grainy(4.0)
    large = enlarge_backdrop(small, (1024, 1024), weights=None)

    assert measure_grain(large) == pytest.approx(4.0, rel=0.1)
    assert measure_grain(np.array(Image.fromarray(small).resize((1024, 1024)))) < 1.0


def test_nothing_shifts_and_nothing_darkens():
    small = grainy(0.0)
    back = np.array(
        Image.fromarray(enlarge_backdrop(small, (1000, 900), weights=None)).resize(
            (256, 256), Image.Resampling.BOX
        )
    )

    assert np.abs(back.astype(int) - small).mean() < 0.6


def test_the_same_seed_gives_the_same_pixels():
    small = grainy(3.0, side=64)
    first, again, other = (
        enlarge_backdrop(small, (128, 128), weights=None, seed=n) for n in (1, 1, 2)
    )

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_what_a_network_tints_gets_its_own_colours_back_and_keeps_its_lines():
    small = grainy(0.0, side=128)
    made = small.repeat(4, axis=0).repeat(4, axis=1)
    made[:, 250:252] = 40
    tinted = np.clip(made.astype(int) + np.array([6, 0, -6]), 0, 255).astype(np.uint8)

    coloured = _restore_colours(tinted, small).astype(int)

    assert np.abs(coloured - made)[:, :200].mean() < 0.6
    assert (coloured[:, 250:252] < 60).all()
