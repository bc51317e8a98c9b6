"""Rows about renditions: the job, what was made, and what the gate says of it."""

from collections import Counter
from typing import Literal

from pydantic import Field

from transforms.records.parquet import Record

Verdict = Literal["PASS", "REVIEW", "FAIL"]

RuleState = Literal["PASS", "REVIEW", "FAIL", "NOT_MEASURED"]
"""`NOT_MEASURED`: it does not apply to this picture, or no model at hand can tell; never a PASS."""


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


class Judgement(Record):
    """Of a QualityReport, what decides where its picture ends: read without all the rest."""

    key: str
    variant: str
    fingerprint: str
    verdict: Verdict
    reasons: list[str]
    reason: str
    message: str
    after: list[float]


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
    reasons: list[str] = Field(default_factory=list)
    """Rules that did not pass, worst first."""
    rules: list[RuleResult] = Field(default_factory=list)
    files: list[EncodedFile] = Field(default_factory=list)
    """Of the channels that take it, those of the picture's own rendition first."""
    withheld: list[Withheld] = Field(default_factory=list)
    """Why channels do not get it, a row for each rule that is broken."""
    advice: list[Withheld] = Field(default_factory=list)
    """What channels only advise, and is not so; they get it all the same."""
    before: list[float] = Field(default_factory=list)
    """`transforms.quality.batch.MEASURES` of the photograph; empty: not measured."""
    after: list[float] = Field(default_factory=list)
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
