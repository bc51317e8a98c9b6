"""Encoders as channels use them, against Pillow's defaults: time, and bytes at one SSIM."""

import io
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from transforms.images.codec import decode, encode_as
from transforms.images.ground import plain_ground
from transforms.pixels import Pixels
from transforms.presets.channel import ImageFormat
from transforms.quality.fidelity import ssim
from transforms.quality.placed import luma

WISHED: dict[ImageFormat, int] = {"jpeg": 92, "webp": 88, "avif": 70, "png": 0, "tiff": 0}
"""Qualities of the channels that ship: JPEG for outlets, the others for the web."""

_LOSSLESS = ("png", "tiff")
_MEGA = 1e6
_WHITE = 255


def bench_encoders(masters: list[Pixels]) -> dict[str, Any]:
    """Measure every format on finished pictures.

    Args:
        masters: (height, width, 3) each, on white.

    Returns:
        By format: CPU seconds a megapixel, bytes, SSIM of the product, how exactly white came
        back (worst picture), and bytes of Pillow's defaults at the same SSIM.
    """
    return {kind: _measured(kind, quality, masters) for kind, quality in WISHED.items()}


def _measured(kind: ImageFormat, quality: int, masters: list[Pixels]) -> dict[str, Any]:
    began = time.process_time()
    files = [encode_as(each, kind, quality) for each in masters]
    seconds = time.process_time() - began
    area = sum(each.shape[0] * each.shape[1] for each in masters) / _MEGA
    found = [decode(data) for data in files]
    whites = [_white(each, master) for each, master in zip(found, masters, strict=True)]
    told: dict[str, Any] = {
        "quality": quality,
        "megapixels_per_second": round(area / seconds, 1),
        "kilobytes": round(sum(map(len, files)) / len(files) / 1000, 1),
        "ssim": round(
            float(np.mean([_alike(f, m) for f, m in zip(found, masters, strict=True)])), 4
        ),
        "background_exact_worst": round(min(share for share, _ in whites), 5),
        "border_exact_worst": round(min(share for _, share in whites), 5),
    }
    if kind in _LOSSLESS:
        plain = [_by_default(kind, None)(master) for master in masters]
    else:
        plain = [
            _at_same_likeness(_default_of(kind, master), master, _alike(file, master))
            for file, master in zip(found, masters, strict=True)
        ]
    told["pillow_defaults_kilobytes"] = round(sum(map(len, plain)) / len(plain) / 1000, 1)
    return told


def _default_of(kind: ImageFormat, master: Pixels) -> Callable[[int], bytes]:
    return lambda quality: _by_default(kind, quality)(master)


def _by_default(kind: ImageFormat, quality: int | None) -> Callable[[Pixels], bytes]:
    """Pillow's own encoding: of all settings quality alone is given."""

    def encode(pixels: Pixels) -> bytes:
        buffer = io.BytesIO()
        given = {} if quality is None else {"quality": quality}
        Image.fromarray(pixels).save(buffer, kind.upper(), **given)
        return buffer.getvalue()

    return encode


def _at_same_likeness(at: Callable[[int], bytes], master: Pixels, wanted: float) -> bytes:
    """The smallest file whose SSIM is no worse; that of quality 100 where none is."""
    low, high = 0, 100
    while high - low > 1:
        middle = (low + high) // 2
        if _alike(decode(at(middle)), master) >= wanted:
            high = middle
        else:
            low = middle
    return at(high)


def _alike(found: Pixels, master: Pixels) -> float:
    """Mean SSIM of luma where the picture is not white."""
    shown = (master < _WHITE).any(axis=2)
    return float(ssim(luma(master), luma(found))[shown].mean())


def _white(found: Pixels, master: Pixels) -> tuple[float, float]:
    """Share of the background, and of the outermost pixels, that is exactly white."""
    ground = plain_ground(master)
    if ground is None:
        return 1.0, 1.0
    exact = (found == ground.colour).all(axis=2)
    ring = np.concatenate([exact[0], exact[-1], exact[:, 0], exact[:, -1]])
    return float(exact[ground.far].mean()), float(ring.mean())
