"""What is known of a prepared image and of a rendition: JSON beside their pixels."""

from typing import Literal

from transforms.presets.strict import Strict

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are the first outside."""


class MatteFacts(Strict):
    """What the gate wants to know of a matte. Shares are of the upright picture."""

    origin: Literal["network", "alpha"]
    """`alpha`: the picture came with transparency of its own, which was kept."""
    model: str
    """Of `config/models.yaml`; empty where no network was asked."""
    passes: int
    """How often the network looked; 0: not at all."""
    joined: bool
    """The second look lost part of the product, so the first was added to it."""
    area_share: float
    """Pixels that are more product than not."""
    border_share: float
    """Border pixels that are product: it was cut off by the frame."""
    body_alpha: float
    """Mean alpha (0-1) well inside the product: low where the network hesitated."""
    parts: int
    """Separate pieces of more than a hundredth of the largest."""
    left_out: float = 0.0
    """Size of the largest drawn shape on a plain backdrop outside the matte, as a share of the
    product's: a jar's glass. 0 where the backdrop has a texture or the picture came cut out."""


class PreparedFacts(Strict):
    """`facts.json` of a prepared image. Written last: where it is, all its files are."""

    source_sha256: str
    orientation: int
    """EXIF orientation that was undone, 1-8."""
    colour_profile: str
    width_px: int
    """Of the upright picture."""
    height_px: int
    crop: Box
    """What of the upright picture `image.png` and `matte.png` show."""
    matte: MatteFacts
    versions: dict[str, int]


class Placement(Strict):
    """Where a prepared image lies on the canvas. All that is needed to lay it there again."""

    scale: float
    """Canvas pixels per pixel of the prepared image."""
    left: float
    """Canvas coordinate of the prepared image's left edge; may be a fraction or negative."""
    top: float
    canvas_px: int
    product: Box
    """Extent on the canvas of what is more product than not."""

    @property
    def enlarged(self) -> bool:
        """Whether detail had to be invented."""
        return self.scale > 1


class RenditionFacts(Strict):
    """`<fingerprint>.json` of a rendition. Written last: where it is, its pixels are."""

    prepared: str
    preset: str
    brand: str
    seed: int
    placement: Placement
    enlarged: bool
    shadow: Box | None
    """Beyond it the background is exactly the brand's; None: no shadow was laid."""
    versions: dict[str, int]
