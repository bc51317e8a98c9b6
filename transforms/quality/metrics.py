"""What the gate measures. Pure: pictures and facts in, numbers by rule name out."""

from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from transforms.manifest.facts import Box, MatteFacts, Placement, PreparedFacts
from transforms.presets.preset import Preset
from transforms.quality.colour_difference import delta_e_2000, lab

OF_SOURCE = frozenset(
    {
        "matte_area_share",
        "matte_border_share",
        "matte_body_alpha",
        "matte_left_out",
        "matte_parts",
        "matte_disagreement",
        "matte_backdrop_inside",
        "matte_see_through",
        "matte_faded",
        "matte_opened",
        "matte_shadow_kept",
        "overlay_texts",
        "faces",
    }
)
OF_PRODUCT = frozenset(
    {
        "product_lock_differing_pixels",
        "colour_difference",
        "worst_tile_similarity",
        "product_contrast",
        "fill_deviation",
        "baseline_deviation",
        "enlargement",
    }
)
OF_PLAIN = frozenset({"background_exact_share", "border_exact_share"})
OF_SCENE = frozenset({"foreground_share"})
OF_REMADE = frozenset(
    {"registration_shift", "registration_scale", "structure_kept", "style_change"}
)
METRICS = OF_SOURCE | OF_PRODUCT | OF_PLAIN | OF_SCENE | OF_REMADE
"""Rule names of `config/gate.yaml`: each has a limit there, and nothing else has."""


def applying(preset: Preset) -> frozenset[str]:
    """The rules that a preset's pictures are held to: all that it could break, and no other."""
    if preset.preserve != "product":
        kept = {"structure": OF_REMADE, "none": frozenset({"style_change"})}
        return OF_SOURCE | kept[preset.preserve]
    if preset.engine == "standardise":
        return OF_SOURCE | OF_PRODUCT | OF_PLAIN
    return OF_SOURCE | OF_PRODUCT | (OF_SCENE if preset.backdrop else frozenset())


Pixels = npt.NDArray[np.uint8]

_HALF = 128
_CORE = 3
"""Pixels eroded from the opaque matte before anything is compared."""
_TILE = 48
_TILE_COVER = 0.5
_BLOCK = 8
"""JPEG's blocks: ringing goes no further than the block that an edge lies in."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The product as it belongs on the canvas, made anew from the prepared image."""

    product: Pixels
    """(height, width, 3)."""
    matte: Pixels
    """(height, width), 255 is product."""
    box: Box
    """Where both lie."""
    nearer: Pixels | None = None
    """(side, side), above 0 where something nearer than the product was laid over it; None: there
    is nothing."""

    def core(self) -> npt.NDArray[np.bool_]:
        """Pixels surely inside and seen: opaque, and three away from what is not."""
        seen = self.matte == 255  # noqa: PLR2004
        if self.nearer is not None:
            seen &= _cut(self.nearer, self.box) == 0
        opaque = cv2.copyMakeBorder(
            seen.view(np.uint8),
            _CORE, _CORE, _CORE, _CORE, cv2.BORDER_CONSTANT, value=0,
        )  # fmt: skip
        size = 2 * _CORE + 1
        eroded = cv2.erode(opaque, np.ones((size, size), np.uint8))
        return np.asarray(eroded, np.uint8)[_CORE:-_CORE, _CORE:-_CORE].view(np.bool_)


def lock_metrics(master: Pixels, placed: Placed) -> dict[str, float]:
    """Whether the product's pixels on the master are its own.

    Args:
        master: (side, side, 3), before encoding.
        placed: Made anew from the prepared image and the recorded placement.
    """
    same = _equal(cv2.absdiff(_cut(master, placed.box), placed.product), (0, 0, 0))
    return {"product_lock_differing_pixels": float(np.count_nonzero(~same & placed.core()))}


def product_metrics(decoded: Pixels, placed: Placed) -> dict[str, float]:
    """How the product came through encoding.

    Args:
        decoded: (side, side, 3), the channel's file, decoded.
        placed: What it should show.

    A product too small to have a core (a few pixels) is compared where its matte is opaque.
    """
    core = placed.core()
    if not core.any():
        core = placed.matte >= _HALF
    left, top, right, bottom = _bounds(core)
    core = core[top:bottom, left:right]
    wanted = placed.product[top:bottom, left:right]
    found = _cut(decoded, placed.box)[top:bottom, left:right]
    return {
        "colour_difference": _colour_difference(wanted, found, core),
        "worst_tile_similarity": _worst_tile(_luma(wanted), _luma(found), core),
        "product_contrast": float(_luma(found)[core].std()),
    }


def background_metrics(
    decoded: Pixels, background: tuple[int, int, int], *, boxes: list[Box]
) -> dict[str, float]:
    """Whether the background is exactly the brand's, also in the encoded file.

    Args:
        decoded: (side, side, 3), the channel's file, decoded.
        background: sRGB of the brand.
        boxes: Product and shadow; what lies outside all of them must be background.
    """
    exact = _equal(decoded, background)
    outside = np.ones(exact.shape, np.bool_)
    for left, top, right, bottom in boxes:
        first, above = (max(0, (each // _BLOCK - 1) * _BLOCK) for each in (left, top))
        last, below = ((each // _BLOCK + 2) * _BLOCK for each in (right, bottom))
        outside[above:below, first:last] = False
    border = np.concatenate([exact[0], exact[-1], exact[1:-1, 0], exact[1:-1, -1]])
    share = float(exact[outside].mean()) if outside.any() else 1.0
    return {"background_exact_share": share, "border_exact_share": float(border.mean())}


def framing_metrics(
    placed: Placed, placement: Placement, *, fill: float, baseline: float | None
) -> dict[str, float]:
    """Whether scale and baseline are as wanted, measured on the placed matte.

    Args:
        placed: The product on the canvas.
        placement: As recorded.
        fill: Wanted longer side, as a share of the canvas.
        baseline: Wanted height of the lowest pixel, as a share from the top; None: the product's
            middle belongs in the canvas's, as it lies and is seen from above.
    """
    left, top, right, bottom = _bounds(placed.matte >= _HALF)
    side = placement.canvas_px
    found = (placed.box[1] + bottom) / side
    if baseline is None:
        found, baseline = (placed.box[1] + (top + bottom) / 2) / side, 0.5
    return {
        "fill_deviation": abs(max(right - left, bottom - top) / side - fill),
        "baseline_deviation": abs(found - baseline),
        "enlargement": placement.scale,
    }


def matte_metrics(facts: MatteFacts) -> dict[str, float]:
    """What the cut-out itself says: reasons for a person to look."""
    return {
        "matte_area_share": facts.area_share,
        "matte_border_share": facts.border_share,
        "matte_body_alpha": facts.body_alpha,
        "matte_left_out": facts.left_out,
        "matte_parts": float(facts.parts),
        "matte_disagreement": facts.disagreement,
        "matte_backdrop_inside": facts.backdrop_inside,
        "matte_see_through": facts.see_through,
        "matte_faded": facts.faded,
        "matte_opened": float(facts.opened),
        "matte_shadow_kept": facts.shadow_kept,
    }


def recognition_metrics(
    facts: PreparedFacts, *, overlay_text: Literal["report", "remove"]
) -> dict[str, float]:
    """How many overlaid texts and how many faces there are.

    Args:
        facts: Of the prepared image.
        overlay_text: What the preset does about overlays; removed ones do not count.
    """
    overlays = [text for text in facts.texts if text.overlay]
    if overlay_text == "remove":
        overlays = [text for text in overlays if text.on_product > 0]
    return {"overlay_texts": float(len(overlays)), "faces": float(len(facts.faces))}


def _equal(pixels: npt.NDArray[Any], colour: tuple[int, int, int]) -> npt.NDArray[np.bool_]:
    """Which pixels have exactly this colour."""
    return np.asarray(cv2.inRange(pixels, colour, colour), np.uint8).astype(np.bool_)


def _colour_difference(wanted: Pixels, found: Pixels, core: npt.NDArray[np.bool_]) -> float:
    """Mean CIEDE2000 at half resolution: what JPEG does to single pixels is not seen.

    Every second pixel both ways is measured: the formula is slow, and a mean needs no more.
    """
    height, width = core.shape
    size = (max(1, width // 2), max(1, height // 2))
    inside = np.asarray(cv2.resize(core.view(np.uint8), size, interpolation=cv2.INTER_NEAREST))
    first, second = (
        lab(np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_AREA), np.uint8))
        for each in (wanted, found)
    )
    chosen = inside.astype(np.bool_)
    chosen[1::2] = chosen[:, 1::2] = False
    if not chosen.any():
        chosen[:] = True
    return float(delta_e_2000(first[chosen], second[chosen]).mean())


def _worst_tile(
    first: npt.NDArray[np.float32],
    second: npt.NDArray[np.float32],
    core: npt.NDArray[np.bool_],
) -> float:
    """Lowest mean SSIM of a tile that lies mostly inside; of all inside where none does."""
    similar = _ssim(first, second)
    inside = core.astype(np.float32)
    cover = cv2.boxFilter(inside, -1, (_TILE, _TILE), normalize=False, borderType=0)
    total = cv2.boxFilter(similar * inside, -1, (_TILE, _TILE), normalize=False, borderType=0)
    chosen = np.asarray(cover) > _TILE_COVER * _TILE * _TILE
    if not chosen.any():
        return float(similar[core].mean())
    return float((np.asarray(total)[chosen] / np.asarray(cover)[chosen]).min())


def _ssim(
    first: npt.NDArray[np.float32], second: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Structural similarity of each pixel's surroundings (Wang et al. 2004, sigma 1.5)."""

    def blurred(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float32)

    m1, m2 = blurred(first), blurred(second)
    v1, v2 = blurred(first * first) - m1 * m1, blurred(second * second) - m2 * m2
    both = blurred(first * second) - m1 * m2
    c1, c2 = np.float32((0.01 * 255) ** 2), np.float32((0.03 * 255) ** 2)
    top = (2 * m1 * m2 + c1) * (2 * both + c2)
    return np.asarray(top / ((m1 * m1 + m2 * m2 + c1) * (v1 + v2 + c2)), np.float32)


def _luma(pixels: Pixels) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.float32)


def _cut(canvas: Pixels, box: Box) -> Pixels:
    left, top, right, bottom = box
    return canvas[top:bottom, left:right]


def _bounds(mask: npt.NDArray[np.bool_]) -> Box:
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
