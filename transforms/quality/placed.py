"""The product as a picture should show it: what every comparison starts from."""

from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from transforms.images.canvas import HALF
from transforms.pixels import Mask, Pixels
from transforms.records.facts import Box

_Canvas = TypeVar("_Canvas", Pixels, Mask)

OPAQUE = 255
_CORE = 3
"""Pixels eroded from the opaque matte before anything is compared."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The product as it belongs on the canvas, made anew from the prepared image."""

    product: Pixels
    """(height, width, 3)."""
    matte: Pixels
    """(height, width), 255 is product."""
    box: Box
    """Where both lie."""
    occluder: Pixels | None = None
    """(height, width) of the canvas, above 0 where something before the product was laid over
    it; None: there is nothing."""

    def opaque(self) -> Mask:
        """Pixels of the box that are product alone, with nothing before them."""
        seen = self.matte == OPAQUE
        if self.occluder is not None:
            seen &= cut(self.occluder, self.box) == 0
        return np.asarray(seen, np.bool_)

    def core(self) -> Mask:
        """Pixels surely inside and seen: opaque, and three away from what is not."""
        return erode(self.opaque(), _CORE)


def cut(canvas: _Canvas, box: Box) -> _Canvas:
    """The part of a canvas that lies in a box; a view."""
    left, top, right, bottom = box
    return canvas[top:bottom, left:right]


def bounds(mask: Mask) -> Box:
    """Extent of a mask that is not empty."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def erode(mask: Mask, by: int) -> Mask:
    """A mask without what lies within `by` pixels of its outside; beyond its array is outside."""
    bordered = cv2.copyMakeBorder(mask.view(np.uint8), by, by, by, by, cv2.BORDER_CONSTANT, value=0)
    size = 2 * by + 1
    smaller = cv2.erode(bordered, np.ones((size, size), np.uint8))
    return np.ascontiguousarray(np.asarray(smaller, np.uint8)[by:-by, by:-by]).view(np.bool_)


@dataclass(frozen=True, slots=True)
class ComparedCore:
    """Wanted and found, both cut to where they can be compared."""

    wanted: Pixels
    """(height, width, 3), sRGB."""
    found: Pixels
    core: Mask
    """(height, width): what is compared; some pixel is."""
    wanted_luma: npt.NDArray[np.float32]
    """(height, width), 0-255."""
    found_luma: npt.NDArray[np.float32]


def compare_core(decoded: Pixels, placed: Placed) -> ComparedCore:
    """Cut a file and what it should show to the product's core.

    Args:
        decoded: (height, width, 3), the channel's file, decoded.
        placed: What it should show.

    A product too small to have a core (a few pixels) is compared where its matte is opaque, or
    at least more product than not.
    """
    core = placed.core()
    if not core.any():
        core = placed.matte >= HALF
    left, top, right, bottom = bounds(core)
    wanted = placed.product[top:bottom, left:right]
    found = cut(decoded, placed.box)[top:bottom, left:right]
    return ComparedCore(wanted, found, core[top:bottom, left:right], luma(wanted), luma(found))


def luma(pixels: Pixels) -> npt.NDArray[np.float32]:
    """Luma (ITU-R BT.601), 0-255."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.float32)
