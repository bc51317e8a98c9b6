"""Rows that outlive a run: where each picture ended, and every file that is published."""

from typing import Literal

from transforms.records.parquet import Record
from transforms.records.renditions import RuleResult, Verdict

State = Literal["published", "unchanged", "review", "quarantined", "failed", "deferred"]
"""Where a source image ends a run. Exactly one of these holds for each listed image."""


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
    """Who approved it on the review page; empty: it passed the gate by itself."""
    extension: str = ""
    """Of the key; empty: an earlier version wrote the row."""
    source_type: str = ""
    """Name of the IPTC digital source type that the file claims; empty: none."""
    signed: bool = False
    """The file carries C2PA content credentials."""
