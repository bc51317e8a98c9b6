"""The records that stages exchange. One row of a Parquet file each."""

from collections import Counter
from typing import Literal

from pydantic import BaseModel, ConfigDict

Change = Literal[
    "new",
    "changed",
    "redo",
    "unchanged",
    "removed",
    "deferred",
    "misfit",
    "clash",
    "mask_alone",
    "several_masks",
]
"""How a listed key compares with the last inventory.

`redo`: the same picture under a new preset, brand, gate or code version. `misfit`: the key says
no sku and view. `clash`: two keys say the same sku and view. `deferred`: left for a later run
by `--limit`. `mask_alone`: a mask beside no picture. `several_masks`: a picture with more than
one mask, and these masks.
"""

State = Literal["published", "unchanged", "review", "quarantined", "failed", "deferred"]
"""Where a source image ends a run. Exactly one of these holds for each listed image."""

Verdict = Literal["PASS", "REVIEW", "FAIL"]

RuleState = Literal["PASS", "REVIEW", "FAIL", "NOT_MEASURED"]
"""`NOT_MEASURED`: it does not apply to this picture, or no model at hand can tell; never a PASS."""


class Record(BaseModel):
    """A row. Flat: text, numbers, booleans, lists of text; structures are JSON text."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceImage(Record):
    """A source object that a run has to work on."""

    key: str
    sku: str
    view: str
    etag: str
    """Joined with its mask's, where it has one: it tells whether either was replaced."""
    size_bytes: int
    change: Change
    mask: str = ""
    """Key of the mask that was supplied for it; empty: none."""
    mask_size_bytes: int = 0


class MeasuredImage(Record):
    """What was measured on one source image, or why it could not be."""

    key: str
    sku: str
    view: str
    etag: str
    size_bytes: int
    sha256: str = ""
    """Of the bytes that were measured: later stages refuse to work on others."""
    mask: str = ""
    """Key of the mask that was supplied for it; empty: none."""
    mask_sha256: str = ""
    """Of the bytes that were checked: later stages refuse to work with others."""
    reason: str = ""
    """Code of the refusal (`unreadable`, `empty`, ...); empty: it decodes."""
    message: str = ""
    """The refusal in words that a photographer understands."""
    format: str = ""
    mode: str = ""
    width_px: int = 0
    """Upright, after EXIF orientation."""
    height_px: int = 0
    has_alpha: bool = False
    bits_per_channel: int = 0
    colour_profile: str = ""
    """Description of the embedded ICC profile; empty: none, taken as sRGB."""
    mean_luma: float = 0.0
    """Mean of sRGB luma, 0-1."""
    clipped_light: float = 0.0
    """Share of the pixels outside of a white background that have a channel at 255."""
    clipped_dark: float = 0.0
    """Share of pixels with all channels at 0."""
    sharpness: float = 0.0
    """Variance of the Laplacian of luma (0-255) at 1024 px longer side."""
    noise: float = 0.0
    """Estimated standard deviation of noise, in levels of 0-255."""
    jpeg_quality: int = 0
    """1-100 by the quantisation tables; 0: not a JPEG."""
    blockiness: float = 0.0
    """Mean step across 8 px block borders over that within blocks; about 1 without blocking."""
    phash: str = ""
    """Perceptual hash and tiny thumbnail, as text; see `transforms.images.look`."""


class AcceptedImage(Record):
    """A source image that validation let through."""

    key: str
    sku: str
    view: str
    sha256: str
    phash: str
    width_px: int
    height_px: int
    warnings: list[str] = []
    """Codes of what is not good, but good enough."""
    resembles: str = ""
    """Key of a picture that shows or looks the same, where a warning says so."""
    mask: str = ""
    """Key of the mask that was supplied for it; empty: none."""
    mask_sha256: str = ""


class QuarantinedImage(Record):
    """A source image set aside, with the reason."""

    key: str
    sku: str = ""
    view: str = ""
    sha256: str = ""
    phash: str = ""
    reason: str
    message: str


class PreparedImage(Record):
    """A picture that is upright, sRGB, cut out and cropped; or the error that prevented it."""

    key: str
    sku: str
    view: str
    sha256: str
    fingerprint: str
    """Its files lie under `prepared/<fingerprint>/` in the work storage."""
    cutout: str = ""
    """Where the matte came from: a model of `config/models.yaml`, `alpha`, or `mask`."""
    width_px: int = 0
    height_px: int = 0
    steps: list[str] = []
    """What preparation did, a sentence each; what was not needed is not told."""
    backdrop: list[float] = []
    """CIE L*, a*, b* of the backdrop as it came, then after preparation; empty: not measured."""
    reason: str = ""
    message: str = ""


class RenderJob(Record):
    """One prepared image to be rendered in one look."""

    key: str
    sku: str
    view: str
    sha256: str
    prepared: str
    """Fingerprint of the prepared image."""
    variant: str
    fingerprint: str
    """Of the rendition."""


class Rendition(Record):
    """A finished rendition, or the error that prevented it."""

    key: str
    sku: str
    view: str
    sha256: str
    prepared: str
    variant: str
    fingerprint: str
    checkpoint: str = ""
    """Identity of the diffusion model that ran; empty: none did."""
    strength: float = 0.0
    """0: no diffusion model ran, or it knows none."""
    seed: int = 0
    reason: str = ""
    message: str = ""


class EncodedFile(Record):
    """A rendition as one channel gets it: exactly these bytes were audited."""

    channel: str
    key: str
    """In the work storage."""
    sha256: str
    size_bytes: int
    width_px: int
    height_px: int
    extension: str
    rendition: str = ""
    """Fingerprint of the rendition that it shows: the own one, or that in a channel's frame."""
    whole: bool = True
    """As large as its rendition; else it was made by one reduction of it."""
    quality: int = 0
    """Of the encoder; 0: the format is lossless, or an earlier version did not say."""
    source_type: str = ""
    """Name of the IPTC digital source type that it claims; empty: none."""
    signed: bool = False
    """It carries C2PA content credentials."""

    @property
    def name(self) -> str:
        """What tells it from the other files of its picture: `web 640x640 webp`."""
        return f"{self.channel} {self.width_px}x{self.height_px} {self.extension}"


class Withheld(Record):
    """What one rule of a channel has against a picture's files."""

    channel: str
    rule: str
    """Of `config/channels/<channel>.yaml`; `not_framed`: the picture is not to be had in the
    channel's frame."""
    found: str
    wanted: str
    needed: str = ""
    """One sentence: what would help."""
    source: str = ""
    """Who says the rule."""


class RuleResult(Record):
    """One rule applied to one picture."""

    rule: str
    value: float | None
    """None: not measured."""
    limit: str
    """The bound that decided, as text: `at most 1.0`."""
    state: RuleState
    why: str
    """One sentence: what a value outside the limit means for the picture."""


class QualityReport(Record):
    """The verdict on one rendition."""

    key: str
    sku: str
    view: str
    sha256: str
    prepared: str
    variant: str
    fingerprint: str
    checkpoint: str = ""
    strength: float = 0.0
    seed: int = 0
    verdict: Verdict
    reasons: list[str] = []
    """Rules that did not pass, worst first."""
    rules: list[RuleResult] = []
    files: list[EncodedFile] = []
    """Of the channels that take it, those of the picture's own rendition first."""
    withheld: list[Withheld] = []
    """Why channels do not get it, a row for each rule that is broken."""
    advice: list[Withheld] = []
    """What channels only advise, and is not so; they get it all the same."""
    before: list[float] = []
    """`transforms.quality.batch.MEASURES` of the photograph; empty: not measured."""
    after: list[float] = []
    """The same of the picture."""
    reason: str = ""
    """Code of an error that prevented the check, then the verdict is FAIL; or `no_channel`: it may
    be sound, but no channel takes it, so there is nothing to publish."""
    message: str = ""

    @property
    def shown(self) -> EncodedFile | None:
        """The file that people are shown: of the picture's own rendition, whole; None: none is."""
        own = (f for f in self.files if f.whole and f.rendition in ("", self.fingerprint))
        return next(own, None)

    @property
    def digests(self) -> dict[str, str]:
        """Name of each file to its sha256: what an approval is of."""
        counts = Counter(file.channel for file in self.files)
        return {
            file.channel if counts[file.channel] == 1 else file.name: file.sha256
            for file in self.files
        }


class Outcome(Record):
    """Where one source image ended a run, in one variant. The next run compares with these."""

    key: str
    sku: str
    view: str
    etag: str
    size_bytes: int
    sha256: str
    phash: str
    variant: str
    recipe: str
    """Fingerprint of everything but the picture that decides the result."""
    state: State
    reason: str
    message: str
    fingerprint: str
    """Of the rendition; empty where none was made."""
    prepared: str
    """Fingerprint of the prepared image; empty where none was made."""


class PublishedFile(Record):
    """A row of the published manifest. Holds no time and no run, so equal work is equal bytes."""

    sku: str
    view: str
    variant: str
    channel: str
    key: str
    """In the published storage."""
    sha256: str
    size_bytes: int
    width_px: int
    height_px: int
    source_key: str
    source_sha256: str
    source_present: bool
    """False: removed at the source; the picture stays until housekeeping ends it."""
    preset: str
    brand: str
    recipe: str
    prepared: str
    rendition: str
    verdict: Verdict
    checks: list[RuleResult]
    code_versions: str
    """JSON object: step to version."""
    cutout: str
    """Model of the matte, or where it came from."""
    engine: str = "standardise"
    checkpoint: str = ""
    """Identity of the diffusion model that ran; empty: none did."""
    strength: float = 0.0
    """0: no diffusion model ran, or it knows none."""
    seed: int
    ends: str = ""
    """Last day (`2027-02-28`) of a season's picture; empty: it stays."""
    approved_by: str = ""
    """Who let it out on the review page; empty: it passed the gate by itself."""
    extension: str = ""
    """Of the key; empty: an earlier version wrote the row."""
    source_type: str = ""
    """Name of the IPTC digital source type that the file claims; empty: none."""
    signed: bool = False
    """The file carries C2PA content credentials."""
