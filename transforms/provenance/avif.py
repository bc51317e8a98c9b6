"""Items of an AVIF file, added and removed so that its pixels stay bit for bit. Pure.

ISO/IEC 14496-12: the `meta` box lists items (`iinf`), where they lie (`iloc`) and what they are
about (`iref`). It grows or shrinks, so places behind it are moved on.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace

from transforms.errors import RenderError

_RDF = b"application/rdf+xml"
_WIDE = 2
"""Version of `iloc` from which identifiers have 4 bytes."""
_WORD = 4

_Unwanted = Callable[[bytes, bytes], bool]
"""Of an item's type and of what follows it."""


@dataclass(frozen=True, slots=True)
class _Item:
    ident: int
    method: int
    """0: offsets are of the file."""
    reference: int
    base: int
    extents: tuple[tuple[int, int, int], ...]
    """Index, offset, length."""


@dataclass(frozen=True, slots=True)
class _Places:
    """`iloc`."""

    version: int
    offset_size: int
    length_size: int
    base_size: int
    index_size: int
    items: tuple[_Item, ...]


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The file with this packet in place of any other.

    Raises:
        RenderError: It is no AVIF, or one of a kind that no encoder here writes.
    """
    return _rebuilt(data, lambda kind, content: kind == b"mime" and _RDF in content, packet)


def without_private(data: bytes) -> bytes:
    """The file without EXIF and XMP; their bytes are overwritten with zeros.

    Raises:
        RenderError: It is no AVIF, or one of a kind that no encoder here writes.
    """
    return _rebuilt(
        data, lambda kind, content: kind == b"Exif" or (kind == b"mime" and _RDF in content), None
    )


def _rebuilt(data: bytes, unwanted: _Unwanted, packet: bytes | None) -> bytes:
    try:
        return _with_meta(data, unwanted, packet)
    except (struct.error, IndexError, StopIteration) as error:
        raise RenderError("This AVIF file is damaged.") from error


def _with_meta(data: bytes, unwanted: _Unwanted, packet: bytes | None) -> bytes:
    if data[4:8] != b"ftyp":
        raise RenderError("This is no AVIF file.")
    start, end = next((s, e) for kind, s, e in _boxes(data, 0, len(data)) if kind == b"meta")
    parts = [(kind, data[s + 8 : e]) for kind, s, e in _boxes(data, start + 12, end)]
    named = dict(parts)
    infos = _infos(named[b"iinf"])
    gone = {ident for ident, info in infos.items() if unwanted(info[16:20], info[20:])}
    places = _places(named[b"iloc"])
    blank = bytearray(data)
    for item in places.items:
        if item.ident in gone and item.method == 0:
            for _, offset, length in item.extents:
                at = item.base + offset
                blank[at : at + length] = bytes(max(0, min(length, len(data) - at)))
    kept = replace(places, items=tuple(i for i in places.items if i.ident not in gone))
    new = max(infos, default=0) + 1
    contents = [info for ident, info in infos.items() if ident not in gone]
    references = [r for r in _references(named.get(b"iref")) if not gone & {r[1], *r[2]}]
    if packet is not None:
        contents.append(_info(new))
        primary = struct.unpack(">H" if named[b"pitm"][0] == 0 else ">I", named[b"pitm"][4:])[0]
        references.append((b"cdsc", new, (primary,)))

    def meta(moved: int, at: int) -> bytes:
        """The box, with places behind it moved on, and the packet's at `at`."""
        items = tuple(_shifted(item, end, moved) for item in kept.items)
        if packet is not None:
            items += (_Item(new, 0, 0, 0, ((0, at, len(packet)),)),)
        fresh = {b"iinf": _iinf(contents), b"iloc": _iloc(replace(kept, items=items))}
        if references:
            fresh[b"iref"] = _iref(references)
        order = [k for k, _ in parts] + ([b"iref"] if b"iref" not in named and references else [])
        inner = b"".join(
            _box(k, fresh.get(k, named.get(k, b""))) for k in order if k != b"iref" or references
        )
        return _box(b"meta", data[start + 8 : start + 12] + inner)

    moved = len(meta(0, 0)) - (end - start)
    tail = _box(b"mdat", packet) if packet is not None else b""
    whole = bytes(blank[:start]) + meta(moved, len(data) + moved + 8) + bytes(blank[end:])
    return whole + tail


def _boxes(data: bytes, at: int, end: int) -> list[tuple[bytes, int, int]]:
    found = []
    while at + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, at)
        if length == 0:
            length = end - at
        if length < 8 or at + length > end:  # noqa: PLR2004 - a box's own header
            raise RenderError("This AVIF file is damaged, or larger than 4 GB.")
        found.append((kind, at, at + length))
        at += length
    return found


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def _infos(iinf: bytes) -> dict[int, bytes]:
    """Identifier to `infe` box."""
    found = {}
    for kind, start, end in _boxes(iinf, 6 if iinf[0] == 0 else 8, len(iinf)):
        info = iinf[start:end]
        if kind != b"infe" or info[8] != 2:  # noqa: PLR2004 - the version that AVIF asks for
            raise RenderError("This AVIF file lists its parts in a way that is not known here.")
        found[int.from_bytes(info[12:14])] = info
    return found


def _info(ident: int) -> bytes:
    head = b"\x02\0\0\0" + struct.pack(">HH4s", ident, 0, b"mime")
    return _box(b"infe", head + b"XMP\0" + _RDF + b"\0\0")


def _iinf(infos: list[bytes]) -> bytes:
    return bytes(4) + struct.pack(">H", len(infos)) + b"".join(infos)


def _places(iloc: bytes) -> _Places:
    version, sizes, more = iloc[0], iloc[4], iloc[5]
    places = _Places(version, sizes >> 4, sizes & 15, more >> 4, more & 15 if version else 0, ())
    if places.offset_size < _WORD or places.length_size < _WORD:
        raise RenderError("This AVIF file says where its parts lie in a way not known here.")
    at, items = 6, []

    def number(size: int) -> int:
        nonlocal at
        at += size
        if at > len(iloc):
            raise RenderError("This AVIF file is damaged.")
        return int.from_bytes(iloc[at - size : at])

    for _ in range(number(2 if version < _WIDE else 4)):
        ident = number(2 if version < _WIDE else 4)
        method = number(2) & 15 if version else 0
        reference, base = number(2), number(places.base_size)
        extents = tuple(
            (number(places.index_size), number(places.offset_size), number(places.length_size))
            for _ in range(number(2))
        )
        items.append(_Item(ident, method, reference, base, extents))
    return replace(places, items=tuple(items))


def _iloc(places: _Places) -> bytes:
    wide = 2 if places.version < _WIDE else 4
    written = bytes((places.version, 0, 0, 0))
    written += bytes((places.offset_size << 4 | places.length_size,))
    written += bytes((places.base_size << 4 | places.index_size,))
    written += len(places.items).to_bytes(wide)
    for item in places.items:
        written += item.ident.to_bytes(wide)
        written += item.method.to_bytes(2) if places.version else b""
        written += item.reference.to_bytes(2) + item.base.to_bytes(places.base_size)
        written += len(item.extents).to_bytes(2)
        for index, offset, length in item.extents:
            written += index.to_bytes(places.index_size)
            written += offset.to_bytes(places.offset_size) + length.to_bytes(places.length_size)
    return written


def _shifted(item: _Item, behind: int, by: int) -> _Item:
    """An item whose data lie behind `behind`, moved on."""
    if item.method:
        return item
    if item.base >= behind:
        return replace(item, base=item.base + by)
    return replace(
        item,
        extents=tuple(
            (i, offset + by if item.base + offset >= behind else offset, length)
            for i, offset, length in item.extents
        ),
    )


def _references(iref: bytes | None) -> list[tuple[bytes, int, tuple[int, ...]]]:
    if iref is None:
        return []
    wide = "H" if iref[0] == 0 else "I"
    found = []
    for kind, start, _ in _boxes(iref, 4, len(iref)):
        source, count = struct.unpack_from(f">{wide}H", iref, start + 8)
        at = start + 8 + struct.calcsize(f">{wide}H")
        found.append((kind, source, struct.unpack_from(f">{count}{wide}", iref, at)))
    return found


def _iref(references: list[tuple[bytes, int, tuple[int, ...]]]) -> bytes:
    return bytes(4) + b"".join(
        _box(kind, struct.pack(f">HH{len(targets)}H", source, len(targets), *targets))
        for kind, source, targets in references
    )
