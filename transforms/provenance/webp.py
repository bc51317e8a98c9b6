"""Chunks of a WebP file, spliced so that its pixels stay bit for bit. Pure."""

import struct

from transforms.errors import RenderError

_HAS_XMP, _HAS_EXIF, _HAS_ALPHA = 0x04, 0x08, 0x10
_Chunks = list[tuple[bytes, bytes]]

_LOSSLESS_ALPHA = 28
"""Bit of a lossless header that says alpha is used."""


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The file with this packet in place of any other.

    Raises:
        RenderError: It is no WebP, or is damaged.
    """
    chunks = [(kind, content) for kind, content in _extended(data) if kind != b"XMP "]
    return _joined([*_flagged(chunks, _HAS_XMP, on=True), (b"XMP ", packet)])


def without_private(data: bytes, exif: bytes) -> bytes:
    """The file without EXIF and XMP, and with this EXIF instead.

    Raises:
        RenderError: It is no WebP, or is damaged.
    """
    chunks = [each for each in _extended(data) if each[0] not in (b"XMP ", b"EXIF")]
    chunks = _flagged(chunks, _HAS_XMP, on=False)
    chunks = _flagged(chunks, _HAS_EXIF, on=bool(exif))
    return _joined(chunks + ([(b"EXIF", exif)] if exif else []))


def _extended(data: bytes) -> _Chunks:
    """The chunks, with the header that lets metadata in before them."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise RenderError("This is no WebP file.")
    chunks, at = [], 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        chunks.append((kind, data[at + 8 : at + 8 + length]))
        at += 8 + length + (length & 1)
    if not chunks:
        raise RenderError("This WebP file is damaged.")
    if chunks[0][0] == b"VP8X":
        return chunks
    width, height, alpha = _size(*chunks[0])
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return [(b"VP8X", bytes((_HAS_ALPHA * alpha, 0, 0, 0)) + sizes), *chunks]


def _size(kind: bytes, content: bytes) -> tuple[int, int, bool]:
    """Width, height and whether there is alpha, by the picture's own header."""
    if kind == b"VP8 " and len(content) >= 10:  # noqa: PLR2004 - frame tag, start code, sizes
        width, height = struct.unpack_from("<HH", content, 6)
        return width & 0x3FFF, height & 0x3FFF, False
    if kind == b"VP8L" and len(content) >= 5:  # noqa: PLR2004 - signature and 4 bytes of sizes
        (bits,) = struct.unpack_from("<I", content, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> _LOSSLESS_ALPHA & 1)
    raise RenderError("This WebP file is damaged.")


def _flagged(chunks: _Chunks, flag: int, *, on: bool) -> _Chunks:
    kind, header = chunks[0]
    flags = header[0] | flag if on else header[0] & ~flag
    return [(kind, bytes((flags,)) + header[1:]), *chunks[1:]]


def _joined(chunks: _Chunks) -> bytes:
    content = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(body)) + body + bytes(len(body) & 1) for kind, body in chunks
    )
    return b"RIFF" + struct.pack("<I", len(content)) + content
