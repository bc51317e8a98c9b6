"""One picture, measured by every rule that applies: the same for the night, the bench and inspect.

What a picture should show is given apart from what it shows, so a fault is found wherever it came
from: in the rendition, in encoding, or in a file that somebody else made.

A new metric has a name in `metrics`, a value in `examine`, and a limit in `config/gate.yaml`.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from transforms.composition.standing import fill_of
from transforms.images.canvas import HALF
from transforms.images.placing import standing
from transforms.pixels import Pixels
from transforms.presets.gate import Gate
from transforms.presets.look import Look
from transforms.quality.fidelity import lock_metrics, measure_file_similarity, product_metrics
from transforms.quality.label import label_text_kept
from transforms.quality.metrics import OF_REMADE, applicable_metrics
from transforms.quality.openings import holes_filled
from transforms.quality.outline import boundary_changed, halo
from transforms.quality.placed import OPAQUE, Placed, bounds, cut
from transforms.quality.restyling import restyled_metrics, restyling_metrics
from transforms.quality.surround import background_metrics, make_plain_backdrop, picture_metrics
from transforms.quality.verdict import Measured, keep_worst
from transforms.records.facts import MatteFacts, Placement, PreparedFacts, RenditionFacts


@dataclass(frozen=True, slots=True)
class Claim:
    """What a picture claims to show."""

    look: Look
    prepared: PreparedFacts
    rendered: RenditionFacts
    """Of a rendition of ours; of another picture what registration found."""
    placed: Placed
    master: Pixels | None = None
    """(height, width, 3), before encoding; None: nobody has it, so what needs it is not
    measured."""
    stand: float | None = None
    """Where the product's lowest pixel belongs, as a share of the height; None: nobody knows."""
    given: Pixels | None = None
    """(height, width, 3), at any size: what a diffusion model remade as a whole; None: nobody has
    it, so what needs it is not measured."""
    scene: Pixels | None = None
    """(height, width, 3): the scene as we laid the product in, so that its openings show what is
    behind it; None: nobody has it, or a model painted there."""


def make_claim(
    look: Look,
    prepared: PreparedFacts,
    rendered: RenditionFacts,
    placed: Placed,
    *,
    master: Pixels | None = None,
    given: Pixels | None = None,
) -> Claim:
    """What a rendition of ours claims to show, by its facts."""
    backdrop = rendered.backdrop
    stand = backdrop.stand if backdrop else _standing(placed, rendered, look)
    scene = master if look.preset.engine == "scene" else None
    return Claim(look, prepared, rendered, placed, master, stand, given, scene)


def examine(files: list[Pixels], claim: Claim, gate: Gate) -> Measured:
    """Every metric that applies to a picture; of several files the worst value counts.

    Args:
        files: The channels' files, decoded: (height, width, 3), sRGB.
        claim: What they should show.
        gate: Says which direction of a metric is worse.

    Returns:
        Value by rule; None where it cannot be told for this picture.
    """
    preset = claim.look.preset
    measured: Measured = {}
    measured |= matte_metrics(claim.prepared.matte)
    measured |= recognition_metrics(claim.prepared, overlay_text=preset.overlay_text)
    shown: Measured = {}
    for pixels in files:
        found: Measured = {**picture_metrics(pixels), "file_similarity": _as_made(pixels, claim)}
        if preset.preserve == "product":
            found |= _of_product(pixels, claim)
        else:
            found |= _of_edit(pixels, claim)
        shown = keep_worst(shown, found, gate)
    measured |= shown
    if preset.preserve == "product":
        measured |= _of_placement(claim)
    rules = applicable_metrics(preset)
    missing = rules - set(measured)
    if missing:
        raise ValueError(f"preset {preset.name}: not measured: {', '.join(sorted(missing))}")
    return {name: value for name, value in measured.items() if name in rules}


def _of_product(pixels: Pixels, claim: Claim) -> Measured:
    """What a file with the product's own pixels is held to."""
    look, placed = claim.look, claim.placed
    plain = look.brand.background if look.preset.engine == "standardise" else None
    expected = make_plain_backdrop(placed, look, size=pixels.shape[1::-1]) if plain else None
    found: Measured = {
        **product_metrics(pixels, placed),
        "boundary_changed": boundary_changed(pixels, placed),
        "halo" if plain else "scene_halo": halo(pixels, placed, expected),
        "holes_filled": holes_filled(pixels, placed, expected, scene=claim.scene),
        "label_text_kept": label_text_kept(pixels, placed, claim.prepared),
    }
    if plain:
        found |= background_metrics(pixels, plain, placed, claim.rendered.shadow)
    return found


def _of_placement(claim: Claim) -> Measured:
    """Lock, fill and baseline."""
    look, backdrop = claim.look, claim.rendered.backdrop
    measured: Measured = {"product_lock_differing_pixels": None}
    if claim.master is not None:
        measured |= lock_metrics(claim.master, claim.placed)
    lies = backdrop is not None and backdrop.view == "overhead"
    framing: Measured = {
        **framing_metrics(
            claim.placed,
            claim.rendered.placement,
            fill=_fill(claim),
            baseline=None if lies or claim.stand is None else claim.stand,
        )
    }
    if claim.stand is None and not lies:
        framing["baseline_deviation"] = None
    if look.preset.backdrop:
        measured["foreground_share"] = _hidden(claim.placed) if backdrop else None
    return measured | framing


def _fill(claim: Claim) -> float:
    brand = claim.look.brand
    if claim.look.preset.backdrop:
        width, height = claim.rendered.placement.size_px
        return fill_of(claim.placed.matte, brand.scene_fill, aspect=width / height)
    return brand.fill


def _standing(placed: Placed, rendered: RenditionFacts, look: Look) -> float:
    """Where a product of this height stands on the look's plain canvas, as a share from the top."""
    width, height = rendered.placement.size_px
    baseline = look.brand.baseline
    if height <= width and baseline != "middle":
        return baseline
    _, top, _, bottom = bounds(placed.matte >= HALF)
    return standing(bottom - top, (width, height), baseline) / height


def _of_edit(pixels: Pixels, claim: Claim) -> Measured:
    """What a file that a model remade as a whole is held to."""
    # None of our networks compares a picture with words.
    measured: Measured = {**dict.fromkeys(OF_REMADE), "prompt_match": None}
    if claim.given is not None:
        measured |= restyling_metrics(claim.given, pixels)
    if claim.look.preset.preserve == "structure":
        measured |= restyled_metrics(pixels, claim.placed, claim.prepared)
    return measured


def _hidden(placed: Placed) -> float:
    """Share of a product that something before it hides."""
    if placed.occluder is None:
        return 0.0
    cover = placed.matte.astype(np.float32)
    hidden = cut(placed.occluder, placed.box) / np.float32(OPAQUE) * cover
    return float(hidden.sum() / max(1.0, float(cover.sum())))


def _as_made(pixels: Pixels, claim: Claim) -> float | None:
    return None if claim.master is None else measure_file_similarity(pixels, claim.master)


def matte_metrics(facts: MatteFacts) -> dict[str, float]:
    """What the cut-out itself says."""
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


def framing_metrics(
    placed: Placed, placement: Placement, *, fill: float, baseline: float | None
) -> dict[str, float]:
    """Whether scale and baseline are as wanted, measured on the placed matte.

    Args:
        placed: The product on the canvas.
        placement: As recorded, or as found by registration.
        fill: Wanted larger of its width and height, each as a share of the canvas's.
        baseline: Wanted height of the lowest pixel, as a share from the top; None: the product's
            middle belongs in the canvas's, as it lies and is seen from above.

    Returns:
        `fill_deviation`, `baseline_deviation`: shares of the canvas. `enlargement`: canvas pixels
        for each pixel of the photograph.
    """
    left, top, right, bottom = bounds(placed.matte >= HALF)
    width, height = placement.size_px
    found = (placed.box[1] + bottom) / height
    if baseline is None:
        found, baseline = (placed.box[1] + (top + bottom) / 2) / height, 0.5
    return {
        "fill_deviation": abs(max((right - left) / width, (bottom - top) / height) - fill),
        "baseline_deviation": abs(found - baseline),
        "enlargement": placement.scale,
    }
