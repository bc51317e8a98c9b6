"""Procedural backdrops by name."""

from collections.abc import Callable

import numpy as np

from transforms.scenes import (
    autumn,
    concrete,
    diwali,
    festive,
    garden,
    kitchen,
    linen,
    living_room,
    lunar_new_year,
    marble,
    spring,
    studio,
    summer,
    winter,
    wood,
)
from transforms.scenes.scene import Colour, Scene, Setting, View

DRAWINGS: dict[str, Callable[[Setting], Scene]] = {
    "studio-white": studio.white,
    "studio-grey": studio.grey,
    "studio-brand": studio.brand,
    "studio-gradient": studio.gradient,
    "wood": wood.draw,
    "marble": marble.draw,
    "linen": linen.draw,
    "concrete": concrete.draw,
    "kitchen": kitchen.draw,
    "living-room": living_room.draw,
    "winter": winter.draw,
    "garden": garden.draw,
    "spring": spring.draw,
    "summer": summer.draw,
    "autumn": autumn.draw,
    "festive": festive.draw,
    "diwali": diwali.draw,
    "lunar-new-year": lunar_new_year.draw,
}

KINDS = tuple(DRAWINGS)
"""What can be asked for, in the order in which a list shows it."""


def draw_scaffold(
    kind: str,
    *,
    width: int,
    height: int,
    view: View,
    palette: tuple[Colour, ...],
    seed: int,
    foreground: bool = False,
) -> Scene:
    """Draw a backdrop. Equal arguments give equal pixels; another size shows the same place.

    Args:
        kind: One of `KINDS`.
        width: Pixels.
        height: Pixels.
        view: How the camera looks at the ground.
        palette: The brand's colours, sRGB 0-255, the most important first; at least one.
        seed: Not negative. Another seed gives another place of the same kind.
        foreground: Whether something may lie between the camera and the product.

    Raises:
        ValueError: the kind is not known, the palette is empty, or the size is not positive.
    """
    draw = DRAWINGS.get(kind)
    if draw is None:
        message = f"no scaffold is called {kind!r}; there are {', '.join(KINDS)}"
        raise ValueError(message)
    if not palette:
        message = f"{kind}: a scaffold needs at least one colour of the brand"
        raise ValueError(message)
    if width < 1 or height < 1:
        message = f"{kind}: {width} x {height} pixels is no picture"
        raise ValueError(message)
    rng = np.random.default_rng((seed, *kind.encode()))
    return draw(Setting(width, height, view, palette, rng, foreground))
