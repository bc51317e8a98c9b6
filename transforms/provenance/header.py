"""The header of an encoded picture, read by Pillow without decoding a pixel."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from transforms.errors import RenderError

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF")

UNREADABLE = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, OverflowError),
    *(AttributeError, RuntimeError, Image.DecompressionBombError),
)
"""What damaged files, and damaged metadata within good ones, make Pillow raise."""


@contextmanager
def blemishes_unsaid() -> Iterator[None]:
    """Silence Pillow's warnings of odd metadata: they are no news of a stranger's file."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        yield


@contextmanager
def header(data: bytes) -> Iterator[Image.Image]:
    """Open an encoded picture.

    Raises:
        RenderError: It is no JPEG, PNG, WebP, AVIF or TIFF, or damaged.
    """
    with blemishes_unsaid():
        try:
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        except UNREADABLE as error:
            raise RenderError(
                "Provenance can be written into JPEG, PNG, WebP, AVIF and TIFF; this is none of "
                "them, or damaged."
            ) from error
        with image:
            yield image
