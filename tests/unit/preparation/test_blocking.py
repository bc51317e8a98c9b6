"""Borders of JPEG's blocks go, the picture's own edges stay."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from transforms.preparation.blocking import deblock


@pytest.fixture(scope="module")
def truth():
    """A smooth backdrop with a soft blob and a hard dark bar. (203, 301, 3)."""
    y, x = np.mgrid[0:203, 0:301]
    glow = 60 * np.exp(-((x - 120) ** 2 + (y - 90) ** 2) / 3000)
    grey = 100 + 0.15 * x + 0.1 * y + glow
    grey[:, 239:262] = 30
    return np.stack([grey, grey * 0.9, grey * 0.8], axis=-1).astype(np.uint8)


def as_jpeg(picture, quality):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def off(picture, truth):
    return float(np.sqrt(np.mean((picture.astype(np.float32) - truth) ** 2)))


@pytest.mark.parametrize("quality", [10, 20, 30, 40])
def test_a_poor_jpeg_comes_nearer_to_the_original(truth, quality):
    poor = as_jpeg(truth, quality)

    smooth, step = deblock(poor, blockiness=3.0, jpeg_quality=quality)

    assert step.applied
    assert off(smooth, truth) < 0.97 * off(poor, truth)


def test_steps_across_borders_become_as_small_as_others(truth):
    poor = as_jpeg(truth, 10)

    smooth, _ = deblock(poor, blockiness=3.0, jpeg_quality=10)

    def borders(picture):
        steps = np.abs(np.diff(picture[:, :232, 1].astype(np.float32), axis=1)).mean(axis=0)
        return steps[7::8].mean()

    assert borders(smooth) < 0.5 * borders(poor)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_grid_is_that_of_the_stored_picture(truth, orientation):
    """Turning upright and smoothing may change places: the sides are no multiples of 8."""
    stored = as_jpeg(truth, 10)
    exif = Image.Exif()
    exif[0x0112] = orientation

    def turned(picture):
        image = Image.fromarray(picture)
        image.getexif().update(exif)
        return np.asarray(ImageOps.exif_transpose(image))

    first_smoothed, _ = deblock(stored, blockiness=3.0, jpeg_quality=10)
    found, _ = deblock(turned(stored), blockiness=3.0, jpeg_quality=10, orientation=orientation)

    apart = np.abs(found.astype(int) - turned(first_smoothed))
    # Columns before rows or rows before columns: a few levels where both meet.
    assert np.mean(apart > 1) < 0.01


def test_a_hard_edge_on_a_border_stays():
    picture = np.full((64, 64, 3), 200, np.uint8)
    picture[:, 32:] = 60

    smooth, step = deblock(picture, blockiness=3.0, jpeg_quality=20)

    assert step.applied
    assert np.array_equal(smooth, picture)


def test_pixels_beside_texture_stay():
    picture = np.random.default_rng(3).integers(60, 200, (64, 64, 1), dtype=np.uint8)
    picture = np.repeat(picture, 3, axis=-1)

    smooth, _ = deblock(picture, blockiness=3.0, jpeg_quality=40)

    assert np.mean(smooth != picture) < 0.001


@pytest.mark.parametrize(
    ("blockiness", "quality"),
    [
        pytest.param(1.6, 0, id="no JPEG"),
        pytest.param(2.2, 92, id="a good JPEG of something smooth"),
        pytest.param(1.0, 30, id="a poor JPEG whose blocks nobody sees"),
    ],
)
def test_what_shows_no_blocks_is_returned_as_it_is(truth, blockiness, quality):
    same, step = deblock(truth, blockiness=blockiness, jpeg_quality=quality)

    assert same is truth
    assert not step.applied
    assert step.measured == {"blockiness": blockiness, "jpeg_quality": quality}


def test_a_poor_jpeg_saved_again_as_png_is_smoothed(truth):
    poor = as_jpeg(truth, 20)

    smooth, step = deblock(poor, blockiness=3.0, jpeg_quality=0)

    assert step.applied
    assert off(smooth, truth) < off(poor, truth)


def test_tall_pictures_have_no_border_left_between_strips():
    row = np.tile(np.repeat(np.array([100, 104], np.uint8), 8), 80)[:1100]
    picture = np.repeat(row[:, None, None], 40, axis=1).repeat(3, axis=2)

    smooth, _ = deblock(picture, blockiness=3.0, jpeg_quality=20)

    assert np.abs(np.diff(smooth[4:-4, 20, 0].astype(int))).max() <= 1


def test_the_input_is_not_modified(truth):
    poor = as_jpeg(truth, 10).copy()
    before = poor.copy()

    deblock(poor, blockiness=3.0, jpeg_quality=10)

    assert np.array_equal(poor, before)


@pytest.mark.parametrize("size", [(1, 1), (3, 40), (9, 9), (8, 8)])
def test_small_pictures_pass(size):
    picture = np.zeros((*size, 3), np.uint8)

    assert deblock(picture, blockiness=3.0, jpeg_quality=10)[0].shape == (*size, 3)
