"""What a file is and says, for any kind that outlets take."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from transforms.channels.decoded_file import decode_file
from transforms.errors import SourceError
from transforms.images.codec import SRGB_PROFILE

PIXELS = np.random.default_rng(2).integers(0, 256, (30, 40, 4), dtype=np.uint8)


def file(kind, mode="RGB", **options):
    buffer = io.BytesIO()
    image = Image.fromarray(PIXELS[..., :3])
    if mode == "RGBA":
        image = Image.fromarray(PIXELS)
    image.convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"])
def test_every_kind_that_an_outlet_takes_is_named_by_content(kind):
    picture = decode_file(file(kind))

    assert picture.format == kind.lower()
    assert (picture.width_px, picture.height_px) == (40, 30)
    assert picture.rgb.shape == (30, 40, 3)


@pytest.mark.parametrize(
    ("options", "profile"),
    [
        ({}, "none"),
        ({"icc_profile": SRGB_PROFILE}, "sRGB"),
        ({"icc_profile": b"no profile at all"}, "damaged, none, taken as sRGB"),
    ],
)
def test_the_profile_is_told_by_what_it_does(options, profile):
    assert decode_file(file("JPEG", **options)).profile == profile


def test_another_space_is_not_srgb():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

    assert decode_file(file("PNG", icc_profile=lab)).profile != "sRGB"


@pytest.mark.parametrize(("mode", "space"), [("RGB", "rgb"), ("L", "grey"), ("CMYK", "cmyk")])
def test_the_colour_space_is_the_files(mode, space):
    assert decode_file(file("TIFF", mode)).space == space


def test_transparency_is_what_lets_through_and_shows_white():
    clear = PIXELS.copy()
    clear[..., 3] = 0
    buffer = io.BytesIO()
    Image.fromarray(clear).save(buffer, "PNG")

    picture = decode_file(buffer.getvalue())

    assert picture.transparent
    assert (picture.rgb == 255).all()
    opaque = PIXELS.copy()
    opaque[..., 3] = 255
    buffer = io.BytesIO()
    Image.fromarray(opaque).save(buffer, "PNG")
    assert not decode_file(buffer.getvalue()).transparent


def test_sizes_are_of_the_upright_picture():
    exif = Image.Exif()
    exif[0x0112] = 6

    picture = decode_file(file("JPEG", exif=exif.tobytes(), dpi=(300, 300)))

    assert (picture.width_px, picture.height_px) == (30, 40)
    assert picture.resolution_ppi == 300


def test_clipping_paths_are_counted_in_a_jpeg():
    resources = b"".join(
        b"8BIM" + number.to_bytes(2) + b"\0\0" + (4).to_bytes(4) + b"path"
        for number in (2000, 2001)
    )
    body = b"Photoshop 3.0\0" + resources
    data = file("JPEG")
    data = data[:2] + b"\xff\xed" + (len(body) + 2).to_bytes(2) + body + data[2:]

    assert decode_file(data).clipping_paths == 2
    assert decode_file(file("JPEG")).clipping_paths == 0
    assert decode_file(file("PNG")).clipping_paths is None


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 not a picture", file("PNG")[:90]])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(SourceError):
        decode_file(data)
