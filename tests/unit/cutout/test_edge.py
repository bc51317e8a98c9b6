"""The edge is drawn where colours tell both sides apart, and left alone where they do not."""

import cv2
import numpy as np
import pytest

from transforms.cutout.edge import refine_edge

SIDE, CELL = 240, 3.0


def disc(radius=70, *, soft=0.7, side=SIDE):
    """A disc's true alpha, 0-1."""
    rows, columns = np.mgrid[:side, :side]
    away = np.hypot(rows - side / 2, columns - side / 2)
    return cv2.GaussianBlur((away <= radius).astype(np.float32), (0, 0), soft)


def photographed(truth, front, back, *, noise=2.0):
    share = truth[..., None]
    mixed = np.array(front, np.float32) * share + np.array(back, np.float32) * (1 - share)
    grain = np.random.default_rng(1).normal(0, noise, mixed.shape)
    return np.clip(np.rint(mixed + grain), 0, 255).astype(np.uint8)


def as_matte(share):
    return np.rint(255 * np.clip(share, 0, 1)).astype(np.uint8)


def as_the_network_sees(truth, *, shift=0):
    """Blurred over its pixels, and shifted by a part of one."""
    return as_matte(np.roll(cv2.GaussianBlur(truth, (0, 0), 1.1 * CELL), shift, axis=1))


def band_error(matte, truth, reach=8):
    solid = (truth >= 0.5).astype(np.uint8)
    away = np.maximum(
        cv2.distanceTransform(solid, cv2.DIST_L2, 5),
        cv2.distanceTransform(1 - solid, cv2.DIST_L2, 5),
    )
    return float(np.abs(matte / 255 - truth)[away <= reach].mean())


@pytest.mark.parametrize(
    ("front", "back"),
    [
        pytest.param((30, 30, 34), (250, 250, 250), id="black on white"),
        pytest.param((240, 238, 230), (150, 150, 150), id="white on grey"),
        pytest.param((180, 40, 40), (60, 120, 60), id="red on green"),
    ],
)
@pytest.mark.parametrize("shift", [0, 2])
def test_a_blurred_matte_becomes_sharp(front, back, shift):
    truth = disc()
    matte = as_the_network_sees(truth, shift=shift)

    found = refine_edge(photographed(truth, front, back), matte, cell=CELL)

    assert band_error(matte, truth) > 0.1
    assert band_error(found, truth) < 0.03


def test_a_hard_edge_stays_where_it_is():
    truth = disc(soft=0.5)
    matte = as_matte(truth)

    found = refine_edge(photographed(truth, (20, 60, 120), (220, 220, 215)), matte, cell=CELL)

    assert band_error(found, truth) < 0.02
    assert np.array_equal(found >= 128, matte >= 128)


def test_one_colour_on_both_sides_says_nothing():
    truth = disc()
    matte = as_the_network_sees(truth)

    found = refine_edge(photographed(truth, (200, 200, 200), (201, 200, 199)), matte, cell=CELL)

    assert np.array_equal(found, matte)


def test_a_backdrop_as_varied_as_the_product_differs_says_nothing():
    truth = disc()
    matte = as_the_network_sees(truth)
    checks = np.indices((SIDE, SIDE)).sum(axis=0) // 3 % 2
    back = np.where(checks[..., None] > 0, (90, 90, 90), (210, 210, 210))
    picture = photographed(truth, (150, 150, 150), back)

    found = refine_edge(picture, matte, cell=CELL)

    assert np.abs(found.astype(int) - matte).max() <= 2


def test_a_shadow_beside_the_product_is_not_added():
    truth = disc()
    shade = 1 - 0.45 * np.roll(cv2.GaussianBlur(disc(66), (0, 0), 12), (14, 14), axis=(0, 1))
    back = np.array((235, 235, 232)) * shade[..., None]
    matte = as_the_network_sees(truth)

    found = refine_edge(photographed(truth, (150, 30, 40), back), matte, cell=CELL)

    assert band_error(found, truth) < 0.03


def test_wide_doubt_stays_soft_where_colours_tell_nothing():
    """Gauze, fur: the network's alpha runs out over many of its pixels."""
    truth = disc()
    matte = as_matte(cv2.GaussianBlur(disc(), (0, 0), 8 * CELL))

    found = refine_edge(
        photographed(truth, (120, 30, 34), (150, 60, 50), noise=25), matte, cell=CELL
    )

    assert np.array_equal(found, matte)


def test_a_product_that_grows_lighter_towards_its_edge_keeps_it():
    """A glazed bottle: its mean colour is darker than its edge, which is not half backdrop."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    away = 70 - np.hypot(rows - SIDE / 2, columns - SIDE / 2)
    front = 40 + 90 * np.exp(-np.maximum(away, 0) / 12)[..., None] * np.ones(3)
    truth = disc()

    found = refine_edge(
        photographed(truth, front, (250, 250, 250)), as_the_network_sees(truth), cell=CELL
    )

    assert band_error(found, truth) < 0.03
    assert found[(away > 1.5) & (away < 6)].min() > 215


def test_a_product_that_runs_out_into_its_backdrop_is_not_taken_to_become_it():
    """A wide blur, hair: colours that go all the way are no edge's own."""
    truth = disc(64, soft=5.0)
    picture = photographed(truth, (40, 30, 30), (220, 220, 225))

    found = refine_edge(picture, as_matte(disc(67, soft=5.5)), cell=5.0)

    assert np.abs(found / 255 - truth)[(truth > 0.02) & (truth < 0.6)].mean() < 0.1


@pytest.mark.parametrize("soft", [0.7, 0.9])
def test_a_pixel_that_is_a_tenth_backdrop_is_not_taken_for_all_product(soft):
    """It would leave a rim of the old backdrop on the new one."""
    truth = disc(soft=soft)
    picture = photographed(truth, (180, 20, 30), (250, 250, 250), noise=1)

    found = refine_edge(picture, as_the_network_sees(truth), cell=CELL) / 255

    mixed = (truth > 0.7) & (truth < 0.95)
    assert abs(float((found - truth)[mixed].mean())) < 0.035


def test_nothing_changes_far_from_the_edge():
    truth = disc()
    matte = as_the_network_sees(truth)
    matte[115:125, 115:125] = 200

    found = refine_edge(photographed(truth, (30, 30, 34), (250, 250, 250)), matte, cell=CELL)

    assert (found[115:125, 115:125] == 200).all()
    assert not found[:20].any()


def test_a_large_picture_gets_a_smooth_edge_without_stairs():
    truth = disc(280, side=960, soft=2.0)
    matte = as_matte(cv2.GaussianBlur(truth, (0, 0), 12))

    found = refine_edge(photographed(truth, (30, 60, 34), (240, 240, 240)), matte, cell=12.0)

    row = found[480, 740:790].astype(int)
    assert (np.diff(row) <= 5).all()
    assert np.abs(np.diff(row)).max() < 128
    assert band_error(found, truth, reach=24) < 0.03


def test_the_inputs_stay_as_they_are():
    truth = disc()
    picture, matte = photographed(truth, (30, 30, 34), (250, 250, 250)), as_matte(truth)
    before = picture.copy(), matte.copy()

    refine_edge(picture, matte, cell=CELL)

    assert np.array_equal(picture, before[0])
    assert np.array_equal(matte, before[1])


@pytest.mark.parametrize("shape", [(1, 1), (2, 40), (7, 7)])
@pytest.mark.parametrize("level", [0, 90, 255])
@pytest.mark.parametrize("cell", [0.1, 8.0])
def test_tiny_and_empty_mattes_work(shape, level, cell):
    matte = np.full(shape, level, np.uint8)

    assert np.array_equal(refine_edge(np.full((*shape, 3), 9, np.uint8), matte, cell=cell), matte)
