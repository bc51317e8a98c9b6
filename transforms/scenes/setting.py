"""What a scaffold is asked for."""

from dataclasses import dataclass

import numpy as np

from transforms.scenes.scene import View

Colour = tuple[int, int, int]
"""sRGB, 0-255."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One backdrop to be drawn. Everything that varies comes from `rng`."""

    width: int
    height: int
    view: View
    palette: tuple[Colour, ...]
    """The brand's colours, the most important first; at least one. They tint what a stylist would
    choose to fit the brand (paper, cloth, ceramics, ornaments), never snow, sky or leaves."""
    rng: np.random.Generator
    foreground: bool
    """Whether anything may lie between the camera and the product."""
