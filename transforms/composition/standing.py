"""Where a product goes in a scene."""

import math

from transforms.manifest.facts import Box, Placement
from transforms.scenes.scene import View


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
