"""A picture that a diffusion model is given whole: what it gets, and what is made of its answer."""

import math

import cv2
import numpy as np

from transforms.errors import RenderError
from transforms.images.canvas import compose_over, lay_on_canvas, place_on_canvas
from transforms.images.placing import LEAST_PX
from transforms.pixels import Pixels
from transforms.presets.look import Look
from transforms.records.facts import Placement, RenditionFacts
from transforms.rendition.candidates import GenerationOutcome, ModelInput
from transforms.rendition.pictures import PreparedPicture, RenderedPicture

_MARGIN = 0.004
"""Of the canvas: so far around the product nothing is painted anew, or its rim would change."""
_SEAM = 0.004
"""Of the canvas: width of the transition where a given mask ends."""
_SAME_ASPECT = 0.005
"""How far two aspects may be apart, as a share: pixels are whole."""


def prepare_input(shown: PreparedPicture, given: RenderedPicture, look: Look) -> ModelInput:
    """Put together what a model is given for one picture.

    Args:
        shown: The prepared product, for where it is laid back; its mask, for presets that want one.
        given: The product on the plain canvas, or in its scene.
        look: With the engine `edit`.
    """
    placement = given.facts.placement
    wanted = look.preset.diffusion.mask if look.preset.diffusion else None
    given_mask = (
        None
        if shown.mask is None
        else place_on_canvas(*lay_on_canvas(shown.mask, placement), placement.size_px)
    )
    mask = given_mask if wanted == "given" else None
    if wanted == "background":
        mask = _mask_background(shown.matte, placement)

    def lay_back(made: Pixels) -> Pixels:
        place = scale_placement(placement, (made.shape[1], made.shape[0]))
        product, box = lay_on_canvas(shown.image, place)
        return compose_over(made.copy(), product, lay_on_canvas(shown.matte, place)[0], box)

    def mend(made: Pixels) -> Pixels:
        return made if given_mask is None else blend_inside(given_mask, made, given.pixels)

    return ModelInput(
        given.pixels,
        mask,
        given.facts,
        has_face=bool(shown.facts.faces),
        finish=lay_back if look.preset.preserve == "product" else mend,
    )


def blend_inside(mask: Pixels, made: Pixels, given: Pixels) -> Pixels:
    """Take what was made where a mask asks for it, and exactly what was given elsewhere.

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


def facts_of_edit(finished: GenerationOutcome, look: Look) -> RenditionFacts:
    """Put together the facts of the rendition that an edit became.

    Raises:
        ValueError: The model was given a backdrop, not a picture with a product.
    """
    shown = finished.given.facts
    if shown is None:
        raise ValueError("an input without facts shows no product")
    placement = scale_placement(shown.placement, finished.pixels.shape[1::-1])
    return shown.model_copy(
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
    look: Look, picture: RenderedPicture, *, product: tuple[Pixels, Pixels] | None
) -> RenderedPicture:
    """Reduce a picture that a model made whole to a frame: it cannot be extended or cut.

    Args:
        look: In the frame.
        picture: The finished picture on the brand's own canvas. Not modified.
        product: Prepared image and matte, where the product's own pixels are laid on.

    Raises:
        RenderError: The frame has another aspect, or the picture has too few pixels.
    """
    facts = picture.facts
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
    smaller = np.asarray(cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    if product is not None:
        laid_on, box = lay_on_canvas(product[0], placement)
        smaller = compose_over(smaller, laid_on, lay_on_canvas(product[1], placement)[0], box)
    shadow = facts.shadow and tuple(round(edge * size[0] / wide) for edge in facts.shadow)
    changed = {
        "placement": placement,
        "enlarged": placement.enlarged,
        "reduced": size != (width, height),
        "shadow": shadow,
    }
    return RenderedPicture(facts.model_copy(update=changed), smaller)


def scale_placement(placement: Placement, size: tuple[int, ...]) -> Placement:
    """Scale a placement to a canvas of another size and the same aspect.

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


def _mask_background(matte: Pixels, placement: Placement) -> Pixels:
    """All of the canvas but the product and a little around it."""
    on_canvas = place_on_canvas(*lay_on_canvas(matte, placement), placement.size_px)
    reach = 2 * max(1, round(_MARGIN * max(placement.size_px))) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    return np.where(cv2.dilate(on_canvas, kernel) > 0, np.uint8(0), np.uint8(255))
