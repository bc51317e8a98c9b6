"""Each season looks like itself: its light, its colours, and a free place for the product."""

import cv2
import numpy as np
import pytest

from tests.unit.scenes.drawings import LARGE, draw
from transforms.scenes.scene import Scene, View

SLOW = ("spring", "autumn", "festive", "diwali", "lunar-new-year")
SEASONS = ("winter", "summer", *(pytest.param(kind, marks=pytest.mark.slow) for kind in SLOW))
SEEDS = (1, 2)


def draw_large(kind: str, view: View = "level", *, seed: int = 1, near: bool = False) -> Scene:
    return draw(kind, view, side=LARGE, seed=seed, foreground=near)


def lab(pixels: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


@pytest.mark.parametrize("seed", SEEDS)
def test_snow_is_bright_and_hardly_coloured(seed):
    ground = lab(draw_large("winter", "raised", seed=seed).pixels)[120:220, 60:180]

    assert ground[..., 0].mean() > 85
    assert abs(ground[..., 1].mean()) < 4
    assert -12 < ground[..., 2].mean() < 3


@pytest.mark.parametrize("seed", SEEDS)
def test_a_summer_sky_and_sea_are_blue_over_warm_sand(seed):
    scene = draw_large("summer", seed=seed)
    picture = lab(scene.pixels)
    horizon = round(scene.horizon * 240)

    assert picture[: horizon - 12, :, 2].mean() < -8
    assert picture[horizon + 20 :, :, 2].mean() > 8


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_autumn_is_warm_and_spring_is_fresh(seed):
    autumn, spring = (
        lab(draw_large(kind, seed=seed).pixels)[:130] for kind in ("autumn", "spring")
    )

    assert autumn[..., 2].mean() > 20
    assert autumn[..., 1].mean() > spring[..., 1].mean() + 5
    assert spring[..., 0].mean() > autumn[..., 0].mean() + 10


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["festive", "diwali"])
def test_evenings_are_dark_with_bright_warm_lights(kind, seed):
    picture = lab(draw_large(kind, seed=seed).pixels)[:140]

    assert np.median(picture[..., 0]) < 55
    bright = picture[picture[..., 0] > 75]
    assert len(bright) > 40
    assert bright[:, 2].mean() > 10


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_lunar_new_year_is_red(seed):
    picture = lab(draw_large("lunar-new-year", seed=seed).pixels)

    assert np.median(picture[..., 1]) > 30


@pytest.mark.parametrize("kind", SEASONS)
def test_the_middle_stays_free_of_sharp_things(kind):
    """Where a product stands nothing else does: no edges but the ground's own."""
    scene = draw_large(kind, seed=2)
    luma = cv2.cvtColor(scene.pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    detail = np.abs(cv2.Laplacian(luma, cv2.CV_32F))
    horizon = round(scene.horizon * 240)

    assert np.percentile(detail[horizon + 14 :, 80:160], 99) < 70


@pytest.mark.parametrize("kind", SEASONS)
def test_what_is_near_lies_at_the_edge(kind):
    with_it = draw_large(kind, near=True)
    alpha = with_it.foreground[..., 3]

    assert alpha.max() > 60
    assert alpha[80:200, 80:160].mean() < 12
    np.testing.assert_array_equal(with_it.pixels, draw_large(kind).pixels)
    assert draw_large(kind).foreground is None
