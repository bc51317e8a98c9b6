"""Small files of every kind, with and without what cameras write into them."""

import io

import numpy as np
from PIL import Image

KINDS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "TIFF": "tif"}
ORIENTED = 6


def camera_exif(name: str) -> bytes:
    """EXIF of a camera that knows where it is and whose it is."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "CamCo", "X1", ORIENTED
    exif[0x013B], exif[0x8298] = name.encode(), b"(c) Shop"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (52.0, 30.0, 0.0), "E", (13.0, 0.0, 0.0)
    exif.get_ifd(0x8769)[0xA431] = "SERIAL-77"
    return exif.tobytes()


def encoded(
    kind: str, *, exif: bool = False, alpha: bool = False, name: str = "Ann Miller"
) -> bytes:
    """A noisy picture of 80 x 60 px."""
    pixels = np.random.default_rng(5).integers(0, 256, (60, 80, 4), dtype=np.uint8)
    image = Image.fromarray(pixels if alpha else pixels[..., :3])
    buffer = io.BytesIO()
    image.save(buffer, kind, **({"exif": camera_exif(name)} if exif else {}))
    return buffer.getvalue()


def decoded(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))
