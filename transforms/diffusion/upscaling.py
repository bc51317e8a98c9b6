"""Enlarging generated surroundings. Never a product: both ways here invent what was not seen."""

from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from PIL import Image

from transforms.errors import ModelError
from transforms.models.checkpoints import located
from transforms.pixels import Pixels
from transforms.presets.checkpoint import Checkpoint

_NETWORK_SCALE = 4
_TILE_PX, _OVERLAP_PX = 256, 24
"""Of the small picture."""
_COLOUR_PX = 6
"""Deviation of the blur, in pixels of the small picture, beyond which the colours are its own:
both networks tint what they enlarge by two to four levels."""
_GRAIN_KERNEL = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
"""Answers to grain and not to slopes (Immerkaer, Fast Noise Variance Estimation, 1996)."""
_GRAIN_GAIN = 6.0
"""What that kernel multiplies the deviation of white grain by."""
_LEAST_GRAIN = 0.6
"""Levels. Without any, the blurred slopes of a backdrop show steps once JPEG has rounded them."""
_QUIET_SHARE = 50
"""Percentile of the kernel's answers: detail is in the upper half."""
_MEDIAN_TO_DEVIATION = 1.4826
"""Of normally distributed grain."""


class Weights(NamedTuple):
    """Real-ESRGAN in ncnn's format.

    On our wooden table from 512 to 2048 px, on two cores: x4plus draws crisp wood and takes 80 s;
    animevideov3 takes 2 s and leaves a few lines of it; Lanczos takes 0.15 s and is soft. None is
    clearly nearer to the scene drawn at 2048 px (2.1 to 2.2 levels), so Lanczos is the default.
    """

    param: Path
    bin: Path


def enlarger(checkpoint: Checkpoint) -> Weights | None:
    """The network that a checkpoint's entry names for enlarging backdrops; None: none.

    Raises:
        ModelError: It is not at hand, or not the one that is named.
    """
    for name, entry in checkpoint.companions.items():
        if entry.kind == "enlarger":
            folder = located(entry, f"{checkpoint.name}: companion {name}")
            param = folder / (entry.file or "")
            if param.suffix != ".param" or not param.is_file():
                there = ", ".join(sorted(path.name for path in folder.glob("*.param"))) or "none"
                raise ModelError(f"companion {name}: `file` must name one of: {there}")
            return Weights(param, param.with_suffix(".bin"))
    return None


def enlarged(
    pixels: Pixels, size: tuple[int, int], *, weights: Weights | None, seed: int = 0
) -> Pixels:
    """Enlarge a generated backdrop.

    Args:
        pixels: (height, width, 3), sRGB. Not modified.
        size: Width and height wanted, no smaller than the picture.
        weights: None: Lanczos, with the picture's own grain added again at the new size, which
            interpolation would leave as soft blotches. Otherwise Real-ESRGAN first.
        seed: Of the grain.

    Returns:
        (height, width, 3) of `size`; the same pixels each time.

    Raises:
        ModelError: ncnn is not installed.
    """
    if weights is not None:
        made = _coloured(_by_network(pixels, weights), pixels)
        return np.array(Image.fromarray(made).resize(size, Image.Resampling.LANCZOS))
    smooth = np.array(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))
    deviation = max(_LEAST_GRAIN, grain(pixels))
    height, width = smooth.shape[:2]
    noise = np.random.default_rng(seed).standard_normal((height, width, 1), np.float32)
    return np.asarray(np.clip(np.rint(smooth + noise * np.float32(deviation)), 0, 255), np.uint8)


def grain(pixels: Pixels) -> float:
    """Deviation of a picture's grain in levels of its lightness, told from its detail."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    answers = np.abs(cv2.filter2D(grey, -1, _GRAIN_KERNEL, borderType=cv2.BORDER_REFLECT))
    return float(np.percentile(answers, _QUIET_SHARE)) * _MEDIAN_TO_DEVIATION / _GRAIN_GAIN


def _coloured(made: Pixels, pixels: Pixels) -> Pixels:
    """What a network made, with the colours and the light of what it was given."""
    height, width = pixels.shape[:2]
    small = cv2.resize(made, (width, height), interpolation=cv2.INTER_AREA)
    missing = cv2.GaussianBlur(
        pixels.astype(np.float32) - small, (0, 0), _COLOUR_PX, borderType=cv2.BORDER_REFLECT
    )
    large = cv2.resize(missing, made.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(np.rint(made + large), 0, 255), np.uint8)


def _by_network(pixels: Pixels, weights: Weights) -> Pixels:
    """Four times as large, tile by tile."""
    try:
        import ncnn  # noqa: PLC0415 - optional, and nothing else here needs it
    except ImportError as error:
        raise ModelError("a companion of the kind enlarger needs ncnn: pip install ncnn") from error
    net: Any = ncnn.Net()
    net.load_param(str(weights.param))
    net.load_model(str(weights.bin))
    height, width = pixels.shape[:2]
    around = cv2.copyMakeBorder(pixels, *(_OVERLAP_PX,) * 4, cv2.BORDER_REFLECT)
    large = np.empty((height * _NETWORK_SCALE, width * _NETWORK_SCALE, 3), np.uint8)
    margin = _OVERLAP_PX * _NETWORK_SCALE
    for top in range(0, height, _TILE_PX):
        for left in range(0, width, _TILE_PX):
            bottom, right = min(height, top + _TILE_PX), min(width, left + _TILE_PX)
            tile = around[top : bottom + 2 * _OVERLAP_PX, left : right + 2 * _OVERLAP_PX]
            planes = np.ascontiguousarray(tile.transpose(2, 0, 1), np.float32) / np.float32(255)
            extractor = net.create_extractor()
            extractor.input("data", ncnn.Mat(planes))
            made = np.array(extractor.extract("output")[1]).transpose(1, 2, 0)
            made = made[margin:-margin, margin:-margin]
            large[
                top * _NETWORK_SCALE : bottom * _NETWORK_SCALE,
                left * _NETWORK_SCALE : right * _NETWORK_SCALE,
            ] = np.rint(np.clip(made, 0, 1) * 255)
    return large
