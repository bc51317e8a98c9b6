"""Small files of every kind, with and without what cameras write into them."""

import io

import numpy as np
from PIL import Image

from transforms.images.codec import Metadata, encode_as
from transforms.presets.channel import EXTENSIONS
from transforms.provenance.lineage import Lineage
from transforms.provenance.xmp import write_xmp

KINDS = tuple(EXTENSIONS)
LEVELS = np.random.default_rng(5).integers(0, 256, (60, 80, 3), dtype=np.uint8)


def camera_exif(name: str) -> bytes:
    """EXIF of a camera that knows where it is and whose it is."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "CamCo", "X1", 6
    exif[0x013B], exif[0x8298] = name.encode(), b"(c) Shop"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (52.0, 30.0, 0.0), "E", (13.0, 0.0, 0.0)
    exif.get_ifd(0x8769)[0xA431] = "SERIAL-77"
    return exif.tobytes()


def photograph(kind: str, *, name: str = "Ann Miller") -> bytes:
    """A noisy picture of 80 x 60 px, as a camera writes it."""
    buffer = io.BytesIO()
    Image.fromarray(LEVELS).save(buffer, kind, exif=camera_exif(name))
    return buffer.getvalue()


def finished(kind: str, lineage: Lineage | None = None) -> bytes:
    """The same picture as it goes out, and what it then says of itself."""
    metadata = Metadata(xmp=write_xmp(lineage) if lineage else b"")
    return encode_as(LEVELS, kind, 95, metadata=metadata)


def decoded(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))
