"""The plain backdrop that belongs behind a product: brand colour and preset shadow."""

from dataclasses import dataclass

import cv2
import numpy as np

from transforms.images.shadow import shade_of, shaded
from transforms.pixels import Mask, Pixels
from transforms.presets.look import Look
from transforms.quality.placed import Placed, cut
from transforms.records.facts import Box

_SHRUNK, _SMALLEST_PX = 4, 400
"""A shadow is soft: at a quarter of the canvas it is the same, in a sixteenth of the time. Smaller
than 400 px a product that lies may seem to stand."""
_DARKER, _LIGHTER = 8, 3
"""Levels by which a backdrop may miss what it should be: encoding rings at an edge."""


@dataclass(frozen=True, slots=True)
class Expected:
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


def plain_backdrop(placed: Placed, look: Look, *, size: tuple[int, int]) -> Expected:
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
    return Expected(shaded(plain, shade), look.brand.background, shrunk)
