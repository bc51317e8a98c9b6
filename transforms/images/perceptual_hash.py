"""A picture's perceptual hash and tiny thumbnail: to find one photograph used for two products."""

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from transforms.pixels import Pixels

COLOURS_ACROSS = 8
"""The colour part is a thumbnail of 8 x 8 pixels."""


def hash_picture(image: Image.Image) -> str:
    """64-bit perceptual hash and an 8 x 8 thumbnail, as hexadecimal text: `<hash>-<colours>`.

    Args:
        image: RGB, upright; about 256 px suffice.

    The hash is `imagehash.phash` (the signs of the 8 x 8 lowest frequencies), computed with
    OpenCV because SciPy costs half a second to import. The thumbnail holds 4 bits a channel.
    """
    small = image.convert("L").resize((32, 32), Image.Resampling.LANCZOS)
    waves = cv2.dct(np.asarray(small, dtype=np.float32))[:8, :8]
    # OpenCV scales the first row and column by sqrt(1/2) against SciPy's transform.
    waves[0] *= np.sqrt(2)
    waves[:, 0] *= np.sqrt(2)
    bits = np.packbits((waves > np.median(waves)).ravel()).tobytes()
    tiny = np.asarray(image.resize((COLOURS_ACROSS, COLOURS_ACROSS), Image.Resampling.BOX))
    levels = ((tiny.astype(np.uint16) + 8) // 17).clip(0, 15).astype(np.uint8).ravel()
    colours = (levels[0::2] << 4 | levels[1::2]).tobytes()
    return f"{bits.hex()}-{colours.hex()}"


def hashes(looks: list[str]) -> npt.NDArray[np.uint64]:
    """The perceptual hashes of many looks."""
    return np.array([int(look[:16], 16) for look in looks], dtype=np.uint64)


def colours(looks: list[str]) -> Pixels:
    """The thumbnails of many looks: (looks, 192), levels 0-15."""
    packed = np.frombuffer(bytes.fromhex("".join(look[17:] for look in looks)), dtype=np.uint8)
    halves = packed.reshape(len(looks), -1)
    return np.stack([halves >> 4, halves & 15], axis=2).reshape(len(looks), -1)
