"""A picture that a model remade: against what it was made of, and against the product."""

import cv2
import numpy as np
import numpy.typing as npt

from transforms.cutout.looks import look
from transforms.errors import SourceError
from transforms.images.canvas import HALF, fit_within
from transforms.pixels import Pixels
from transforms.quality.colour_difference import delta_e_2000, lab
from transforms.quality.label import label_text_kept
from transforms.quality.placed import Placed, cut
from transforms.quality.registration import move_back, register
from transforms.quality.verdict import Measured
from transforms.records.facts import PreparedFacts

_STRUCTURE_PX = 384
_COLOUR_PX = 128
"""Style is judged by areas, not by pixels."""

NOTHING_IN_COMMON = 1.0
"""Shift and scale of two pictures that do not show the same."""


def restyling_metrics(before: Pixels, after: Pixels) -> dict[str, float]:
    """How far a remade picture went from the one that it was made of.

    Args:
        before: (height, width, 3), sRGB: what the model was given.
        after: (height, width, 3), sRGB, of the same aspect: what it made.

    Returns:
        `registration_shift`: share of the longer side by which the content moved; 1 where nothing
        in common was found. `registration_scale`: |scale - 1|; 1 where nothing was found.
        `structure_kept`: correlation of edges after moving them back, -1 to 1. `style_change`:
        mean CIEDE2000 of areas; 0 is the same picture.
    """
    found = register(before, after)
    if not found.sure:
        moved = {
            "registration_shift": NOTHING_IN_COMMON,
            "registration_scale": NOTHING_IN_COMMON,
        }
        back = after
    else:
        moved = {
            "registration_shift": found.distance,
            "registration_scale": abs(found.scale - 1),
        }
        back = move_back(after, found)
    return moved | {
        "structure_kept": _correlation(_edges(before), _edges(back)),
        "style_change": _colour_change(before, back),
    }


def _edges(pixels: Pixels) -> npt.NDArray[np.float32]:
    """Edges, a little blurred: a brush stroke beside a line is still that line."""
    luma = cv2.cvtColor(fit_within(pixels, _STRUCTURE_PX), cv2.COLOR_RGB2GRAY).astype(np.float32)
    across, down = (cv2.Sobel(luma, cv2.CV_32F, *each, ksize=3) for each in ((1, 0), (0, 1)))
    strength = np.log1p(cv2.magnitude(across, down))
    return np.asarray(cv2.GaussianBlur(strength, (0, 0), 2.0), np.float32)


def _correlation(first: npt.NDArray[np.float32], second: npt.NDArray[np.float32]) -> float:
    if first.shape != second.shape:
        second = np.asarray(cv2.resize(second, first.shape[::-1]), np.float32)
    a, b = (each - each.mean() for each in (first, second))
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / norm if norm else 0.0


def _colour_change(before: Pixels, after: Pixels) -> float:
    first, second = (lab(fit_within(each, _COLOUR_PX)) for each in (before, after))
    if first.shape != second.shape:
        second = np.asarray(cv2.resize(second, first.shape[1::-1]), np.float32)
    return float(delta_e_2000(first.reshape(-1, 3), second.reshape(-1, 3)).mean())


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
        found = look(fit_within(decoded, _LOOKED_AT_PX), model, 1).alpha >= HALF
    except SourceError:  # it sees no product at all
        return 0.0
    wanted = fit_within(whole, _LOOKED_AT_PX) >= HALF
    return float((found & wanted).sum() / max(1, (found | wanted).sum()))
