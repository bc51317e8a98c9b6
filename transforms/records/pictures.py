"""Rows about photographs, from the listing to the prepared picture."""

from typing import Literal

from pydantic import Field

from transforms.records.parquet import Record

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
    """Perceptual hash and tiny thumbnail, as text; see `transforms.images.perceptual_hash`."""


class AcceptedImage(Record):
    """A source image that validation let through."""

    key: str
    sku: str
    view: str
    sha256: str
    phash: str
    width_px: int
    height_px: int
    warnings: list[str] = Field(default_factory=list)
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
    steps: list[str] = Field(default_factory=list)
    """What preparation did, a sentence each; what was not needed is not told."""
    backdrop: list[float] = Field(default_factory=list)
    """CIE L*, a*, b* of the backdrop as it came, then after preparation; empty: not measured."""
    reason: str = ""
    message: str = ""
