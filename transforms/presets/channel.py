"""A channel: in which form a picture leaves the house, and what the outlet demands of it."""

import json
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from transforms.presets.channel_rule import ChannelRule, SourceType
from transforms.presets.frame import Frame
from transforms.presets.strict import Name, Strict

RULES_LAST = timedelta(days=365)
"""A rule that was read longer ago should be read again."""

Making = Literal["untouched", "retouched", "on_photograph", "on_drawn", "on_generated", "restyled"]
"""How a picture came about, as far as readers must be told; see `transforms.provenance.lineage`."""

ImageFormat = Literal["jpeg", "png", "webp", "avif", "tiff"]
"""What can be written, and be told in how it was made."""

EXTENSIONS: dict[ImageFormat, str] = {
    "jpeg": "jpg", "png": "png", "webp": "webp", "avif": "avif", "tiff": "tif"
}  # fmt: skip

Quality = Annotated[int, Field(ge=30, le=100)]
Width = Annotated[int, Field(ge=64, le=8000)]

_LEAST_QUALITY = 60
_SAYS_WHO = ("source", "read", "note")
_UNSAID: dict[str, object] = {
    "frame": None,
    "backdrops": "any",
    "formats": (),
    "qualities": {},
    "widths": (),
    "least_quality": _LEAST_QUALITY,
    "rules": (),
    "clipping_path": False,
    "source_types": {},
}


class Channel(Strict):
    """How a rendition is encoded for one outlet, and the outlet's own rules."""

    name: Name
    """As the file is called; part of every published file's name."""
    purpose: Annotated[str, Field(min_length=10)]
    """One sentence for the person who chooses."""
    format: ImageFormat = "jpeg"
    """Of its files; see `formats` for several."""
    formats: tuple[ImageFormat, ...] = ()
    """Several, for browsers to choose from; empty: `format` alone."""
    widths: tuple[Width, ...] = ()
    """Widths in pixels, each made by one reduction of the master; those that are wider than the
    master are left out. Empty: the master's own."""
    quality: Quality = 92
    """Encoder quality that is wished; PNG and TIFF have none. JPEG and AVIF are written 4:4:4, so
    colour edges stay."""
    qualities: dict[ImageFormat, Quality] = Field(default_factory=dict)
    """In place of `quality`: encoders count differently, AVIF's 65 looks like JPEG's 85."""
    least_quality: Quality = _LEAST_QUALITY
    """As far down quality goes where a rule bounds a file's bytes; what does not fit then is
    withheld."""
    frame: Frame | None = None
    """Shape, size, fill and shadow that the outlet asks for; None: the brand's own canvas."""
    backdrops: Literal["plain", "any"] = "any"
    """`plain`: the outlet takes plain backgrounds alone, so no scene is made for it."""
    clipping_path: bool = False
    """Write the path that cuts the product out in print into each file; JPEG only."""
    rules: tuple[ChannelRule, ...] = ()
    """What the outlet demands and advises; `packshot channels check` applies them."""
    source_types: dict[Making, SourceType] = Field(default_factory=dict)
    """IPTC digital source types in place of ours, where the outlet asks for other words."""

    @model_validator(mode="after")
    def _says_each_once(self) -> Self:
        for field in ("formats", "widths"):
            values = getattr(self, field)
            if len(set(values)) < len(values):
                raise ValueError(f"{field}: {list(values)} names something twice")
        strange = sorted(set(self.qualities) - set(self.written))
        if strange:
            raise ValueError(f"qualities: {', '.join(strange)} is not written by this channel")
        if self.clipping_path and self.written != ("jpeg",):
            raise ValueError(
                f"clipping_path: written into JPEG only, and this writes {', '.join(self.written)}"
            )
        return self

    @property
    def written(self) -> tuple[ImageFormat, ...]:
        """The formats that its files have."""
        return self.formats or (self.format,)

    @property
    def extension(self) -> str:
        """Ending of the published file, of several the first."""
        return EXTENSIONS[self.written[0]]

    def quality_of(self, kind: ImageFormat) -> int:
        """The quality that is wished for a format."""
        return self.qualities.get(kind, self.quality)

    @property
    def identity(self) -> str:
        """All that decides bytes or verdicts, and nothing else, as JSON.

        Who says a rule, when that was read and what else is noted of it decides neither, so that
        reading a page again makes no catalogue anew.
        """
        parts = self.model_dump(mode="json", exclude={"purpose"})
        for rule in parts.get("rules", ()):
            for field in _SAYS_WHO:
                rule.pop(field, None)
        return json.dumps(parts, sort_keys=True)

    def outdated(self, today: date) -> tuple[ChannelRule, ...]:
        """Rules that were read more than a year before `today`."""
        return tuple(rule for rule in self.rules if today - rule.read > RULES_LAST)

    @model_serializer(mode="wrap")
    def _without_what_is_not_said(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is not said: a field that is new changes no recipe of old channels."""
        shown: dict[str, Any] = serialise(self)
        for field, unsaid in _UNSAID.items():
            if getattr(self, field) == unsaid:
                shown.pop(field, None)
        return shown
