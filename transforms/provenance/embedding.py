"""Writing XMP into an encoded picture, taking private metadata out, and reading back. Pure.

No pixel is encoded anew: segments, chunks, tags and items are spliced.
"""

from contextlib import suppress
from dataclasses import replace

from transforms.errors import RenderError
from transforms.provenance import avif, jpeg, png, tiff, webp
from transforms.provenance.exif import minimal_exif, rights_of
from transforms.provenance.header import header
from transforms.provenance.xmp import NO_RIGHTS, Rights, Statement, packet, source_type_in

_XMP = {
    "JPEG": jpeg.with_xmp,
    "PNG": png.with_xmp,
    "WEBP": webp.with_xmp,
    "AVIF": avif.with_xmp,
    "TIFF": tiff.with_xmp,
}

_PRIVATE = {
    "JPEG": jpeg.without_private,
    "PNG": png.without_private,
    "WEBP": webp.without_private,
}


def embedded(data: bytes, xmp: bytes) -> bytes:
    """The file with this XMP packet in place of any other; its pixels are the same bits.

    Args:
        data: An encoded JPEG, PNG, WebP, AVIF or TIFF.
        xmp: As `transforms.provenance.xmp.packet` makes it.

    Raises:
        RenderError: It is none of these, or damaged.
    """
    return _XMP[_kind(data)](data, xmp)


def without_private(data: bytes) -> bytes:
    """The file without place, device, owner's notes and previews; pixels are the same bits.

    Creator, copyright and orientation stay, in EXIF of their own (AVIF keeps its orientation
    apart from EXIF, and its creator and copyright in a new XMP packet).

    Raises:
        RenderError: It is none of the known kinds, or damaged.
    """
    kind = _kind(data)
    with header(data) as image:
        exif, rights = minimal_exif(image), rights_of(image)
    if kind == "AVIF":
        cleaned = avif.without_private(data)
        if rights == NO_RIGHTS:
            return cleaned
        return avif.with_xmp(cleaned, packet(Statement(rights=rights)))
    if kind == "TIFF":
        return tiff.without_private(data)
    return _PRIVATE[kind](data, exif)


def stated(data: bytes, statement: Statement, *, source: bytes | None = None) -> bytes:
    """An encoded picture that says how it was made and whose it is.

    Args:
        data: An encoded JPEG, PNG, WebP, AVIF or TIFF.
        statement: What to say. Where it names no rights, those of `source` are taken over.
        source: Bytes of the photograph that it was made of.

    Raises:
        RenderError: `data` is none of these, or damaged. A source that says nothing is no error.
    """
    if source is not None and statement.rights == NO_RIGHTS:
        # Where it cannot be read whose it is, what was done is said nevertheless.
        statement = replace(statement, rights=rights_in_file(source))
    return embedded(data, packet(statement))


def xmp_of(data: bytes) -> bytes | None:
    """The XMP packet of an encoded picture, as Pillow reads it; None: it has none."""
    with suppress(RenderError), header(data) as image:
        found = image.info.get("xmp")
        return found if isinstance(found, bytes) else None
    return None


def rights_in_file(data: bytes) -> Rights:
    """Whose picture a file says it is; nothing where it is none of the known kinds."""
    with suppress(RenderError), header(data) as image:
        return rights_of(image)
    return NO_RIGHTS


def source_type_of(data: bytes) -> str | None:
    """Name of the IPTC digital source type that an encoded picture claims; None: it claims none."""
    xmp = xmp_of(data)
    return source_type_in(xmp) if xmp else None


def _kind(data: bytes) -> str:
    with header(data) as image:
        kind = str(image.format)
    return "JPEG" if kind == "MPO" else kind
