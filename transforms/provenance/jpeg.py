"""Segments of a JPEG file, spliced so that its pixels stay bit for bit. Pure."""

import re
import struct
from collections.abc import Iterator

from transforms.errors import RenderError
from transforms.provenance import photoshop

XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\x00"
_EXIF = b"Exif\x00\x00"
_PHOTOSHOP = b"Photoshop 3.0\x00"
_MULTI_PICTURE = b"MPF\x00"
_START, _JFIF, _APP1, _APP2, _APP13, _SCAN, _COMMENT = 0xD8, 0xE0, 0xE1, 0xE2, 0xED, 0xDA, 0xFE
_LONGEST = 0xFFFF - 2
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""Within compressed data: what is neither a stuffed byte nor a restart."""


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The file with this packet in place of any other.

    Raises:
        RenderError: It is no JPEG, or the packet is longer than a segment can be.
    """
    if len(XMP) + len(packet) > _LONGEST:
        raise RenderError(f"An XMP packet of {len(packet)} bytes does not fit into a JPEG segment.")
    segments = [(m, body) for m, body in _head(data) if not _is_xmp(m, body)]
    return _joined(segments, [(_APP1, XMP + packet)], data)


def with_paths(data: bytes, paths: list[bytes]) -> bytes:
    """The file with these paths in place of any others; its other resources stay.

    Args:
        data: A JPEG file.
        paths: Blocks of Photoshop's resources.

    Raises:
        RenderError: It is no JPEG, or a path is longer than a segment can be.
    """
    segments, kept = [], []
    for marker, body in _head(data):
        if marker == _APP13 and body.startswith(_PHOTOSHOP):
            kept.append(body[len(_PHOTOSHOP) :])
        else:
            segments.append((marker, body))
    # One resource may go on in the next segment.
    others = photoshop.blocks(b"".join(kept))
    bodies = [_PHOTOSHOP]
    for block in [*(b for number, b in others if number not in photoshop.PATHS), *paths]:
        if len(_PHOTOSHOP) + len(block) > _LONGEST:
            raise RenderError(f"A path of {len(block)} bytes does not fit into a JPEG segment.")
        if len(bodies[-1]) + len(block) > _LONGEST:
            bodies.append(_PHOTOSHOP)
        bodies[-1] += block
    return _joined(segments, [(_APP13, body) for body in bodies if body != _PHOTOSHOP], data)


def without_private(data: bytes, exif: bytes) -> bytes:
    """The file without EXIF, IPTC, XMP, comments and previews, and with this EXIF instead.

    Clipping paths and the colour profile stay.

    Raises:
        RenderError: It is no JPEG.
    """
    segments = []
    for marker, body in _head(data):
        if _is_xmp(marker, body) or marker == _COMMENT:
            continue
        if marker == _APP1 or (marker == _APP2 and body.startswith(_MULTI_PICTURE)):
            continue
        if marker == _APP13 and body.startswith(_PHOTOSHOP):
            found = photoshop.blocks(body[len(_PHOTOSHOP) :])
            kept = [block for number, block in found if number != photoshop.IPTC]
            if kept:
                segments.append((marker, _PHOTOSHOP + b"".join(kept)))
            continue
        segments.append((marker, body))
    new = [(_APP1, _EXIF + exif)] if exif else []
    return _joined(segments, new, data[: _end(data)])


def _is_xmp(marker: int, body: bytes) -> bool:
    return marker == _APP1 and body.startswith((XMP, _EXTENDED))


def _head(data: bytes) -> list[tuple[int, bytes]]:
    return [(marker, data[start:end]) for marker, start, end in _segments(data)]


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker and extent of each segment's body, up to the first scan."""
    if data[:2] != bytes((0xFF, _START)):
        raise RenderError("This is no JPEG file.")
    at = 2
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if len(data) < at + 4 or data[at] != 0xFF:  # noqa: PLR2004 - every marker's first byte
            raise RenderError("This JPEG file is damaged before its picture begins.")
        marker = data[at + 1]
        if marker == _SCAN:
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        yield marker, at + 4, at + 2 + length
        at += 2 + length


def _joined(segments: list[tuple[int, bytes]], new: list[tuple[int, bytes]], data: bytes) -> bytes:
    """New segments go behind JFIF's, which must be the first, and behind EXIF's."""
    place = 0
    while place < len(segments) and (
        segments[place][0] == _JFIF
        or (segments[place][0] == _APP1 and segments[place][1].startswith(_EXIF))
    ):
        place += 1
    ordered = [*segments[:place], *new, *segments[place:]]
    ends = [end for _, _, end in _segments(data)]
    written = b"".join(
        struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for marker, body in ordered
    )
    return data[:2] + written + data[ends[-1] if ends else 2 :]


def _end(data: bytes) -> int:
    """Where the picture ends: phones put previews and depth maps behind it."""
    *_, (_, _, at) = _segments(data)
    while True:
        found = _MARKER.search(data, at)
        if found is None or found[0] == b"\xff\xd9":
            return found.end() if found else len(data)
        if found.end() + 2 > len(data):
            return len(data)
        (length,) = struct.unpack_from(">H", data, found.end())
        at = found.end() + max(2, length)
