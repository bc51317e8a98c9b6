"""A picture that a diffusion model is asked for, and what came of it."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from transforms.diffusion.enlarging import Weights, enlarge_backdrop, transfer_detail
from transforms.diffusion.letterbox import (
    Letterbox,
    crop_letterbox,
    fit_letterbox,
    pad_letterbox,
    undo_letterbox,
)
from transforms.errors import ModelError
from transforms.pixels import Pixels
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.family import FAMILIES
from transforms.presets.preset import Diffusion


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One picture to be made."""

    pixels: Pixels
    """(height, width, 3), sRGB: what the model is given. Any size; the engine pads and un-pads."""
    diffusion: Diffusion
    """Task, steps, guidance, ... of the preset. Its strength and model are not read."""
    positive: str
    """The whole prompt, the brand's words included."""
    negative: str
    strength: float | None
    seed: int
    mask: Pixels | None = None
    """(height, width), 255 is painted anew. For the task `inpaint` alone."""
    surroundings: bool = False
    """It shows no product, so that what is added where it is enlarged spoils nothing."""


@dataclass(frozen=True, slots=True)
class GenerationResult:
    """What came of a request."""

    number: int
    """Of the request, from 0, in the order in which they were given."""
    pixels: Pixels | None
    """(height, width, 3), of the request's size (times `enlarge`); None: it failed."""
    reason: str = ""
    """Code: `not_finite`, `black`, `flat`, `out_of_memory`; empty: it was made."""
    message: str = ""


Raw = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LetterboxedRequest:
    """A request in the letterbox that its model is shown."""

    number: int
    request: GenerationRequest
    """As it was given."""
    shown: GenerationRequest
    """With the pixels that the model is shown."""
    letterbox: Letterbox


@dataclass(frozen=True, slots=True)
class RawResult:
    """What a model made of one request, before it is judged and brought back to its size."""

    item: LetterboxedRequest
    made: Raw | None
    """None: memory did not hold even this one alone."""


def letterbox_for(request: GenerationRequest, checkpoint: Checkpoint) -> Letterbox:
    """The letterbox that a checkpoint is shown a request's picture in."""
    family = FAMILIES[checkpoint.family]
    height, width = request.pixels.shape[:2]
    if request.diffusion.task == "upscale":
        return pad_letterbox(width, height, family.multiple)
    native_px = checkpoint.native_px or family.native_px
    return fit_letterbox(width, height, native_px, family.multiple, resizes=family.resizes)


def finish_result(ran: RawResult, weights: Weights | None, finest_px: float) -> GenerationResult:
    """Judge what a model made, and bring it back to its request's size.

    Args:
        ran: With the raw picture, or without one.
        weights: Of a network that enlarges backdrops; None: they are by Lanczos, and detail below
            `finest_px` of the model's pixels is what they were given.
        finest_px: As `Checkpoint.finest_px`.

    Raises:
        ModelError: It is of another size than was asked for.
    """
    number, request = ran.item.number, ran.item.request
    if ran.made is None:
        width, height = ran.item.letterbox.size
        message = f"Memory does not hold one picture of {width}x{height} px; use a larger device."
        return GenerationResult(number, None, "out_of_memory", message)
    reason = find_fault(ran.made, ran.item.shown.pixels)
    if reason:
        return GenerationResult(number, None, reason, MESSAGES[reason])
    made, (width, height) = ran.made.shape[:2], ran.item.letterbox.size
    if made[0] % height or made[1] % width or made[0] * width != made[1] * height:
        raise ModelError(
            f"The model made {made[1]}x{made[0]} px of {width}x{height} px: its family in "
            "models.yaml is another one"
        )
    levels = np.round(np.clip(ran.made, 0, 1) * np.float32(255)).astype(np.uint8)
    height, width = request.pixels.shape[:2]
    enlarge = request.diffusion.enlarge if request.diffusion.task == "upscale" else 1
    size = (width * enlarge, height * enlarge)
    if request.surroundings and ran.item.letterbox.scale < 1:
        inner = crop_letterbox(levels, ran.item.letterbox)
        large = enlarge_backdrop(inner, size, weights=weights, seed=request.seed)
        if weights is None:  # a network draws detail of its own
            large = transfer_detail(large, request.pixels, ran.item.letterbox.inner, finest_px)
        return GenerationResult(number, large)
    return GenerationResult(number, undo_letterbox(levels, ran.item.letterbox, size))


Fault = Literal["", "not_finite", "black", "flat"]

MESSAGES: dict[Fault, str] = {
    "not_finite": "The model's numbers overflowed; float16 does that, bfloat16 and float32 do not.",
    "black": "The model made a black picture: an overflow, or a safety checker that covers it.",
    "flat": "The model made one colour where the picture that it was given shows something.",
}

_BLACK = 3 / 255
"""No pixel above it: what comes of NaN that was rounded, or of a safety checker."""
_FLAT = 0.012
"""Standard deviation. Our photographs and finished catalogue pictures have 0.05 and more, white
sweeps that darken by 3 to 10 % have 0.009 to 0.029, one colour with grain of 13 levels 0.005."""
_LEFT = 0.25
"""A flat result keeps less than this share of the given picture's own deviation."""
_COARSE_PX = 48
"""Sides are averaged to this, so that grain is not taken for a picture."""


def find_fault(made: npt.NDArray[np.float32], given: Pixels) -> Fault:
    """Say what is wrong with a model's picture.

    Args:
        made: (height, width, 3), 0 to 1 where it is sound.
        given: (height, width, 3): what the model was given. A plain sweep may come back plain, a
            night black.

    Returns:
        A code; empty: it is a picture.
    """
    if not np.isfinite(made).all():
        return "not_finite"
    if made.max() <= _BLACK < given.max() / 255:
        return "black"
    deviation, own = _deviation(made), _deviation(np.float32(1 / 255) * given)
    return "flat" if deviation < min(_FLAT, _LEFT * own) else ""


def _deviation(pixels: npt.NDArray[np.float32]) -> float:
    """Of the averaged picture, channel by channel, so that one hue is flat and two are not."""
    height, width = pixels.shape[:2]
    size = (min(width, _COARSE_PX), min(height, _COARSE_PX))
    coarse = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return float(coarse.reshape(-1, pixels.shape[2]).std(axis=0).max())
