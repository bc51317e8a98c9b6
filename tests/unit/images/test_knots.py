"""Curves keep within the deviation that is allowed, with the knots that a draughtsman would set."""

import cv2
import numpy as np
import pytest

from tests.unit.images.mattes import box, disc, matte
from transforms.images.contours import contours
from transforms.images.knots import Knots, along


def curve(shape: np.ndarray, deviation: float = 0.5) -> tuple[np.ndarray, Knots]:
    points = contours(shape)[0]
    found = along(points, deviation, most=500)
    assert found is not None
    return points, found


def apart(points: np.ndarray, line: np.ndarray) -> float:
    """How far the farthest point is from a closed line."""
    begin, end = line[None], np.roll(line, -1, axis=0)[None]
    chord = end - begin
    length = np.maximum(np.sum(chord**2, axis=2), 1e-12)
    share = np.clip(np.sum((points[:, None] - begin) * chord, axis=2) / length, 0, 1)
    off = points[:, None] - begin - share[..., None] * chord
    return float(np.hypot(*np.moveaxis(off, 2, 0)).min(axis=1).max())


def test_a_disc_is_four_smooth_knots_at_its_outermost_points():
    _, found = curve(matte(disc(200, (100.2, 99.6), 80)))

    assert len(found) == 4
    assert not found.corner.any()
    handles = found.points - found.points[:, 1:2]
    for arriving, _, leaving in handles:
        turn = arriving @ leaving / np.hypot(*arriving) / np.hypot(*leaving)
        assert turn == pytest.approx(-1, abs=1e-9)
        # The circle's own: 4/3 (sqrt 2 - 1) of its radius.
        assert np.hypot(*leaving) == pytest.approx(0.5523 * 80, rel=0.05)


def test_a_box_is_four_corners_and_straight_lines():
    points, found = curve(matte(box(120, 20.4, 30.5, 90.7, 100.2)))

    assert found.corner.sum() == 4
    assert len(found) <= 6
    corners = found.points[found.corner, 1]
    for corner in ((20.4, 30.5), (90.7, 30.5), (20.4, 100.2), (90.7, 100.2)):
        assert np.hypot(*(corners - corner).T).min() < 0.75
    assert apart(points, found.sampled(20)) <= 0.51


def test_a_drop_has_one_corner():
    drop = np.maximum(disc(160, (80, 100), 40), 0)
    y, x = np.mgrid[:160, :160] + 0.5
    cone = np.clip((y - 20) * 0.577 - np.abs(x - 80) + 0.5, 0, 1) * (y < 80)
    points, found = curve(matte(np.maximum(drop, cone)))

    assert found.corner.sum() == 1
    assert apart(points, found.sampled(60)) <= 0.51


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("hard", [False, True])
def test_neither_leaves_the_other_by_more_than_half_a_pixel(seed, hard):
    """Blobs of noise: bays, spikes, holes; with hard edges a contour is a staircase."""
    noise = np.random.default_rng(seed).normal(size=(160, 160))
    smooth = cv2.GaussianBlur(noise, (0, 0), 7)
    smooth *= 255 * 3 / np.abs(smooth).max()
    shape = np.clip(smooth + 90, 0, 255).astype(np.uint8)
    if hard:
        shape = np.where(shape > 127, 255, 0).astype(np.uint8)

    points, found = curve(shape)

    line = found.sampled(40)
    assert apart(points, line) <= 0.51
    assert apart(line, points) <= 0.75
    assert len(found) < len(points) / 4


def test_a_curve_that_needs_more_knots_is_none():
    points = contours(matte(disc(200, (100, 100), 80)))[0]

    assert along(points, 0.5, most=3) is None
