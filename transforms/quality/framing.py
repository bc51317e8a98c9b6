"""Whether the product has the size and the place that the brand wants. Pure."""

from transforms.images.canvas import HALF
from transforms.quality.placed import Placed, bounds
from transforms.records.facts import Placement


def framing_metrics(
    placed: Placed, placement: Placement, *, fill: float, baseline: float | None
) -> dict[str, float]:
    """Whether scale and baseline are as wanted, measured on the placed matte.

    Args:
        placed: The product on the canvas.
        placement: As recorded, or as found by registration.
        fill: Wanted larger of its width and height, each as a share of the canvas's.
        baseline: Wanted height of the lowest pixel, as a share from the top; None: the product's
            middle belongs in the canvas's, as it lies and is seen from above.

    Returns:
        `fill_deviation`, `baseline_deviation`: shares of the canvas. `enlargement`: canvas pixels
        for each pixel of the photograph.
    """
    left, top, right, bottom = bounds(placed.matte >= HALF)
    width, height = placement.size_px
    found = (placed.box[1] + bottom) / height
    if baseline is None:
        found, baseline = (placed.box[1] + (top + bottom) / 2) / height, 0.5
    return {
        "fill_deviation": abs(max((right - left) / width, (bottom - top) / height) - fill),
        "baseline_deviation": abs(found - baseline),
        "enlargement": placement.scale,
    }
