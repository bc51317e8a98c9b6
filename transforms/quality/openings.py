"""Whether a product's openings, as a ring's or a handle's, show what is behind it. Pure.

Distances are shares of the canvas.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Mask, Pixels
from transforms.quality.colour_difference import delta_e_2000, lab
from transforms.quality.placed import Placed, cut, erode
from transforms.quality.surround import PlainBackdrop
from transforms.records.facts import Box

_LEAST = 0.0006
"""Of the product's area; smaller openings are gaps between threads."""
_RIM = 4
_CLOSED = 128
_CLEAR = 26
"""Alpha up to which a pixel of an opening shows the backdrop: a tenth of product."""
_MOSTLY = 0.5
_SAME = 8.0
"""CIEDE2000 up to which an opening shows what was made: encoding changes less."""
_ALIKE = 3.5
"""CIEDE2000 up to which an opening shows a colour that is also seen beside the product. In 16
scenes of 10 samples good ones reach 2.6, but for one that shows an orange cushion which is nowhere
else."""
_SHADES = (1.0, 0.8, 0.62, 0.45)
"""Of the levels beside a product: an opening's ground may lie in its shadow."""
_ABOVE, _BESIDE = 0.04, 0.06
"""So far above and below an opening, and beside the product, its colours are looked for: further
away a scene has every colour."""
_ROWS, _PIXELS = 60, 800


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening in a product, without its rim."""

    mask: Mask
    """(height, width) of its box; some pixel is set."""
    box: Box
    """Where it lies on the canvas."""


def find_openings(placed: Placed) -> list[Opening]:
    """The openings in a product that are large enough to be looked through."""
    left, top, _, _ = placed.box
    solid = np.pad(placed.matte >= _CLOSED, 1)
    _, labels, stats, _ = cv2.connectedComponentsWithStats((~solid).view(np.uint8), connectivity=4)
    least = _LEAST * float(solid.sum())
    found = []
    # A matte may have thousands of specks, so areas are told before any mask is made; 0 is solid.
    for number in np.flatnonzero(stats[:, cv2.CC_STAT_AREA] >= least):
        if number in (0, labels[0, 0]):
            continue
        x, y, width, height = (int(each) for each in stats[number, :4])
        part = labels[y : y + height, x : x + width] == number
        x, y = x - 1, y - 1  # without the border
        clear = placed.matte[y : y + height, x : x + width] <= _CLEAR
        inner = erode(part & clear, _RIM)
        if inner.any():
            box = (left + x, top + y, left + x + width, top + y + height)
            found.append(Opening(inner, box))
    return found


def holes_filled(
    decoded: Pixels,
    placed: Placed,
    expected: PlainBackdrop | None = None,
    *,
    scene: Pixels | None = None,
) -> float:
    """How many of the product's openings do not show what is behind it.

    Args:
        decoded: (height, width, 3), sRGB.
        placed: What it should show.
        expected: The plain backdrop; None: a scene.
        scene: (height, width, 3): the scene with the product in it as we laid it, whose openings
            therefore show the backdrop; None: nobody has it. An opening must then show colours
            that are also seen beside the product at its height, as they are or in shadow.
    """
    found = find_openings(placed)
    if not found:
        return 0.0
    if expected is not None:
        fits = np.zeros(decoded.shape[:2], np.bool_)
        cut(fits, placed.box)[...] = expected.fits(cut(decoded, placed.box), placed.box)
        shares = (cut(fits, each.box)[each.mask].mean() for each in found)
        return float(sum(share <= _MOSTLY for share in shares))
    if scene is not None:
        apart = (
            _nearest(cut(decoded, each.box)[each.mask], _middle(cut(scene, each.box)[each.mask]))
            for each in found
        )
        return float(sum(distance >= _SAME for distance in apart))
    outside = _outside(placed, decoded.shape[:2])
    return float(sum(not _shows_beside(decoded, outside, each) for each in found))


def _shows_beside(decoded: Pixels, outside: Mask, hole: Opening) -> bool:
    """Whether an opening shows a colour that is also seen beside the product, lit or in shadow."""
    beside = _beside(decoded, outside, hole)
    if not len(beside):
        return True
    shades = np.concatenate([beside * np.float32(share) for share in _SHADES])
    return _nearest(cut(decoded, hole.box)[hole.mask], shades) < _ALIKE


def _middle(pixels: Pixels) -> npt.NDArray[np.float32]:
    """Median colour of (n, 3), as (1, 3)."""
    return np.asarray(np.median(pixels, axis=0)[None], np.float32)


def _nearest(pixels: Pixels, colours: npt.NDArray[np.float32]) -> float:
    """CIEDE2000 of the middle colour of pixels to the nearest of others, each (n, 3)."""
    middle, others = (lab(each.astype(np.uint8)[None])[0] for each in (_middle(pixels), colours))
    return float(delta_e_2000(np.broadcast_to(middle, others.shape), others).min())


def _beside(decoded: Pixels, outside: Mask, hole: Opening) -> npt.NDArray[np.float32]:
    """Some of the colours just outside the product's outline at an opening's height: (n, 3)."""
    height, width = decoded.shape[:2]
    rows = np.flatnonzero(hole.mask.any(axis=1)) + hole.box[1]
    columns = np.flatnonzero(hole.mask.any(axis=0)) + hole.box[0]
    above, beside = round(_ABOVE * height), round(_BESIDE * width)
    first, last = max(0, rows[0] - above), min(height, rows[-1] + above)
    found = []
    for row in range(first, last, max(1, (last - first) // _ROWS)):
        places = np.flatnonzero(outside[row])
        left, right = places[places < columns[0]][-beside:], places[places > columns[-1]][:beside]
        between = places[(places >= columns[0]) & (places <= columns[-1])]
        found.append(decoded[row, np.concatenate([left, between, right])])
    pixels = np.concatenate(found)
    return np.asarray(pixels[:: max(1, len(pixels) // _PIXELS)], np.float32)


def _outside(placed: Placed, shape: tuple[int, ...]) -> Mask:
    """What of a canvas lies around the product, its openings not counted; a little away from it."""
    whole = np.zeros((shape[0] + 2, shape[1] + 2), np.uint8)
    cut(whole[1:-1, 1:-1], placed.box)[...] = placed.matte > _CLEAR
    _, labels = cv2.connectedComponents(1 - whole, connectivity=4)
    around = np.asarray(labels == labels[0, 0])
    return erode(around, _RIM)[1:-1, 1:-1]
