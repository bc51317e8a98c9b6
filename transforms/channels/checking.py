"""A channel's rules applied to any picture, one by one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from transforms.channels.decoded_file import DecodedFile, decode_file
from transforms.channels.findings import Finding, format_number, make_finding
from transforms.channels.surroundings import Surroundings
from transforms.errors import SourceError
from transforms.pixels import Pixels
from transforms.presets.channel import Channel
from transforms.presets.channel_rule import (
    AbsenceRule,
    AspectRule,
    BackgroundRule,
    ChannelRule,
    ColourProfileRule,
    ColourSpaceRule,
    FormatRule,
    LightBackgroundRule,
    MarkingRule,
    NumberRule,
)
from transforms.provenance.lineage import OF_MODELS
from transforms.recognition.text import find_texts

_MEGA = 1e6
_SHOWN_TEXTS = 3


class _Unmeasured(Exception):  # noqa: N818 - not an error: an answer
    """Says why a rule cannot be measured on this picture."""


@dataclass(frozen=True)
class _Sight:
    """A picture with what is measured on it when a rule first asks."""

    file: DecodedFile
    generated: bool | None
    read: Callable[[], list[str]] | None = None

    @cached_property
    def around(self) -> Surroundings:
        return Surroundings(self.file.rgb)

    @cached_property
    def overlays(self) -> list[str]:
        """Text that was laid over, as read; on a scene only such as says so itself."""
        if self.read is not None:
            return self.read()
        return read_overlays(self.file.rgb, self.around.product)


def read_overlays(rgb: Pixels, product: Pixels | None) -> list[str]:
    """Text that was laid over a picture, as read.

    Args:
        rgb: (height, width, 3), sRGB.
        product: (height, width), 255 is product; None: nobody knows where it is, so that only text
            counts that says itself that it was laid over.
    """
    if product is None:
        product = np.full(rgb.shape[:2], 255, np.uint8)
    found = find_texts(rgb, product)
    return [text.text or f"a {text.overlay} line" for text in found if text.overlay]


def check(
    data: bytes,
    channel: Channel,
    *,
    generated: bool | None = None,
    read: Callable[[], list[str]] | None = None,
) -> tuple[Finding, ...]:
    """Apply every rule of a channel to one picture.

    Args:
        data: The file's bytes, whoever made it.
        channel: Its rules.
        generated: A model made the picture or a part of it; None: nobody knows, so a picture that
            does not say it itself is not measured by `ai_marking`.
        read: Gives the text that was laid over it, where that is known from another file of the
            same picture; None: it is read here, which takes a fifth of a second.

    Returns:
        A finding for each rule, in the channel's order; a file that cannot be decoded has one
        more before them, `readable`.
    """
    try:
        sight = _Sight(decode_file(data), generated, read)
    except SourceError as error:
        failed = Finding(rule="readable", state="FAIL", found=error.message, wanted="a picture")
        return (failed, *(_unreadable(rule, len(data)) for rule in channel.rules))
    return tuple(_apply(rule, sight) for rule in channel.rules)


def has_failed(findings: tuple[Finding, ...]) -> bool:
    """Whether the channel would refuse the picture, as far as was measured."""
    return any(finding.state == "FAIL" for finding in findings)


def _apply(rule: ChannelRule, sight: _Sight) -> Finding:
    try:
        good, found = _judge(rule, sight)
    except _Unmeasured as reason:
        return make_finding(rule, "NOT_MEASURED", str(reason))
    return _state_finding(rule, found, good=good)


def _state_finding(rule: ChannelRule, found: str, *, good: bool) -> Finding:
    if good:
        return make_finding(rule, "PASS", found)
    return make_finding(rule, "WARN" if rule.severity == "warn" else "FAIL", found)


def _unreadable(rule: ChannelRule, length: int) -> Finding:
    if rule.rule == "file_bytes":
        return _state_finding(rule, f"{length}", good=_within(rule, length))
    return make_finding(rule, "NOT_MEASURED", "the file cannot be decoded")


def _judge(  # noqa: PLR0911 - one for each kind of rule
    rule: ChannelRule, sight: _Sight
) -> tuple[bool, str]:
    """Whether a rule is kept, and what was found."""
    file = sight.file
    match rule:
        case FormatRule():
            return file.format in rule.value, file.format
        case NumberRule():
            value = _number(rule.rule, sight)
            return _within(rule, value), format_number(value)
        case AspectRule():
            ratio, want = file.height_px / file.width_px, rule.value[1] / rule.value[0]
            return abs(ratio / want - 1) <= rule.tolerance, f"1:{ratio:.4g}"
        case ColourSpaceRule():
            return file.space in rule.value, file.space
        case ColourProfileRule():
            allowed = ("sRGB",) if rule.value == "srgb" else ("sRGB", "none")
            return file.profile in allowed, file.profile
        case BackgroundRule() | LightBackgroundRule():
            return _background(rule, sight.around)
        case AbsenceRule():
            return _absent(rule.rule, sight)
        case MarkingRule():
            return _check_marking(rule, sight)
        case _:
            raise _Unmeasured("only a person can judge it")


def _number(name: str, sight: _Sight) -> float:
    file = sight.file
    width, height = file.width_px, file.height_px
    values: dict[str, float | None] = {
        "file_bytes": file.file_bytes,
        "width_px": width,
        "height_px": height,
        "longest_side_px": max(width, height),
        "shortest_side_px": min(width, height),
        "megapixels": width * height / _MEGA,
        "bits_per_channel": file.bits_per_channel,
        "resolution_ppi": file.resolution_ppi,
        "clipping_paths": file.clipping_paths,
    }
    value = sight.around.fill if name == "fill" else values[name]
    if value is None:
        raise _Unmeasured(
            {
                "resolution_ppi": "the file does not say it",
                "clipping_paths": "looked for in JPEG only",
                "fill": "no product stands out from a background of one colour",
            }[name]
        )
    return value


def _within(rule: Any, value: float) -> bool:
    if rule.one_of:
        return value in rule.one_of
    above = rule.at_least is None or value >= rule.at_least
    return above and (rule.at_most is None or value <= rule.at_most)


def _background(
    rule: BackgroundRule | LightBackgroundRule, around: Surroundings
) -> tuple[bool, str]:
    if isinstance(rule, LightBackgroundRule):
        if not around.plain:
            raise _Unmeasured("the border is not one colour")
        light, chroma = around.lightness_and_chroma
        good = light >= rule.at_least and chroma <= rule.chroma_at_most
        return good, f"L* {light:.0f}, chroma {chroma:.0f}"
    if rule.rule == "border_exact":
        share: float | None = around.border_share(rule.value)
    else:
        share = around.exact_share(rule.value)
    if share is None:
        raise _Unmeasured("the product leaves no background")
    return share >= rule.at_least, f"{100 * share:.2f} %"


def _absent(what: str, sight: _Sight) -> tuple[bool, str]:
    file, around = sight.file, sight.around
    if what == "transparency":
        return not file.transparent, "transparent" if file.transparent else "none"
    if what == "private_metadata":
        return not file.private, ", ".join(file.private) or "none"
    if what == "frame":
        sides = around.framed_sides
        return sides == 0, f"on {sides} sides" if sides else "none"
    if what == "product_cut_off":
        if around.cut_off is None:
            raise _Unmeasured("the border is not one colour")
        return not around.cut_off, "cut off" if around.cut_off else "none"
    found = sight.overlays
    if not found and around.product is None:
        raise _Unmeasured("no offer or watermark was read, but in a scene other text is not told")
    return not found, "; ".join(found[:_SHOWN_TEXTS]) or "none"


def _check_marking(rule: MarkingRule, sight: _Sight) -> tuple[bool, str]:
    claimed = sight.file.source_type
    if claimed in rule.value:
        return True, str(claimed)
    if sight.generated is False:
        if claimed in OF_MODELS:
            return False, f"{claimed}, though no model made it"
        return True, claimed or "nothing generated, nothing claimed"
    if claimed in OF_MODELS or sight.generated:
        return False, claimed or "nothing claimed"
    raise _Unmeasured(
        f"it claims {claimed or 'nothing'}; say --generated or --not-generated to have it judged"
    )
