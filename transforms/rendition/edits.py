"""A picture that a diffusion model is given whole: what it gets, and what is made of its answer."""

import math

import cv2
import numpy as np

from transforms.errors import RenderError
from transforms.images.canvas import composed, laid
from transforms.images.placing import LEAST_PX
from transforms.pixels import Pixels
from transforms.presets.look import Look
from transforms.records.facts import Placement, RenditionFacts
from transforms.rendition.candidates import GenerationOutcome, ModelInput

_MARGIN = 0.004
"""Of the canvas: so far around the product nothing is painted anew, or its rim would change."""
_SEAM = 0.004
"""Of the canvas: width of the transition where a given mask ends."""
_SAME_ASPECT = 0.005
"""How far two aspects may be apart, as a share: pixels are whole."""


def model_input(
    facts: RenditionFacts,
    pixels: Pixels,
    image: Pixels,
    matte: Pixels,
    look: Look,
    *,
    given_mask: Pixels | None = None,
    has_face: bool = False,
) -> ModelInput:
    """What a model is given for one picture.

    Args:
        facts: Of `pixels`: the product on the plain canvas, or in its scene.
        pixels: (height, width, 3), sRGB.
        image: Prepared image, for the product that is laid back.
        matte: Of the prepared image.
        look: With the engine `edit`.
        given_mask: (height, width), 255 is painted anew, for presets that want one.
        has_face: Whether the picture shows a face.
    """
    wanted = look.preset.diffusion.mask if look.preset.diffusion else None
    mask = given_mask if wanted == "given" else None
    if wanted == "background":
        mask = _background(matte, facts.placement)

    def laid_back(made: Pixels) -> Pixels:
        placement = scale_placement(facts.placement, (made.shape[1], made.shape[0]))
        product, box = laid(image, placement)
        return composed(made.copy(), product, laid(matte, placement)[0], box)

    def mended(made: Pixels) -> Pixels:
        return made if given_mask is None else blend_inside(given_mask, made, pixels)

    if look.preset.preserve == "product":
        return ModelInput(pixels, mask, facts, has_face, laid_back)
    return ModelInput(pixels, mask, facts, has_face, mended)


def blend_inside(mask: Pixels, made: Pixels, given: Pixels) -> Pixels:
    """What was made where a mask asks for it, and exactly what was given elsewhere.

    A model's autoencoder alone changes what it was told to keep. The seam is soft, and lies within
    the mask.

    Args:
        mask: (height, width), 255 is painted anew.
        made: (height, width, 3), sRGB.
        given: (height, width, 3), sRGB.
    """
    reach = 2 * max(1, round(_SEAM * max(mask.shape))) + 1
    inner = cv2.erode(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    soft = cv2.GaussianBlur(inner, (reach, reach), 0).astype(np.float32) / 255
    share = np.where(mask > 0, soft, np.float32(0))[..., None]
    return np.asarray(np.round(made * share + given * (1 - share)), np.uint8)


def edited_facts(finished: GenerationOutcome, look: Look) -> RenditionFacts:
    """Facts of the rendition that an edit became."""
    base = finished.base.facts
    if base is None:
        raise ValueError("a base without facts shows no product")
    placement = scale_placement(base.placement, finished.pixels.shape[1::-1])
    return base.model_copy(
        update={
            "engine": look.preset.engine,
            "checkpoint": look.checkpoint.identity if look.checkpoint else "",
            "seed": finished.kept.seed,
            "strength": finished.kept.strength,
            "attempts": finished.attempts,
            "placement": placement,
            "enlarged": placement.enlarged,
        }
    )


def reduce_edit(
    look: Look, facts: RenditionFacts, pixels: Pixels, *, product: tuple[Pixels, Pixels] | None
) -> tuple[RenditionFacts, Pixels]:
    """A picture that a model made whole, in a frame: reduced, for nothing else can be had.

    Args:
        look: In the frame.
        facts: Of the finished picture.
        pixels: (height, width, 3), sRGB, the finished picture. Not modified.
        product: Prepared image and matte, where the product's own pixels are laid on.

    Raises:
        RenderError: The frame has another aspect, or the picture has too few pixels.
    """
    (wide, high), (width, height) = facts.placement.size_px, look.brand.size_px
    if abs(wide * height / (high * width) - 1) > _SAME_ASPECT:
        raise RenderError(
            f"A model made the whole picture, {wide} x {high} px, so it cannot be shown in "
            f"{width} x {height}: what a model makes can be reduced, not extended or cut."
        )
    share = min(1.0, width / wide, 1.0 if look.brand.enlarge else 1 / facts.placement.scale)
    size = (width, height)
    if share < width / wide:
        size = (2 * math.floor(share * wide / 2), 2 * math.floor(share * high / 2))
    if min(size) < LEAST_PX:
        raise RenderError(f"Without enlarging it the picture would have {size[0]} x {size[1]} px.")
    placement = scale_placement(facts.placement, size)
    smaller = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    if product is not None:
        laid_on, box = laid(product[0], placement)
        smaller = composed(smaller, laid_on, laid(product[1], placement)[0], box)
    shadow = facts.shadow and tuple(round(edge * size[0] / wide) for edge in facts.shadow)
    changed = {
        "placement": placement,
        "enlarged": placement.enlarged,
        "reduced": size != (width, height),
        "shadow": shadow,
    }
    return facts.model_copy(update=changed), smaller


def scale_placement(placement: Placement, size: tuple[int, ...]) -> Placement:
    """The same place on a canvas of another size and the same aspect.

    Args:
        placement: Where the product lies.
        size: Width and height of the other canvas.
    """
    width, height = size
    factor = width / placement.canvas_px
    left, top, right, bottom = (round(edge * factor) for edge in placement.product)
    return Placement(
        scale=placement.scale * factor,
        left=placement.left * factor,
        top=placement.top * factor,
        canvas_px=width,
        canvas_height_px=height,
        product=(left, top, right, bottom),
    )


def _background(matte: Pixels, placement: Placement) -> Pixels:
    """All of the canvas but the product and a little around it."""
    width, height = placement.size_px
    cover, (left, top, right, bottom) = laid(matte, placement)
    on_canvas = np.zeros((height, width), np.uint8)
    on_canvas[top:bottom, left:right] = cover
    reach = 2 * max(1, round(_MARGIN * max(width, height))) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    return np.where(cv2.dilate(on_canvas, kernel) > 0, np.uint8(0), np.uint8(255))
