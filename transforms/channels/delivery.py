"""What a channel gets of a picture: files that keep its rules, or why it gets none."""

from collections.abc import Callable
from dataclasses import dataclass, field

from transforms.channels.checking import check
from transforms.channels.finding import Finding
from transforms.channels.needed import HELP, needed
from transforms.images.encoding import Encoded, Unfit, encoded
from transforms.pixels import Pixels
from transforms.presets.channel import Channel
from transforms.records.facts import RenditionFacts
from transforms.records.renditions import Withheld


@dataclass(frozen=True, slots=True)
class Delivered:
    """One file, finished: exactly these bytes go out."""

    encoded: Encoded
    key: str
    """In the work storage."""
    data: bytes
    """With all that it says of itself."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a channel gets of a picture."""

    files: list[Delivered] = field(default_factory=list)
    """Also of a channel that takes none of them."""
    withheld: list[Withheld] = field(default_factory=list)
    """Rules that the channel has against them; empty: it takes them."""
    advice: list[Withheld] = field(default_factory=list)


def deliver(
    master: Pixels,
    channel: Channel,
    rendered: RenditionFacts,
    *,
    finish: Callable[[Encoded, Channel], tuple[str, bytes]],
    generated: bool,
    read: Callable[[], list[str]],
) -> Delivery:
    """Encode a rendition for a channel, finish each file, and hold it against the channel's rules.

    Args:
        master: (height, width, 3), sRGB. Not modified.
        channel: Whose.
        rendered: The rendition's facts.
        finish: Gives a file's key, and its bytes with all that it says of itself.
        generated: A model made the picture or a part of it.
        read: Gives the text that was laid over the picture.

    Returns:
        All files; where one breaks a rule, the channel takes none of this picture, and no more are
        made.
    """
    delivery = Delivery()
    for made in encoded(master, channel):
        if isinstance(made, Unfit):
            delivery.withheld.append(_unfit(made, channel))
            return delivery
        key, data = finish(made, channel)
        delivery.files.append(Delivered(made, key, data))
        findings = check(data, channel, generated=generated, read=read)
        height, width = made.shown.shape[:2]
        for rule, finding in zip(channel.rules, findings, strict=True):
            told = _told(finding, channel, needed(rule, finding, rendered, (width, height)))
            if finding.state == "FAIL":
                delivery.withheld.append(told)
            elif finding.state == "WARN" and _broken(told) not in map(_broken, delivery.advice):
                delivery.advice.append(told)
        if delivery.withheld:
            return delivery
    return delivery


def not_framed(channel: Channel, message: str) -> Withheld:
    """That a picture is not to be had in a channel's frame.

    Args:
        channel: Whose.
        message: Why not, with what would be needed.
    """
    return Withheld(channel=channel.name, rule="not_framed", found=message, wanted="")


def _broken(told: Withheld) -> tuple[str, str]:
    return told.rule, told.wanted


def _unfit(made: Unfit, channel: Channel) -> Withheld:
    source = next((rule.source for rule in channel.rules if rule.rule == made.rule), "")
    return Withheld(
        channel=channel.name,
        rule=made.rule,
        found=made.found,
        wanted=made.wanted,
        needed=HELP[made.rule],
        source=source,
    )


def _told(finding: Finding, channel: Channel, help_: str) -> Withheld:
    return Withheld(
        channel=channel.name,
        rule=finding.rule,
        found=finding.found,
        wanted=finding.wanted,
        needed=help_,
        source=finding.source,
    )
