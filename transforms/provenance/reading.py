"""What a file says of itself, read without decoding a pixel: source type, rights, private EXIF.

Files may be anybody's. What is damaged or odd in them counts as not said.
"""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import ExifTags, Image

from transforms.errors import AuditError, RenderError
from transforms.provenance.credentials import verify
from transforms.provenance.lineage import NO_RIGHTS, Rights
from transforms.records.outcomes import PublishedFile

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF")

UNREADABLE = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, OverflowError),
    *(AttributeError, RuntimeError, Image.DecompressionBombError),
)
"""What damaged files, and damaged metadata within good ones, make Pillow raise."""

_DEVICE = (
    ExifTags.Base.Make, ExifTags.Base.Model, ExifTags.Base.CameraOwnerName,
    ExifTags.Base.BodySerialNumber, ExifTags.Base.LensModel, ExifTags.Base.LensSerialNumber,
    ExifTags.Base.LensMake, ExifTags.Base.UniqueCameraModel,
)  # fmt: skip

_DC, _RDF = "{http://purl.org/dc/elements/1.1/}", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_SOURCE_TYPE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
_TERM = re.compile(r"\s*https?://cv\.iptc\.org/newscodes/digitalsourcetype/(\w{1,64})\s*")
_LONGEST_XMP = 1 << 20
_LONGEST_TEXT = 2000
"""Characters of a name or a line of copyright that are taken over."""


@contextmanager
def silence_pillow() -> Iterator[None]:
    """Silence Pillow's warnings of odd metadata: they are no news of a stranger's file."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        yield


def read_source_type(data: bytes) -> str | None:
    """Read the IPTC digital source type that an encoded picture claims.

    Args:
        data: A file.

    Returns:
        Name of the term; None: it claims none, or is no JPEG, PNG, WebP, AVIF or TIFF.
    """
    with suppress(RenderError), _opened(data) as image:
        return find_source_type(image)
    return None


def read_rights(data: bytes) -> Rights:
    """Read whose picture a file says it is.

    Args:
        data: A file.

    Returns:
        Nothing where it does not say it, or is no JPEG, PNG, WebP, AVIF or TIFF.
    """
    with suppress(RenderError), _opened(data) as image:
        return find_rights(image)
    return NO_RIGHTS


def find_source_type(image: Image.Image) -> str | None:
    """Name of the IPTC digital source type that a picture's XMP claims; None: it claims none.

    Args:
        image: Opened, not necessarily decoded.
    """
    xmp = _xmp(image)
    for each in xmp.iter() if xmp is not None else ():
        said = each.get(_SOURCE_TYPE)
        if each.tag == _SOURCE_TYPE:
            said = each.get(f"{_RDF}resource") or each.text
        found = _TERM.fullmatch(said or "")
        if found:
            return found[1]
    return None


def find_rights(image: Image.Image) -> Rights:
    """Whose picture it is: by EXIF, else by XMP.

    Args:
        image: Opened, not necessarily decoded.
    """
    exif, xmp = _exif(image), _xmp(image)
    return Rights(
        creator=_text(exif.get(ExifTags.Base.Artist)) or _item(xmp, "creator"),
        copyright=_text(exif.get(ExifTags.Base.Copyright)) or _item(xmp, "rights"),
    )


def find_private(image: Image.Image) -> tuple[str, ...]:
    """What EXIF tells that is nobody's business: `place`, `device`.

    Args:
        image: Opened, not necessarily decoded.
    """
    exif = _exif(image)
    place = bool(_directory(exif, ExifTags.IFD.GPSInfo))
    inner = _directory(exif, ExifTags.IFD.Exif)
    device = any(exif.get(tag) or inner.get(tag) for tag in _DEVICE)
    return ("place",) * place + ("device",) * device


def find_colour_space(image: Image.Image) -> object:
    """EXIF's colour space: 1 is sRGB; None: it does not say.

    Args:
        image: Opened, not necessarily decoded.
    """
    return _directory(_exif(image), ExifTags.IFD.Exif).get(ExifTags.Base.ColorSpace)


def prove(row: PublishedFile, data: bytes) -> None:
    """Prove that a published file says of itself what was written into it.

    Args:
        row: Of the manifest.
        data: The file, as read back.

    Raises:
        AuditError: It says something else, or its credentials are altered.
        ConfigError: It should be signed, and c2pa-python is missing.
    """
    claimed = read_source_type(data) or ""
    if claimed != row.source_type:
        raise AuditError(
            f"{row.key}: claims {claimed or 'nothing'} where {row.source_type or 'nothing'} was "
            "written; nothing was published"
        )
    if row.signed:
        found = verify(data, extension=row.extension)
        if found.state not in ("valid", "trusted"):
            raise AuditError(
                f"{row.key}: its C2PA credentials are {found.state} "
                f"({', '.join(found.problems)}); nothing was published"
            )


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    with silence_pillow():
        try:
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        except UNREADABLE as error:
            raise RenderError("This is no JPEG, PNG, WebP, AVIF or TIFF, or damaged.") from error
        with image:
            yield image


def _xmp(image: Image.Image) -> Element | None:
    """The root of the packet; None: there is none, or none that can be parsed."""
    packet = image.info.get("xmp")
    if not isinstance(packet, bytes) or len(packet) > _LONGEST_XMP:
        return None
    with suppress(ParseError, DefusedXmlException, ValueError, LookupError):
        root: Element = fromstring(packet.rstrip(b"\x00 "), forbid_dtd=True)
        return root
    return None


def _item(xmp: Element | None, name: str) -> str:
    """The first item of one of Dublin Core's arrays."""
    found = xmp.find(f".//{_DC}{name}//{_RDF}li") if xmp is not None else None
    return (found.text or "").strip()[:_LONGEST_TEXT] if found is not None else ""


def _exif(image: Image.Image) -> Image.Exif:
    """EXIF, or none where it is damaged."""
    try:
        with silence_pillow():
            return image.getexif()
    except UNREADABLE:
        return Image.Exif()


def _directory(exif: Image.Exif, directory: ExifTags.IFD) -> dict[int, object]:
    try:
        with silence_pillow():
            return exif.get_ifd(directory)
    except UNREADABLE:
        return {}


def _text(value: object) -> str:
    """EXIF's text: ASCII by its standard, UTF-8 by use, and Latin-1 as Pillow reads it."""
    if not isinstance(value, str):
        return ""
    with suppress(UnicodeEncodeError, UnicodeDecodeError):  # then it was Latin-1 indeed
        value = value.encode("latin-1").decode()
    return value.replace("\x00", " ").strip()[:_LONGEST_TEXT]
