"""A channel's frame: what an outlet asks of a picture's shape, size, fill and shadow."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from transforms.presets.brand import Baseline
from transforms.presets.strict import Strict

Side = Annotated[float, Field(gt=0, le=10_000)]

_LONGEST_TO_SHORTEST = 3.0
"""Beyond it scenes have no room for a product."""


class Frame(Strict):
    """How an outlet wants a picture framed, in place of the brand's own canvas.

    What is left out stays as the brand has it. A frame decides pixels, so changing it makes the
    pictures of the catalogues that name its channel anew.
    """

    aspect: tuple[Side, Side] = (1, 1)
    """Width to height: `[4, 5]`, `[1, 1.44]`, or whole pixels as `[1801, 2600]`."""
    longest_px: Annotated[int, Field(ge=256, le=8000)]
    """The longer side of the picture, in pixels. Where the photograph has fewer, the picture gets
    smaller, not the product larger."""
    fill: Annotated[float, Field(gt=0.1, le=1)] | None = None
    """On plain canvases: the product's box, the larger of its width and height each as a share of
    the picture's. None: the brand's, and its baseline."""
    scene_fill: Annotated[float, Field(gt=0.1, le=0.9)] | None = None
    """The same in scenes; None: the brand's."""
    baseline: Baseline | None = None
    """Where products stand on plain canvases; see `Brand.baseline`. None, where there is a `fill`:
    as far from the lower edge as the fill leaves free on each side."""
    shadow: Literal["keep", "none"] = "keep"
    """`none`: no shadow on plain canvases, for outlets that demand white all around. `keep`: the
    preset's. Scenes cast their own in any case."""
    enlarge: bool = False
    """Whether a product may be shown with more pixels than its photograph has, as brands' own
    canvases do. False: such a picture is made smaller instead."""

    @model_validator(mode="after")
    def _can_be_filled(self) -> Self:
        """A shape that scenes have room in, and a fill that stays inside of it."""
        wide, high = self.aspect
        if max(wide, high) > _LONGEST_TO_SHORTEST * min(wide, high):
            raise ValueError(f"aspect: {wide:g}:{high:g} is longer than {_LONGEST_TO_SHORTEST:g}:1")
        if self.baseline is None or self.baseline == "middle":
            return self
        if self.fill is None:
            raise ValueError("baseline needs a fill: whether tall products fit depends on both")
        if self.fill > self.baseline:
            raise ValueError(
                f"baseline {self.baseline:g} must be at least fill ({self.fill:g}), or tall "
                "products are cut off"
            )
        return self

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height in whole pixels."""
        wide, high = self.aspect
        scale = self.longest_px / max(wide, high)
        return max(1, round(wide * scale)), max(1, round(high * scale))
