"""Where a picture differs from the product it shows: CIEDE2000 as a map."""

from threading import Semaphore

import numpy as np

from transforms.images.canvas import compose_over, fit_within, lay_on_canvas
from transforms.images.codec import decode, decode_png, encode_png
from transforms.pixels import Pixels
from transforms.quality.colour_difference import delta_e_2000, lab
from transforms.records.facts import RenditionFacts

SIDE_PX = 1000
STRONGEST = 5.0
"""CIEDE2000 that is drawn at full strength: plainly another colour."""
_AT_WORK = Semaphore(2)
_SURE = 250
"""Alpha from which on a pixel is the product's own."""


def difference_map(photo: bytes, matte: bytes, result: bytes, facts: RenditionFacts) -> bytes:
    """Compare a finished file with the product as it was laid on the canvas.

    Args:
        photo: `image.png` of the prepared photograph.
        matte: `matte.png` of the same.
        result: The file, as a channel gets it or without loss.
        facts: Say where the product lies.

    Returns:
        PNG with one channel, the longer side at most SIDE_PX: 0 no difference or no product, 255
        a CIEDE2000 of STRONGEST or more.
    """
    with _AT_WORK:
        after = decode(result)
        product, box = lay_on_canvas(decode_png(photo), facts.placement)
        cover = lay_on_canvas(decode_png(matte), facts.placement)[0]
        before = compose_over(after.copy(), product, cover, box)
        inside = np.zeros(after.shape[:2], np.uint8)
        left, top, right, bottom = box
        inside[top:bottom, left:right] = cover
        return encode_png(_drawn(fit_within(before, SIDE_PX), fit_within(after, SIDE_PX),
                                 fit_within(inside, SIDE_PX)))  # fmt: skip


def _drawn(before: Pixels, after: Pixels, inside: Pixels) -> Pixels:
    drawn = np.zeros(inside.shape, np.uint8)
    where = inside >= _SURE
    if where.any():
        differing = delta_e_2000(lab(before)[where], lab(after)[where])
        drawn[where] = np.clip(differing * (255 / STRONGEST), 0, 255)
    return drawn
