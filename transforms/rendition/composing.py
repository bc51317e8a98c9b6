"""Lays a product on the brand's plain canvas or into a backdrop: deterministic, without a model."""

from collections.abc import Sequence

import numpy as np

from transforms.composition.composite import composited
from transforms.composition.pose import pose_of
from transforms.composition.standing import fill_of, stand_in
from transforms.images.canvas import composed, extent, laid
from transforms.images.placing import place
from transforms.images.shadow import shade_of, shaded
from transforms.pixels import Pixels
from transforms.presets.look import Look
from transforms.records.facts import BackdropFacts, Box, Placement, RenditionFacts
from transforms.records.fingerprint import steps_of
from transforms.rendition.backdrops import BackdropCache
from transforms.scenes.framing import shrink_scene


def compose_plain(
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


def compose_scene(
    image: Pixels,
    matte: Pixels,
    look: Look,
    backdrops: BackdropCache,
    *,
    sku: str,
    prepared: str = "",
    labels: Sequence[Box] = (),
) -> tuple[RenditionFacts, Pixels, Pixels | None, tuple[bytes, ...]]:
    """Stand or lay a product in the look's backdrop. The same pixels each time.

    Args:
        image: (height, width, 3), sRGB, product colours running on beyond the matte's edge.
        matte: (height, width), 255 is product.
        look: Preset and brand.
        backdrops: Of the look.
        sku: Of the product: says which of the backdrops it gets.
        prepared: Fingerprint of image and matte, for the facts.
        labels: Boxes of text on the product, in pixels of `image`; nothing may cover them.

    Returns:
        Where it lies; the picture, (height, width, 3) of its canvas, sRGB; what lies before the
        product, (height, width), above 0 there, or None; and a JPEG of each attempt that a
        diffusion model took at the backdrop.

    Raises:
        RenderError: The matte holds no product, or has too few pixels for a brand that enlarges
            none; or the backdrop could not be made.
        StorageError: Storage does not answer; to be tried again.
    """
    pose = pose_of(matte)
    choice = backdrops.choose(sku, pose.view)
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
    product, box = laid(image, placement)
    cover, _ = laid(matte, placement)
    made = composited(
        scene,
        product,
        cover,
        box,
        standing=pose.standing,
        keep_clear=[_on_canvas(label, placement) for label in labels],
    )
    facts = RenditionFacts(
        prepared=prepared,
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
    return facts, made.pixels, occluder, drawn.thumbnails


def _on_canvas(label: Box, placement: Placement) -> Box:
    scale = placement.scale
    left, right = (round(placement.left + scale * x) for x in (label[0], label[2]))
    top, bottom = (round(placement.top + scale * y) for y in (label[1], label[3]))
    return left, top, right, bottom
