"""Chunks of a PNG file, spliced so that its pixels stay bit for bit. Pure."""

import struct
import zlib
from collections.abc import Iterator

from transforms.errors import RenderError

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP = b"XML:com.adobe.xmp"
_PRIVATE = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The file with this packet in place of any other.

    Raises:
        RenderError: It is no PNG, or is cut off.
    """
    chunks = [(k, c) for k, c in _chunks(data) if not (k == b"iTXt" and c.startswith(_XMP + b"\0"))]
    # Not compressed, without language and translated keyword: as XMP's specification asks.
    return _joined([chunks[0], (b"iTXt", _XMP + bytes(5) + packet), *chunks[1:]])


def without_private(data: bytes, exif: bytes) -> bytes:
    """The file without EXIF, texts and time, and with this EXIF instead.

    Raises:
        RenderError: It is no PNG, or is cut off.
    """
    chunks = [(kind, content) for kind, content in _chunks(data) if kind not in _PRIVATE]
    return _joined([chunks[0], *([(b"eXIf", exif)] if exif else []), *chunks[1:]])


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    if not data.startswith(_SIGNATURE):
        raise RenderError("This is no PNG file.")
    return list(_walk(data))


def _walk(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while True:
        if at + 12 > len(data):
            raise RenderError("This PNG file is cut off.")
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length
        if kind == b"IEND":
            return


def _joined(chunks: list[tuple[bytes, bytes]]) -> bytes:
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
