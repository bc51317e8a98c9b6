"""Lays a product on the brand's plain canvas or into a backdrop: deterministic, without a model."""

import numpy as np

from transforms.composition.composite import composite_product
from transforms.composition.pose import pose_of
from transforms.composition.standing import fill_of, stand_in
from transforms.images.canvas import compose_over, extent, lay_on_canvas, place_on_canvas
from transforms.images.placing import place
from transforms.images.shadow import darken_by_shade, shade_of
from transforms.pixels import Pixels
from transforms.presets.look import Look
from transforms.records.facts import BackdropFacts, Box, Placement, RenditionFacts
from transforms.records.fingerprint import steps_of
from transforms.rendition.backdrops import BackdropCache
from transforms.rendition.pictures import PreparedPicture, RenderedPicture
from transforms.scenes.framing import shrink_scene


def compose_plain(
    image: Pixels, matte: Pixels, look: Look, *, prepared: str = ""
) -> RenderedPicture:
    """Lay one product on the brand's plain canvas. The same pixels each time.

    Args:
        image: (height, width, 3), sRGB, product colours running on beyond the matte's edge.
        matte: (height, width), 255 is product.
        look: Preset and brand.
        prepared: Fingerprint of both, for the facts.

    Raises:
        RenderError: The matte holds no product, or has too few pixels for a brand that enlarges
            none.
    """
    placement = place(extent(matte), look.brand)
    product, box = lay_on_canvas(image, placement)
    cover, _ = lay_on_canvas(matte, placement)
    width, height = placement.size_px
    shade = shade_of(place_on_canvas(cover, box, placement.size_px), look.preset.shadow)
    backdrop = np.full((height, width, 3), look.brand.background, np.uint8)
    pixels = compose_over(darken_by_shade(backdrop, shade), product, cover, box)
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
    return RenderedPicture(facts, pixels)


def compose_scene(shown: PreparedPicture, look: Look, backdrops: BackdropCache) -> RenderedPicture:
    """Stand or lay a product in the look's backdrop. The same pixels each time.

    Args:
        shown: Its sku says which of the backdrops it gets; nothing may cover text on it.
        look: Preset and brand.
        backdrops: Of the look.

    Raises:
        RenderError: The matte holds no product, or has too few pixels for a brand that enlarges
            none; or the backdrop could not be made.
        StorageError: Storage does not answer; to be tried again.
    """
    image, matte = shown.image, shown.matte
    pose = pose_of(matte)
    choice = backdrops.choose(shown.sku, pose.view)
    drawn = backdrops.get(choice)
    scene, kept = drawn.scene, drawn.kept
    width, height = look.brand.size_px
    placement = stand_in(
        extent(matte),
        look.brand,
        fill=fill_of(matte, look.brand.scene_fill, aspect=width / height),
        stand=scene.stand,
        view=scene.view,
    )
    scene = shrink_scene(scene, placement.size_px)
    product, box = lay_on_canvas(image, placement)
    cover, _ = lay_on_canvas(matte, placement)
    made = composite_product(
        scene,
        product,
        cover,
        box,
        standing=pose.standing,
        keep_clear=[_on_canvas(label, placement) for label in _labels(shown)],
    )
    facts = RenditionFacts(
        prepared=shown.fingerprint,
        preset=look.preset.name,
        brand=look.brand.name,
        engine=look.preset.engine,
        checkpoint=look.checkpoint.identity if kept and look.checkpoint else "",
        seed=kept.seed if kept else choice.seed,
        strength=kept.strength if kept else None,
        placement=placement,
        enlarged=placement.enlarged,
        reduced=placement.size_px != look.brand.size_px,
        shadow=made.shadow,
        pose=pose,
        backdrop=BackdropFacts(
            kind="plate" if choice.plate else "scaffold",
            name=choice.name or (look.preset.backdrop.scaffold if look.preset.backdrop else ""),
            seed=choice.seed,
            view=scene.view,
            stand=scene.stand,
            refined=kept is not None,
            foreground_share=round(made.foreground_share, 5),
        ),
        attempts=drawn.attempts,
        versions=steps_of(look),
    )
    occluder = made.occluder if made.foreground_share else None
    return RenderedPicture(facts, made.pixels, occluder, drawn.thumbnails)


def _labels(shown: PreparedPicture) -> list[Box]:
    """Boxes of text on the product, in pixels of `shown.image`."""
    left, top = shown.facts.crop[:2]  # texts are in the upright picture, the image shows its crop
    return [
        (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
        for box in (text.box for text in shown.facts.texts if not text.overlay)
    ]


def _on_canvas(label: Box, placement: Placement) -> Box:
    scale = placement.scale
    left, right = (round(placement.left + scale * x) for x in (label[0], label[2]))
    top, bottom = (round(placement.top + scale * y) for y in (label[1], label[3]))
    return left, top, right, bottom
