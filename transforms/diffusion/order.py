"""A picture that a diffusion model is asked for, and what came of it."""

from dataclasses import dataclass

from transforms.pixels import Pixels
from transforms.presets.preset import Diffusion


@dataclass(frozen=True, slots=True)
class Order:
    """One picture to be made."""

    pixels: Pixels
    """(height, width, 3), sRGB: what the model is given. Any size; the engine pads and un-pads."""
    diffusion: Diffusion
    """Task, steps, guidance, ... of the preset. Its strength and model are not read."""
    positive: str
    """The whole prompt, the brand's words included."""
    negative: str
    strength: float | None
    seed: int
    mask: Pixels | None = None
    """(height, width), 255 is painted anew. For the task `inpaint` alone."""
    surroundings: bool = False
    """It shows no product, so that what is added where it is enlarged spoils nothing."""


@dataclass(frozen=True, slots=True)
class Made:
    """What came of an order."""

    number: int
    """Of the order, from 0, in the order in which they were given."""
    pixels: Pixels | None
    """(height, width, 3), of the order's size (times `enlarge`); None: it failed."""
    reason: str = ""
    """Code: `not_finite`, `black`, `flat`, `out_of_memory`; empty: it was made."""
    message: str = ""
