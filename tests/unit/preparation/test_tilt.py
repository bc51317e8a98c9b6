"""A leaning product is turned back where its axis can be measured, and left alone elsewhere."""

import cv2
import numpy as np
import pytest

from transforms.preparation.tilt import HALF, straighten

SIDE = 400
BOTTLE = [
    (-14, -160), (14, -160), (14, -80), (50, -40), (55, 140), (-55, 140), (-50, -40), (-14, -80)
]  # fmt: skip
"""Offsets from the middle, px: neck, shoulders, body."""
CARTON = [(-80, -120), (40, -135), (95, -120), (92, 110), (38, 140), (-78, 115)]
"""Seen over its corner, from above: no mirror image, but upright edges."""
SHOE = [(-150, -60), (-90, -70), (-40, -10), (90, 10), (150, 50), (140, 80), (-150, 80)]


def drawn(outline, lean, *, lines=()):
    """A picture and a matte; `lean` degrees clockwise. Drawn at 4 times the size."""
    scale = 4
    turn = np.radians(lean)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def placed(points):
        turned = np.asarray(points, float) @ rotation.T + SIDE / 2
        return np.rint(turned * scale).astype(np.int32)

    matte = np.zeros((SIDE * scale, SIDE * scale), np.uint8)
    cv2.fillPoly(matte, [placed(outline)], 255)
    picture = np.full((*matte.shape, 3), 220, np.uint8)
    picture[matte > 0] = (40, 90, 60)
    for line in lines:
        cv2.polylines(picture, [placed(line)], isClosed=False, color=(230, 220, 200), thickness=12)
    matte = cv2.resize(matte, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA), matte


def axis(matte):
    """Lean of the line through the middles of a bottle's body rows, degrees clockwise."""
    rows = np.flatnonzero((matte >= HALF).any(axis=1))
    rows = rows[int(0.5 * len(rows)) : int(0.85 * len(rows))]
    columns = np.arange(matte.shape[1])
    middles = [float((columns * (matte[row] >= HALF)).sum() / (matte[row] >= HALF).sum())
               for row in rows]  # fmt: skip
    return -float(np.degrees(np.arctan(np.polyfit(rows, middles, 1)[0])))


@pytest.mark.parametrize("lean", [-7, -4, -2, -1, 1, 2.5, 5, 7])
def test_a_leaning_bottle_stands_upright_afterwards(lean):
    rgb, matte = drawn(BOTTLE, lean)

    _, upright, step = straighten(rgb, matte)

    assert step.applied
    assert step.measured["tilt_deg"] == pytest.approx(lean, abs=0.3)
    assert abs(axis(upright)) < 0.3


def test_picture_and_matte_stay_together_and_nothing_is_lost():
    rgb, matte = drawn(BOTTLE, 6)

    turned, upright, _ = straighten(rgb, matte)

    assert turned.shape[:2] == upright.shape
    assert upright.shape > matte.shape
    assert upright.sum(dtype=np.int64) == pytest.approx(matte.sum(dtype=np.int64), rel=0.002)
    product = turned[upright == 255].astype(int)
    assert np.mean(np.abs(product - (40, 90, 60)).max(axis=1) > 40) < 0.01
    assert not upright[0].any()
    assert np.abs(turned[0].astype(int) - 220).max() <= 1


@pytest.mark.parametrize("lean", [-0.5, 0, 0.5])
def test_what_nobody_sees_is_not_resampled(lean):
    rgb, matte = drawn(BOTTLE, lean)

    same, same_matte, step = straighten(rgb, matte)

    assert same is rgb
    assert same_matte is matte
    assert not step.applied
    assert step.measured["tilt_deg"] == pytest.approx(lean, abs=0.3)


@pytest.mark.parametrize("lean", [-10, 10])
def test_a_large_lean_is_taken_as_intended(lean):
    rgb, matte = drawn(BOTTLE, lean)

    same, _, step = straighten(rgb, matte)

    assert same is rgb
    assert not step.applied
    assert step.measured["tilt_deg"] == pytest.approx(lean, abs=0.5)


@pytest.mark.parametrize("lean", [-3, 4])
def test_a_carton_seen_over_its_corner_is_turned_by_its_edges(lean):
    edges = [[CARTON[0], CARTON[5]], [CARTON[1], CARTON[4]], [CARTON[2], CARTON[3]]]
    rgb, matte = drawn(CARTON, lean, lines=edges)

    _, _, step = straighten(rgb, matte)

    assert step.applied
    assert step.measured["tilt_deg"] == pytest.approx(lean, abs=0.7)


@pytest.mark.parametrize("lean", [-5, 0, 3, 6])
def test_a_shoe_is_left_alone(lean):
    rgb, matte = drawn(SHOE, lean)

    same, _, step = straighten(rgb, matte)

    assert same is rgb
    assert "symmetry_tilt_deg" in step.measured, "it was looked for"
    assert "tilt_deg" not in step.measured


def test_a_ball_has_no_axis():
    around = np.radians(np.arange(0, 360, 3))
    rgb, matte = drawn(120 * np.stack([np.cos(around), np.sin(around)], axis=1), 0)

    same, _, step = straighten(rgb, matte)

    assert same is rgb
    assert "symmetry_tilt_deg" in step.measured, "it was looked for"
    assert "tilt_deg" not in step.measured


def test_lines_that_point_elsewhere_hold_it_back():
    """A label's upright lines say that the camera was held straight."""
    upright = [[(x, -30), (x, 120)] for x in range(-36, 37, 9)]
    leaning = np.radians(-4)
    rotation = np.array([[np.cos(leaning), -np.sin(leaning)], [np.sin(leaning), np.cos(leaning)]])
    lines = [np.asarray(line) @ rotation.T for line in upright]
    rgb, matte = drawn(BOTTLE, 4, lines=lines)

    _, _, step = straighten(rgb, matte)

    assert step.measured["symmetry_tilt_deg"] == pytest.approx(4, abs=0.3)
    assert step.measured["lines_tilt_deg"] == pytest.approx(0, abs=0.5)
    assert not step.applied


@pytest.mark.parametrize("lean", [3, -3])
def test_a_product_that_the_frame_cuts_off_is_left_alone(lean):
    rgb, matte = drawn(BOTTLE, lean)

    same, _, step = straighten(rgb[:300], matte[:300])

    assert same.shape == rgb[:300].shape
    assert step.measured == {}


def test_the_inputs_are_not_modified():
    rgb, matte = drawn(BOTTLE, 5)
    before = rgb.copy(), matte.copy()

    straighten(rgb, matte)

    assert np.array_equal(rgb, before[0])
    assert np.array_equal(matte, before[1])


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (40, 2)])
@pytest.mark.parametrize("level", [0, 255])
def test_tiny_and_empty_mattes_pass(size, level):
    rgb = np.full((*size, 3), 90, np.uint8)
    matte = np.full(size, level, np.uint8)

    assert straighten(rgb, matte)[0] is rgb


@pytest.mark.parametrize(
    "product",
    [
        pytest.param(np.s_[700:701, 1000:1001], id="a speck"),
        pytest.param(np.s_[700:1101:400, 10:1911:1900], id="specks far apart"),
        pytest.param(np.s_[700:702, 10:1910], id="a hair"),
        pytest.param(np.s_[10:1400, 1000:1001], id="an upright hair"),
    ],
)
def test_next_to_nothing_in_a_large_picture_passes(product):
    rgb, matte = np.full((1500, 2000, 3), 90, np.uint8), np.zeros((1500, 2000), np.uint8)
    matte[product] = 255

    assert not straighten(rgb, matte)[2].applied
