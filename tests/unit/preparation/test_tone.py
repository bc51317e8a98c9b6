"""White paper in coloured or weak light is mended; coloured paper and unclear pictures are left."""

import numpy as np
import pytest

from transforms.preparation.backdrop import spread
from transforms.preparation.tone import correct_tone
from transforms.presets.catalogue import Tone
from transforms.records.facts import BackdropTone

SIDE = 240
WHITE, BEIGE, PINK, TEAL = (
    (0.82, 0.82, 0.82),
    (0.62, 0.50, 0.37),
    (0.58, 0.30, 0.26),
    (0.06, 0.17, 0.18),
)
TUNGSTEN = (1.22, 1.0, 0.66)
TARGET = Tone()


def encoded(light):
    light = np.clip(light, 0, 1)
    srgb = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(srgb * 255).astype(np.uint8)


def decoded(rgb):
    unit = rgb / 255
    return np.where(unit <= 0.04045, unit / 12.92, ((unit + 0.055) / 1.055) ** 2.4)


def scene(backdrop, product, *, cast=(1.0, 1.0, 1.0), stops=0.0, label=None, margin=60):
    """A square product in the middle; `label` is a brighter patch with print on it."""
    light = np.full((SIDE, SIDE, 3), backdrop, float)
    matte = np.zeros((SIDE, SIDE), np.uint8)
    matte[margin:-margin, margin:-margin] = 255
    light[matte > 0] = product
    if label:
        light[90:150, 90:150] = label
        light[100:140:8, 96:144] = 0.02
    gains = np.array(cast) / (np.array(cast) @ (0.2126, 0.7152, 0.0722)) * 2**stops
    return encoded(light * gains), matte


def test_white_paper_under_a_bulb_becomes_neutral_where_the_label_agrees():
    rgb, matte = scene(WHITE, (0.10, 0.3, 0.12), cast=TUNGSTEN, stops=-0.5, label=(0.7, 0.7, 0.7))

    mended, step, tone = correct_tone(rgb, matte, target=TARGET)

    assert step.applied
    assert np.ptp(mended[5, 5].astype(int)) <= 2
    assert np.ptp(mended[94, 94].astype(int)) <= 2
    assert tone.before[2] > 15
    assert abs(tone.after[2]) < 1


def test_the_products_true_colour_comes_back():
    green = (0.10, 0.3, 0.12)
    rgb, matte = scene(WHITE, green, cast=TUNGSTEN, stops=-0.5, label=(0.7, 0.7, 0.7))

    mended, _, _ = correct_tone(rgb, matte, target=TARGET)

    assert decoded(mended[70, 70]) == pytest.approx(green, rel=0.08)


@pytest.mark.parametrize("colour", [BEIGE, PINK, TEAL])
@pytest.mark.parametrize("label", [None, (0.7, 0.7, 0.7)])
def test_coloured_paper_stays_coloured(colour, label):
    rgb, matte = scene(colour, (0.2, 0.25, 0.4), label=label)

    kept, step, tone = correct_tone(rgb, matte, target=TARGET)

    assert kept is rgb
    assert not step.applied
    assert np.hypot(step.measured["cast_a"], step.measured["cast_b"]) > 3
    assert tone.before == tone.after


def test_a_pink_product_on_white_stays_pink():
    rgb, matte = scene(WHITE, PINK)

    kept, step, _ = correct_tone(rgb, matte, target=TARGET)

    assert kept is rgb
    assert not step.applied


def test_a_product_that_fills_the_frame_is_left_alone():
    rgb, matte = scene(WHITE, PINK, stops=-1, margin=1)

    kept, step, tone = correct_tone(rgb, matte, target=TARGET)

    assert kept is rgb
    assert (step.applied, step.measured) == (False, {})
    assert tone is None


@pytest.mark.parametrize("stops", [-1.0, -0.6])
def test_underexposed_white_paper_is_brought_to_the_target(stops):
    rgb, matte = scene(WHITE, (0.1, 0.1, 0.3), stops=stops)

    _, step, tone = correct_tone(rgb, matte, target=TARGET)

    assert step.measured["stops"] == pytest.approx(-stops, abs=0.12)
    assert tone.after[0] == pytest.approx(TARGET.white_lightness, abs=1)


def test_paper_near_the_target_is_left_alone():
    rgb, matte = scene((0.75, 0.75, 0.75), (0.1, 0.1, 0.3))

    kept, step, _ = correct_tone(rgb, matte, target=TARGET)

    assert kept is rgb
    assert (step.applied, step.measured["stops"]) == (False, 0)


def test_bright_unclipped_paper_is_pulled_back():
    rgb, matte = scene((0.80, 0.80, 0.80), (0.1, 0.1, 0.3), stops=0.24)

    _, step, tone = correct_tone(rgb, matte, target=TARGET)

    assert step.measured["stops"] < -0.2
    assert tone.after[0] == pytest.approx(TARGET.white_lightness, abs=1)


def test_a_clipped_backdrop_tells_nothing():
    rgb, matte = scene((1.0, 1.0, 1.0), (0.1, 0.1, 0.3))

    kept, step, _ = correct_tone(rgb, matte, target=TARGET)

    assert kept is rgb
    assert (step.applied, step.measured["stops"]) == (False, 0)
    assert step.measured["backdrop_lightness"] > 99


def test_grey_paper_behind_a_bright_product_is_not_taken_for_white():
    rgb, matte = scene((0.4, 0.4, 0.4), (0.9, 0.9, 0.9))

    kept, _, _ = correct_tone(rgb, matte, target=TARGET)

    assert kept is rgb


def test_nothing_that_was_not_clipped_becomes_clipped_and_order_is_kept():
    rgb, matte = scene(WHITE, (0.1, 0.1, 0.3), stops=-1)
    ramp = np.linspace(0, 255, 60).astype(np.uint8)
    rgb[70, 70:130] = ramp[:, None]

    mended, step, _ = correct_tone(rgb, matte, target=TARGET)

    assert step.applied
    assert mended[rgb < 255].max() < 255
    assert (np.diff(mended[70, 70:130, 1].astype(int)) >= 0).all()
    assert (np.diff(mended[70, 70:115, 1].astype(int)) > 0).all()
    assert mended[70, 129, 1] == 255
    assert mended[70, 70, 1] == 0


def test_equal_colours_stay_equal_all_over_the_picture_and_the_source_is_not_touched():
    rgb, matte = scene(WHITE, (0.1, 0.1, 0.3), stops=-1)
    rgb[5, 5] = rgb[120, 120]
    before = rgb.copy()

    mended, _, _ = correct_tone(rgb, matte, target=TARGET)

    assert (mended[5, 5] == mended[120, 120]).all()
    assert (rgb == before).all()


def test_two_papers_have_no_tone():
    rgb, matte = scene(WHITE, (0.1, 0.1, 0.3))
    rgb[:130][matte[:130] == 0] = encoded(np.array(TEAL))

    _, step, tone = correct_tone(rgb, matte, target=TARGET)

    assert step.measured, "a backdrop was seen"
    assert tone is None


@pytest.mark.parametrize(
    "paper",
    [
        pytest.param((0.05, 0.03, 0.015), id="brown"),
        pytest.param((0.05, 0.05, 0.05), id="grey, or white in a quarter of the light"),
    ],
)
def test_a_dark_picture_without_white_is_lifted_by_a_stop_at_most(paper):
    rgb, matte = scene(paper, (0.04, 0.02, 0.02))

    mended, step, _ = correct_tone(rgb, matte, target=TARGET)

    assert 0.3 < step.measured["stops"] <= 1
    assert (mended >= rgb).all()


def test_spread_counts_white_backdrops_only_and_withstands_an_odd_one():
    def tone(before, after):
        return BackdropTone(before=(before, 0.0, 1.0), after=(after, 0.0, 0.0))

    batch = [tone(70, 90), tone(80, 91), tone(90, 91), tone(95, 92), tone(60, 70), tone(30, 40)]

    found = spread(batch)
    before, after = found.before, found.after

    assert before.count == after.count == 5
    assert before.deviation == (10, 0, 0)
    assert after.deviation == (1, 0, 0)
    assert spread([]).before.count == 0


def test_nearly_neutral_paper_is_neutral():
    rgb, matte = scene((0.80, 0.82, 0.84), (0.1, 0.1, 0.3))

    kept, step, _ = correct_tone(rgb, matte, target=TARGET)

    assert kept is rgb
    gains = {step.measured[f"gain_{each}"] for each in ("red", "green", "blue")}
    assert (step.applied, gains) == (False, {1})
