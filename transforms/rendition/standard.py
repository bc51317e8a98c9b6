"""The product on the brand's plain canvas: deterministic, without any model."""

import numpy as np

from transforms.images.canvas import composed, extent, laid
from transforms.images.placing import place
from transforms.images.shadow import shade_of, shaded
from transforms.pixels import Pixels
from transforms.presets.look import Look
from transforms.records.facts import RenditionFacts
from transforms.records.fingerprint import steps_of


def standardised(
    image: Pixels, matte: Pixels, look: Look, *, prepared: str = ""
) -> tuple[RenditionFacts, Pixels]:
    """Lay one product on the brand's plain canvas. The same pixels each time.

    Args:
        image: (height, width, 3), sRGB, product colours running on beyond the matte's edge.
        matte: (height, width), 255 is product.
        look: Preset and brand.
        prepared: Fingerprint of both, for the facts.

    Returns:
        Where it lies, and the picture: (height, width, 3) of its canvas, sRGB.

    Raises:
        RenderError: The matte holds no product, or has too few pixels for a brand that enlarges
            none.
    """
    placement = place(extent(matte), look.brand)
    product, box = laid(image, placement)
    cover, _ = laid(matte, placement)
    width, height = placement.size_px
    on_canvas = np.zeros((height, width), np.uint8)
    on_canvas[box[1] : box[3], box[0] : box[2]] = cover
    shade = shade_of(on_canvas, look.preset.shadow)
    backdrop = np.full((height, width, 3), look.brand.background, np.uint8)
    pixels = composed(shaded(backdrop, shade), product, cover, box)
    facts = RenditionFacts(
        prepared=prepared,
        preset=look.preset.name,
        brand=look.brand.name,
        engine=look.preset.engine,
        seed=look.preset.seed,
        placement=placement,
        enlarged=placement.enlarged,
        reduced=placement.size_px != look.brand.size_px,
        shadow=shade.box if shade else None,
        versions=steps_of(look),
    )
    return facts, pixels
