"""White stays 255 through every channel, and equal pictures are equal bytes."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from transforms.images.codec import decode, decode_png, encode_as, encode_png, encode_thumbnail


def picture():
    pixels = np.full((160, 160, 3), 255, np.uint8)
    noise = np.random.default_rng(3).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    pixels[64:104, 64:104] = noise
    return pixels


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_white_stays_white_away_from_the_product(kind):
    decoded = decode(encode_as(picture(), kind, 92))

    outside = np.ones((160, 160), bool)
    outside[48:120, 48:120] = False
    assert (decoded[outside] == 255).all()


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_srgb_is_embedded_and_says_no_date(kind):
    data = encode_as(picture(), kind, 92)

    with Image.open(io.BytesIO(data)) as image:
        icc = image.info["icc_profile"]
    assert "sRGB" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(icc)))
    assert icc[24:36] == bytes.fromhex("07ea00010001000000000000")
    assert encode_as(picture(), kind, 92) == data


def test_jpeg_keeps_colour_at_full_resolution_and_is_progressive():
    with Image.open(io.BytesIO(encode_as(picture(), "jpeg", 92))) as image:
        assert image.info.get("progressive")
        assert [layer[1:3] for layer in image.layer] == [(1, 1)] * 3


@pytest.mark.parametrize("pixels", [picture(), picture()[..., 0]], ids=["colour", "one channel"])
def test_masters_lose_nothing(pixels):
    assert np.array_equal(decode_png(encode_png(pixels)), pixels)


def test_thumbnails_are_small_and_never_enlarged():
    wide = np.zeros((100, 2000, 3), np.uint8)

    sizes = [Image.open(io.BytesIO(encode_thumbnail(each))).size for each in (wide, wide[:9, :9])]

    assert sizes == [(480, 24), (9, 9)]


def test_the_finest_texture_fits_the_jpeg_encoder():
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)

    with Image.open(io.BytesIO(encode_as(noise, "jpeg", 92))) as opened:
        assert opened.size == (400, 300)
