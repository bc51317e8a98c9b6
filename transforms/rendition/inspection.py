"""What a picture claims to show, told without any record of ours: the product found in it."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from transforms.errors import ConfigError, RenderError
from transforms.images.canvas import laid
from transforms.images.shadow import shade_of
from transforms.manifest.facts import Attempt, RenditionFacts
from transforms.manifest.fingerprint import steps_of
from transforms.preparation.sequence import Prepared
from transforms.presets.gate import Gate
from transforms.presets.look import Look
from transforms.presets.preset import Backdrop, Preset
from transforms.quality.examination import Claim, claimed
from transforms.quality.placed import Pixels, Placed
from transforms.quality.restyling import restyling_metrics
from transforms.quality.sighting import Sighting, sighted, snapped
from transforms.rendition.devices import Devices
from transforms.rendition.painter import Painter, Picture, Shown
from transforms.rendition.standard import standardised
from transforms.storage.protocol import Storage

_EVEN = 4
"""Levels by which the border of a plain picture may vary."""
_SAME = 6.0
"""Median difference in levels outside the product, up to which a backdrop is the one of ours."""
_SMALL_PX = 200


@dataclass(frozen=True, slots=True)
class Inspection:
    """A picture, and what it should show."""

    claim: Claim
    sighting: Sighting
    ours: bool
    """It is a rendition of ours: made anew it is the same, so all that we know of it counts."""


def square(picture: Pixels) -> Pixels:
    """A picture on a square canvas, its border carried on."""
    height, width = picture.shape[:2]
    side = max(height, width)
    across, down = side - width, side - height
    sides = down // 2, down - down // 2, across // 2, across - across // 2
    return np.asarray(cv2.copyMakeBorder(picture, *sides, cv2.BORDER_REPLICATE), np.uint8)


def is_plain(picture: Pixels) -> bool:
    """Whether the border of a picture is one colour."""
    border = _border(picture)
    return bool(np.percentile(np.abs(border - np.median(border, axis=0)), 95) <= _EVEN)


def look_for(picture: Pixels, plain: list[Look], scene: Look) -> Look:
    """The look that a picture claims by itself: the plain one of the nearest colour, or a scene.

    Args:
        picture: (height, width, 3), sRGB.
        plain: Looks that may be meant, with the one to prefer first.
        scene: Its brand says how large a product stands in a scene.
    """
    if is_plain(picture):
        colour = np.median(_border(picture), axis=0)
        return min(plain, key=lambda each: float(np.abs(colour - each.brand.background).max()))
    preset = Preset(
        name="scene",
        purpose="Any scene, of which nothing is known but its brand.",
        brand=scene.brand.name,
        engine="scene",
        backdrop=Backdrop(scaffold="any"),
    )
    return Look(variant="scene", preset=preset, brand=scene.brand)


def inspected(
    picture: Pixels,
    prepared: Prepared,
    look: Look,
    *,
    gate: Gate,
    sku: str,
    plates: Storage | None = None,
) -> Inspection:
    """Find the product, and tell what the picture should show.

    Args:
        picture: (height, width, 3), sRGB.
        prepared: The product's photograph, prepared.
        look: That the picture claims.
        gate: For presets that ask a model.
        sku: Of the product: says which backdrop a scene of ours has.
        plates: Where a scene's plates lie.

    Raises:
        RenderError: The photograph shows no product that can be laid on a canvas.
    """
    height, width = picture.shape[:2]
    # Of this size exactly, however small the photograph: whether it is enlarged is then measured.
    canvas = {"canvas_px": width, "canvas_height_px": height, "enlarge": True}
    look = look.model_copy(update={"brand": look.brand.model_copy(update=canvas)})
    found = sighted(picture, prepared.image, prepared.matte)
    if look.preset.preserve != "product":
        return _restyled(picture, prepared, look, found)
    made = _made(prepared, look, gate, sku, plates)
    if made is not None:
        placement = snapped(found.placement, made.facts.placement)
        found = replace(found, placement=placement)
        if placement == made.facts.placement and _is_alike(picture, made.pixels):
            placed = _placed(prepared, made.facts, made.nearer)
            return Inspection(claimed(look, prepared.facts, made.facts, placed), found, ours=True)
    facts = _facts(prepared, look, found)
    claim = claimed(look, prepared.facts, facts, _placed(prepared, facts, None))
    if look.preset.engine != "standardise":
        claim = replace(claim, stand=None)
    return Inspection(claim, found, ours=False)


def _restyled(picture: Pixels, prepared: Prepared, look: Look, found: Sighting) -> Inspection:
    """Held against what a model would have been given: the product on the plain canvas."""
    if look.preset.edits != "standard":
        raise ConfigError(
            f"preset {look.preset.name}: what its model was given cannot be made anew here; "
            "name a preset that edits the plain canvas"
        )
    facts, base = standardised(prepared.image, prepared.matte, look)
    attempt = Attempt(
        number=1,
        strength=None,
        seed=look.preset.seed,
        why="inspected",
        kept=True,
        reason="",
        measured=restyling_metrics(base, picture),
    )
    facts = facts.model_copy(update={"engine": look.preset.engine, "attempts": (attempt,)})
    claim = claimed(look, prepared.facts, facts, _placed(prepared, facts, None))
    return Inspection(claim, found, ours=False)


def _made(
    prepared: Prepared, look: Look, gate: Gate, sku: str, plates: Storage | None
) -> Picture | None:
    """What we would have made of the photograph; None: it takes a model, or an unknown scene."""
    if look.diffusion is not None or look.preset.engine == "edit" or look.preset.name == "scene":
        return None
    shown = Shown(sku, prepared.image, prepared.matte, prepared.facts)
    with Devices() as devices:
        painter = Painter(look, devices=devices, gate=gate, plates=plates)
        ((_, made),) = painter.made([lambda: shown])
    if isinstance(made, RenderError):
        raise made
    return made


def _is_alike(picture: Pixels, made: Pixels) -> bool:
    """Whether two pictures have the same surroundings, but for what was damaged in them."""
    first, second = (
        cv2.resize(each, (_SMALL_PX, _SMALL_PX), interpolation=cv2.INTER_AREA)
        for each in (picture, made)
    )
    return float(np.median(cv2.absdiff(first, second))) <= _SAME


def _facts(prepared: Prepared, look: Look, found: Sighting) -> RenditionFacts:
    """Facts of a picture of which nothing is known but where the product is."""
    shadow = None
    if look.preset.engine == "standardise":
        width, height = found.placement.size_px
        matte = np.zeros((height, width), np.uint8)
        cover, (left, top, right, bottom) = laid(prepared.matte, found.placement)
        matte[top:bottom, left:right] = cover
        shade = shade_of(matte, look.preset.shadow)
        shadow = shade.box if shade else None
    return RenditionFacts(
        prepared="",
        preset=look.preset.name,
        brand=look.brand.name,
        engine=look.preset.engine,
        seed=look.preset.seed,
        placement=found.placement,
        enlarged=found.placement.enlarged,
        shadow=shadow,
        versions=steps_of(look),
    )


def _placed(prepared: Prepared, facts: RenditionFacts, nearer: Pixels | None) -> Placed:
    product, box = laid(prepared.image, facts.placement)
    return Placed(product, laid(prepared.matte, facts.placement)[0], box, nearer)


def _border(picture: Pixels) -> npt.NDArray[np.float32]:
    edges = [picture[0], picture[-1], picture[:, 0], picture[:, -1]]
    return np.concatenate(edges).astype(np.float32)
