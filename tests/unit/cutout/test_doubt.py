"""A matte in which the backdrop goes on says so; pale and grey products do not."""

import cv2
import numpy as np
import pytest

from transforms.cutout.doubt import doubts_of, faded_share

LIGHT = np.array((226, 222, 214))
SIDE = 500


def sweep(noise=0.8):
    grain = np.random.default_rng(0).normal(0, noise, (SIDE, SIDE, 1))
    return np.clip(LIGHT + grain, 0, 255).astype(np.uint8)


def block(left=150, top=100, right=350, bottom=400):
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[top:bottom, left:right] = 255
    return mask


def shadow():
    """What a lamp on the left leaves on the table: the share of its light that is gone.

    A network that errs takes its dark half.
    """
    pool = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(pool, (360, 380), (110, 30), 0, 0, 360, 0.35, cv2.FILLED)
    return cv2.GaussianBlur(pool, (0, 0), 6)


def shaded(picture, lost):
    linear = (picture / 255.0) ** 2.2 * (1 - lost[..., None])
    return np.rint(255 * linear ** (1 / 2.2)).astype(np.uint8)


def test_glass_shows_the_backdrop_in_many_places():
    picture = sweep()
    facets = np.zeros((SIDE, SIDE), np.uint8)
    for top in range(110, 380, 30):
        for left in range(160, 330, 30):
            facets[top : top + 22, left : left + 22] = 1
    picture[(block() > 0) & (facets == 0)] = (120, 125, 130)

    assert doubts_of(picture, block()).see_through > 0.1


def test_a_pale_product_passes_through_the_backdrops_colour_once():
    picture = sweep()
    shade = np.linspace(-40, 20, 200)[None, :, None]
    picture[100:400, 150:350] = np.clip(LIGHT + shade, 0, 255)

    assert doubts_of(picture, block()).see_through == 0


def test_a_cast_shadow_in_the_matte_is_told_from_the_product():
    lost = shadow()
    picture = shaded(sweep(), lost)
    picture[100:400, 150:350] = (40, 60, 130)
    pool = (lost > 0.17) & (block() == 0)
    matte = np.maximum(block(), pool.astype(np.uint8) * 255)

    assert doubts_of(picture, block()).shadow_kept == 0
    expected = pool.sum() / (matte > 0).sum()
    assert doubts_of(picture, matte).shadow_kept == pytest.approx(expected, rel=0.35)


def test_a_grey_product_with_a_real_outline_is_no_shadow():
    picture = shaded(sweep(), block() / 255 * 0.4)

    assert doubts_of(picture, block()).shadow_kept == 0


def test_a_textured_backdrop_hides_its_shadows():
    lost = shadow()
    picture = shaded(sweep(noise=30), lost)
    pool = np.maximum(block(), (lost > 0.17).astype(np.uint8) * 255)

    assert doubts_of(picture, pool).shadow_kept == 0


def test_a_product_that_fills_the_picture_raises_no_doubts():
    doubts = doubts_of(sweep(), np.full((SIDE, SIDE), 255, np.uint8))

    assert (doubts.see_through, doubts.shadow_kept) == (0, 0)


def lamp(post: int) -> np.ndarray:
    """The matte of a shade and a foot, and of the post between them at this alpha."""
    matte = np.zeros((400, 300), np.uint8)
    cv2.rectangle(matte, (60, 40), (240, 140), 255, -1)
    cv2.rectangle(matte, (143, 140), (157, 340), post, -1)
    cv2.ellipse(matte, (150, 345), (80, 15), 0, 0, 360, 255, -1)
    return cv2.GaussianBlur(matte, (0, 0), 2)


def test_a_part_that_fades_in_its_middle_is_told():
    assert faded_share(lamp(140)) > 0.1


def test_soft_edges_are_no_fading():
    assert faded_share(lamp(255)) < 0.01


def test_a_product_that_fills_the_picture_does_not_fade():
    assert faded_share(np.full((300, 200), 255, np.uint8)) == 0
