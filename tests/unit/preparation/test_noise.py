"""Visible noise goes, texture stays, and a clean picture is not touched."""

import cv2
import numpy as np
import pytest

from transforms.preparation.noise import denoise

MEASURED = 3.0


@pytest.fixture(scope="module")
def truth():
    """A jar on a backdrop: slopes, an edge, a dark part, speckles. (384, 512, 3)."""
    y, x = np.mgrid[0:384, 0:512]
    picture = np.stack([150 + x / 12, 140 + y / 12, 120 + x / 20], axis=-1)
    picture[(x - 256) ** 2 + (y - 200) ** 2 < 120**2] = (60, 80, 140)
    speckles = np.random.default_rng(5).random((384, 512)) > 0.995
    picture[cv2.dilate(speckles.astype(np.uint8), np.ones((3, 3))) > 0] *= 0.6
    return picture.astype(np.float32)


def noisy(picture, amount, seed=1):
    """Noise of brightness and of colour, softened as demosaicing does."""
    random = np.random.default_rng(seed)
    grey = cv2.GaussianBlur(random.normal(size=picture.shape[:2]), (0, 0), 0.6)
    colour = cv2.GaussianBlur(random.normal(size=picture.shape), (0, 0), 1.0)
    grain = 2.0 * grey[..., None] + 1.5 * colour
    return np.clip(picture + amount * grain, 0, 255).round().astype(np.uint8)


def off(picture, truth):
    return float(np.sqrt(np.mean((picture.astype(np.float32) - truth) ** 2)))


@pytest.mark.parametrize("amount", [4, 8, 16])
def test_a_noisy_picture_comes_much_nearer_to_the_truth(truth, amount):
    spoilt = noisy(truth, amount)

    quiet, step = denoise(spoilt, noise=MEASURED)

    assert step.applied
    assert off(quiet, truth) < 0.7 * off(spoilt, truth)


def test_colour_noise_goes(truth):
    spoilt = noisy(truth, 8)

    quiet, _ = denoise(spoilt, noise=MEASURED)

    def colour_off(picture):
        apart = picture.astype(np.float32) - truth
        return float((apart[..., 0] - apart[..., 1]).std())

    assert colour_off(quiet) < 0.75 * colour_off(spoilt)


def test_what_measures_clean_is_returned_as_it_is(truth):
    picture = truth.astype(np.uint8)

    same, step = denoise(picture, noise=0.35)

    assert same is picture
    assert not step.applied
    assert step.measured["noise_levels"] == 0.35


def test_a_texture_of_one_hue_is_no_noise():
    """A knit that fills the frame measures as strong noise does."""
    grain = cv2.GaussianBlur(np.random.default_rng(2).normal(size=(384, 384)), (0, 0), 0.8)
    knit = np.clip(128 + 40 * grain, 0, 255).astype(np.uint8)
    picture = np.repeat(knit[..., None], 3, axis=-1)

    same, step = denoise(picture, noise=8.0)

    assert same is picture
    assert not step.applied
    assert step.measured["luma_levels"] > 10 * step.measured["chroma_levels"]


def test_texture_beside_smooth_places_is_no_noise(truth):
    picture = noisy(truth, 12)
    picture[:, :300] = truth[:, :300]

    same, step = denoise(picture, noise=MEASURED)

    assert same is picture
    assert not step.applied


def test_texture_survives_in_a_noisy_picture():
    stripes = 128 + 30 * np.sin(np.arange(512) * 2 * np.pi / 6)
    truth = np.broadcast_to(stripes[None, :, None], (512, 512, 3)).astype(np.float32).copy()
    truth[:200] = 128

    quiet, step = denoise(noisy(truth, 6), noise=MEASURED)

    contrast = quiet[250:, :, 1].astype(np.float32).mean(axis=0).std()
    assert step.applied
    assert contrast > 0.95 * stripes.std()


def test_strips_leave_no_seam(truth):
    """Every row is filtered as if the picture were one strip."""
    tall = np.concatenate([noisy(truth, 8), noisy(truth, 8, seed=2)])
    quiet, _ = denoise(tall, noise=MEASURED)

    rows = np.abs(np.diff(quiet.astype(np.float32), axis=0)).mean(axis=(1, 2))

    assert rows[511] < 2 * np.median(rows)


def test_the_input_is_not_modified(truth):
    spoilt = noisy(truth, 8)
    before = spoilt.copy()

    denoise(spoilt, noise=MEASURED)

    assert np.array_equal(spoilt, before)


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (40, 3)])
def test_a_picture_too_small_to_measure_is_left_alone(size):
    picture = np.random.default_rng(1).integers(0, 256, (*size, 3), dtype=np.uint8)

    assert denoise(picture, noise=9.0)[0] is picture
