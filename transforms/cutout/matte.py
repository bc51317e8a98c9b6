"""The matte of the product: two looks of the network, transparency of its own, or a mask."""

from dataclasses import dataclass

import cv2
import numpy as np

from transforms.cutout.doubt import doubts_of, faded_share
from transforms.cutout.drawn_shadow import without_drawn_shadow
from transforms.cutout.edge import refine_edge
from transforms.cutout.holes import open_holes
from transforms.cutout.left_out import measure_left_out
from transforms.cutout.looks import disagreement_of, extent_of, look, no_subject
from transforms.errors import SourceError
from transforms.pixels import Mask, Pixels
from transforms.records.facts import Box, MatteFacts

HALF = 128
"""From this alpha on a pixel is more product than not."""

_CROP_MARGIN = 0.02
_RIM = 0.02
_TRANSPARENT, _CLEAR_SHARE = 10, 0.005


@dataclass(frozen=True, slots=True)
class Matte:
    """Which pixels of an upright picture are product."""

    alpha: Pixels
    """(height, width), 255 is product."""
    facts: MatteFacts


def matte_of(
    rgb: Pixels,
    alpha: Pixels | None,
    *,
    model: str,
    looks: int = 2,
    mask: Pixels | None = None,
    second_opinion: str = "",
) -> Matte:
    """Find the product.

    Args:
        rgb: (height, width, 3), sRGB, upright. Not modified.
        alpha: Transparency that the picture came with; None: none.
        model: Entry of `config/models.yaml`.
        looks: 2 shows the network the product's surroundings again, larger; 1 does not.
        mask: (height, width), what a person said is product: used as it is. None: nobody did.
        second_opinion: Another entry, asked only to see where both disagree. Empty: none.

    Raises:
        SourceError: `no_subject`: nothing stands out, or all is transparent. `empty_mask`: the
            mask shows no product.
        ModelError: Weights are missing, or are not the ones we know.
    """
    if mask is not None:
        if mask.max() < HALF:
            raise SourceError("empty_mask", "The mask shows no product: paint the product white.")
        return Matte(mask, _facts(mask, origin="mask"))
    if alpha is not None and _is_cut_out(alpha):
        if alpha.max() < HALF:
            raise SourceError("no_subject", "The picture is transparent all over: export it again.")
        alone, shadow = without_drawn_shadow(rgb, alpha)
        facts = _facts(alone, origin="alpha").model_copy(update={"drawn_shadow": shadow})
        return Matte(alone, facts)
    seen = look(rgb, model, looks)
    found = seen.alpha
    if found.max() < HALF:
        raise no_subject()
    disagreement = seen.disagreement
    if second_opinion:
        disagreement = _contradiction(found, rgb, second_opinion, looks)
    whole = np.maximum(found, _fill(found))
    holes = open_holes(rgb, whole)
    drawn = refine_edge(rgb, holes.matte, cell=seen.cell)
    doubts = doubts_of(rgb, drawn)
    facts = _facts(drawn, origin="network", model=model, passes=seen.passes, joined=seen.joined)
    more = {
        "left_out": round(measure_left_out(rgb, whole), 4),
        "opened": holes.opened,
        "backdrop_inside": round(holes.backdrop_inside, 4),
        "see_through": round(doubts.see_through, 4),
        "faded": round(faded_share(drawn), 4),
        "shadow_kept": round(doubts.shadow_kept, 4),
        "disagreement": round(disagreement, 4),
        "second_opinion": second_opinion,
    }
    return Matte(drawn, facts.model_copy(update=more))


def crop_box(matte: Pixels) -> Box:
    """The product's extent with a margin, within the picture."""
    height, width = matte.shape
    left, top, right, bottom = extent_of(matte > 0)
    margin = max(4, round(_CROP_MARGIN * max(right - left, bottom - top)))
    return (
        max(0, left - margin),
        max(0, top - margin),
        min(width, right + margin),
        min(height, bottom + margin),
    )


def _is_cut_out(alpha: Pixels) -> bool:
    """Whether transparency says where the product is; a channel that is full says nothing."""
    return float(np.mean(alpha < _TRANSPARENT)) >= _CLEAR_SHARE


def _contradiction(found: Pixels, rgb: Pixels, model: str, looks: int) -> float:
    """How far another network's answer is from this one; 1 where it sees nothing."""
    try:
        other = look(rgb, model, looks).alpha
    except SourceError:
        return 1.0
    return disagreement_of(found >= HALF, other >= HALF)


def _facts(
    alpha: Pixels,
    *,
    origin: str,
    model: str = "",
    passes: int = 0,
    joined: bool = False,
) -> MatteFacts:
    solid = (alpha >= HALF).view(np.uint8)
    height, width = solid.shape
    border = np.concatenate([solid[0], solid[-1], solid[1:-1, 0], solid[1:-1, -1]])
    body = _body(alpha)
    inside = alpha[body if body.any() else solid.view(bool)]
    stats = cv2.connectedComponentsWithStats(solid)[2]
    areas = stats[1:, cv2.CC_STAT_AREA]
    return MatteFacts.model_validate(
        {
            "origin": origin,
            "model": model,
            "passes": passes,
            "joined": joined,
            "area_share": round(float(solid.sum()) / (height * width), 5),
            "border_share": round(float(border.mean()), 5),
            "body_alpha": round(float(inside.mean()) / 255, 4),
            "parts": int((areas > 0.01 * areas.max()).sum()),
        }
    )


def _fill(alpha: Pixels) -> Pixels:
    """Opaque in the middle of the product, where nothing may shine through, and softly less."""
    reach = _reach(alpha)
    core = cv2.blur(_body(alpha).astype(np.uint8) * 255, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(core, np.uint8)


def _body(alpha: Pixels) -> Mask:
    """Well inside the product: further from its edge than `_RIM` of its size."""
    size = 2 * _reach(alpha) + 1
    eroded = cv2.erode((alpha >= HALF).view(np.uint8), np.ones((size, size), np.uint8))
    return np.asarray(eroded, np.uint8).view(np.bool_)


def _reach(alpha: Pixels) -> int:
    return max(1, round(_RIM * float(np.sqrt(np.count_nonzero(alpha >= HALF)))))
