"""The shadow that grounds a product, made from its outline. Pure: matte in, shade out."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.images.canvas import HALF, extent
from transforms.pixels import Floats, Pixels
from transforms.presets.preset import Shadow
from transforms.records.facts import Box

_FULL_RISE, _NO_RISE = 0.10, 0.30
"""Underside that is higher above the lowest point than this, as a share of the product's height,
touches the ground less and less: a second foot further back does, a handle does not."""

_FULL_SLOPE, _NO_SLOPE = 0.40, 1.0
"""Underside that is steeper than this is the product's side, not its base."""

_SQUASH = 0.34
"""Height over width of a circle on the ground, as a camera a little above the product sees it."""

_TIGHT = 0.30
"""Reach of the dark part, as a share of the soft part's."""
_SOFT_SHARE = 0.60
"""Strength of the soft part, as a share of the dark one's."""
_LYING_SHARE = 0.55
_EDGE = 0.02
"""Along the canvas's edge, for this share of it, a shadow fades to nothing."""


@dataclass(frozen=True, slots=True)
class Shade:
    """How much darker the backdrop gets, on a part of the canvas."""

    amount: Floats
    """(height, width), share of light taken away, 0 to 1."""
    box: Box
    """Where it lies. Outside it nothing is darker."""


def shade_of(matte: Pixels, shadow: Shadow) -> Shade | None:
    """Shade under a product: dark and narrow where it touches, wide and soft around.

    A product that could not stand on its lowest part, because its weight is not above it, was
    photographed lying; it gets a weaker shade all around, as on a table seen from above.

    Args:
        matte: (height, width) canvas, 255 is product. Not modified.
        shadow: Of the preset.

    Returns:
        None where the preset wants no shadow.
    """
    if shadow.kind == "none":
        return None
    left, _, right, _ = extent(matte)
    reach = max(2.0, shadow.spread * (right - left))
    touching = touching_of(matte)
    on_feet = stands(matte, touching)
    amount = _standing(matte, touching, reach) if on_feet else _lying(matte, reach)
    amount *= np.float32(shadow.opacity)
    return _bound(amount, matte.shape)


def darken_by_shade(backdrop: Pixels, shade: Shade | None) -> Pixels:
    """Darken a backdrop, in linear light as shadows do.

    Args:
        backdrop: (height, width, 3) of one colour, sRGB. Becomes the result.
        shade: None: nothing.
    """
    if shade is None:
        return backdrop
    left, top, right, bottom = shade.box
    light = 1 - shade.amount
    for channel, level in enumerate(backdrop[0, 0]):
        table = _encode(_linear(float(level)) * np.linspace(0, 1, 4097))
        index = np.rint(light * 4096).astype(np.uint16)
        backdrop[top:bottom, left:right, channel] = table[index]
    return backdrop


def touching_of(matte: Pixels) -> Floats:
    """How much each column's underside touches the ground, 0 to 1."""
    left, top, right, bottom = extent(matte)
    solid = matte[top:bottom, left:right] >= HALF
    rise = np.where(solid.any(axis=0), solid[::-1].argmax(axis=0), bottom - top).astype(np.float32)
    width = max(3, (right - left) // 60 | 1)
    slope = np.abs(np.gradient(cv2.blur(rise[None], (width, 1))[0])) if rise.size > 1 else 0 * rise
    weight = _fade(rise / np.float32(bottom - top), _FULL_RISE, _NO_RISE)
    weight = weight * _fade(slope, _FULL_SLOPE, _NO_SLOPE)
    touching = np.zeros(matte.shape[1], np.float32)
    touching[left:right] = weight
    return touching


def stands(matte: Pixels, touching: Floats) -> bool:
    """Whether the middle of the product's weight is above where it touches the ground."""
    feet = np.flatnonzero(touching > 0.5)  # noqa: PLR2004
    if not feet.size:
        return False
    weight = matte.sum(axis=0, dtype=np.float64)
    middle = float((weight * np.arange(weight.size)).sum() / weight.sum())
    return bool(feet[0] <= middle <= feet[-1])


def _standing(matte: Pixels, touching: Floats, reach: float) -> Floats:
    """Shade of the canvas's lowest rows, as far up as it reaches."""
    _, top, _, bottom = extent(matte)
    first = max(0, math.floor(bottom - _NO_RISE * (bottom - top) - 4 * reach * _SQUASH))
    solid = matte[first:] >= HALF
    underside = solid.shape[0] - solid[::-1].argmax(axis=0)
    tight = _soft(_band(solid.shape, underside, touching, reach * _TIGHT), reach * _TIGHT)
    wide = _soft(_band(solid.shape, underside, touching, reach), reach)
    return 1 - (1 - tight) * (1 - np.float32(_SOFT_SHARE) * wide)


def _lying(matte: Pixels, reach: float) -> Floats:
    cover = matte.astype(np.float32) / 255
    down = np.array([[1, 0, 0], [0, 1, reach * 0.15]], np.float32)
    moved = np.asarray(cv2.warpAffine(cover, down, matte.shape[::-1]), np.float32)
    return _LYING_SHARE * _soft(moved, reach * 0.5, squash=1.0)


def _band(
    shape: tuple[int, ...],
    underside: npt.NDArray[np.int64],
    touching: Floats,
    reach: float,
) -> Floats:
    """A strip along the underside, behind the product and a little below it."""
    down = reach * _SQUASH
    rows = np.arange(shape[0])[:, None]
    strip = (rows >= underside - 2 * down) & (rows < underside + 0.6 * down)
    return np.where(strip, touching[None], 0).astype(np.float32)


def _soft(source: Floats, reach: float, squash: float = _SQUASH) -> Floats:
    """Blur that ends: three box blurs reach exactly `reach` px across, less up and down."""
    across, down = (max(1, round(reach * each / 3)) for each in (1.0, squash))
    for _ in range(3):
        blurred = cv2.blur(source, (2 * across + 1, 2 * down + 1), borderType=cv2.BORDER_CONSTANT)
        source = np.asarray(blurred, np.float32)
    return source


def _bound(amount: Floats, shape: tuple[int, ...]) -> Shade | None:
    """Fade towards the canvas's edge, drop what no pixel would show, and cut the rest out.

    Args:
        amount: Lowest rows of the canvas, or all of them. Is changed.
        shape: Rows and columns of the canvas.
    """
    first = shape[0] - amount.shape[0]
    amount *= _ramp(shape[0], _EDGE * min(shape))[first:, None]
    amount *= _ramp(shape[1], _EDGE * min(shape))[None]
    visible = amount > 1 / 4096
    columns, rows = np.flatnonzero(visible.any(axis=0)), np.flatnonzero(visible.any(axis=1))
    if not columns.size:
        return None
    left, top, right, bottom = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    cut = np.minimum(amount[top:bottom, left:right], 1)
    return Shade(cut, (int(left), int(top) + first, int(right), int(bottom) + first))


def _ramp(pixels: int, reach: float) -> Floats:
    """Along one side of the canvas: 0 at both ends, 1 from `reach` pixels on."""
    away = np.minimum(np.arange(pixels), np.arange(pixels)[::-1])
    return np.clip(away / reach, 0, 1).astype(np.float32)


def _fade(value: Floats, full: float, none: float) -> Floats:
    """1 up to `full`, 0 from `none` on, smooth in between."""
    t = np.clip((none - value) / (none - full), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _linear(level: float) -> float:
    """Light of an sRGB level 0-255, 0 to 1 (IEC 61966-2-1)."""
    share = level / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _encode(light: npt.NDArray[np.float64]) -> Pixels:
    """The sRGB level of light 0 to 1."""
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)  # noqa: PLR2004
    return np.asarray(np.rint(curve * 255), np.uint8)
