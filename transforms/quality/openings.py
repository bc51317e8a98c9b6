"""Whether a product's openings, as a ring's or a handle's, show what is behind it. Pure.

Distances are shares of the canvas.
"""

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Mask, Pixels
from transforms.quality.colour_difference import delta_e_2000, lab
from transforms.quality.expected import Expected
from transforms.quality.placed import Placed, cut, eroded

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


def openings(placed: Placed) -> list[Mask]:
    """The openings in a product: masks of the size of its box."""
    solid = np.pad(placed.matte >= _CLOSED, 1)
    _, labels, stats, _ = cv2.connectedComponentsWithStats((~solid).view(np.uint8), connectivity=4)
    outside = labels[0, 0]
    least = _LEAST * float(solid.sum())
    found = []
    for number, (*_, area) in enumerate(stats):
        part = labels[1:-1, 1:-1] == number
        if number == outside or area < least or solid[1:-1, 1:-1][part].any():
            continue
        inner = eroded(part & (placed.matte <= _CLEAR), _RIM)
        if inner.any():
            found.append(inner)
    return found


def holes_filled(
    decoded: Pixels,
    placed: Placed,
    expected: Expected | None = None,
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
    product = cut(decoded, placed.box)
    filled = 0
    for hole in openings(placed):
        if expected is not None:
            shows = bool(expected.fits(product, placed.box)[hole].mean() > _MOSTLY)
        elif scene is not None:
            shows = _nearest(product[hole], _middle(cut(scene, placed.box)[hole])) < _SAME
        else:
            beside = _beside(decoded, placed, hole)
            shades = np.concatenate([beside * np.float32(share) for share in _SHADES])
            shows = not len(beside) or _nearest(product[hole], shades) < _ALIKE
        filled += not shows
    return float(filled)


def _middle(pixels: Pixels) -> npt.NDArray[np.float32]:
    """Median colour of (n, 3), as (1, 3)."""
    return np.asarray(np.median(pixels, axis=0)[None], np.float32)


def _nearest(pixels: Pixels, colours: npt.NDArray[np.float32]) -> float:
    """CIEDE2000 of the middle colour of pixels to the nearest of others, each (n, 3)."""
    middle, others = (lab(each.astype(np.uint8)[None])[0] for each in (_middle(pixels), colours))
    return float(delta_e_2000(np.broadcast_to(middle, others.shape), others).min())


def _beside(decoded: Pixels, placed: Placed, hole: Mask) -> npt.NDArray[np.float32]:
    """Some of the colours just outside the product's outline at an opening's height: (n, 3)."""
    height, width = decoded.shape[:2]
    rows = np.flatnonzero(hole.any(axis=1)) + placed.box[1]
    columns = np.flatnonzero(hole.any(axis=0)) + placed.box[0]
    above, beside = round(_ABOVE * height), round(_BESIDE * width)
    first, last = max(0, rows[0] - above), min(height, rows[-1] + above)
    outside = _outside(placed, decoded.shape[:2])
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
    return eroded(around, _RIM)[1:-1, 1:-1]
