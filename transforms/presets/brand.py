"""A brand: how every picture of a shop is framed and lit."""

from typing import Annotated

from pydantic import Field, field_validator

from transforms.presets.strict import Name, Strict

Channel8 = Annotated[int, Field(ge=0, le=255)]
Colour = tuple[Channel8, Channel8, Channel8]
"""sRGB, 0-255."""


class Brand(Strict):
    """Canvas, framing and background shared by all presets of a brand."""

    name: Name
    canvas_px: Annotated[int, Field(ge=256, le=8000)] = 2000
    """Width and height of the square canvas, in pixels."""
    fill: Annotated[float, Field(gt=0.1, le=1)] = 0.86
    """Longer side of the product as a share of the canvas."""
    baseline: Annotated[float, Field(gt=0.5, le=1)] = 0.93
    """Where every product stands: distance of its lowest pixel from the top, as a share."""
    background: Colour = (255, 255, 255)
    """sRGB, 0-255. (255, 255, 255) stays exactly that in every published pixel."""
    scene_fill: Annotated[float, Field(gt=0.1, le=0.9)] = 0.6
    """As `fill`, in scenes, where products need air around them: of one that covers its box as most
    do. Open ones (sunglasses, a stool) are shown larger, solid ones smaller."""
    palette: Annotated[tuple[Colour, ...], Field(min_length=1)] = ((201, 183, 160), (86, 101, 89))
    """Colours of paper, cloth, ceramics and ornaments in scenes, the most important first."""
    words: str = ""
    """Appended once to every prompt."""
    negative_words: str = ""
    """Appended once to every negative prompt."""

    @field_validator("baseline")
    @classmethod
    def leaves_room_for_the_fill(cls, baseline: float, info: object) -> float:
        """A product as tall as `fill` must fit above the baseline."""
        fill = getattr(info, "data", {}).get("fill", 0.0)
        if fill > baseline:
            raise ValueError(f"must be at least fill ({fill}), or tall products are cut off")
        return baseline
