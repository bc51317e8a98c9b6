"""Finds a product in a picture of which no record is at hand, and what the picture should show."""

from contextlib import suppress
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from transforms.errors import RenderError
from transforms.images.canvas import lay_on_canvas, place_on_canvas
from transforms.images.shadow import shade_of
from transforms.pixels import Pixels
from transforms.preparation.sequence import Prepared
from transforms.presets.gate import Gate
from transforms.presets.look import Look
from transforms.presets.preset import Backdrop, Preset
from transforms.quality.examination import Claim, make_claim
from transforms.quality.placed import Placed
from transforms.quality.placement import FoundPlacement, find_placement, snap
from transforms.quality.registration import register
from transforms.records.facts import RenditionFacts
from transforms.records.fingerprint import steps_of
from transforms.rendition.engine_cache import EngineCache
from transforms.rendition.pictures import PreparedPicture, RenderedPicture
from transforms.rendition.renderer import Renderer
from transforms.storage.protocol import Storage

_EVEN = 4
"""Levels by which the border of a plain picture may vary."""
_SAME = 6.0
"""Median difference in levels outside the product, up to which a backdrop is the one of ours."""
_SMALL_PX = 200
_ANY_SCENE = "scene"
"""Name of the look of a scene that is none of ours."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an inspected picture should show, and where its product was found."""

    claim: Claim
    found_placement: FoundPlacement
    ours: bool
    """The picture equals the rendition that is made anew from its photograph, so the facts of that
    one hold for it."""


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
        name=_ANY_SCENE,
        purpose="Any scene, of which nothing is known but its brand.",
        brand=scene.brand.name,
        engine="scene",
        backdrop=Backdrop(scaffold="any"),
    )
    return Look(variant=_ANY_SCENE, preset=preset, brand=scene.brand)


def inspect_picture(
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
    look, given = _expected(picture, prepared, look, gate=gate, sku=sku, plates=plates)
    if look.preset.preserve != "product" and given is not None:
        return _restyled(picture, prepared, look, given)
    at = [given.facts.placement] if given else []
    found = find_placement(picture, prepared.image, prepared.matte, expected=at)
    if given is None:
        return _unknown(prepared, look, found)
    placement = snap(found.placement, given.facts.placement)
    found = replace(found, placement=placement)
    if placement != given.facts.placement:
        return _unknown(prepared, look, found)
    if _is_alike(picture, given.pixels):
        placed = _placed(prepared, given.facts, given.occluder)
        claim = make_claim(look, prepared.facts, given.facts, placed)
        if look.preset.engine == "scene":
            claim = replace(claim, scene=given.pixels)
        return Inspection(claim, found, ours=True)
    if look.diffusion is None:
        return _unknown(prepared, look, found)
    # What a model painted around it cannot be made anew; where the product stands in it is known.
    occluder = given.occluder if look.preset.engine == "scene" else None
    facts = given.facts.model_copy(update={"engine": look.preset.engine})
    placed = _placed(prepared, facts, occluder)
    return Inspection(make_claim(look, prepared.facts, facts, placed), found, ours=False)


def _unknown(prepared: Prepared, look: Look, found: FoundPlacement) -> Inspection:
    """Expect only what follows from where the product was found; in a scene, no stand."""
    facts = _facts(prepared, look, found)
    claim = make_claim(look, prepared.facts, facts, _placed(prepared, facts, None))
    if look.preset.engine != "standardise":
        claim = replace(claim, stand=None)
    return Inspection(claim, found, ours=False)


def _restyled(
    picture: Pixels, prepared: Prepared, look: Look, given: RenderedPicture
) -> Inspection:
    """Held against what the model was given: the product on the plain canvas, or in its scene."""
    facts = given.facts.model_copy(update={"engine": look.preset.engine})
    placed = _placed(prepared, facts, None)
    claim = make_claim(look, prepared.facts, facts, placed, given=given.pixels)
    found = FoundPlacement(facts.placement, sure=register(given.pixels, picture).sure)
    return Inspection(claim, found, ours=False)


def _expected(
    picture: Pixels,
    prepared: Prepared,
    look: Look,
    *,
    gate: Gate,
    sku: str,
    plates: Storage | None,
) -> tuple[Look, RenderedPicture | None]:
    """The look at the picture's size, and what we make of the photograph before a model is asked.

    Without a model that is the rendition itself. None: in an unknown scene.
    """
    shown = PreparedPicture(sku, prepared.image, prepared.matte, prepared.facts)

    def given(of: Look) -> RenderedPicture:
        with EngineCache() as engines:
            plain = of.model_copy(update={"checkpoint": None})
            return Renderer(plain, engines=engines, gate=gate, plates=plates).compose(shown)

    if not look.brand.enlarge:
        # In an outlet's frame a small product keeps its very pixels, which decides the size.
        with suppress(RenderError):
            exact = given(look)
            if exact.pixels.shape == picture.shape:
                return look, exact
    height, width = picture.shape[:2]
    # Of this size exactly, however small the photograph: whether it is enlarged is then measured.
    canvas = {"canvas_px": width, "canvas_height_px": height, "enlarge": True}
    look = look.model_copy(update={"brand": look.brand.model_copy(update=canvas)})
    return look, None if look.preset.name == _ANY_SCENE else given(look)


def _is_alike(picture: Pixels, made: Pixels) -> bool:
    """Whether two pictures have the same surroundings, but for what was damaged in them."""
    first, second = (
        cv2.resize(each, (_SMALL_PX, _SMALL_PX), interpolation=cv2.INTER_AREA)
        for each in (picture, made)
    )
    return float(np.median(cv2.absdiff(first, second))) <= _SAME


def _facts(prepared: Prepared, look: Look, found: FoundPlacement) -> RenditionFacts:
    """Facts of a picture of which nothing is known but where the product is."""
    shadow = None
    if look.preset.engine == "standardise":
        placement = found.placement
        matte = place_on_canvas(*lay_on_canvas(prepared.matte, placement), placement.size_px)
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


def _placed(prepared: Prepared, facts: RenditionFacts, occluder: Pixels | None) -> Placed:
    product, box = lay_on_canvas(prepared.image, facts.placement)
    return Placed(product, lay_on_canvas(prepared.matte, facts.placement)[0], box, occluder)


def _border(picture: Pixels) -> npt.NDArray[np.float32]:
    edges = [picture[0], picture[-1], picture[:, 0], picture[:, -1]]
    return np.concatenate(edges).astype(np.float32)
