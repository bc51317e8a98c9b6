"""An order in the frame that its model is shown, and the picture that comes back out of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.diffusion.detail import detailed
from transforms.diffusion.order import Made, Order
from transforms.diffusion.size import Frame, cut, fit, padded, unframed
from transforms.diffusion.soundness import MESSAGES, fault
from transforms.diffusion.upscaling import Weights, enlarged
from transforms.errors import ModelError
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.family import FAMILIES

Raw = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Framed:
    """An order as its model sees it."""

    number: int
    order: Order
    """As it was given."""
    shown: Order
    """With the pixels that the model is shown."""
    frame: Frame


@dataclass(frozen=True, slots=True)
class Ran:
    """What a model made of one."""

    item: Framed
    made: Raw | None
    """None: memory did not hold even this one alone."""


def frame_of(order: Order, checkpoint: Checkpoint) -> Frame:
    """The frame that a checkpoint is shown an order's picture in."""
    family = FAMILIES[checkpoint.family]
    height, width = order.pixels.shape[:2]
    if order.diffusion.task == "upscale":
        return padded(width, height, family.multiple)
    native_px = checkpoint.native_px or family.native_px
    return fit(width, height, native_px, family.multiple, resizes=family.resizes)


def finished(ran: Ran, weights: Weights | None, finest_px: float) -> Made:
    """Judge what a model made, and bring it back to its order's size.

    Args:
        ran: With the raw picture, or without one.
        weights: Of a network that enlarges backdrops; None: they are by Lanczos, and detail below
            `finest_px` of the model's pixels is what they were given.
        finest_px: As `Checkpoint.finest_px`.

    Raises:
        ModelError: It is of another size than was asked for.
    """
    number, order = ran.item.number, ran.item.order
    if ran.made is None:
        width, height = ran.item.frame.size
        message = f"Memory does not hold one picture of {width}x{height} px; use a larger device."
        return Made(number, None, "out_of_memory", message)
    reason = fault(ran.made, ran.item.shown.pixels)
    if reason:
        return Made(number, None, reason, MESSAGES[reason])
    made, (width, height) = ran.made.shape[:2], ran.item.frame.size
    if made[0] % height or made[1] % width or made[0] * width != made[1] * height:
        raise ModelError(
            f"The model made {made[1]}x{made[0]} px of {width}x{height} px: its family in "
            "models.yaml is another one"
        )
    levels = np.round(np.clip(ran.made, 0, 1) * np.float32(255)).astype(np.uint8)
    height, width = order.pixels.shape[:2]
    enlarge = order.diffusion.enlarge if order.diffusion.task == "upscale" else 1
    size = (width * enlarge, height * enlarge)
    if order.surroundings and ran.item.frame.scale < 1:
        inner = cut(levels, ran.item.frame)
        large = enlarged(inner, size, weights=weights, seed=order.seed)
        if weights is None:  # a network draws detail of its own
            large = detailed(large, order.pixels, ran.item.frame.inner, finest_px)
        return Made(number, large)
    return Made(number, unframed(levels, ran.item.frame, size))
