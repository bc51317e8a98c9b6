"""Where the product ends, in anybody's picture: by the colour of its border. Pure.

No network is asked. A background of one colour is told by the picture's border; a product is what
differs from it. Where the border is not one colour, as in a scene, nothing is said. A cast shadow
that is darker than `_DIFFERS` counts as product; a softer one as background that is not clean.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Floats, Pixels
from transforms.records.facts import Box

_SEEN = 1000
"""Longer side on which the product is looked for, in pixels."""
_DIFFERS = 24
"""Levels from the border's colour, in any channel."""
_ALIKE, _ONE_COLOUR = 16, 0.75
"""So many of the border's pixels within so many levels of its median: one colour. A product that
is cut off may cover the rest."""
_ABRUPT = 3
"""Pixels of the small border within which a step happens."""
_CLOSED = 0.01
"""Of the longer side: gaps in a pale product's outline that are closed."""
_DUST = 1e-4
"""Of the picture: smaller specks are no part of anything."""
_PART = 0.05
"""Of the largest piece: smaller ones, letters for instance, do not count for the product's box."""
_RINGING = 16
"""Pixels around the product: JPEG's rings reach its block and the next."""
_LEAST_OUTSIDE = 0.01
_CUT_OFF = 0.005
"""Share of the border that is product, from which on it is cut off."""
_FRAME = 0.02
"""Of the side: so far in a line is compared with the outermost one."""
_FLAT, _STEP, _ALONG = 2.0, 25, 0.9


@dataclass(frozen=True)
class Surroundings:
    """What is around the product of one picture."""

    rgb: Pixels
    """(height, width, 3), sRGB. Not modified."""

    @cached_property
    def border(self) -> Pixels:
        """(n, 3): the outermost pixels."""
        rgb = self.rgb
        return np.concatenate([rgb[0], rgb[-1], rgb[1:-1, 0], rgb[1:-1, -1]])

    @cached_property
    def colour(self) -> tuple[int, int, int]:
        """The border's median colour."""
        red, green, blue = (round(float(each)) for each in np.median(self.border, axis=0))
        return red, green, blue

    @cached_property
    def _small(self) -> Pixels:
        """The picture at `_SEEN`."""
        height, width = self.rgb.shape[:2]
        scale = min(1.0, _SEEN / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        return np.asarray(cv2.resize(self.rgb, size, interpolation=cv2.INTER_AREA), np.uint8)

    @cached_property
    def _around(self) -> npt.NDArray[np.int16]:
        """Once around the small picture's border: levels from the border's colour."""
        rgb = self._small
        ring = np.concatenate([rgb[0], rgb[1:, -1], rgb[-1, -2::-1], rgb[-2:0:-1, 0]])
        return np.asarray(
            np.abs(ring.astype(np.int16) - np.array(self.colour)).max(axis=1), np.int16
        )

    @cached_property
    def plain(self) -> bool:
        """Whether the border is one colour, but for a product that is cut off.

        A product begins with a step. A border that leaves its colour without one is a sweep's
        shading or a scene, and where the product ends cannot be told by colour.
        """
        levels = self._around
        if (levels <= _ALIKE).mean() < _ONE_COLOUR:
            return False
        apart = levels > _DIFFERS
        if apart.mean() < _CUT_OFF:
            return True
        steps = np.abs(levels - np.roll(levels, _ABRUPT)) >= _ALIKE
        starts = np.flatnonzero(apart & ~np.roll(apart, 1))
        near = [steps[np.arange(at, at + _ABRUPT + 1) % len(steps)].any() for at in starts]
        return bool(np.all(near))

    @cached_property
    def _pieces(self) -> tuple[Pixels, Pixels]:
        """At `_SEEN`: all that differs from the background, and what of it is the product."""
        small = self._small
        apart = np.abs(small.astype(np.int16) - np.array(self.colour)).max(axis=2) > _DIFFERS
        reach = max(3, round(_CLOSED * max(small.shape))) | 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        # Padded, so that what touches the edge is not closed over it.
        padded = np.pad(apart.astype(np.uint8), reach)
        closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc)[reach:-reach, reach:-reach]
        _, regions = cv2.connectedComponents((closed == 0).astype(np.uint8), connectivity=4)
        rim = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
        outside = np.isin(regions, np.unique(rim[rim > 0]))
        count, labels, stats, _ = cv2.connectedComponentsWithStats((~outside).astype(np.uint8))
        areas: Any = stats[1:count, cv2.CC_STAT_AREA]
        real = np.flatnonzero(areas >= _DUST * labels.size) + 1
        if not real.size:
            empty = np.zeros(labels.shape, np.uint8)
            return empty, empty
        large = np.flatnonzero(areas >= max(_DUST * labels.size, _PART * areas.max())) + 1
        return np.isin(labels, real).astype(np.uint8), np.isin(labels, large).astype(np.uint8)

    @cached_property
    def product(self) -> Pixels | None:
        """(height, width), 255 is product; None: the border is not one colour, or there is none."""
        if not self.plain or not self._pieces[1].any():
            return None
        return self._enlarged(self._pieces[1]) * np.uint8(255)

    @cached_property
    def box(self) -> Box | None:
        """Extent of the product; None as for `product`."""
        if not self.plain or not self._pieces[1].any():
            return None
        mask = self._pieces[1]
        across, down = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
        x, y = self.rgb.shape[1] / mask.shape[1], self.rgb.shape[0] / mask.shape[0]
        return (
            round(across[0] * x),
            round(down[0] * y),
            round((across[-1] + 1) * x),
            round((down[-1] + 1) * y),
        )

    @property
    def fill(self) -> float | None:
        """The larger of the box's width and height, each as a share of the picture's."""
        if self.box is None:
            return None
        left, top, right, bottom = self.box
        height, width = self.rgb.shape[:2]
        return max((right - left) / int(width), (bottom - top) / int(height))

    @property
    def cut_off(self) -> bool | None:
        """Whether the product reaches over the picture's edge."""
        if not self.plain:
            return None
        return bool((self._around > _DIFFERS).mean() >= _CUT_OFF)

    def exact_share(self, colour: tuple[int, int, int]) -> float | None:
        """Share of the background that has exactly this colour; None: no background is sure.

        In a scene the border is the only background that is sure, and speaks for all.
        """
        if not self.plain:
            return self.border_share(colour)
        near = 2 * round(_RINGING * self._pieces[0].shape[1] / self.rgb.shape[1]) + 1
        grown = cv2.dilate(self._pieces[0], np.ones((near, near), np.uint8))
        outside = self._enlarged(np.asarray(grown, np.uint8)) == 0
        if outside.mean() < _LEAST_OUTSIDE:
            return None
        exact = cv2.inRange(self.rgb, np.array(colour), np.array(colour)) > 0
        return float(np.count_nonzero(exact & outside) / np.count_nonzero(outside))

    def border_share(self, colour: tuple[int, int, int]) -> float:
        """Share of the outermost pixels that have exactly this colour."""
        return float((self.border == np.array(colour, np.uint8)).all(axis=1).mean())

    @property
    def lightness_and_chroma(self) -> tuple[float, float]:
        """CIE L* and chroma of the border's median colour."""
        one = np.array([[self.colour]], np.float32) / 255
        light, a, b = cv2.cvtColor(one, cv2.COLOR_RGB2LAB)[0, 0]
        return float(light), float(np.hypot(a, b))

    @property
    def framed_sides(self) -> int:
        """How many edges are one colour that ends with a step, as a frame or a bar does."""
        grey = np.asarray(cv2.cvtColor(self.rgb, cv2.COLOR_RGB2GRAY), np.float32)
        return sum(_is_frame(np.rot90(grey, turn)) for turn in range(4))

    def _enlarged(self, mask: Pixels) -> Pixels:
        height, width = self.rgb.shape[:2]
        return np.asarray(
            cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8
        )


def _is_frame(levels: Floats) -> bool:
    """Whether the upper edge is a bar: flat, and all along another colour than further in."""
    height, width = levels.shape
    corner = round(_FRAME * width)
    inner = slice(corner, width - corner)
    edge = levels[0, inner]
    within = levels[min(height - 1, max(3, round(_FRAME * height))), inner]
    stepped = np.abs(within - edge.mean()) > _STEP
    return bool(edge.std() < _FLAT and stepped.mean() >= _ALONG)
