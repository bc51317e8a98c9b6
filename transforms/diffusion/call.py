"""Calls a loaded checkpoint as its family wants to be called."""

import inspect
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from transforms.diffusion.order import Order
from transforms.diffusion.tokens import check_length
from transforms.errors import ConfigError
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.family import FAMILIES


class Loaded:
    """A checkpoint on a device, for one kind of order."""

    def __init__(self, pipeline: Any, checkpoint: Checkpoint) -> None:
        self._pipeline = pipeline
        self._family = FAMILIES[checkpoint.family]
        self._checkpoint = checkpoint
        self._takes = set(inspect.signature(type(pipeline).__call__).parameters)
        self._checked: set[tuple[str, str]] = set()

    @property
    def native_px(self) -> int:
        """Side of the square that it was trained for."""
        return self._checkpoint.native_px or self._family.native_px

    @property
    def multiple(self) -> int:
        """Sides that it takes are multiples of this."""
        return self._family.multiple

    def make(self, orders: Sequence[Order]) -> list[npt.NDArray[np.float32]]:
        """Make a batch; see `transforms.diffusion.engine.Model`.

        Raises:
            ConfigError: The prompt is longer than the model reads.
        """
        import torch  # noqa: PLC0415

        first = orders[0]
        if (first.positive, first.negative) not in self._checked:
            check_length(self._pipeline, first, self._family.tokens)
            self._checked.add((first.positive, first.negative))
        groups = [[each] for each in orders] if self._family.one_by_one else [list(orders)]
        pictures: list[npt.NDArray[np.float32]] = []
        with torch.inference_mode():
            for group in groups:
                made = self._pipeline(**self._arguments(group)).images
                pictures += [np.asarray(each, np.float32) for each in made]
        return pictures

    def _arguments(self, orders: list[Order]) -> dict[str, Any]:
        """What the pipeline is called with; nothing that it would ignore."""
        import torch  # noqa: PLC0415

        first, family = orders[0], self._family
        height, width = first.pixels.shape[:2]
        arguments: dict[str, Any] = {
            "prompt": [each.positive for each in orders],
            "image": [Image.fromarray(each.pixels) for each in orders],
            "num_inference_steps": first.diffusion.steps or self._checkpoint.steps or family.steps,
            # On the CPU, one for each picture: then a picture is the same on every device, and
            # whoever shares its batch.
            "generator": [torch.Generator("cpu").manual_seed(each.seed) for each in orders],
            "output_type": "np",
        }
        if first.strength is not None and "strength" in self._takes:
            arguments["strength"] = first.strength
        guided_by = family.guided_by or "guidance_scale"
        if guided_by in self._takes:
            arguments[guided_by] = self._guidance(first)
        if family.negative and first.negative:
            arguments["negative_prompt"] = [each.negative for each in orders]
        if "height" in self._takes:
            arguments |= {"height": height, "width": width}
        if "_auto_resize" in self._takes:
            arguments |= {"_auto_resize": False, "max_area": height * width}
        return arguments | _guides(orders)

    def _guidance(self, order: Order) -> float:
        """The preset's, else the checkpoint's, else the family's; of distilled ones theirs."""
        asked = (order.diffusion.guidance, self._checkpoint.guidance, self._family.guidance)
        if self._family.guided_by is None:
            return self._family.guidance
        return next(each for each in asked if each is not None)


def _guides(orders: list[Order]) -> dict[str, Any]:
    """Masks, edges and style: pictures that are given beside the picture."""
    asked, guides = orders[0].diffusion, dict[str, Any]()
    if asked.task == "inpaint":
        masks = [each.mask for each in orders if each.mask is not None]
        if len(masks) < len(orders):
            raise ConfigError("the task inpaint needs a mask for every picture")
        guides["mask_image"] = [Image.fromarray(each) for each in masks]
    if asked.control:
        guides["control_image"] = [_edges(each.pixels) for each in orders]
    if asked.style_picture:
        guides["ip_adapter_image"] = Image.open(asked.style_picture).convert("RGB")
    return guides


def _edges(pixels: npt.NDArray[np.uint8]) -> Image.Image:
    """Canny edges, as ControlNets of that kind were trained on."""
    edges = np.asarray(cv2.Canny(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), 100, 200), np.uint8)
    return Image.fromarray(np.repeat(edges[..., None], 3, axis=2))
