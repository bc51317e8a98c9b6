"""Whether the product is still itself in a picture that a model remade as a whole. Pure."""

import numpy as np

from transforms.cutout.looks import look
from transforms.errors import SourceError
from transforms.images.canvas import HALF, fitted
from transforms.pixels import Pixels
from transforms.quality.colour_difference import lab
from transforms.quality.label import label_text_kept
from transforms.quality.placed import Placed, cut
from transforms.quality.verdict import Measured
from transforms.records.facts import PreparedFacts

_LOOKED_AT_PX = 800


def restyled_metrics(decoded: Pixels, placed: Placed, facts: PreparedFacts) -> Measured:
    """Shape, tint and label of the product, against the product as it was given to the model.

    Args:
        decoded: (height, width, 3), sRGB: the file. That nothing moved in it is told by
            `registration_shift` and `registration_scale`.
        placed: The product where it was given.
        facts: Of the prepared image.

    Returns:
        `matte_overlap`: intersection over union of both outlines, 0 to 1; None where no network
        cut the photograph out, so that none is known to see this product.
        `tint_change`: distance of the mean a*, b*, in CIE Lab units.
        `label_text_kept`: see `label.label_text_kept`.
    """
    inside = placed.matte >= HALF
    wanted, found = (
        lab(each)[inside][:, 1:].mean(axis=0) for each in (placed.product, cut(decoded, placed.box))
    )
    return {
        "matte_overlap": _overlap(decoded, placed, facts.matte.model),
        "tint_change": float(np.hypot(*(wanted - found))),
        "label_text_kept": label_text_kept(decoded, placed, facts),
    }


def _overlap(decoded: Pixels, placed: Placed, model: str) -> float | None:
    """Intersection over union with what the network finds in the file in one look."""
    if not model:
        return None
    whole = np.zeros(decoded.shape[:2], np.uint8)
    cut(whole, placed.box)[...] = placed.matte
    try:
        found = look(fitted(decoded, _LOOKED_AT_PX), model, 1).alpha >= HALF
    except SourceError:  # it sees no product at all
        return 0.0
    wanted = fitted(whole, _LOOKED_AT_PX) >= HALF
    return float((found & wanted).sum() / max(1, (found | wanted).sum()))
