"""What a backdrop tells of light and exposure, and what the product says to that."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Floats, Mask, Pixels
from transforms.records.facts import BackdropTone, Spread, ToneSpread

Chromaticity = tuple[float, float]
"""Natural logarithms of red over green and of blue over green, in linear light: a coloured light
adds the same to all of them."""

LUMINANCE = np.array((0.2126, 0.7152, 0.0722), np.float32)

_SIDE_PX = 256
_WHOLE = 255
_AWAY_PX = 4
"""Of the reduction: edges and the darkest of a contact shadow stay out."""
_INSIDE_PX = 3
_CLIPPED, _BLOCKED, _DIM = 250, 6, 60
"""Levels: a channel from the first on is clipped; below the second it is mostly noise; a product's
pixel that is below the third in all channels has no colour to speak of."""
_LEAST_SHARE = 0.04
_ENOUGH = 12_000
"""Pixels that medians are taken of."""
_EVEN_LIGHTNESS, _EVEN_CHROMATICITY = 18.0, 0.035
"""Interquartile range of L*, and median deviation of chromaticity: a sweep with a soft fall-off
passes, two papers or a street do not."""
_CLOSE, _CLOSEST, _FARTHEST = 0.35, 0.05, 0.12
"""A colour is grey under a light where it is no further from it than this share of the way
between both lights, within limits that noise and material set."""
_SURROUNDINGS_PX, _LEAST_STEP = 9, 0.012
_WHITE_LIGHTNESS, _WHITE_CHROMA = 65.0, 6.0

LINEAR = np.where(
    np.arange(256) <= 0.04045 * 255,
    np.arange(256) / (255 * 12.92),
    ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4,
).astype(np.float32)
"""Linear light, 0-1, of the 256 levels of sRGB."""
_NONE = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A backdrop as it is in the picture. Light is linear, 1 is the brightest the picture holds."""

    even: bool
    """One material under one light, as far as can be told."""
    lab: tuple[float, float, float]
    """Medians of CIE L*, a*, b* (D65)."""
    luminance: float
    strongest: float
    """Median of the strongest channel."""
    clipped_share: float
    chromaticity: Chromaticity
    """Of what is not clipped."""


@dataclass(frozen=True, slots=True)
class Witness:
    """What the product says: whether its greys are grey in the light of the backdrop, or as is.

    Shares are of the product, in percent. Pixels are greys and whites of the material;
    glints are places that are brighter than their surroundings, by a colour: highlights, print.
    """

    pixels_as_backdrop: float
    pixels_as_grey: float
    glints_as_backdrop: float
    glints_as_grey: float
    highlight: float
    """Luminance that 2 % of the product exceed."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """A picture small enough to measure, and where its backdrop and its product are."""

    rgb: Pixels
    backdrop: Mask
    product: Mask


def reduce_picture(rgb: Pixels, matte: Pixels) -> Reduction:
    """Reduce a picture to at most 256 px for measuring.

    Args:
        rgb: (height, width, 3) sRGB. Not modified.
        matte: (height, width), 255 is product. Not modified.
    """
    scale = min(1.0, _SIDE_PX / max(matte.shape))
    size = max(1, round(matte.shape[1] * scale)), max(1, round(matte.shape[0] * scale))
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    cover = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.uint8)
    away = np.ones((2 * _AWAY_PX + 1, 2 * _AWAY_PX + 1), np.uint8)
    near = np.asarray(cv2.dilate((cover > 0).view(np.uint8), away))
    inside = np.ones((_INSIDE_PX, _INSIDE_PX), np.uint8)
    product = np.asarray(cv2.erode((cover == _WHOLE).view(np.uint8), inside))
    return Reduction(small, near == 0, product.view(np.bool_))


def backdrop_of(seen: Reduction) -> Backdrop | None:
    """Measure the backdrop; None: the product leaves too little of it."""
    if float(seen.backdrop.mean()) < _LEAST_SHARE:
        return None
    pixels = seen.rgb[seen.backdrop]
    pixels = pixels[:: 1 + len(pixels) // _ENOUGH]
    light = LINEAR[pixels]
    colours = _lab(pixels)
    usable = (pixels.max(axis=1) < _CLIPPED) & (pixels.min(axis=1) > _BLOCKED)
    clipped = float(np.mean(pixels.max(axis=1) >= _WHOLE - 1))
    knowable = float(usable.mean()) >= _LEAST_SHARE
    ratios = _chromaticities(light[usable]) if knowable else np.zeros((1, 2), np.float32)
    centre = np.median(ratios, axis=0)
    low, high = np.percentile(colours[:, 0], (25, 75))
    uneven = float(np.median(np.abs(ratios - centre), axis=0).max())
    return Backdrop(
        even=bool(high - low <= _EVEN_LIGHTNESS and uneven <= _EVEN_CHROMATICITY),
        lab=_triple(np.median(colours, axis=0)),
        luminance=float(np.median(light @ LUMINANCE)),
        strongest=float(np.median(light.max(axis=1))),
        clipped_share=clipped,
        chromaticity=(float(centre[0]), float(centre[1])),
    )


def witness_of(seen: Reduction, light: Chromaticity) -> Witness:
    """Ask the product whether its greys are grey in `light`, or in the picture as it is.

    Both readings of a coloured backdrop, white paper under a coloured light and coloured paper
    under a white one, expect other colours of whatever is grey on the product: print, metal,
    plastic, and highlights, which have the colour of the light on any material.
    """
    linear = LINEAR[seen.rgb]
    highest = seen.rgb.max(axis=2)
    sound = seen.product & (highest < _CLIPPED) & (seen.rgb.min(axis=2) > _BLOCKED)
    steps = linear - np.asarray(cv2.blur(linear, (_SURROUNDINGS_PX, _SURROUNDINGS_PX)))
    glints = seen.product & (steps.min(axis=2) > _LEAST_STEP) & (highest < _CLIPPED)
    reach = min(max(_CLOSE * float(np.hypot(*light)), _CLOSEST), _FARTHEST)
    whole = max(1, int(seen.product.sum()))

    def shares(colours: Floats) -> tuple[float, float]:
        ratios = _chromaticities(colours)
        as_backdrop = np.hypot(ratios[:, 0] - light[0], ratios[:, 1] - light[1]) < reach
        as_grey = np.hypot(ratios[:, 0], ratios[:, 1]) < reach
        return float(as_backdrop.sum()) / whole * 100, float(as_grey.sum()) / whole * 100

    pixels = shares(linear[sound & (highest > _DIM)])
    sparks = shares(steps[glints])
    luminance = linear[seen.product] @ LUMINANCE
    highlight = float(np.percentile(luminance, 98)) if luminance.size else 0.0
    return Witness(*pixels, *sparks, highlight)


def counts_as_white(tone: tuple[float, float, float]) -> bool:
    """Whether a backdrop of this CIE Lab is white or light grey, by what is seen."""
    return tone[0] >= _WHITE_LIGHTNESS and float(np.hypot(tone[1], tone[2])) <= _WHITE_CHROMA


def spread(tones: Sequence[BackdropTone]) -> ToneSpread:
    """Robust spread before and after preparation, over backdrops that count as white.

    A backdrop counts where it does so after preparation, so both spreads speak of the same
    pictures: papers that were left coloured on purpose would hide what was evened out.

    Returns:
        All zeros where no backdrop counts.
    """
    white = [tone for tone in tones if counts_as_white(tone.after)]
    return ToneSpread(
        before=_spread([tone.before for tone in white]),
        after=_spread([tone.after for tone in white]),
    )


def _spread(colours: Sequence[tuple[float, float, float]]) -> Spread:
    if not colours:
        return Spread(count=0, deviation=_NONE, lowest=_NONE, highest=_NONE)
    table = np.array(colours)
    deviation = np.median(np.abs(table - np.median(table, axis=0)), axis=0)
    low, high = np.percentile(table, (5, 95), axis=0)
    return Spread(
        count=len(colours),
        deviation=_triple(deviation),
        lowest=_triple(low),
        highest=_triple(high),
    )


def _chromaticities(light: Floats) -> Floats:
    ratios = np.log(np.maximum(light, 1e-6))
    return np.asarray(ratios[:, (0, 2)] - ratios[:, 1:2], np.float32)


def _lab(pixels: Pixels) -> Floats:
    unit = pixels.reshape(1, -1, 3).astype(np.float32) * np.float32(1 / 255)
    colours: Floats = np.asarray(cv2.cvtColor(unit, cv2.COLOR_RGB2LAB), np.float32)[0]
    return colours


def _triple(values: npt.NDArray[np.floating]) -> tuple[float, float, float]:
    first, second, third = (round(float(value), 2) for value in values)
    return first, second, third
