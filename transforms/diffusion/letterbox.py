"""The size a model is shown a picture in, and the way back without a shift. Pure."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from PIL import Image

from transforms.pixels import Pixels

Size = tuple[int, int]
"""Width, height."""

_STEP_PX = 64
"""Their sides differ by this much, as in the training of SDXL (arXiv:2307.01952, appendix I):
every further size is one more graph to compile and one more batch that is not full."""
_FEWEST_STEPS = 4
"""A model whose native side holds fewer steps than these gets sizes at its own multiple."""
_ASPECT = 4
"""Longest one, as a ratio of its sides; SDXL saw none longer. What is longer is padded."""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a picture lies in what the model is shown."""

    size: Size
    """Of the whole: multiples of what the model takes."""
    inner: Size
    """Width and height of the picture inside, in pixels of the letterbox."""
    left: int
    top: int
    scale: float
    """Of the picture; above 1 it had to be enlarged for the model."""


def fit_letterbox(
    width: int, height: int, native_px: int, multiple: int, *, resizes: bool = False
) -> Letterbox:
    """Find the letterbox of a model's native area that leaves a picture the most pixels.

    Args:
        width: Of the picture, in pixels.
        height: As width.
        native_px: Side of the square that the model was trained for. A smaller picture is
            enlarged to that area, since models repeat themselves or blur below it, and no further.
        multiple: Sides that the model takes are multiples of this.
        resizes: It resizes what it is given to its native area, each side to the nearest multiple.
            Then the letterbox has a size that this leaves as it is.
    """
    sizes = (_sizes_of_resizing if resizes else _sizes)(native_px, multiple)
    scales = {size: min(size[0] / width, size[1] / height) for size in sizes}
    # Of sizes that show it equally large, the one with the least border.
    size = max(scales, key=lambda each: (scales[each], -each[0] * each[1], each))
    scale = scales[size]
    inner = (
        min(size[0], max(1, round(scale * width))),
        min(size[1], max(1, round(scale * height))),
    )
    return _centre(size, inner, scale)


def pad_letterbox(width: int, height: int, multiple: int) -> Letterbox:
    """Letterbox for a model that is given a picture's own pixels, such as one that enlarges."""
    step = _step(max(width, height), multiple)
    return _centre((-(-width // step) * step, -(-height // step) * step), (width, height), 1.0)


def apply_letterbox(pixels: Pixels, letterbox: Letterbox) -> Pixels:
    """Lay a picture, or its mask, into its letterbox.

    Args:
        pixels: (height, width, 3) or (height, width). Not modified.
        letterbox: Made for that width and height.

    Returns:
        Of the letterbox's size. What is left of it mirrors the picture: a black border would be
        painted on into it, and would darken what the autoencoder sees of its edge.
    """
    inner = resize(pixels, letterbox.inner)
    right, bottom = (
        whole - lead - part
        for whole, lead, part in zip(
            letterbox.size, (letterbox.left, letterbox.top), letterbox.inner, strict=True
        )
    )
    if not (letterbox.left or letterbox.top or right or bottom):
        return inner
    mirrored = cv2.copyMakeBorder(
        inner, letterbox.top, bottom, letterbox.left, right, cv2.BORDER_REFLECT
    )
    return np.asarray(mirrored, np.uint8)


def crop_letterbox(pixels: Pixels, letterbox: Letterbox) -> Pixels:
    """Take a picture out of what a model made of its letterbox, in the model's own size.

    Args:
        pixels: (height, width, 3), of the letterbox's size or a whole multiple of it, if the model
            enlarges. Not modified.
        letterbox: As for `apply_letterbox`.
    """
    enlarged = pixels.shape[1] // letterbox.size[0]
    left, top = letterbox.left * enlarged, letterbox.top * enlarged
    width, height = letterbox.inner[0] * enlarged, letterbox.inner[1] * enlarged
    return pixels[top : top + height, left : left + width]


def undo_letterbox(pixels: Pixels, letterbox: Letterbox, size: Size) -> Pixels:
    """Bring what a model made of a letterbox back to a picture of a wanted size.

    Args:
        pixels: (height, width, 3), of the letterbox's size or a whole multiple of it. Not modified.
        letterbox: That the picture was laid into.
        size: Width and height wanted. Corners lie on corners, so nothing shifts.
    """
    return resize(crop_letterbox(pixels, letterbox), size)


def resize(pixels: Pixels, size: Size) -> Pixels:
    """Resample to a size, corners on corners.

    Lanczos where the picture shrinks: the sharpest. Cubic where it grows: it draws no rings.
    """
    height, width = pixels.shape[:2]
    if (width, height) == size:
        return pixels.copy()
    grows = size[0] * size[1] > width * height
    kernel = Image.Resampling.BICUBIC if grows else Image.Resampling.LANCZOS
    return np.array(Image.fromarray(pixels).resize(size, kernel))


def _centre(size: Size, inner: Size, scale: float) -> Letterbox:
    return Letterbox(size, inner, (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2, scale)


@cache
def _sizes(native_px: int, multiple: int) -> frozenset[Size]:
    """All sizes of a model: about the native area, never above it."""
    step = _step(native_px, multiple)
    if native_px < step:
        return frozenset({(step, step)})
    sizes = set()
    for longer in range(step, 2 * native_px + 1, step):
        shorter = min(longer, native_px**2 // longer // step * step)
        if shorter and longer <= _ASPECT * shorter:
            sizes |= {(longer, shorter), (shorter, longer)}
    return frozenset(sizes)


@cache
def _sizes_of_resizing(native_px: int, multiple: int) -> frozenset[Size]:
    """Sizes of a model that resizes: what its rounding turns into itself."""
    sides = range(multiple, 2 * native_px + 1, multiple)
    return frozenset(
        (width, height)
        for width in sides
        for height in sides
        if max(width, height) <= _ASPECT * min(width, height)
        and (width, height) == _round_as_qwen(width / height, native_px, multiple)
    )


def _round_as_qwen(ratio: float, native_px: int, multiple: int) -> Size:
    """As `calculate_dimensions` of diffusers' Qwen-Image-Edit pipelines."""
    width = native_px * ratio**0.5
    return round(width / multiple) * multiple, round(width / ratio / multiple) * multiple


def _step(side: int, multiple: int) -> int:
    return multiple * (max(1, _STEP_PX // multiple) if side >= _FEWEST_STEPS * _STEP_PX else 1)
