"""The plain ground of a picture, and what a file makes of its colour. Pure."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Mask, Pixels

_WHITE = 255
_AWAY_PX = 16
"""Rings of an encoder reach its block and the next."""
_NEAREST = 2
"""Levels by which a lossy format may miss a colour: three of four colours have no exact counterpart
in JPEG's 8 bits of luma and colour difference, and come back one level beside."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The part of a picture that is its border's one colour."""

    colour: Pixels
    """(3,)."""
    far: Mask
    """(height, width): well away from all that has another colour."""
    least: float
    """Share of it that has to come back exactly."""

    def kept_in(self, found: Pixels) -> bool:
        """Whether a decoded file has it, and its outermost pixels all of them.

        Args:
            found: (height, width, 3).
        """
        exact = (found == ground_in_file(self.colour, found)).all(axis=2)
        border = exact[0].all() and exact[-1].all() and exact[:, 0].all() and exact[:, -1].all()
        within = np.count_nonzero(exact & self.far)
        return bool(border and within >= self.least * np.count_nonzero(self.far))


def plain_ground(shown: Pixels, least: float = 1.0) -> Ground | None:
    """The ground of a picture; None: its border is not one colour, as in scenes.

    Args:
        shown: (height, width, 3), sRGB.
        least: Share of it that has to come back exactly.
    """
    colour = shown[0, 0]
    if not all((e == colour).all() for e in (shown[0], shown[-1], shown[:, 0], shown[:, -1])):
        return None
    apart = (shown != colour).any(axis=2).view(np.uint8)
    reach = np.ones((2 * _AWAY_PX + 1, 2 * _AWAY_PX + 1), np.uint8)
    return Ground(colour, np.asarray(cv2.dilate(apart, reach) == 0, np.bool_), least)


def ground_in_file(colour: npt.ArrayLike, decoded: Pixels) -> Pixels:
    """What stands for a ground's colour in a decoded file.

    White is white, since every page's own white shows any other. Of other colours the file's first
    pixel counts where it is as near as its format can come: no eye sees two levels, while spots
    and gradients, which are seen, still differ from it.

    Args:
        colour: (3,), sRGB, as it was meant.
        decoded: (height, width, 3).

    Returns:
        (3,), sRGB.
    """
    meant, first = np.asarray(colour, np.uint8), decoded[0, 0]
    apart = np.abs(meant.astype(np.int16) - first).max()
    return meant if (meant == _WHITE).all() or apart > _NEAREST else first
