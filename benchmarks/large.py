"""Memory that one very large picture takes in each stage, each in a process of its own."""

import io
import math
import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from transforms.images.colour import to_srgb
from transforms.images.decoding import open_image, upright
from transforms.images.measures import measure_image
from transforms.preparation.sequence import prepare
from transforms.presets.catalogue import Preparation
from transforms.presets.loading import config_folder
from transforms.presets.look import load_look
from transforms.rendition.composing import compose_plain


def bench_large(picture: Path, megapixels: float) -> dict[str, Any]:
    """Enlarge a photograph, and take it through measuring, preparing and rendering.

    Args:
        picture: A photograph that shows a product.
        megapixels: Size to enlarge it to.

    Returns:
        By step: peak memory of its process in MB, libraries and weights included, and wall
        seconds; and `idle`, a process that has only loaded them.
    """
    data = _enlarged(picture.read_bytes(), megapixels)
    context = multiprocessing.get_context("spawn")
    results: dict[str, Any] = {"megapixels": megapixels, "file_mb": round(len(data) / 1e6, 1)}
    for step in (_idle, _measure, _prepare, _render):
        with context.Pool(1) as pool:
            results[step.__name__[1:]] = pool.apply(_watched, (step, data))
    return results


def _enlarged(data: bytes, megapixels: float) -> bytes:
    """The photograph at that size, with grain, which takes memory in every codec."""
    image = Image.fromarray(to_srgb(upright(open_image(data))).rgb)
    scale = math.sqrt(megapixels * 1e6 / (image.width * image.height))
    size = round(image.width * scale), round(image.height * scale)
    large = np.asarray(image.resize(size, Image.Resampling.BICUBIC)).astype(np.int16)
    rows = np.random.default_rng(1).integers(-3, 4, (64, size[0], 3), np.int16)
    for top in range(0, size[1], 64):
        part = large[top : top + 64]
        part += rows[: len(part)]
    buffer = io.BytesIO()
    Image.fromarray(large.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def _watched(step: Callable[[bytes], None], data: bytes) -> dict[str, float]:
    begin = time.perf_counter()
    step(data)
    seconds = time.perf_counter() - begin
    return {"peak_mb": round(_peak_kilobytes() / 1024), "seconds": round(seconds, 1)}


def _peak_kilobytes() -> int:
    """Of this process alone: what `getrusage` tells begins with its parent's."""
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def _idle(data: bytes) -> None:
    del data


def _measure(data: bytes) -> None:
    measure_image(open_image(data))


def _prepare(data: bytes) -> None:
    prepare(data, Preparation(), digest="")


def _render(data: bytes) -> None:
    prepared = prepare(data, Preparation(), digest="")
    config = config_folder()
    look = load_look("standard", "standard", config)
    compose_plain(prepared.image, prepared.matte, look)
