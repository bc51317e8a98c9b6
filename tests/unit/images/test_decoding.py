"""A picture opens completely, or is refused with a reason and a sentence that helps."""

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from transforms.errors import SourceError
from transforms.images.decoding import eight_bits, open_image, orientation, upright

FORMATS = ["JPEG", "PNG", "WEBP", "TIFF"]


def photo(width=96, height=64, mode="RGB") -> Image.Image:
    """A picture with detail everywhere, so that cutting any part of its file off matters."""
    levels = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(levels).convert(mode)


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack("!I", len(content))
        + name
        + content
        + struct.pack("!I", zlib.crc32(name + content))
    )


def png(width: int, height: int, *chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def jpeg_header(width: int, height: int) -> bytes:
    good = bytearray(encoded(photo(), "JPEG"))
    frame = good.index(b"\xff\xc0")
    good[frame + 5 : frame + 9] = struct.pack("!HH", height, width)
    return bytes(good)


def refusal(data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        open_image(data)
    error = caught.value

    assert len(error.message) > 15
    assert error.message.endswith((".", ")."))
    assert "Error" not in error.message
    return error


MODES = {
    "JPEG": ["L", "RGB", "CMYK"],
    "PNG": ["1", "L", "LA", "P", "RGB", "RGBA"],
    "WEBP": ["L", "RGB", "RGBA"],
    "TIFF": ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"],
}


@pytest.mark.parametrize(
    ("kind", "mode"), [(kind, mode) for kind, modes in MODES.items() for mode in modes]
)
def test_opens_what_each_format_can_hold(kind, mode):
    image = open_image(encoded(photo(mode=mode), kind))

    assert image.format == kind
    assert image.size == (96, 64)
    assert image.convert("RGB").getpixel((95, 63))


def test_keeps_profile_and_exif():
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x010F] = "Maker"

    image = open_image(encoded(photo(), "JPEG", icc_profile=icc, exif=exif))

    assert image.info["icc_profile"] == icc
    assert image.getexif()[0x010F] == "Maker"


@pytest.mark.parametrize(
    ("beginning", "says"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"8BPS\0\1", "Photoshop"),
        (b"GIF89a", "GIF"),
        (b"BM\x36\0\0\0", "BMP"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
        (b"\0\0\0\x18ftypcrx ", "camera raw"),
        (b"\0\0\0\x18ftypisom", "video"),
        (b"II*\0\x10\0\0\0CR\2\0", "camera raw"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"<!DOCTYPE html><title>404</title>", "web page"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied", "XML"),
        (b'{"error": "not found"}', "JSON"),
        (b"just some notes", "text"),
        (b"\0" * 4096, "zeros"),
        (b"\0\5\x16\7\0\2", "macOS"),
        (b"PK\3\4", "ZIP"),
        (b"version https://git-lfs.github.com/spec/v1", "LFS"),
        (bytes(range(128, 256)), "no kind known"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_says_what_a_file_really_is(beginning, says):
    error = refusal(beginning)

    assert error.reason == "not_an_image"
    assert says in error.message


def test_empty_file():
    assert refusal(b"").reason == "empty"


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_cut_off_file_is_unreadable(kind, share):
    data = encoded(photo(), kind)

    assert refusal(data[: int(len(data) * share)]).reason == "unreadable"


def test_cut_off_jpeg_says_so():
    data = encoded(photo(), "JPEG")

    assert "cut off" in refusal(data[: len(data) // 2]).message


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(png(30_000, 30_000, chunk(b"IDAT", zlib.compress(b"\0" * 9999))), id="png"),
        pytest.param(jpeg_header(65_500, 65_500), id="jpeg"),
        pytest.param(png(10_001, 10_000, chunk(b"IDAT", b"")), id="just above"),
        pytest.param(png(2**31 - 1, 1, chunk(b"IDAT", b"")), id="one row"),
    ],
)
def test_bomb_is_refused_by_its_header(data):
    error = refusal(data)

    assert error.reason == "too_large"
    assert "megapixels" in error.message


def test_the_limit_itself_is_allowed():
    data = encoded(photo(40, 25), "PNG")

    assert open_image(data, max_pixels=1000).size == (40, 25)
    with pytest.raises(SourceError) as refused:
        open_image(data, max_pixels=999)
    assert refused.value.reason == "too_large"


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(chunk(b"iCCP", b"p\0\0" + zlib.compress(b"\0" * 50_000_000)), id="iCCP"),
        pytest.param(chunk(b"zTXt", b"t\0\0" + zlib.compress(b"\0" * 50_000_000)), id="zTXt"),
        pytest.param(chunk(b"iTXt", b"t\0\1\0\0\0" + zlib.compress(b"\0" * 50_000_000)), id="iTXt"),
    ],
)
def test_compressed_chunks_cannot_fill_memory(bomb):
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * (8 * 25)))

    assert refusal(png(8, 8, bomb, pixels)).reason == "unreadable"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animation_is_refused(kind):
    frames = [photo(), Image.new("RGB", (96, 64), "red")]

    error = refusal(encoded(frames[0], kind, save_all=True, append_images=frames[1:]))

    assert error.reason == "animated"


def test_tiff_of_several_pages_is_refused():
    data = encoded(photo(), "TIFF", save_all=True, append_images=[photo(90, 60)])

    assert refusal(data).reason == "several_pages"


def test_tiff_with_a_preview_is_one_picture():
    preview = photo(24, 16)
    preview.encoderinfo = {"tiffinfo": {254: 1}}

    image = open_image(encoded(photo(), "TIFF", save_all=True, append_images=[preview]))

    assert image.size == (96, 64)


def test_camera_raw_that_shows_its_preview_is_refused():
    error = refusal(encoded(photo(), "TIFF", tiffinfo={254: 1}))

    assert error.reason == "not_an_image"
    assert "camera raw" in error.message


def test_photo_with_embedded_preview_as_phones_write_it():
    data = encoded(photo(), "MPO", save_all=True, append_images=[photo(24, 16)])

    image = open_image(data)

    assert image.size == (96, 64)


@pytest.mark.parametrize("kind", [".png", ".tif"])
def test_deep_grey_keeps_its_levels(kind):
    levels = np.linspace(0, 65535, 4096).reshape(64, 64).astype(np.uint16)
    data = cv2.imencode(kind, levels)[1].tobytes()

    image = open_image(data)
    shallow = np.asarray(eight_bits(image)).astype(int)

    assert image.info["bits_per_channel"] == 16
    assert np.abs(shallow - levels / 257).max() <= 0.5


@pytest.mark.parametrize("kind", [".png", ".tif"])
def test_deep_colour_keeps_its_levels(kind):
    levels = np.random.default_rng(0).integers(0, 65536, (64, 64, 3)).astype(np.uint16)
    data = cv2.imencode(kind, levels[..., ::-1])[1].tobytes()

    image = open_image(data)

    assert image.info["bits_per_channel"] == 16
    assert np.abs(np.asarray(image) - levels / 257).max() <= 1


def test_transparent_level_of_deep_grey_becomes_alpha():
    levels = np.array([[1000, 30000]], dtype=np.uint16)
    data = cv2.imencode(".png", levels)[1].tobytes()
    marked = data[:33] + chunk(b"tRNS", struct.pack("!H", 1000)) + data[33:]

    assert eight_bits(open_image(marked)).getchannel("A").tobytes() == b"\0\xff"


def test_floating_point_is_unsupported():
    data = encoded(Image.fromarray(np.ones((64, 64), dtype=np.float32)), "TIFF")

    assert refusal(data).reason == "unsupported"


def test_lab_is_unsupported():
    assert refusal(encoded(Image.new("LAB", (64, 64)), "TIFF")).reason == "unsupported"


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("value", range(1, 9))
def test_all_orientations_come_out_upright(kind, value):
    shown = np.zeros((48, 96, 3), dtype=np.uint8)
    shown[:24, :48] = 255, 0, 0
    shown[24:, 48:] = 0, 0, 255
    # How a camera stores the picture so that `value` turns it upright (EXIF 2.32, Orientation).
    stored = {
        1: shown,
        2: shown[:, ::-1],
        3: shown[::-1, ::-1],
        4: shown[::-1],
        5: shown.transpose(1, 0, 2),
        6: np.rot90(shown),
        7: shown[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(shown, -1),
    }[value]
    exif = Image.Exif()
    exif[0x0112] = value
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(Image.fromarray(np.ascontiguousarray(stored)), kind, exif=exif, **options)

    result = upright(open_image(data))

    assert result.size == (96, 48)
    assert np.abs(np.asarray(result).astype(int) - shown).mean() < 8
    assert orientation(result) == 1


def test_damaged_exif_does_not_cost_the_picture():
    data = encoded(photo(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\x7f")

    assert orientation(open_image(data)) == 1


def test_text_in_a_png_is_harmless():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "shot by Ada", zip=True)

    assert open_image(encoded(photo(), "PNG", pnginfo=info)).size == (96, 64)
