"""The matte of the product: two looks of the network, or the transparency that it came with."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.cutout.left_out import left_out
from transforms.cutout.network import salience
from transforms.errors import SourceError
from transforms.manifest.facts import Box, MatteFacts

HALF = 128
"""From this alpha on a pixel is more product than not."""

_SUBJECT = 0.2
"""Where the first look answers more than this, the second looks closer."""
_MARGIN = 0.08
_LEAST_PEAK = 0.5
_WHOLE = 0.97
"""A second look at nearly the same square shows nothing new."""
_SURE, _KEPT = 0.9, 0.95
_FLOOR, _CEILING = 0.04, 0.96
_CROP_MARGIN = 0.02
_SPECK = 0.002
_RIM = 0.02
_TRANSPARENT, _CLEAR_SHARE = 10, 0.005


@dataclass(frozen=True, slots=True)
class Matte:
    """Which pixels of an upright picture are product."""

    alpha: npt.NDArray[np.uint8]
    """(height, width), 255 is product."""
    facts: MatteFacts


def matte_of(
    rgb: npt.NDArray[np.uint8], alpha: npt.NDArray[np.uint8] | None, *, model: str
) -> Matte:
    """Find the product.

    Args:
        rgb: (height, width, 3), sRGB, upright. Not modified.
        alpha: Transparency that the picture came with; None: none.
        model: Entry of `config/models.yaml`.

    Raises:
        SourceError: `no_subject`: nothing stands out, or all is transparent.
        ModelError: Weights are missing, or are not the ones we know.
    """
    if alpha is not None and _is_cut_out(alpha):
        if alpha.max() < HALF:
            raise SourceError("no_subject", "The picture is transparent all over: export it again.")
        return Matte(alpha, _facts(alpha, origin="alpha", model="", passes=0, joined=False))
    found, passes, joined = _two_looks(rgb, model)
    if found.max() < HALF:
        raise _no_subject()
    facts = _facts(found, origin="network", model=model, passes=passes, joined=joined)
    facts = facts.model_copy(update={"left_out": round(left_out(rgb, found), 4)})
    return Matte(np.maximum(found, _filled(found)), facts)


def crop_box(matte: npt.NDArray[np.uint8]) -> Box:
    """The product's extent with a margin, within the picture."""
    height, width = matte.shape
    left, top, right, bottom = _extent(matte > 0)
    margin = max(4, round(_CROP_MARGIN * max(right - left, bottom - top)))
    return (
        max(0, left - margin),
        max(0, top - margin),
        min(width, right + margin),
        min(height, bottom + margin),
    )


def _is_cut_out(alpha: npt.NDArray[np.uint8]) -> bool:
    """Whether transparency says where the product is; a channel that is full says nothing."""
    return float(np.mean(alpha < _TRANSPARENT)) >= _CLEAR_SHARE


def _two_looks(rgb: npt.NDArray[np.uint8], model: str) -> tuple[npt.NDArray[np.uint8], int, bool]:
    """Matte, how often the network looked, and whether both looks were joined.

    The network sees 320 px. A second look at the product's surroundings alone gives it two to
    three times the detail: sharper edges, open handles.
    """
    height, width = rgb.shape[:2]
    first = salience(rgb, model)
    if first.max() < _LEAST_PEAK:
        raise _no_subject()
    box = _closer(first, height, width)
    left, top, right, bottom = box
    if (right - left) * (bottom - top) >= _WHOLE * height * width:
        return _clean(_enlarged(first, width, height)), 1, False
    second = salience(np.ascontiguousarray(rgb[top:bottom, left:right]), model)
    matte = np.zeros((height, width), dtype=np.float32)
    matte[top:bottom, left:right] = _enlarged(second, right - left, bottom - top)
    seen = cv2.resize(matte, first.shape[::-1], interpolation=cv2.INTER_AREA)
    sure = first > _SURE
    joined = bool(sure.any()) and float(np.mean(np.asarray(seen)[sure] > _SURE / 2)) < _KEPT
    if joined:
        matte = np.maximum(matte, _enlarged(first, width, height))
    return _clean(matte), 2, joined


def _closer(first: npt.NDArray[np.float32], height: int, width: int) -> Box:
    left, top, right, bottom = _extent(first > _SUBJECT)
    across, down = width / first.shape[1], height / first.shape[0]
    margin = _MARGIN * max((right - left) * across, (bottom - top) * down)
    return (
        max(0, int(left * across - margin)),
        max(0, int(top * down - margin)),
        min(width, int(np.ceil(right * across + margin))),
        min(height, int(np.ceil(bottom * down + margin))),
    )


def _enlarged(answer: npt.NDArray[np.float32], width: int, height: int) -> npt.NDArray[np.float32]:
    enlarged = cv2.resize(answer, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(enlarged, np.float32)


def _clean(matte: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Whole and none where the network is nearly sure, without specks that touch nothing."""
    levels = (matte - _FLOOR) * (255 / (_CEILING - _FLOOR))
    cleaned: npt.NDArray[np.uint8] = np.rint(np.clip(levels, 0, 255)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((cleaned > 0).view(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA]
    if count > 2:  # noqa: PLR2004 - the background and one piece
        for piece in np.flatnonzero(areas < _SPECK * areas[1:].max()):
            left, top, width, height = stats[piece, : cv2.CC_STAT_AREA]
            part = np.s_[top : top + height, left : left + width]
            cleaned[part][np.asarray(labels)[part] == piece] = 0
    return cleaned


def _facts(
    alpha: npt.NDArray[np.uint8], *, origin: str, model: str, passes: int, joined: bool
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


def _filled(alpha: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Opaque in the middle of the product, where nothing may shine through, and softly less."""
    reach = _reach(alpha)
    core = cv2.blur(_body(alpha).astype(np.uint8) * 255, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(core, np.uint8)


def _body(alpha: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Well inside the product: further from its edge than `_RIM` of its size."""
    size = 2 * _reach(alpha) + 1
    eroded = cv2.erode((alpha >= HALF).view(np.uint8), np.ones((size, size), np.uint8))
    return np.asarray(eroded, np.uint8).view(np.bool_)


def _reach(alpha: npt.NDArray[np.uint8]) -> int:
    return max(1, round(_RIM * float(np.sqrt(np.count_nonzero(alpha >= HALF)))))


def _extent(mask: npt.NDArray[np.bool_]) -> Box:
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _no_subject() -> SourceError:
    return SourceError(
        "no_subject", "No product stands out from its background: photograph it on a plainer one."
    )
