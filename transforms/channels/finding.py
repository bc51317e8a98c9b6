"""What one rule of a channel says of one picture, in words that people and machines read."""

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


def finding_of(rule: ChannelRule, state: State, found: str) -> Finding:
    """A finding on a rule, with the rule's own source."""
    return Finding(
        rule=rule.rule,
        state=state,
        found=found,
        wanted=wanted(rule),
        source=rule.source,
        read=rule.read.isoformat(),
        note=rule.note,
    )


def wanted(rule: ChannelRule) -> str:
    """What a rule demands, in words."""
    match rule:
        case NumberRule():
            bounds = [f"at least {shown(rule.at_least)}"] if rule.at_least is not None else []
            bounds += [f"at most {shown(rule.at_most)}"] if rule.at_most is not None else []
            return ", ".join(bounds) or "one of " + ", ".join(shown(n) for n in rule.one_of)
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


def shown(value: float) -> str:
    """A number as people write it: whole ones without a point."""
    return f"{value:.0f}" if value == int(value) else f"{value:.3g}"
