"""What is small and many: lamps far behind, snow in the air, leaves on the ground."""

import cv2
import numpy as np
import pytest

from transforms.scenes import leaves
from transforms.scenes.lamps import hang_lamps, swag, tree
from transforms.scenes.light import luminance
from transforms.scenes.winter import let_snow_fall

WARM = np.array(((1.0, 0.7, 0.4),), np.float32)


def dark(height: int = 200, width: int = 200) -> np.ndarray:
    return np.zeros((height, width, 3), np.float32)


def discs(light: np.ndarray) -> list[tuple[float, float]]:
    """Middle and size of each patch of light: (y as a share, pixels)."""
    lit = (luminance(light) > 0.01).astype(np.uint8)
    count, _, stats, middles = cv2.connectedComponentsWithStats(lit)
    return [
        (middles[each][1] / light.shape[0], stats[each][cv2.CC_STAT_AREA])
        for each in range(1, count)
    ]


def test_lamps_of_a_string_hang_on_it_and_are_of_one_size():
    light = dark()
    path = swag((0.15, 0.3), (0.85, 0.3), 0.0)
    hang_lamps(
        light, np.random.default_rng(1), path, count=6, radius=0.02, colours=WARM, stray=0.004
    )

    found = discs(light)
    assert len(found) == 6
    assert all(0.29 < y < 0.33 for y, _ in found)
    sizes = [size for _, size in found]
    assert max(sizes) < 1.45 * min(sizes)


def test_a_string_sags_and_a_tree_widens():
    path = swag((0.0, 0.1), (1.0, 0.1), 0.2)
    assert path[:, 1].max() == pytest.approx(0.3, abs=0.01)

    rng = np.random.default_rng(1)
    turns = tree(rng, top=(0.5, 0.1), foot=0.8, half=0.3, turns=5)
    widths = [np.ptp(turn[:, 0]) for turn in turns]
    assert widths == sorted(widths)
    assert max(widths) < 0.61


def test_snow_shows_before_the_dark_and_hardly_before_snow():
    picture, white = dark(), np.full((200, 200, 3), 0.95, np.float32)
    for each in (picture, white):
        let_snow_fall(np.random.default_rng(3), each, until=0.5)

    assert (luminance(picture) > 0.05).mean() > 0.005
    assert np.median(luminance(picture)) < 0.02
    assert luminance(picture).max() < 0.7
    assert np.abs(white - 0.95).max() < 0.08
    assert picture[:100].mean() > 1.5 * picture[140:].mean()


def test_more_of_a_wide_picture_has_as_many_flakes_on_each_part():
    square, wide = dark(), dark(width=600)
    for each in (square, wide):
        let_snow_fall(np.random.default_rng(3), each, until=0.5)

    assert wide.mean() == pytest.approx(square.mean(), rel=0.35)


@pytest.mark.parametrize("kind", [leaves.maple, leaves.oak, leaves.beech, leaves.any_leaf])
def test_leaves_have_an_outline_and_a_face(kind):
    leaf = kind(np.random.default_rng(2))

    assert leaf.light.shape == (*leaf.alpha.shape, 3)
    assert leaf.alpha.min() == 0
    assert leaf.alpha.max() == 1
    assert 0.1 < leaf.alpha.mean() < 0.6
    assert (leaf.light[leaf.alpha == 0] == 0).all()
    face = leaf.light[leaf.alpha == 1]
    assert face.min() >= 0
    assert face.mean(axis=0)[0] > 2 * face.mean(axis=0)[2], "warm"
    assert luminance(face).std() > 0.02


def test_no_two_leaves_are_alike():
    one, other = (leaves.maple(np.random.default_rng(seed)) for seed in (1, 2))

    assert np.abs(one.alpha - other.alpha).mean() > 0.005
