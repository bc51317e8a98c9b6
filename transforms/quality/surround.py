"""What lies around the product: the backdrop that belongs there, its evenness, and frames. Pure."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.images.ground import ground_in_file
from transforms.images.shadow import darken_by_shade, shade_of
from transforms.pixels import Mask, Pixels
from transforms.presets.look import Look
from transforms.quality.placed import Placed, cut, luma
from transforms.records.facts import Box

_SHRUNK, _SMALLEST_PX = 4, 400
"""A shadow is soft: at a quarter of the canvas it is the same, in a sixteenth of the time. Smaller
than 400 px a product that lies may seem to stand."""
_DARKER, _LIGHTER = 8, 3
"""Levels by which a backdrop may miss what it should be: encoding rings at an edge."""


@dataclass(frozen=True, slots=True)
class PlainBackdrop:
    """What a plain backdrop may look like around a product."""

    darkest: Pixels
    """(height, width, 3) of the canvas, shrunk: the brand's colour in the preset's shadow."""
    background: tuple[int, int, int]
    """The brand's colour, without shadow: a rendition may have none."""
    shrunk: int
    """Pixels of the canvas for each of `darkest`, along one side."""

    def fits(self, pixels: Pixels, region: Box) -> Mask:
        """Which pixels are that backdrop, lit or in its shadow.

        Args:
            pixels: (height, width, 3), sRGB: a part of the canvas, at any resolution.
            region: Which part.
        """
        left, top, right, bottom = (each / self.shrunk for each in region)
        height, width = pixels.shape[:2]
        lowest, last = self.darkest.shape[0] - 1, self.darkest.shape[1] - 1
        down = np.clip(np.linspace(top, bottom, height), 0, lowest).astype(int)
        across = np.clip(np.linspace(left, right, width), 0, last).astype(int)
        darkest = self.darkest[down][:, across].astype(np.int16) - _DARKER
        lightest = np.array(self.background, np.int16) + _LIGHTER
        within = (pixels >= darkest) & (pixels <= lightest)
        return np.asarray(within.all(axis=2), np.bool_)


def make_plain_backdrop(placed: Placed, look: Look, *, size: tuple[int, int]) -> PlainBackdrop:
    """Make the backdrop of a standardised picture anew, small.

    Args:
        placed: The product on its canvas.
        look: Its brand says the colour, its preset the shadow.
        size: Width and height of the canvas, in pixels.
    """
    matte = np.zeros(size[::-1], np.uint8)
    cut(matte, placed.box)[...] = placed.matte
    shrunk = max(1, min(_SHRUNK, max(size) // _SMALLEST_PX))
    width, height = (max(1, each // shrunk) for each in size)
    small = cv2.resize(matte, (width, height), interpolation=cv2.INTER_AREA)
    shade = shade_of(np.asarray(small, np.uint8), look.preset.shadow)
    plain = np.full((height, width, 3), look.brand.background, np.uint8)
    return PlainBackdrop(darken_by_shade(plain, shade), look.brand.background, shrunk)


_BLOCK = 8
"""JPEG's blocks: ringing goes no further than the block that an edge lies in."""
_FRAME = 0.02
"""Of the side: so far in the picture itself is seen, if its edge is a frame."""
_FLAT = 1.5
"""Standard deviation, in levels, below which an edge is one colour."""
_FRAMED = 25.0
"""Levels between an edge and what is further in, from which on it is a frame."""


def background_metrics(
    decoded: Pixels, background: tuple[int, int, int], placed: Placed, shadow: Box | None
) -> dict[str, float]:
    """Whether the background is exactly the brand's, also in the encoded file.

    Args:
        decoded: (height, width, 3), the channel's file, decoded.
        background: sRGB of the brand. White is white; of another colour the nearest that the
            file's format holds counts as it.
        placed: The product: what is a block away from it, and outside the shadow, is background.
        shadow: Where one was laid; None: none was.

    Returns:
        `background_exact_share`, `border_exact_share`: 0 to 1. `background_unevenness`: levels
        between the 1st and 99th percentile of luma; 0 is even, whatever its colour.
    """
    exact = _equal(decoded, ground_in_file(background, decoded))
    outside = _away_from(placed, decoded.shape[:2])
    if shadow is not None:
        left, top, right, bottom = shadow
        first, above = (max(0, (each // _BLOCK - 1) * _BLOCK) for each in (left, top))
        last, below = ((each // _BLOCK + 2) * _BLOCK for each in (right, bottom))
        outside[above:below, first:last] = False
    border = np.concatenate([exact[0], exact[-1], exact[1:-1, 0], exact[1:-1, -1]])
    share, uneven = 1.0, 0.0
    if outside.any():
        share = float(exact[outside].mean())
        if share < 1:
            low, high = np.percentile(luma(decoded)[outside], (1, 99))
            uneven = float(high - low)
    return {
        "background_exact_share": share,
        "border_exact_share": float(border.mean()),
        "background_unevenness": uneven,
    }


def picture_metrics(decoded: Pixels) -> dict[str, float]:
    """Whether a file shows a picture at all, of whatever look.

    Args:
        decoded: (height, width, 3), sRGB.

    Returns:
        `picture_contrast`: standard deviation of luma in levels; near 0 where a model gave up and
        answered one colour. `framed_sides`: how many of the four edges are one colour that ends
        with a step, as bars that were left in do.
    """
    levels = luma(decoded)
    return {
        "picture_contrast": float(cv2.meanStdDev(levels)[1][0, 0]),
        "framed_sides": float(sum(_is_frame(np.rot90(levels, turn)) for turn in range(4))),
    }


def _away_from(placed: Placed, shape: tuple[int, ...]) -> Mask:
    """Pixels whose block, and each beside it, holds nothing of the product."""
    height, width = shape
    down, across = -(-height // _BLOCK), -(-width // _BLOCK)
    padded = np.zeros((down * _BLOCK, across * _BLOCK), np.uint8)
    cut(padded, placed.box)[...] = placed.matte
    rows = padded.reshape(down, _BLOCK, -1).max(axis=1)
    touched = rows.reshape(down, across, _BLOCK).max(axis=2) > 0
    near = np.asarray(cv2.dilate(touched.view(np.uint8), np.ones((3, 3), np.uint8)))
    whole = near.repeat(_BLOCK, axis=0).repeat(_BLOCK, axis=1)
    return np.ascontiguousarray(whole[:height, :width] == 0)


def _is_frame(levels: npt.NDArray[np.float32]) -> bool:
    """Whether the upper edge is a bar."""
    inner = max(2, round(_FRAME * levels.shape[0]))
    edge, within = levels[:2], levels[inner : inner + 2]
    return bool(edge.std() < _FLAT and abs(within.mean() - edge.mean()) > _FRAMED)


def _equal(pixels: Pixels, colour: Pixels) -> Mask:
    """Which pixels have exactly this colour."""
    return np.asarray(cv2.inRange(pixels, colour, colour), np.uint8).astype(np.bool_)
