"""What would help where a channel does not take a picture: one sentence for the catalogue team."""

import math

from transforms.channels.finding import Finding
from transforms.presets.channel_rule import ChannelRule, NumberRule
from transforms.records.facts import Placement, RenditionFacts

_SIDES = ("width_px", "height_px", "longest_side_px", "shortest_side_px", "megapixels")
_MEGA = 1e6

HELP = {
    "file_bytes": "Allow a lower least_quality, give the channel a smaller frame, or another "
    "format.",
    "aspect": "Give the channel a frame of this aspect.",
    "fill": "Give the channel a frame whose fill lies within the bounds.",
    "background_exact": "Give the channel a frame with `shadow: none`, and the brand a background "
    "that the format can hold exactly.",
    "border_exact": "Give the brand the background that is asked for.",
    "background_light": "Give the brand a lighter, more neutral background.",
    "product_cut_off": "Photograph the product whole.",
    "text_overlay": "Photograph it, or find a photograph, without text laid over it.",
    "ai_marking": "Give the channel the term that is asked for under source_types.",
    "format": "Let the channel write one of these formats.",
    "clipping_paths": "Let the channel write JPEG, with `clipping_path: true`. Around a product "
    "that a model painted anew the path has to be drawn in another program.",
    "resolution_ppi": "Let the channel write JPEG, PNG or TIFF: others hold no resolution.",
}
"""By rule, where it does not depend on the picture."""


def needed(
    rule: ChannelRule, finding: Finding, rendered: RenditionFacts, size_px: tuple[int, int]
) -> str:
    """What would help; empty where nobody knows.

    Args:
        rule: That is broken.
        finding: What it says of the file.
        rendered: Facts of the rendition that the file shows.
        size_px: Width and height of the file.
    """
    if isinstance(rule, NumberRule) and rule.rule in _SIDES and rule.at_least is not None:
        return _more_pixels(rule, rendered, size_px)
    if isinstance(rule, NumberRule) and rule.rule in _SIDES:
        return "Give the channel a frame with a `longest_px` that is allowed."
    return HELP.get(finding.rule, "")


def product_px(placement: Placement) -> int:
    """The longer side of a product, in pixels of its photograph."""
    left, top, right, bottom = placement.product
    return round(max(right - left, bottom - top) / placement.scale)


def _more_pixels(rule: NumberRule, rendered: RenditionFacts, size_px: tuple[int, int]) -> str:
    width, height = size_px
    sides = {
        "width_px": width,
        "height_px": height,
        "longest_side_px": max(size_px),
        "shortest_side_px": min(size_px),
        "megapixels": width * height / _MEGA,
    }
    factor = (rule.at_least or 0) / sides[rule.rule]
    factor = math.sqrt(factor) if rule.rule == "megapixels" else factor
    has, needs = product_px(rendered.placement), math.ceil(product_px(rendered.placement) * factor)
    if rendered.reduced:
        return (
            f"The product is {has} px in the photograph; this channel needs at least {needs}: "
            "photograph it larger."
        )
    least = math.ceil(max(size_px) * factor)
    return (
        f"This picture's canvas has {width} x {height} px: give the channel a frame with a "
        f"`longest_px` of at least {least}."
    )
