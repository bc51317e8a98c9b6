"""A brand: how every picture of a shop is framed and lit."""

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
)

from transforms.presets.strict import Name, Strict

Channel8 = Annotated[int, Field(ge=0, le=255)]
Colour = tuple[Channel8, Channel8, Channel8]
"""sRGB, 0-255."""
Pixels = Annotated[int, Field(ge=256, le=8000)]
_HIGHEST, _LOWEST = 0.5, 1.0


def _baseline(said: object) -> object:
    """One complaint for both of a baseline's forms."""
    if said == "middle" or (
        isinstance(said, int | float) and not isinstance(said, bool) and _HIGHEST < said <= _LOWEST
    ):
        return said
    raise ValueError(f"must be above {_HIGHEST:g} and at most {_LOWEST:g}, or `middle`")


Baseline = Annotated[float | Literal["middle"], BeforeValidator(_baseline)]
"""Where products stand: distance of the lowest pixel from the top, as a share of the height.
`middle`: on no common line; each has its middle in the canvas's."""


class Brand(Strict):
    """Canvas, framing and background shared by all presets of a brand."""

    name: Name
    """As the file is called."""
    canvas_px: Pixels = 2000
    """Width of the canvas, in pixels."""
    canvas_height_px: Pixels | None = None
    """None: the canvas is square."""
    fill: Annotated[float, Field(gt=0.1, le=1)] = 0.86
    """The product's box, the larger of its width and height each as a share of the canvas's."""
    baseline: Baseline = 0.93
    """Where products stand. On a canvas that is higher than wide, what is not tall stands higher;
    see `transforms.images.placing`."""
    enlarge: bool = True
    """Whether a small product is shown with more pixels than its photograph has. False: its canvas
    is made smaller."""
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
    discloses: tuple[Literal["preset", "model", "prompt"], ...] = ()
    """What every file tells of how it was made, beside IPTC's term, which all tell."""

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the canvas."""
        return self.canvas_px, self.canvas_height_px or self.canvas_px

    @field_validator("baseline")
    @classmethod
    def leaves_room_for_the_fill(cls, baseline: Baseline, info: object) -> Baseline:
        """A product as tall as `fill` must fit above the baseline."""
        fill = getattr(info, "data", {}).get("fill", 0.0)
        if baseline != "middle" and fill > baseline:
            raise ValueError(f"must be at least fill ({fill}), or tall products are cut off")
        return baseline

    @model_serializer(mode="wrap")
    def _without_what_is_usual(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what most brands do not say, so that their pictures keep their identity."""
        shown: dict[str, Any] = serialise(self)
        if self.canvas_height_px is None:
            shown.pop("canvas_height_px", None)
        if self.enlarge:
            shown.pop("enlarge", None)
        if not self.discloses:
            shown.pop("discloses", None)
        return shown
