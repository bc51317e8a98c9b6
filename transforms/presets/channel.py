"""A channel: in which form a picture leaves the house."""

from typing import Annotated, Literal

from pydantic import Field

from transforms.presets.strict import Name, Strict


class Channel(Strict):
    """How a rendition is encoded for one outlet."""

    name: Name
    purpose: Annotated[str, Field(min_length=10)]
    format: Literal["jpeg", "png", "webp"] = "jpeg"
    quality: Annotated[int, Field(ge=50, le=100)] = 92
    """Encoder quality; PNG ignores it. JPEG is written 4:4:4, so colour edges stay."""

    @property
    def extension(self) -> str:
        """Ending of the published file."""
        return {"jpeg": "jpg", "png": "png", "webp": "webp"}[self.format]
