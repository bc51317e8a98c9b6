"""What a channel gets of a master: its widths, formats and the quality that fits. Pure.

Every file is encoded from the master or from one reduction of it, never from an encoded file, and
none is larger than the master.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from transforms.images.codec import NO_METADATA, Metadata, decode, encode_as
from transforms.images.ground import Ground, plain_ground
from transforms.pixels import Pixels
from transforms.presets.channel import EXTENSIONS, Channel, ImageFormat
from transforms.presets.channel_rule import NumberRule

RESERVED_BYTES = 8192
"""Of a limit, for what a file says beside its pixels. XMP takes 1 KB; a clipping path may take 52,
which are counted on top."""
CREDENTIALS_BYTES = 6144
"""Of a limit, for C2PA's credentials, which are signed into the finished file: they take 4 KB."""

_LOSSLESS = ("png", "tiff")
_EXACT, _EXACT_REDUCED = 0.9995, 0.995
"""Of what is that far away from anything: the gate's limit for going out unseen, and what outlets
ask, to which the gate does not hold reductions."""
_NEARBY = (-2, 2, -4, 4, -6, 6)
"""Qualities tried beside the wished one where a plain ground did not come back exactly. Which ones
hold does not follow the number: see docs/channels.md."""
_BEST = (96, 98, 100)


@dataclass(frozen=True, slots=True)
class Encoded:
    """One file of a channel."""

    data: bytes
    """With all that it says of itself, but for a signature."""
    kind: ImageFormat
    quality: int
    """That it was found to need; 0: the format is lossless."""
    shown: Pixels
    """(height, width, 3): what it was encoded from."""
    whole: bool
    """From the master itself, not from a reduction."""

    @property
    def extension(self) -> str:
        """Ending of its name."""
        return EXTENSIONS[self.kind]


@dataclass(frozen=True, slots=True)
class Unfit:
    """A file that cannot be made as it has to be."""

    rule: str
    """That it would break: `file_bytes`, `background_exact`."""
    found: str
    wanted: str


def encode_for(
    master: Pixels, channel: Channel, metadata: Metadata = NO_METADATA
) -> Iterator[Encoded | Unfit]:
    """Encode a master for a channel, the largest width first.

    Args:
        master: (height, width, 3), sRGB. Not modified.
        channel: Formats, widths, quality, and the rules that bound them.
        metadata: What every file says of itself. The resolution that the channel asks for is added.
    """
    metadata = replace(metadata, ppi=_resolution(channel))
    for shown in widths_of(master, channel):
        ground = plain_ground(shown, _EXACT if shown is master else _EXACT_REDUCED)
        for kind in channel.written:
            made = _fitting(shown, kind, channel, ground, metadata)
            if isinstance(made, Unfit):
                yield made
            else:
                yield Encoded(made[0], kind, made[1], shown, whole=shown is master)


def widths_of(master: Pixels, channel: Channel) -> Iterator[Pixels]:
    """The master at each width of a channel that is no wider than itself; at its own if none is.

    Each is one reduction of the master (Lanczos), so none is softer than it has to be.
    """
    height, width = master.shape[:2]
    fitting_widths = sorted((w for w in channel.widths if w <= width), reverse=True) or [width]
    for wanted in fitting_widths:
        if wanted == width:
            yield master
            continue
        size = wanted, max(1, round(height * wanted / width))
        yield np.asarray(Image.fromarray(master).resize(size, Image.Resampling.LANCZOS))


def _fitting(
    shown: Pixels,
    kind: ImageFormat,
    channel: Channel,
    ground: Ground | None,
    metadata: Metadata,
) -> tuple[bytes, int] | Unfit:
    """A file and its quality: as near to the wished one as limits and a plain ground allow."""
    limits, reserved = _byte_limits(channel), _reserve(metadata, kind)
    if kind in _LOSSLESS:
        data = encode_as(shown, kind, 0, metadata=metadata)
        if len(data) > limits[-1] - reserved:
            return Unfit("file_bytes", f"{len(data)}, without loss", _at_most(limits[-1]))
        return data, 0
    known: dict[int, bytes] = {}

    def at(quality: int) -> bytes:
        if quality not in known:
            known[quality] = encode_as(shown, kind, quality, metadata=metadata)
        return known[quality]

    wished = channel.quality_of(kind)
    least = min(channel.least_quality, wished)
    for limit in (each - reserved for each in limits):
        largest = _largest(at, limit, wished, least)
        if largest is None:
            continue
        for quality in (largest, *(largest + each for each in _NEARBY), *_BEST):
            if not least <= quality <= _BEST[-1] or len(at(quality)) > limit:
                continue
            if ground is None or ground.kept_in(decode(at(quality))):
                return at(quality), quality
        return Unfit(
            "background_exact",
            f"no {kind} from quality {least} on gives the plain ground back exactly",
            f"{100 * ground.least:g} % of it, and all of the border" if ground else "",
        )
    found = f"{len(at(least))} at quality {least}, the least that is allowed"
    return Unfit("file_bytes", found, _at_most(limits[-1]))


def _reserve(metadata: Metadata, kind: ImageFormat) -> int:
    """Bytes that are kept free beside what is written already.

    Pixels get the same room whatever a file says, as long as that is no more than what is reserved.
    """
    dot = np.zeros((1, 1, 3), np.uint8)
    plain = replace(metadata, xmp=b"", photoshop=b"")
    said = len(encode_as(dot, kind, 0, metadata=metadata)) - len(
        encode_as(dot, kind, 0, metadata=plain)
    )
    return max(RESERVED_BYTES - said, CREDENTIALS_BYTES)


def _at_most(limit: float) -> str:
    return f"at most {limit:.0f}"


def _byte_limits(channel: Channel) -> tuple[float, ...]:
    """The strictest first: what is advised is given up before what is demanded."""
    found: dict[str, float] = {}
    for rule in channel.rules:
        if isinstance(rule, NumberRule) and rule.rule == "file_bytes" and rule.at_most is not None:
            known = found.get(rule.severity, rule.at_most)
            found[rule.severity] = min(known, rule.at_most)
    demanded = found.get("fail", float("inf"))
    limits = {min(demanded, found.get("warn", demanded)), demanded}
    return tuple(sorted(limits))


def _resolution(channel: Channel) -> int:
    """Pixels per inch that the channel's rules ask the file to say; 0: none."""
    asked = (
        rule.at_least or 0
        for rule in channel.rules
        if isinstance(rule, NumberRule) and rule.rule == "resolution_ppi"
    )
    return round(max(asked, default=0))


def _largest(at: Callable[[int], bytes], limit: float, wished: int, least: int) -> int | None:
    """The largest quality, up to the wished one, whose file fits; None: not even the least does."""
    if len(at(wished)) <= limit:
        return wished
    if len(at(least)) > limit:
        return None
    fits, too_large = least, wished
    while too_large - fits > 1:
        middle = (fits + too_large) // 2
        if len(at(middle)) <= limit:
            fits = middle
        else:
            too_large = middle
    return fits
