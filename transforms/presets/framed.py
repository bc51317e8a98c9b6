"""A look in each of the frames that a catalogue's channels ask for."""

from collections.abc import Iterable

from transforms.presets.channel import Channel
from transforms.presets.look import Look
from transforms.presets.strict import Strict


class Framed(Strict):
    """A look in one frame, and the channels that take it."""

    look: Look
    channels: tuple[Channel, ...] = ()
    """None: nobody takes it; the brand's own is made all the same, since people review it."""


def framed_looks(look: Look, channels: Iterable[Channel]) -> tuple[Framed, ...]:
    """The different frames that channels ask of a look, the brand's own first.

    Channels that want the same share one; those that take plain canvases alone are left out of a
    look that is none. A picture in a frame lies in the work storage under
    `rendition_fingerprint(prepared, framed.look, sku=...)`, as any other does.
    """
    looks, takers = {look.identity: look}, {look.identity: list[Channel]()}
    for channel in channels:
        if not takes(channel, look):
            continue
        framed = look.in_frame(channel.frame) if channel.frame else look
        looks.setdefault(framed.identity, framed)
        takers.setdefault(framed.identity, []).append(channel)
    return tuple(Framed(look=looks[name], channels=tuple(takers[name])) for name in looks)


def takes(channel: Channel, look: Look) -> bool:
    """Whether a channel takes pictures in this look at all."""
    return channel.backdrops == "any" or look.preset.engine == "standardise"
