"""Tags of a TIFF file: a new directory behind the file, so that its pixels stay where they are.

Pure. Classic TIFF only; BigTIFF is refused where pictures are opened.
"""

import struct
from dataclasses import dataclass

from transforms.errors import RenderError

_XMP, _IPTC, _PHOTOSHOP, _EXIF, _GPS = 700, 33723, 34377, 34665, 34853
_MAKE, _MODEL, _SOFTWARE, _DATE, _HOST = 271, 272, 305, 306, 316
_PRIVATE = frozenset({_XMP, _IPTC, _PHOTOSHOP, _EXIF, _GPS, _MAKE, _MODEL, _SOFTWARE, _DATE, _HOST})
_BYTES = 1
_INLINE = 4
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}


@dataclass(frozen=True, slots=True)
class _Directory:
    order: str
    entries: dict[int, bytes]
    """Tag to its 12 bytes."""
    after: bytes
    """Offset of the next directory, 4 bytes."""


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The file with this packet in place of any other.

    Raises:
        RenderError: It is no TIFF, or is damaged.
    """
    return _rewritten(data, _directory(data), packet)


def without_private(data: bytes) -> bytes:
    """The file without EXIF, IPTC, XMP and the device's name; creator and copyright stay.

    What was removed is overwritten with zeros where it lay, places of a photograph first of all.

    Raises:
        RenderError: It is no TIFF, or is damaged.
    """
    directory = _directory(data)
    blank = bytearray(data)
    for tag in _PRIVATE & directory.entries.keys():
        _erase(blank, directory.order, directory.entries[tag])
    kept = {tag: e for tag, e in directory.entries.items() if tag not in _PRIVATE}
    return _rewritten(bytes(blank), _Directory(directory.order, kept, directory.after), None)


def _directory(data: bytes) -> _Directory:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        raise RenderError("This is no TIFF file.")
    try:
        (at,) = struct.unpack_from(order + "I", data, 4)
        return _Directory(order, *_entries(data, order, at))
    except struct.error as error:
        raise RenderError("This TIFF file is damaged.") from error


def _entries(data: bytes, order: str, at: int) -> tuple[dict[int, bytes], bytes]:
    (count,) = struct.unpack_from(order + "H", data, at)
    end = at + 2 + 12 * count
    if end + 4 > len(data):
        raise RenderError("This TIFF file is damaged.")
    rows = (data[start : start + 12] for start in range(at + 2, end, 12))
    return {struct.unpack(order + "H", row[:2])[0]: row for row in rows}, data[end : end + 4]


def _rewritten(data: bytes, directory: _Directory, packet: bytes | None) -> bytes:
    order, entries = directory.order, dict(directory.entries)
    body = data + bytes(len(data) & 1)
    if packet is not None:
        entries[_XMP] = struct.pack(order + "HHII", _XMP, _BYTES, len(packet), len(body))
        body += packet + bytes(len(packet) & 1)
    table = struct.pack(order + "H", len(entries))
    table += b"".join(entries[tag] for tag in sorted(entries)) + directory.after
    return body[:4] + struct.pack(order + "I", len(body)) + body[8:] + table


def _erase(data: bytearray, order: str, entry: bytes, *, inner: bool = False) -> None:
    """Zero what an entry points at; of EXIF and GPS, which are directories, also what theirs do."""
    tag, kind, count, at = struct.unpack(order + "HHII", entry)
    if tag in (_EXIF, _GPS) and not inner:
        try:
            listed, _ = _entries(bytes(data), order, at)
        except (struct.error, RenderError):
            return
        for each in listed.values():
            _erase(data, order, each, inner=True)
        length = 2 + 12 * len(listed)
    else:
        length = _SIZES.get(kind, 0) * count
        if length <= _INLINE:
            return
    if at + length <= len(data):
        data[at : at + length] = bytes(length)
