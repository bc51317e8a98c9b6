"""Each measure answers to what it is named for, and to little else."""

import io
from functools import cache

import cv2
import imagehash
import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFilter

from transforms.images.decoding import open_image
from transforms.images.measures import (
    grey_tiles,
    jpeg_quality,
    measure_clipping,
    measure_image,
    noise_sigma,
    over_white,
    sharpness,
)


@cache
def scene(side=720) -> Image.Image:
    """A soft gradient with shapes on it: smooth parts, edges, and no clipped pixel."""
    x = np.arange(side, dtype=np.float32)[None, :] / side
    y = x.T
    levels = np.broadcast_arrays(80 + 100 * x, 90 + 80 * y, 110 + 40 * x * y)
    canvas = np.stack(levels, axis=2).astype(np.uint8)
    for step in range(12):
        centre = (int(side * (0.1 + 0.07 * step)), int(side * (0.2 + 0.05 * step)))
        cv2.circle(canvas, centre, side // 15, (200 - 9 * step, 60 + 9 * step, 120), -1)
    grain = 0.7 * np.random.default_rng(3).standard_normal(canvas.shape, np.float32)
    return Image.fromarray((canvas + grain).round().astype(np.uint8))


def encoded(image, kind="PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def measured(image, kind="PNG", **options):
    return measure_image(open_image(encoded(image, kind, **options)))


@pytest.mark.parametrize("quality", [1, 10, 35, 49, 50, 60, 75, 88, 95, 100])
def test_jpeg_quality_is_exact(quality):
    assert jpeg_quality(open_image(encoded(scene(64), "JPEG", quality=quality))) == quality


def test_only_a_jpeg_has_jpeg_quality():
    assert measured(scene(64)).jpeg_quality == 0


@pytest.mark.parametrize("sigma", [2, 5, 10, 20])
def test_noise_is_found_as_it_was_added(sigma):
    grey = np.asarray(scene().convert("L")).astype(float)
    noisy = grey + np.random.default_rng(0).normal(0, sigma, grey.shape)

    found = noise_sigma(grey_tiles(noisy.clip(0, 255).astype(np.uint8)))

    assert found == pytest.approx(sigma, rel=0.12)


def test_clean_and_blank_pictures_have_no_noise():
    assert noise_sigma(grey_tiles(np.asarray(scene().convert("L")))) < 1
    assert noise_sigma(grey_tiles(np.full((300, 300), 255, np.uint8))) == 0


def test_blockiness_grows_with_compression():
    image = scene()
    found = [measured(image, "JPEG", quality=quality).blockiness for quality in (95, 50, 20)]

    assert measured(image).blockiness == pytest.approx(1, abs=0.1)
    assert found == sorted(found)
    assert found[-1] > 1.5


def test_blur_lowers_sharpness():
    grey = scene().convert("L")
    found = [sharpness(grey.filter(ImageFilter.GaussianBlur(radius))) for radius in (0, 1, 2, 4)]

    assert found == sorted(found, reverse=True)
    assert found[3] < found[0] / 10


def test_sharpness_does_not_depend_on_resolution():
    large = scene(2048).convert("L")

    assert sharpness(large) == pytest.approx(sharpness(large.reduce(2)), rel=0.05)


def test_white_background_is_not_overexposure_but_a_blown_subject_is():
    pixels = np.full((100, 100, 3), 255, np.uint8)
    pixels[20:80, 20:80] = 120
    assert measure_clipping(pixels) == (0, 0)

    pixels[30:60, 20 + 10 : 70] = 255
    light, _ = measure_clipping(pixels)
    assert light == pytest.approx(30 * 40 / 3600)


def test_black_pixels_are_clipped_dark():
    pixels = np.full((10, 10, 3), 9, np.uint8)
    pixels[:5] = 0

    assert measure_clipping(pixels) == (0, 0.5)


@pytest.mark.parametrize("value", range(1, 9))
def test_orientation_changes_neither_size_nor_look(value):
    shown = scene(400).crop((0, 0, 400, 300))
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = shown if value == 1 else shown.transpose(Image.Transpose(turns[value]))
    exif = Image.Exif()
    exif[0x0112] = value

    found, plain = measured(stored, exif=exif), measured(shown)

    assert (found.width_px, found.height_px) == (400, 300)
    assert found.phash[:16] == plain.phash[:16]


def test_look_begins_with_imagehash():
    small = scene(256)

    assert measured(small).phash.split("-")[0] == str(imagehash.phash(small))


def test_transparency_lies_over_white():
    hidden = Image.new("RGBA", (64, 64), (0, 0, 0, 0))

    assert measured(hidden).has_alpha
    assert measured(hidden).mean_luma == 1
    assert over_white(hidden).getpixel((0, 0)) == (255, 255, 255)


def test_profile_is_named():
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert measured(scene(64)).colour_profile == ""
    assert "sRGB" in measured(scene(64), icc_profile=icc).colour_profile
    assert measured(scene(64), icc_profile=b"nonsense").colour_profile == "damaged"


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (7, 7), (8, 300)])
def test_odd_sizes_are_measured(size):
    found = measured(Image.new("RGB", size, "teal"))

    assert (found.width_px, found.height_px) == size
    assert found.blockiness == pytest.approx(1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_modes_are_measured(mode):
    image = scene(300).convert("I") if mode == "I;16" else scene(300)

    found = measured(image.convert(mode))

    assert found.mode == mode
