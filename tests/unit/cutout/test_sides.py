"""Covariances as six numbers a point are inverted and applied as the whole matrices would be."""

import numpy as np
import pytest

from transforms.cutout.sides import invert_spreads, multiply_spreads


def as_matrices(six):
    return six[:, (0, 1, 2, 1, 3, 4, 2, 4, 5)].reshape(-1, 3, 3)


@pytest.fixture
def spread():
    """Covariances of colours that vary by up to 90 levels along one way, and noise."""
    random = np.random.default_rng(0)
    ways = random.normal(0, 1, (200, 3, 3)) * np.array((90, 8, 1))[:, None]
    matrices = np.swapaxes(ways, 1, 2) @ ways + 16 * np.eye(3)
    return matrices.reshape(-1, 9)[:, (0, 1, 2, 4, 5, 8)].astype(np.float32)


def test_an_inverse_undoes_its_covariance(spread):
    product = as_matrices(invert_spreads(spread)) @ as_matrices(spread).astype(np.float64)

    assert np.abs(product - np.eye(3)).max() < 1e-2


def test_a_colour_is_turned_as_by_the_whole_matrix(spread):
    colours = np.random.default_rng(1).normal(0, 60, (200, 3)).astype(np.float32)

    expected = np.einsum("nij,nj->ni", as_matrices(spread), colours)

    assert multiply_spreads(spread, colours) == pytest.approx(expected, rel=1e-3, abs=1)
