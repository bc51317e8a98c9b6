"""Photoshop's image resources, as they stand in JPEG and TIFF files. Pure.

After Adobe's "Photoshop File Formats Specification", "Image resource blocks".
"""

import struct
from collections.abc import Iterator

IPTC = 0x0404
PATHS = range(2000, 3000)
"""Saved paths, and the name of the one that clips."""

_SIGNATURE = b"8BIM"


def blocks(resources: bytes) -> Iterator[tuple[int, bytes]]:
    """Number of each resource, and its whole block; up to what is damaged."""
    at = 0
    while resources[at : at + 4] == _SIGNATURE and at + 8 < len(resources):
        (number,) = struct.unpack_from(">H", resources, at + 4)
        begins = at + 6 + ((resources[at + 6] + 2) & ~1)
        if begins + 4 > len(resources):
            return
        (length,) = struct.unpack_from(">I", resources, begins)
        end = begins + 4 + length + (length & 1)
        yield number, resources[at:end]
        at = end


def block(number: int, name: str, data: bytes) -> bytes:
    """One resource.

    Args:
        number: Says what it is.
        name: ASCII, at most 255 characters.
        data: Its content.
    """
    named = bytes([len(name)]) + name.encode("ascii")
    named += bytes(len(named) & 1)
    padding = bytes(len(data) & 1)
    return (
        _SIGNATURE + struct.pack(">H", number) + named
        + struct.pack(">I", len(data)) + data + padding
    )  # fmt: skip
