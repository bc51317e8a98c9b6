"""What a channel's rules say of a picture: a finding each, what would help, and a run's sums."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

from transforms.presets.channel_rule import (
    AspectRule,
    BackgroundRule,
    ChannelRule,
    ColourSpaceRule,
    FormatRule,
    LightBackgroundRule,
    MarkingRule,
    NumberRule,
)
from transforms.presets.strict import Strict
from transforms.provenance.credentials import explain_unsigned
from transforms.records.facts import Placement, RenditionFacts
from transforms.records.renditions import QualityReport

State = Literal["PASS", "WARN", "FAIL", "NOT_MEASURED"]


class Finding(Strict):
    """What one rule says of one picture."""

    rule: str
    state: State
    """`WARN`: what the channel only advises is not so. `NOT_MEASURED` is never a pass."""
    found: str
    """What was measured, or why nothing was."""
    wanted: str
    source: str = ""
    read: str = ""
    note: str = ""


def make_finding(rule: ChannelRule, state: State, found: str) -> Finding:
    """A finding on a rule, with the rule's own source."""
    return Finding(
        rule=rule.rule,
        state=state,
        found=found,
        wanted=describe_demand(rule),
        source=rule.source,
        read=rule.read.isoformat(),
        note=rule.note,
    )


def describe_demand(rule: ChannelRule) -> str:
    """What a rule demands, in words."""
    match rule:
        case NumberRule():
            bounds = (
                [f"at least {format_number(rule.at_least)}"] if rule.at_least is not None else []
            )
            bounds += [f"at most {format_number(rule.at_most)}"] if rule.at_most is not None else []
            return ", ".join(bounds) or "one of " + ", ".join(format_number(n) for n in rule.one_of)
        case AspectRule():
            return f"{rule.value[0]:g}:{rule.value[1]:g}"
        case BackgroundRule():
            red, green, blue = rule.value
            return f"{red}/{green}/{blue} on at least {100 * rule.at_least:g} %"
        case LightBackgroundRule():
            return f"L* at least {rule.at_least:g}, chroma at most {rule.chroma_at_most:g}"
        case FormatRule() | ColourSpaceRule() | MarkingRule():
            return " or ".join(rule.value)
        case _:
            return str(rule.value).replace("_", " ")


def format_number(value: float) -> str:
    """A number as people write it: whole ones without a point."""
    return f"{value:.0f}" if value == int(value) else f"{value:.3g}"


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


def suggest_remedy(
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


def summarise_withheld(reports: Iterable[QualityReport]) -> dict[str, dict[str, int]]:
    """How many pictures each channel did not take, by rule; a picture may break several.

    Args:
        reports: Of a run.

    Returns:
        Channels by name, rules by how often they were broken.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for report in reports:
        for channel, rule in {(each.channel, each.rule) for each in report.withheld}:
            counts[channel][rule] += 1
    return {
        channel: dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
        for channel, counted in sorted(counts.items())
    }


def summarise_signing(
    reports: Iterable[QualityReport], environment: Mapping[str, str]
) -> tuple[str, ...]:
    """What a person should know of a run's files beside its counts, a sentence each.

    Args:
        reports: Of the run.
        environment: `os.environ`, or such.
    """
    unsigned = sum(not file.signed for report in reports for file in report.files)
    if not unsigned:
        return ()
    why = explain_unsigned(environment)
    return (why or f"{unsigned} files carry no C2PA credentials: no certificate was at hand.",)
