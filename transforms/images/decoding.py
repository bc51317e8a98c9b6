"""Opening a picture that nobody vouches for. Pure: bytes in, Pillow image or SourceError out.

A file can be made to crash a decoder or to fill memory, so bytes that have not been proven
belong in the sandbox (`transforms.images.sandbox`), which calls `open_image` in a process of
its own. Bytes whose hash `validate` accepted may be opened anywhere.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import ExifTags, Image, ImageFile, TiffImagePlugin, UnidentifiedImageError

from transforms.errors import SourceError
from transforms.images.signatures import RAW, what_it_is

MAX_PIXELS = 100_000_000
"""Largest picture that is decoded, 100 megapixels: a medium-format back."""

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")

_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr"})

_DECODERS_RAISE = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError,
    RuntimeError, EOFError, struct.error, zlib.error,
)  # fmt: skip

_ORIENTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_MAX_PREVIEWS = 16
_SUBFILE_TYPE, _DNG_VERSION = 254, 50706


def open_image(
    data: bytes, *, max_pixels: int = MAX_PIXELS, formats: tuple[str, ...] = FORMATS
) -> Image.Image:
    """Decode one picture completely.

    Args:
        data: The file's bytes. Content decides what it is; its name plays no part.
        max_pixels: A bigger picture is refused by its header, before anything is decoded.
        formats: Pillow's names of what may be decoded. Sources are of `FORMATS`.

    Returns:
        The picture, fully loaded, in its source mode (`CMYK`, `P`, `I;16`, ...), not yet
        turned upright (but TIFF, which Pillow turns), with `format`, ICC profile and EXIF in
        `info`, and `info["bits_per_channel"]`.

    Raises:
        SourceError: `empty`, `not_an_image`, `too_large`, `animated`, `several_pages`,
            `unsupported` or `unreadable`.
    """
    if not data:
        raise SourceError("empty", "The file holds nothing: upload it again.")
    with _blemishes_unsaid():
        image = _open(data, max_pixels, formats)
        _refuse_unusable(image, data)
        image.info["bits_per_channel"] = _bits(image)
        try:
            image.load()
        except MemoryError as error:
            raise out_of_memory() from error
        except _DECODERS_RAISE as error:
            raise _unreadable(error) from error
    return image


@contextmanager
def _blemishes_unsaid() -> Iterator[None]:
    """Silence Pillow's warnings of what does not touch the pixels: odd EXIF, a broken preview."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        yield


def _open(data: bytes, max_pixels: int, formats: tuple[str, ...]) -> ImageFile.ImageFile:
    try:
        image = Image.open(io.BytesIO(data), formats=formats)
    except UnidentifiedImageError as error:
        raise _not_an_image(data) from error
    except Image.DecompressionBombError as error:
        raise SourceError(
            "too_large", f"Far more than {max_pixels / 1e6:.0f} megapixels: export it smaller."
        ) from error
    except _DECODERS_RAISE as error:
        raise _unreadable(error) from error
    if image.width * image.height > max_pixels:
        raise _too_large(image.width * image.height, max_pixels)
    return image


def _not_an_image(data: bytes) -> SourceError:
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"II*\0", b"MM\0*")):
        if what_it_is(data) == RAW:
            return SourceError("not_an_image", f"The file is {RAW}.")
        return SourceError(
            "unreadable",
            "The file begins like a picture but is damaged or of a rare kind: export it again as "
            "JPEG, or as PNG or TIFF with 8 or 16 bits a channel.",
        )
    return SourceError("not_an_image", f"The file is {what_it_is(data)}.")


def out_of_memory() -> SourceError:
    """The refusal of a picture for which memory did not suffice."""
    return SourceError(
        "too_large", "Decoding takes more memory than one picture may have: export it smaller."
    )


def _too_large(pixels: int, max_pixels: int) -> SourceError:
    return SourceError(
        "too_large",
        f"{pixels / 1e6:.0f} megapixels; at most {max_pixels / 1e6:.0f} are processed: "
        "export it smaller.",
    )


def _unreadable(error: Exception) -> SourceError:
    said = " ".join(str(error).split())[:120]
    if "truncated" in said.lower():
        return SourceError(
            "unreadable", "The file is cut off, as by a broken upload: upload it again."
        )
    return SourceError("unreadable", f"The file is damaged ({said}): export it again.")


def _refuse_unusable(image: ImageFile.ImageFile, data: bytes) -> None:
    """Refuse what decodes, but is not one plain picture."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        try:
            _refuse_tiff_without_one_picture(image, data)
        except _DECODERS_RAISE as error:
            raise _unreadable(error) from error
    elif image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        # An MPO is what phones write: the picture first, then a preview or a gain map.
        raise SourceError("animated", "An animation: upload a still picture.")
    if image.mode in ("I", "F"):
        raise SourceError(
            "unsupported", "32 bits a channel: export it with 8 or 16 bits a channel."
        )
    if image.mode not in _MODES and not image.mode.startswith("I;16"):
        raise SourceError("unsupported", f"Colours are {image.mode}: export it as RGB.")


def _refuse_tiff_without_one_picture(image: TiffImagePlugin.TiffImageFile, data: bytes) -> None:
    if _is_preview(image) or _DNG_VERSION in image.tag_v2 or data[8:10] == b"CR":
        raise SourceError("not_an_image", f"The file is {RAW}.")
    for page in range(1, _MAX_PREVIEWS):
        try:
            image.seek(page)
        except EOFError:
            break
        if not _is_preview(image):
            raise SourceError(
                "several_pages", "A TIFF of several pages: export the one that shows the product."
            )
    image.seek(0)


def _is_preview(image: TiffImagePlugin.TiffImageFile) -> bool:
    return bool(image.tag_v2.get(_SUBFILE_TYPE, 0) & 1)


def _bits(image: ImageFile.ImageFile) -> int:
    if image.mode == "1":
        return 1
    return 16 if any(";16" in str(tile.args) for tile in image.tile) else 8


def orientation(image: Image.Image) -> int:
    """EXIF orientation, 1-8; 1, upright, also where EXIF is missing or damaged."""
    try:
        with _blemishes_unsaid():
            value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _DECODERS_RAISE:
        return 1
    return int(value) if value in _ORIENTATIONS else 1


def turn_upright(image: Image.Image, orientation: int) -> Image.Image:
    """Turn and mirror as an EXIF orientation says; the same image where it is upright."""
    return image.transpose(_ORIENTATIONS[orientation]) if orientation != 1 else image


def upright(image: Image.Image) -> Image.Image:
    """The picture as it was meant to be seen, without EXIF that could turn it once more."""
    result = turn_upright(image, orientation(image))
    if result is not image:
        result.info = {name: value for name, value in image.info.items() if name != "exif"}
    return result


def eight_bits(image: Image.Image) -> Image.Image:
    """Reduce 16-bit grey to 8; other modes are given back as they are.

    By hand, because `convert` clips `I;16` to white. Of 16-bit colour Pillow itself keeps the
    upper byte while decoding.
    """
    if not image.mode.startswith("I;16"):
        return image
    levels = np.asarray(image).astype(np.uint32)
    grey = Image.fromarray(((levels + 128) // 257).astype(np.uint8))
    grey.info = dict(image.info)
    transparent = grey.info.pop("transparency", None)
    if transparent is not None:
        grey.putalpha(Image.fromarray(np.where(levels == transparent, 0, 255).astype(np.uint8)))
    return grey
