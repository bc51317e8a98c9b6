"""The foot of a product in a glossy ground."""

import cv2
import numpy as np

from transforms.images.canvas import HALF
from transforms.pixels import Floats, Pixels
from transforms.scenes.scene import Scene

_REACH = 0.45
"""Of the product's height: so much of it is mirrored before the reflection is lost."""
_STRENGTH = {"level": 0.62, "raised": 0.30}
"""Of a mirror's light at gloss 1: water, lacquer and polish reflect more the flatter one looks."""


def reflect_product(product: Pixels, cover: Pixels, scene: Scene) -> tuple[Floats, Floats] | None:
    """Mirror the product in the ground below it, column by column, from where each column ends.

    Args:
        product: (height, width, 3), sRGB, at canvas size. Not modified.
        cover: (height, width), 255 is product.
        scene: Its gloss and view.

    Returns:
        Colours (rows, width, 3), 0-255, and their weights (rows, width), 0-1. Row 0 is the
        product's first; there are more rows than it has. None: the ground does not reflect.
    """
    if scene.view == "overhead" or scene.gloss <= 0.02:  # noqa: PLR2004 - no eye sees less
        return None
    solid = cover >= HALF
    rows = np.flatnonzero(solid.any(axis=1))
    if not rows.size:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    height = bottom - top
    reach = max(2, round(_REACH * height))
    total = cover.shape[0] + reach
    ends = np.where(solid.any(axis=0), cover.shape[0] - solid[::-1].argmax(axis=0), -1)
    line = np.arange(total)[:, None]
    source = 2 * ends[None] - 1 - line
    below = (ends[None] >= 0) & (line >= ends[None]) & (source >= 0) & (line < ends[None] + reach)
    # Columns that end far above the ground (a handle) do not touch it and mirror nothing there.
    below &= ends[None] > bottom - 0.12 * height
    index = np.clip(source, 0, cover.shape[0] - 1)
    columns = np.arange(cover.shape[1])[None]
    colours = product[index, columns].astype(np.float32)
    weight = cover[index, columns].astype(np.float32) / 255 * below
    away = np.clip((line - ends[None]) / reach, 0, 1).astype(np.float32)
    weight *= np.square(1 - away) * np.float32(_STRENGTH[scene.view] * scene.gloss)
    blur = max(0.6, (0.004 + 0.02 * (1 - scene.gloss)) * height)
    soft = cv2.GaussianBlur(colours * weight[..., None], (0, 0), blur * 0.6, sigmaY=blur)
    spread = np.asarray(cv2.GaussianBlur(weight, (0, 0), blur * 0.6, sigmaY=blur), np.float32)
    shown = np.asarray(soft, np.float32) / np.maximum(spread, np.float32(1e-4))[..., None]
    return shown.astype(np.float32), spread
