"""A leaf, a jar or a flake that is laid into a picture, or in front of it."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from transforms.scenes.lens import defocus
from transforms.scenes.light import Light3, Plane

_REDUCED_BELOW = 0.7
"""Below it, interpolating would skip pixels of the sprite."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """A small picture with its outline."""

    light: Light3
    """(h, w, 3), linear RGB, already multiplied by `alpha`."""
    alpha: Plane
    """(h, w), 0-1."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What lies between the camera and the product, while it is drawn. Changed in place."""

    light: Light3
    """(height, width, 3), linear RGB, already multiplied by `alpha`."""
    alpha: Plane
    """(height, width), 0-1."""


def empty_layer(height: int, width: int) -> Layer:
    """A layer through which everything is seen."""
    return Layer(np.zeros((height, width, 3), np.float32), np.zeros((height, width), np.float32))


def lay(
    onto: Light3 | Layer,
    sprite: Sprite,
    *,
    x: float,
    y: float,
    size: float,
    angle: float = 0.0,
    squash: float = 1.0,
    flip: bool = False,
    blur: float = 0.0,
    gain: float = 1.0,
    opacity: float = 1.0,
    shadow: float = 0.0,
    shadow_offset: tuple[float, float] = (0.01, 0.015),
    shadow_blur: float = 0.01,
    shadow_squash: float = 1.0,
) -> None:
    """Lay `sprite` over `onto`, in place. What falls outside is cut.

    Args:
        onto: A picture in linear light, (height, width, 3), or a layer.
        sprite: Not modified.
        x: Middle, as a share of the width.
        y: Middle, as a share of the height.
        size: The sprite's height, as a share of the picture's.
        angle: Turn, in degrees, clockwise.
        squash: Height after turning against height before: 1 faces the camera, less lies flat.
        flip: Mirrors the sprite first.
        blur: Radius of the discs it is out of focus by, as a share of the height.
        gain: Brightness.
        opacity: 0-1.
        shadow: Darkness of the shadow it throws on what is behind it, 0-1. Pictures only.
        shadow_offset: Where the shadow lies from the sprite, in shares of the height.
        shadow_blur: Its softness, as a share of the height.
        shadow_squash: Its height against the sprite's: less than 1 where it lies on the ground and
            the sprite stands.
    """
    target = onto.light if isinstance(onto, Layer) else onto
    height, width = target.shape[:2]
    rows, columns = sprite.alpha.shape
    scale = size * height / rows
    turned = math.radians(angle)
    c, s = math.cos(turned) * scale, math.sin(turned) * scale
    matrix = np.array(((c * (-1 if flip else 1), -s), (s * (-1 if flip else 1), c)), np.float64)
    matrix[1] *= squash
    corners = np.array(((-columns, -rows), (columns, -rows), (columns, rows), (-columns, rows))) / 2
    reach = np.abs(corners @ matrix.T).max(axis=0) + blur * height + 2
    box_w, box_h = (2 * np.ceil(reach)).astype(int)
    left, top = round(x * width - box_w / 2), round(y * height - box_h / 2)
    if left >= width or top >= height or left + box_w <= 0 or top + box_h <= 0:
        return
    # Very blurred sprites are warped at a reduction: the blur would drop the detail anyway.
    reduction = 2 ** max(0, int(math.log2(max(1.0, blur * height / 8))))
    small_w, small_h = -(-box_w // reduction), -(-box_h // reduction)
    source, shrink = _shrunk(sprite, scale / reduction)
    matrix = matrix / (reduction * shrink)
    middle = np.array((small_w / 2, small_h / 2)) - matrix @ np.array(
        (source.shape[1] / 2, source.shape[0] / 2)
    )
    affine = np.hstack((matrix, middle[:, None]))
    seen = cv2.warpAffine(source, affine, (int(small_w), int(small_h)), flags=cv2.INTER_LINEAR)
    seen = defocus(seen, blur * height / reduction)
    if reduction > 1:
        size_px = (int(small_w * reduction), int(small_h * reduction))
        seen = cv2.resize(seen, size_px, interpolation=cv2.INTER_LINEAR)
    if shadow > 0 and not isinstance(onto, Layer):
        dark = seen[..., 3]
        low = max(1, round(dark.shape[0] * min(1.0, shadow_squash)))
        if low < dark.shape[0]:
            dark = cv2.resize(dark, (dark.shape[1], low), interpolation=cv2.INTER_AREA)
        _darken(
            target,
            np.asarray(dark, np.float32),
            corner=(left, top + (seen.shape[0] - low) // 2),
            offset=shadow_offset,
            blur=shadow_blur,
            strength=shadow,
        )
    _over(onto, seen * np.array((gain, gain, gain, 1), np.float32) * opacity, left, top)


def _shrunk(sprite: Sprite, scale: float) -> tuple[Light3, float]:
    """(h, w, 4) of the sprite, reduced if it will be shown much smaller, and the reduction."""
    whole = np.dstack((sprite.light, sprite.alpha))
    if scale >= _REDUCED_BELOW:
        return whole, 1.0
    rows, columns = sprite.alpha.shape
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    small = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32), size[1] / rows


def _over(onto: Light3 | Layer, seen: Light3, left: int, top: int) -> None:
    target = onto.light if isinstance(onto, Layer) else onto
    height, width = target.shape[:2]
    x0, x1 = max(0, left), min(width, left + seen.shape[1])
    y0, y1 = max(0, top), min(height, top + seen.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = seen[y0 - top : y1 - top, x0 - left : x1 - left]
    through = 1 - part[..., 3]
    target[y0:y1, x0:x1] *= through[..., None]
    target[y0:y1, x0:x1] += part[..., :3]
    if isinstance(onto, Layer):
        onto.alpha[y0:y1, x0:x1] = onto.alpha[y0:y1, x0:x1] * through + part[..., 3]


def _darken(
    light: Light3,
    alpha: Plane,
    *,
    corner: tuple[int, int],
    offset: tuple[float, float],
    blur: float,
    strength: float,
) -> None:
    height = light.shape[0]
    sigma = max(0.5, blur * height)
    pad = math.ceil(2.5 * sigma)
    spread = np.pad(alpha * np.float32(strength), pad)
    factor = max(1, round(sigma / 4))
    size = (max(1, spread.shape[1] // factor), max(1, spread.shape[0] // factor))
    small = cv2.GaussianBlur(
        cv2.resize(spread, size, interpolation=cv2.INTER_AREA), (0, 0), sigma / factor
    )
    soft = cv2.resize(small, spread.shape[::-1], interpolation=cv2.INTER_LINEAR)
    dark = np.dstack((np.zeros((*soft.shape, 3), np.float32), soft))
    _over(
        light,
        dark,
        corner[0] - pad + round(offset[0] * height),
        corner[1] - pad + round(offset[1] * height),
    )
