"""The path that cuts a product out in print, as Photoshop keeps it in a file. Pure.

After Adobe's "Photoshop File Formats Specification", "Image resource blocks" and "Path resource
format".
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from transforms.images.contours import area, contours
from transforms.images.knots import Knots, along
from transforms.pixels import Pixels

DEVIATION_PX = 0.5
"""How far a path may be off half alpha: a 25th of a millimetre at 300 pixels per inch. Half of it
takes five times the knots, which only follow the steps that pixels leave."""
MOST_KNOTS = 2000
"""52 KB, and a quarter of it for where subpaths of four knots begin: a JPEG's segment holds 65."""
SOFTENED_PX = (0, 2, 4, 8)
"""Where a path needs more knots, as around fur, the matte is blurred first, by the least of these
standard deviations that does."""
LEAST_AREA = 64.0
"""Square pixels, 0.7 mm across at 300 pixels per inch: what is smaller, product or opening, is a
matte's dust."""

NAME = "Product"
PATH, ACTIVE = 2000, 2999
"""Photoshop's numbers: the first saved path, and the name of the one that clips."""

_FILL_RULE, _INITIAL_FILL, _LENGTH, _SMOOTH, _CORNER = 6, 8, 0, 1, 2
_ONE = 1 << 24
_FLATNESS = 0
"""Left to the printer."""
_EVEN_ODD = 1


@dataclass(frozen=True, slots=True)
class ClippingPath:
    """Closed curves around a product, and around what is open within it."""

    subpaths: tuple[Knots, ...]
    """The largest first. Clockwise around product, anticlockwise around openings, so that both
    rules of filling show the same."""
    size_px: tuple[int, int]
    """Width and height of the picture that the knots are placed in."""
    softened_px: int
    """Of `SOFTENED_PX`; 0: nowhere is it farther than `DEVIATION_PX` from half alpha."""

    @property
    def knots(self) -> int:
        """Of all subpaths together."""
        return sum(map(len, self.subpaths))

    def resources(self) -> bytes:
        """Photoshop's image resources, as they stand in a JPEG: the path, and that it clips.

        They tell places as shares of the picture, so they hold for each reduction of it, too.
        """
        name = bytes([len(NAME)]) + NAME.encode("ascii")
        active = name + struct.pack(">IH", _FLATNESS, _EVEN_ODD)
        return _block(PATH, NAME, b"".join(self._records())) + _block(ACTIVE, "", active)

    def _records(self) -> Iterator[bytes]:
        yield struct.pack(">H24x", _FILL_RULE)
        yield struct.pack(">H24x", _INITIAL_FILL)
        for subpath in self.subpaths:
            yield struct.pack(">HH22x", _LENGTH, len(subpath))
            shares = subpath.points[:, :, ::-1] / self.size_px[::-1]
            places = np.rint(shares * _ONE).astype(np.int64).reshape(-1, 6).tolist()
            for pointed, place in zip(subpath.corner.tolist(), places, strict=True):
                yield struct.pack(">H6i", _CORNER if pointed else _SMOOTH, *place)


def _block(number: int, name: str, data: bytes) -> bytes:
    """One resource: what it is, its name in ASCII, its content; name and content of even length."""
    named = bytes([len(name)]) + name.encode("ascii")
    named += bytes(len(named) & 1)
    padding = bytes(len(data) & 1)
    head = b"8BIM" + struct.pack(">H", number) + named + struct.pack(">I", len(data))
    return head + data + padding


def trace_path(matte: Pixels, *, most_knots: int = MOST_KNOTS) -> ClippingPath | None:
    """Draw the path around a product.

    Args:
        matte: (height, width) of the picture, 255 is product. Not modified.
        most_knots: Of all subpaths together.

    Returns:
        The most exact path that has no more knots; None: there is none, or the matte holds no
        product.
    """
    height, width = matte.shape
    for softened in SOFTENED_PX:
        outlined = cv2.GaussianBlur(matte, (0, 0), softened) if softened else matte
        subpaths = _subpaths(np.asarray(outlined, np.uint8), most_knots)
        if subpaths:
            return ClippingPath(subpaths, (width, height), softened)
    return None


def _subpaths(matte: Pixels, most_knots: int) -> tuple[Knots, ...]:
    """Curves around all that is not dust; none where they need more knots."""
    found: list[Knots] = []
    for points in contours(matte):
        if abs(area(points)) < LEAST_AREA:
            break
        curve = along(points, DEVIATION_PX, most=most_knots - sum(map(len, found)))
        if curve is None:
            return ()
        found.append(curve)
    return tuple(found)
