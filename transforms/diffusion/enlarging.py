"""Enlarges generated backdrops, never a product: what is added here was not photographed."""

from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from PIL import Image

from transforms.errors import ModelError
from transforms.models.checkpoints import locate
from transforms.pixels import Floats, Pixels
from transforms.presets.checkpoint import Checkpoint

_LIGHT = 4.0
"""Times the finest detail: what is larger is light and tone, which a model may change and keep the
detail."""
_KEPT = 9.0
"""Levels by which the forms between the two may differ for most of the detail to be laid over."""
_GAIN = (0.5, 1.6)
"""Of detail, where the model made its surface darker or brighter."""
_LEAST_LEVEL = 8.0
"""Below it a ratio of two brightnesses means nothing."""


def transfer_detail(
    made: Pixels, given: Pixels, small: tuple[int, int], finest_px: float
) -> Pixels:
    """Lay fine detail over an enlarged picture.

    Args:
        made: (height, width, 3), sRGB: what the model made, enlarged. Not modified.
        given: What it was given, of the same size. Not modified.
        small: Width and height in which the model saw it.
        finest_px: Deviation of a blur in pixels of that size, below which the model draws little.

    Returns:
        (height, width, 3). Where the model drew other forms than it was given, as it was made.
    """
    forms, lights = [], []
    for pixels in (made, given):
        shown = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA).astype(np.float32)
        forms.append(_blur(shown, finest_px))
        lights.append(_blur(shown, finest_px * _LIGHT))
    ratio = np.maximum(lights[0], _LEAST_LEVEL) / np.maximum(lights[1], _LEAST_LEVEL)
    gain = np.clip(ratio.mean(axis=-1, keepdims=True), *_GAIN)
    changed = np.abs(forms[0] - lights[0] - gain * (forms[1] - lights[1])).max(axis=-1)
    agreed = np.exp(-np.square(_blur(changed, finest_px) / _KEPT))[..., None]
    size = (made.shape[1], made.shape[0])
    own, fine = (
        pixels - cv2.resize(form, size, interpolation=cv2.INTER_CUBIC)
        for pixels, form in zip((made, given), forms, strict=True)
    )
    fine *= _enlarge_map(gain * agreed, size)
    own *= _enlarge_map(agreed, size)
    return np.asarray(np.clip(np.rint(made + fine - own), 0, 255), np.uint8)


def _blur(pixels: Floats, deviation: float) -> Floats:
    blurred = cv2.GaussianBlur(pixels, (0, 0), deviation, borderType=cv2.BORDER_REFLECT)
    return np.asarray(blurred, np.float32)


def _enlarge_map(share: Floats, size: tuple[int, int]) -> Floats:
    large = cv2.resize(share, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, np.float32)[..., None]


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


def find_enlarger(checkpoint: Checkpoint) -> Weights | None:
    """The network that a checkpoint's entry names for enlarging backdrops; None: none.

    Raises:
        ModelError: It is not at hand, or not the one that is named.
    """
    for name, entry in checkpoint.companions.items():
        if entry.kind == "enlarger":
            folder = locate(entry, f"{checkpoint.name}: companion {name}")
            param = folder / (entry.file or "")
            if param.suffix != ".param" or not param.is_file():
                there = ", ".join(sorted(path.name for path in folder.glob("*.param"))) or "none"
                raise ModelError(f"companion {name}: `file` must name one of: {there}")
            return Weights(param, param.with_suffix(".bin"))
    return None


def enlarge_backdrop(
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
        made = _restore_colours(_enlarge_by_network(pixels, weights), pixels)
        return np.array(Image.fromarray(made).resize(size, Image.Resampling.LANCZOS))
    smooth = np.array(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))
    deviation = max(_LEAST_GRAIN, measure_grain(pixels))
    height, width = smooth.shape[:2]
    noise = np.random.default_rng(seed).standard_normal((height, width, 1), np.float32)
    return np.asarray(np.clip(np.rint(smooth + noise * np.float32(deviation)), 0, 255), np.uint8)


def measure_grain(pixels: Pixels) -> float:
    """Estimate a picture's grain.

    Args:
        pixels: (height, width, 3), sRGB. Not modified.

    Returns:
        Standard deviation in levels (0 to 255) of its lightness.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    answers = np.abs(cv2.filter2D(grey, -1, _GRAIN_KERNEL, borderType=cv2.BORDER_REFLECT))
    return float(np.percentile(answers, _QUIET_SHARE)) * _MEDIAN_TO_DEVIATION / _GRAIN_GAIN


def _restore_colours(made: Pixels, pixels: Pixels) -> Pixels:
    """What a network made, with the colours and the light of what it was given."""
    height, width = pixels.shape[:2]
    small = cv2.resize(made, (width, height), interpolation=cv2.INTER_AREA)
    missing = cv2.GaussianBlur(
        pixels.astype(np.float32) - small, (0, 0), _COLOUR_PX, borderType=cv2.BORDER_REFLECT
    )
    large = cv2.resize(missing, made.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(np.rint(made + large), 0, 255), np.uint8)


def _enlarge_by_network(pixels: Pixels, weights: Weights) -> Pixels:
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
