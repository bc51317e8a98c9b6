"""What a model is shown beside the picture: masks, edges, a picture of the style."""

from typing import Any

import cv2
import numpy as np
from PIL import Image

from transforms.diffusion.order import Order
from transforms.errors import ConfigError
from transforms.pixels import Pixels

_FAINT, _CLEAR = 100, 200
"""Canny's thresholds as ControlNets of that kind were trained on."""


def guides(orders: list[Order]) -> dict[str, Any]:
    """Arguments of diffusers' pipelines for the guides that a preset asks for.

    Args:
        orders: Of one batch, alike but for pixels, mask and seed.

    Raises:
        ConfigError: A mask is missing, or the style picture is.
    """
    asked, found = orders[0].diffusion, dict[str, Any]()
    if asked.task == "inpaint":
        masks = [each.mask for each in orders if each.mask is not None]
        if len(masks) < len(orders):
            raise ConfigError("the task inpaint needs a mask for every picture")
        found["mask_image"] = [Image.fromarray(each) for each in masks]
    if asked.control:
        found["control_image"] = [_edges(each.pixels) for each in orders]
    if asked.style_picture:
        found["ip_adapter_image"] = _style(asked.style_picture)
    return found


def _edges(pixels: Pixels) -> Image.Image:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    edges = np.asarray(cv2.Canny(grey, _FAINT, _CLEAR), np.uint8)
    return Image.fromarray(np.repeat(edges[..., None], 3, axis=2))


def _style(path: str) -> Image.Image:
    try:
        return Image.open(path).convert("RGB")
    except OSError as error:
        raise ConfigError(f"diffusion.style_picture {path}: cannot be opened: {error}") from error
