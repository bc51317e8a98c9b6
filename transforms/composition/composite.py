"""A product and a scene in one picture. The product's own pixels arrive as they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from transforms.composition.foreground import allow_foreground
from transforms.composition.grounding import Grounding, grounding
from transforms.composition.reflection import reflect_product
from transforms.images.canvas import HALF, compose_over
from transforms.pixels import Floats, Pixels
from transforms.records.facts import Box
from transforms.scenes.scene import Scene

_VISIBLE = 1 / 512
"""Share of light that no eye and hardly a level of 255 would miss."""
_SKY_SHARE = (0.26, 0.72)
"""Of a scene's light that comes from everywhere, at softness 0 and at 1."""
_SKY_TINT = np.array((0.95, 0.99, 1.04), np.float32)
"""Of that light in white light: a room's and a sky's are a little blue."""
_BOUNCE = 0.35
"""Share of a product's colour that the ground beside it receives."""


@dataclass(frozen=True, slots=True)
class Composite:
    """A finished picture."""

    pixels: Pixels
    """(height, width, 3), sRGB."""
    shadow: Box | None
    """Beyond it, and beyond the product, the backdrop is as it was."""
    occluder: Pixels | None
    """(height, width), above 0 where something lies before the product; None: nothing does."""
    foreground_share: float
    """Share of the product that it hides."""


def composite_product(
    scene: Scene,
    product: Pixels,
    cover: Pixels,
    box: Box,
    *,
    standing: bool,
    keep_clear: Sequence[Box] = (),
) -> Composite:
    """Stand a product in a scene: shadow and reflection change the backdrop, nothing the product.

    Args:
        scene: Of the canvas's size. Not modified.
        product: (height, width, 3), sRGB, at canvas size. Not modified.
        cover: (height, width), 255 is product: there its pixels arrive unchanged.
        box: Where both lie.
        standing: Whether it stands on its lowest part; else it lies.
        keep_clear: Labels on the canvas that nothing may cover.
    """
    left, top, right, bottom = box
    height, width = scene.pixels.shape[:2]
    matte = np.zeros((height, width), np.uint8)
    matte[top:bottom, left:right] = cover
    shade = grounding(matte, scene, standing=standing)
    backdrop = scene.pixels.copy()
    mirrored = reflect_product(product, cover, scene) if standing else None
    if mirrored is not None:
        _mix(backdrop, *mirrored, at=(left, top))
    shadow = _shade(backdrop, shade, scene, _foot_colour(product, cover))
    if mirrored is not None:
        reach = min(height, top + mirrored[1].shape[0])
        shadow = _join_boxes(shadow, (left, top, right, reach))
    pixels = compose_over(backdrop, product, cover, box)
    if scene.foreground is None:
        return Composite(pixels, shadow, None, 0.0)
    alpha, share = allow_foreground(scene.foreground, matte, keep_clear)
    _lay_over(pixels, scene.foreground, alpha)
    return Composite(pixels, shadow, alpha, share)


def _shade(backdrop: Pixels, shade: Grounding, scene: Scene, product: Floats) -> Box | None:
    """Take light away, in linear light: the main light's, the sky's, and all of it in the crease.

    Args:
        backdrop: Changed in place.
        shade: What is taken.
        scene: Its light.
        product: (3,), linear RGB of its foot: the ground sees it where it no longer sees the sky.
    """
    taken = np.maximum(np.maximum(shade.main, shade.sky), shade.crease)
    visible = taken > _VISIBLE
    columns, rows = np.flatnonzero(visible.any(axis=0)), np.flatnonzero(visible.any(axis=1))
    if not columns.size:
        return None
    left, top, right, bottom = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    part = (slice(top, bottom), slice(left, right))
    share = _SKY_SHARE[0] + (_SKY_SHARE[1] - _SKY_SHARE[0]) * scene.light.softness
    sun = np.array(scene.light.colour, np.float32)
    # What the main light gives less of in a colour, the sky gives more of: shadows in warm light
    # are cool.
    sky = np.clip(1.5 - 0.5 * sun, 0.8, 1.3) * _SKY_TINT
    from_sun = sun * (1 - share) / (sun * (1 - share) + sky * share)
    keeps = np.empty((*visible[part].shape, 3), np.float32)
    for channel in range(3):
        bounced = np.float32(_BOUNCE * min(1.0, float(product[channel])))
        direct = from_sun[channel] * (1 - shade.main[part])
        diffuse = (1 - from_sun[channel]) * (1 - shade.sky[part] * (1 - bounced))
        keeps[..., channel] = (direct + diffuse) * (1 - shade.crease[part])
    # 2.2 stands for the curve: a factor on light is this power on the level.
    levels = backdrop[part].astype(np.float32) * cv2.pow(np.clip(keeps, 0, 1), 1 / 2.2)
    backdrop[part] = np.rint(levels).astype(np.uint8)
    return int(left), int(top), int(right), int(bottom)


def _foot_colour(product: Pixels, cover: Pixels) -> Floats:
    """Mean colour, (3,), linear RGB, of a product's lower part."""
    lower = cover.shape[0] * 2 // 3
    solid = cover[lower:] >= HALF
    if not solid.any():
        return np.zeros(3, np.float32)
    return np.asarray((product[lower:][solid] / 255.0).mean(axis=0) ** 2.2, np.float32)


def _mix(
    backdrop: Pixels,
    colours: Floats,
    weight: Floats,
    *,
    at: tuple[int, int],
) -> None:
    left, top = at
    rows = min(colours.shape[0], backdrop.shape[0] - top)
    behind = backdrop[top : top + rows, left : left + colours.shape[1]]
    share = weight[:rows, :, None]
    behind[...] = np.rint(behind * (1 - share) + colours[:rows] * share).astype(np.uint8)


def _lay_over(pixels: Pixels, foreground: Pixels, alpha: Pixels) -> None:
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not rows.size:
        return
    left, top, right, bottom = (
        int(each) for each in (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    )
    part = (slice(top, bottom), slice(left, right))
    compose_over(pixels, foreground[part][..., :3], alpha[part], (left, top, right, bottom))


def _join_boxes(first: Box | None, second: Box) -> Box:
    if first is None:
        return second
    return (
        min(first[0], second[0]),
        min(first[1], second[1]),
        max(first[2], second[2]),
        max(first[3], second[3]),
    )
