"""Where a product goes in a scene, and how large."""

from transforms.images.canvas import HALF, extent
from transforms.images.placing import place_box, scale_of_product
from transforms.pixels import Pixels
from transforms.presets.brand import Brand
from transforms.records.facts import Box, Placement
from transforms.scenes.scene import View

_USUAL = 0.45
"""Of the box that it is fitted in: so much of it most products cover, a teapot or a belt."""
_EVENED = 0.2
"""Power by which what covers less is shown larger: 0 not at all, 0.5 until all cover the same."""
_SMALLEST, _LARGEST = 0.90, 1.16
"""Of the wanted fill."""
_MOST = 0.76
"""Of the canvas: a product that stands low in it is not to be cut, unless its brand wants it so."""


def fill_of(matte: Pixels, fill: float, *, aspect: float = 1.0) -> float:
    """Share of the canvas, across or down, by which a product looks as large as others.

    A mug fills the square over its longer side, a bottle, sunglasses or a stool leave most of it
    empty: at equal length they look small beside it. On other canvases that square is a box of
    their shape.

    Args:
        matte: 255 is product, at any size.
        fill: Of the brand, for a product that covers as much of that box as most.
        aspect: Width of the canvas over its height.

    Raises:
        RenderError: The matte holds no product.
    """
    left, top, right, bottom = extent(matte)
    wide = max(right - left, (bottom - top) * aspect)
    covers = float((matte >= HALF).sum()) / (wide * wide / aspect)
    evened: float = fill * min(_LARGEST, max(_SMALLEST, (_USUAL / covers) ** _EVENED))
    return float(min(evened, max(fill, _MOST)))


def stand_in(product: Box, brand: Brand, *, fill: float, stand: float, view: View) -> Placement:
    """Place a product: as large as wanted, standing on the ground or lying in the middle.

    Args:
        product: Its extent in the prepared image.
        brand: Its canvas, and whether products are enlarged on it.
        fill: The larger of the product's width and height, each as a share of the canvas's.
        stand: Height of its lowest pixel as a share of the canvas, from the top; in overhead
            views of its middle.
        view: How the scene is seen.

    Returns:
        Exact fractions of a pixel, as `transforms.images.placing.place` gives them.

    Raises:
        RenderError: The brand enlarges no product, and this one has too few pixels.
    """
    scale, size = scale_of_product(product, brand, fill)
    _, top, _, bottom = product
    level = (top + bottom) / 2 if view == "overhead" else bottom
    return place_box(product, scale, size, down=stand * size[1] - scale * level)
