"""A backdrop: what a scaffold is asked for, and what has to be known to stand a product in it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from transforms.pixels import Pixels

View = Literal["level", "raised", "overhead"]
"""How the camera looks at the ground: about 8 degrees down, about 30, or straight down. A product
photographed one way looks wrong in a scene seen another way."""

Foreground = npt.NDArray[np.uint8]
"""(height, width, 4), sRGB and straight alpha: what lies between the camera and the product."""


@dataclass(frozen=True, slots=True)
class Light:
    """The main light of a scene."""

    azimuth_deg: float
    """Where it comes from, seen from above: -90 left, 0 from the camera, 90 right, 180 behind."""
    elevation_deg: float
    """Above the ground: 90 is straight from above."""
    colour: tuple[float, float, float]
    """Linear RGB, the brightest channel 1."""
    softness: float
    """0: a bare bulb or the sun, with sharp shadows; 1: an overcast sky, with hardly any."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A backdrop with its geometry. Shares are of its height, from the top."""

    pixels: Pixels
    """(height, width, 3), sRGB."""
    view: View
    horizon: float
    """Where the ground ends: the table's far edge, or the real horizon. 0 in overhead views."""
    stand: float
    """Where a product's lowest pixel belongs, in focus. In overhead views: its middle, 0.5."""
    light: Light
    gloss: float
    """0: matt ground; 1: a mirror."""
    foreground: Foreground | None = None
    """None: nothing is nearer than the product."""


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
