"""A channel: in which form a picture leaves the house, and what the outlet demands of it."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from transforms.presets.channel_rule import ChannelRule, SourceType
from transforms.presets.frame import Frame
from transforms.presets.strict import Name, Strict

RULES_LAST = timedelta(days=365)
"""A rule that was read longer ago should be read again."""

Making = Literal["untouched", "retouched", "on_photograph", "on_drawn", "on_generated", "restyled"]
"""How a picture came about, as far as readers must be told; see `transforms.provenance.making`."""


class Channel(Strict):
    """How a rendition is encoded for one outlet, and the outlet's own rules."""

    name: Name
    purpose: Annotated[str, Field(min_length=10)]
    format: Literal["jpeg", "png", "webp"] = "jpeg"
    quality: Annotated[int, Field(ge=50, le=100)] = 92
    """Encoder quality; PNG ignores it. JPEG is written 4:4:4, so colour edges stay."""
    frame: Frame | None = None
    """Shape, size, fill and shadow that the outlet asks for; None: the brand's own canvas."""
    backdrops: Literal["plain", "any"] = "any"
    """`plain`: the outlet takes plain backgrounds alone, so no scene is made for it."""
    rules: tuple[ChannelRule, ...] = ()
    """What the outlet demands and advises; `packshot channels check` applies them."""
    source_types: dict[Making, SourceType] = Field(default_factory=dict)
    """IPTC digital source types in place of ours, where the outlet asks for other words."""

    @property
    def extension(self) -> str:
        """Ending of the published file."""
        return {"jpeg": "jpg", "png": "png", "webp": "webp"}[self.format]

    def outdated(self, today: date) -> tuple[ChannelRule, ...]:
        """Rules that were read more than a year before `today`."""
        return tuple(rule for rule in self.rules if today - rule.read > RULES_LAST)

    @model_serializer(mode="wrap")
    def _without_what_is_not_said(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is not said, so that channels without rules keep their recipes."""
        shown: dict[str, Any] = serialise(self)
        for field in ("frame", "rules", "source_types"):
            if not shown.get(field):
                shown.pop(field, None)
        if self.backdrops == "any":
            shown.pop("backdrops", None)
        return shown
