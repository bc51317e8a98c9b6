"""Where a product goes in a scene, and how large."""

import math

import numpy as np
import numpy.typing as npt

from transforms.images.canvas import HALF, extent
from transforms.manifest.facts import Box, Placement
from transforms.scenes.scene import View

_USUAL = 0.45
"""Of the square over its longer side: so much of it most products cover, a teapot or a belt."""
_EVENED = 0.2
"""Power by which what covers less is shown larger: 0 not at all, 0.5 until all cover the same."""
_SMALLEST, _LARGEST = 0.90, 1.16
"""Of the wanted fill."""
_MOST = 0.76
"""Of the canvas: a product that stands low in it is not to be cut, unless its brand wants it so."""


def fill_of(matte: npt.NDArray[np.uint8], fill: float) -> float:
    """Longer side, as a share of the canvas, by which a product looks as large as others.

    A mug fills the square over its longer side, a bottle, sunglasses or a stool leave most of it
    empty: at equal length they look small beside it.

    Args:
        matte: 255 is product, at any size.
        fill: Of the brand, for a product that covers as much of that square as most.

    Raises:
        RenderError: The matte holds no product.
    """
    left, top, right, bottom = extent(matte)
    longer = max(right - left, bottom - top)
    covers = float((matte >= HALF).sum()) / longer**2
    evened: float = fill * min(_LARGEST, max(_SMALLEST, (_USUAL / covers) ** _EVENED))
    return float(min(evened, max(fill, _MOST)))


def stand_in(product: Box, *, side: int, fill: float, stand: float, view: View) -> Placement:
    """Place a product: its longer side as wanted, standing on the ground or lying in the middle.

    Args:
        product: Its extent in the prepared image.
        side: Of the canvas in pixels.
        fill: Longer side of the product as a share of the canvas.
        stand: Height of its lowest pixel as a share of the canvas, from the top; in overhead
            views of its middle.
        view: How the scene is seen.

    Returns:
        Exact fractions of a pixel, as `transforms.images.canvas.place` gives them.
    """
    left, top, right, bottom = product
    scale = fill * side / max(right - left, bottom - top)
    across = side / 2 - scale * (left + right) / 2
    level = (top + bottom) / 2 if view == "overhead" else bottom
    down = stand * side - scale * level
    edges = (
        across + scale * left,
        down + scale * top,
        across + scale * right,
        down + scale * bottom,
    )
    on_canvas = tuple(math.floor(edge + 0.5) for edge in edges)
    return Placement(scale=scale, left=across, top=down, canvas_px=side, product=on_canvas)
