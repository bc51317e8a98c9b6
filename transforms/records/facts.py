"""What is known of a prepared image, a rendition and a backdrop; see `records.artefact`."""

from typing import Literal

from pydantic import Field

from transforms.presets.strict import Strict

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are the first outside."""


class MatteFacts(Strict):
    """What the gate wants to know of a matte. Shares are of the upright picture."""

    origin: Literal["network", "alpha", "mask"]
    """`alpha`: the picture came with transparency of its own, which was kept. `mask`: a person
    supplied `<view>.mask.png` beside it."""
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
    disagreement: float = 0.0
    """1 less the intersection over union of both looks, or of `model` and `second_opinion`."""
    second_opinion: str = ""
    """The other model that was asked; empty: none, both looks of one were compared."""
    opened: int = 0
    """Holes that the network had filled and that show backdrop: opened."""
    backdrop_inside: float = 0.0
    """Share of the product that looks like a hole and may be a blank label, and was kept."""
    see_through: float = 0.0
    """Share of the product in many scattered places that show the backdrop, as through glass."""
    faded: float = 0.0
    """Share of the product whose middle the network doubts: a thin post in its backdrop's colour,
    a polished spout. Old and new backdrop show through it."""
    shadow_kept: float = 0.0
    """Share of the product that is the backdrop, only darker, and fades out: a cast shadow."""
    drawn_shadow: float = 0.0
    """Size of a shadow that was drawn into the picture's own transparency, as a share of the
    product's; it was taken out."""


StepName = Literal["denoise", "deblock", "tone", "straighten"]


class Step(Strict):
    """One step of preparation: what it measured, and what it did or why it did nothing."""

    name: StepName
    applied: bool
    said: str
    """One sentence for people: `Turned back by 3.2 degrees.`, `Not needed: noise 0.6.`"""
    measured: dict[str, float] = Field(default_factory=dict)
    """What it decided by, by name with unit: `tilt_deg`, `noise_levels`, `gain_red`."""


class BackdropTone(Strict):
    """The backdrop's colour, CIE L*, a*, b* (D65), as it came and after preparation."""

    before: tuple[float, float, float]
    after: tuple[float, float, float]


class Spread(Strict):
    """How far the backdrops of a batch that count as white lie apart, in CIE Lab units."""

    count: int
    deviation: tuple[float, float, float]
    """Median absolute deviation from the median, of L*, a*, b*: times 1.48 it is the standard
    deviation of a normal distribution, and a few odd pictures do not move it."""
    lowest: tuple[float, float, float]
    """5th percentile of L*, a*, b*."""
    highest: tuple[float, float, float]
    """95th percentile of L*, a*, b*."""


class ToneSpread(Strict):
    """The same backdrops as they came and after preparation: how alike a batch became."""

    before: Spread
    after: Spread


class TextFacts(Strict):
    """Text found in a picture."""

    text: str
    """As read; empty where there is a line of text that could not be read."""
    score: float
    """The reader's confidence, 0-1."""
    box: Box
    """In the upright picture."""
    on_product: float
    """Share of the box that is product."""
    overlay: str = ""
    """Why it was laid over the photograph (`beside the product`, `promotional`, `diagonal`);
    empty: it belongs to the product, as a label does."""


class FaceFacts(Strict):
    """A human face found in a picture."""

    box: Box
    """In the upright picture."""
    score: float
    on_product: float
    """Share of the box that is product: 1 on a printed cover or where a person was cut out too."""


class SourceRights(Strict):
    """Whose picture a photograph is, as its EXIF or XMP says; empty: it says nothing."""

    creator: str = ""
    copyright: str = ""


class PreparedFacts(Strict):
    """What is known of a prepared image."""

    source_sha256: str
    orientation: int
    """EXIF orientation that was undone, 1-8."""
    colour_profile: str
    width_px: int
    """Of the upright picture."""
    height_px: int
    crop: Box
    """What `image.png` and `matte.png` show of the upright picture; where it was straightened, of
    the turned one, which is larger. Texts' and faces' boxes are in the upright one."""
    matte: MatteFacts
    steps: tuple[Step, ...] = ()
    """In the order in which they were taken."""
    backdrop: BackdropTone | None = None
    """None: no even backdrop was seen, so nothing was measured on it."""
    texts: tuple[TextFacts, ...] = ()
    faces: tuple[FaceFacts, ...] = ()
    rights: SourceRights | None = None
    """None: prepared by an earlier version, which did not look."""
    versions: dict[str, int]


class Placement(Strict):
    """Where a prepared image lies on the canvas. All that is needed to lay it there again."""

    scale: float
    """Canvas pixels per pixel of the prepared image."""
    left: float
    """Canvas coordinate of the prepared image's left edge; may be a fraction or negative."""
    top: float
    canvas_px: int
    """Width of the canvas."""
    canvas_height_px: int = Field(default_factory=lambda known: known["canvas_px"])
    """Of a square one, left out by earlier versions, the same."""
    product: Box
    """Extent on the canvas of what is more product than not."""

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the canvas."""
        return self.canvas_px, self.canvas_height_px

    @property
    def enlarged(self) -> bool:
        """Whether detail had to be invented."""
        return self.scale > 1


class PoseFacts(Strict):
    """How the product was photographed, by its outline."""

    view: Literal["level", "raised", "overhead"]
    standing: bool
    elevation_deg: float
    """Of the camera, estimated."""
    sure: float
    """0-1."""


class BackdropFacts(Strict):
    """What stands behind and under the product."""

    kind: Literal["plate", "scaffold"]
    name: str
    seed: int
    """Of its variation."""
    view: Literal["level", "raised", "overhead"]
    stand: float
    """Where the product's lowest pixel belongs, as a share of the height; in overhead views its
    middle."""
    refined: bool
    """A diffusion model made it out of the plate or scaffold."""
    foreground_share: float
    """Share of the product behind something nearer."""


class Attempt(Strict):
    """One try of a diffusion model. A small picture of it is the file `attempt-<number>.jpg`."""

    number: int
    """From 1."""
    strength: float | None
    seed: int
    why: str
    """Why this was tried: `first`, `too different at 0.6`."""
    kept: bool
    """Whether it became the rendition."""
    reason: str
    """Rules that it broke, or the code of the error; empty: it passed."""
    message: str = ""
    measured: dict[str, float] = Field(default_factory=dict)


class RenditionFacts(Strict):
    """What is known of a rendition."""

    prepared: str
    preset: str
    brand: str
    engine: Literal["standardise", "scene", "edit"]
    checkpoint: str = ""
    """Identity of the diffusion model that ran; empty: none did."""
    seed: int
    strength: float | None = None
    """Of the attempt that was kept; None: no diffusion model ran, or it knows none."""
    placement: Placement
    enlarged: bool
    reduced: bool = False
    """The canvas is smaller than the brand or the channel asked for, so that the product keeps its
    own pixels."""
    shadow: Box | None
    """Beyond it the background is exactly the brand's, or the backdrop as it was; None: no shadow
    was laid."""
    pose: PoseFacts | None = None
    """None: nothing depends on it."""
    backdrop: BackdropFacts | None = None
    attempts: tuple[Attempt, ...] = ()
    versions: dict[str, int]


class NotFramed(Strict):
    """Why a picture is not to be had in a channel's frame.

    It lies where the framed rendition would. The brand's own picture and other frames go on.
    """

    reason: Literal["not_framed"] = "not_framed"
    message: str
    """In words for the catalogue team, with what would be needed."""


class LightFacts(Strict):
    """The main light of a backdrop; see `transforms.scenes.scene.Light`."""

    azimuth_deg: float
    elevation_deg: float
    colour: tuple[float, float, float]
    softness: float


class SceneFacts(Strict):
    """What is known of a backdrop that is shared; see `transforms.scenes.scene.Scene`."""

    view: Literal["level", "raised", "overhead"]
    horizon: float
    stand: float
    gloss: float
    light: LightFacts
    attempts: tuple[Attempt, ...] = ()
    """Of the diffusion model that refined it; none: none did."""
