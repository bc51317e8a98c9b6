"""One rule of a channel: what it demands, who says so, when that was read, what follows."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from transforms.presets.strict import Strict

FileFormat = Literal["jpeg", "png", "webp", "avif", "tiff", "gif", "bmp"]

SourceType = Literal[
    "algorithmicallyEnhanced",
    "algorithmicMedia",
    "composite",
    "compositeCapture",
    "compositeSynthetic",
    "compositeWithTrainedAlgorithmicMedia",
    "digitalCapture",
    "digitalCreation",
    "humanEdits",
    "trainedAlgorithmicMedia",
]
"""Terms of IPTC's vocabulary `http://cv.iptc.org/newscodes/digitalsourcetype/` (of 23 Oct 2024)
that say something about product pictures."""

Number = Literal[
    "file_bytes",
    "width_px",
    "height_px",
    "longest_side_px",
    "shortest_side_px",
    "megapixels",
    "bits_per_channel",
    "resolution_ppi",
    "clipping_paths",
    "fill",
]
"""What is a number. `fill`: the product's bounding box in the picture, the larger of its width and
height each as a share of the picture's."""

Level = Annotated[int, Field(ge=0, le=255)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Rule(Strict):
    """What every rule says of itself."""

    source: Annotated[str, Field(min_length=8)]
    """Address or document. Where several disagree, the stricter holds, and `note` says so."""
    read: date
    """When the source was read: rules change."""
    severity: Literal["fail", "warn"] = "fail"
    """`fail`: the channel refuses such a picture. `warn`: it advises against it."""
    note: str = ""
    """What a person should know: whose word it is, what else was read."""


class FormatRule(_Rule):
    """Which kinds of file are taken, by content."""

    rule: Literal["format"]
    value: Annotated[tuple[FileFormat, ...], Field(min_length=1)]


class NumberRule(_Rule):
    """Bounds of something that is a number; both count as allowed."""

    rule: Number
    at_least: Annotated[float, Field(ge=0)] | None = None
    at_most: Annotated[float, Field(gt=0)] | None = None
    one_of: tuple[float, ...] = ()
    """Nothing else, as for a set of widths."""

    @model_validator(mode="after")
    def has_bounds(self) -> Self:
        """A rule without a bound allows everything."""
        if self.at_least is None and self.at_most is None and not self.one_of:
            raise ValueError("must have at_least, at_most or one_of")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least {self.at_least:g} is above at_most {self.at_most:g}")
        return self


class AspectRule(_Rule):
    """Width to height."""

    rule: Literal["aspect"]
    value: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]]
    """`[1, 1.44]`: 1.44 times as high as wide."""
    tolerance: Annotated[float, Field(ge=0, le=0.5)] = 0.005
    """How far the ratio may be off, as a share of it: pixels are whole."""


class ColourSpaceRule(_Rule):
    """What the file's numbers stand for."""

    rule: Literal["colour_space"]
    value: Annotated[tuple[Literal["rgb", "grey", "cmyk"], ...], Field(min_length=1)]


class ColourProfileRule(_Rule):
    """Whether the file says that it is sRGB."""

    rule: Literal["colour_profile"]
    value: Literal["srgb", "srgb_or_none"]


class BackgroundRule(_Rule):
    """A background of exactly one colour.

    `background_exact`: of what is surely background. `border_exact`: of the outermost pixels.
    """

    rule: Literal["background_exact", "border_exact"]
    value: tuple[Level, Level, Level] = (255, 255, 255)
    at_least: Share = 1.0
    """Share of the pixels that must have it."""


class LightBackgroundRule(_Rule):
    """A background that is light and neutral, measured along the border."""

    rule: Literal["background_light"]
    at_least: Annotated[float, Field(ge=0, le=100)]
    """CIE L* of the border's median colour."""
    chroma_at_most: Annotated[float, Field(ge=0)] = 12.0
    """CIE chroma of it: beige has about 10."""


class AbsenceRule(_Rule):
    """What must not be there."""

    rule: Literal["transparency", "text_overlay", "frame", "product_cut_off", "private_metadata"]
    value: Literal["none"] = "none"


class MarkingRule(_Rule):
    """Which IPTC digital source types tell this channel that a model generated what is shown."""

    rule: Literal["ai_marking"]
    value: Annotated[tuple[SourceType, ...], Field(min_length=1)]


class ByEyeRule(_Rule):
    """What only a person can judge. Never passes by itself."""

    rule: Literal["by_eye"]
    value: Annotated[str, Field(min_length=10)]


ChannelRule = Annotated[
    FormatRule
    | NumberRule
    | AspectRule
    | ColourSpaceRule
    | ColourProfileRule
    | BackgroundRule
    | LightBackgroundRule
    | AbsenceRule
    | MarkingRule
    | ByEyeRule,
    Field(discriminator="rule"),
]
