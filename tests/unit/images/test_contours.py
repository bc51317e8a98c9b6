"""Contours lie where half alpha does, between the pixels, and close."""

import numpy as np
import pytest

from tests.unit.images.mattes import disc, matte
from transforms.images.contours import area, contours


def test_a_ring_is_placed_to_a_tenth_of_a_pixel_and_its_opening_runs_the_other_way():
    ring = matte(np.clip(disc(120, (60.3, 58.7), 41.2) - disc(120, (64.0, 58.0), 20.9), 0, 1))

    outer, opening = contours(ring)

    for points, centre, radius in ((outer, (60.3, 58.7), 41.2), (opening, (64.0, 58.0), 20.9)):
        off = np.hypot(*(points - centre).T) - radius
        assert np.abs(off).max() < 0.1
    assert area(outer) == pytest.approx(np.pi * 41.2**2, rel=2e-3)
    assert area(opening) == pytest.approx(-np.pi * 20.9**2, rel=2e-3)


def test_what_reaches_the_border_closes_along_it():
    (points,) = contours(np.full((6, 8), 255, np.uint8))

    assert area(points) == pytest.approx(48, abs=0.6)  # its corners are cut
    assert points.min() >= -0.01
    assert (points.max(axis=0) <= (8.01, 6.01)).all()


@pytest.mark.parametrize(("rest", "number"), [(0, 2), (127, 1)])
def test_two_that_touch_at_a_corner_are_one_where_what_lies_between_is_nearly_product(rest, number):
    touching = np.full((4, 4), 0, np.uint8)
    touching[1:3, 1:3] = [[255, rest], [rest, 255]]

    assert len(contours(touching)) == number


def test_every_noise_gives_closed_contours_whose_area_is_that_of_the_pixels_within():
    noise = np.random.default_rng(3).choice(np.array([0, 255], np.uint8), (40, 50))
    noise[:1] = noise[-1:] = 0

    found = contours(noise)

    for points in found:
        steps = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
        assert steps.max() <= np.sqrt(2)
    # Each lone pixel loses half of itself at its corners, as each lone gap does.
    assert sum(map(area, found)) == pytest.approx(np.count_nonzero(noise), rel=0.1)


def test_no_product_has_no_contour():
    assert contours(np.full((5, 5), 127, np.uint8)) == []
