"""A plate as it is planned: a set, how it is seen and lit, and what is noted beside it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from samples.render.materials import Colour
from samples.render.plates.camera import Viewpoint


@dataclass(frozen=True)
class Key:
    """The main light. Angles as in the notes: see `transforms.scenes.scene.Light`."""

    azimuth_deg: float
    elevation_deg: float
    softness: float = 0.4
    colour: Colour = (1.0, 0.96, 0.9)
    strength: float = 3.0
    """Of a sun in W/m2; of a window, what it gives at the place to stand."""
    distance: float | None = None
    """Of a window or softbox; None: the sun, and everything is lit alike."""


@dataclass(frozen=True)
class Sky:
    """What lights the set from everywhere else: colours of linear light, brighter than 1 too."""

    zenith: Colour
    rim: Colour
    below: Colour = (0.1, 0.1, 0.1)
    strength: float = 1.0


@dataclass(frozen=True)
class Bulb:
    """A small lamp far out of focus: it lights the set, and its disc is laid on by the lens."""

    place: tuple[float, float, float]
    colour: Colour
    power: float
    """Radiance of its disc if it were as large as the aperture."""


@dataclass(frozen=True)
class Plate:
    """One plate."""

    name: str
    kind: str
    title: str
    viewpoint: Viewpoint
    key: Key
    sky: Sky
    build: Callable[["Plate", np.random.Generator], None]
    """Puts the set into the scene."""
    edge: float | None = None
    """How far behind the place to stand the ground ends; None: at the horizon."""
    gloss: float = 0.0
    tinted: float = 0.0
    """How far a brand's colour may take hold of it: paper and cloth, never snow or sky."""
    exposure: float = 0.0
    """Stops."""
    contrast: str = "Medium High Contrast"
    glow: float = 0.0
    """Share of bright light that the lens spreads."""
    samples: int = 6
    bulbs: Callable[["Plate", np.random.Generator], list[Bulb]] | None = None
    lighter: float = 0.0
    """Stops that the middle tones are printed lighter than they were rendered; white stays."""
    vivid: float = 1.0
    """Factor on saturation in the print: AgX pales bright colours."""
    quality: int = 88
    """Of the JPEG."""
