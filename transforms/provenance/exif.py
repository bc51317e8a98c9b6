"""What of a source's EXIF may go on: creator, copyright and orientation. Pure."""

from contextlib import suppress

from PIL import ExifTags, Image

from transforms.provenance.header import UNREADABLE, blemishes_unsaid
from transforms.provenance.xmp import Rights, rights_in

_UPRIGHT = 1
_ORIENTATIONS = range(1, 9)

_DEVICE = (
    ExifTags.Base.Make, ExifTags.Base.Model, ExifTags.Base.CameraOwnerName,
    ExifTags.Base.BodySerialNumber, ExifTags.Base.LensModel, ExifTags.Base.LensSerialNumber,
    ExifTags.Base.LensMake, ExifTags.Base.UniqueCameraModel,
)  # fmt: skip


def rights_of(image: Image.Image) -> Rights:
    """Whose picture it is: by EXIF, else by XMP.

    Args:
        image: Opened, not necessarily decoded.
    """
    xmp = image.info.get("xmp")
    told = rights_in(xmp) if isinstance(xmp, bytes) else Rights()
    exif = _exif(image)
    creator, owner = (
        _text(exif.get(tag)) for tag in (ExifTags.Base.Artist, ExifTags.Base.Copyright)
    )
    return Rights(creator=creator or told.creator, copyright=owner or told.copyright)


def private_in(image: Image.Image) -> tuple[str, ...]:
    """What EXIF tells that is nobody's business: `place`, `device`."""
    exif = _exif(image)
    place = bool(_inner(exif, ExifTags.IFD.GPSInfo))
    inner = _inner(exif, ExifTags.IFD.Exif)
    device = any(exif.get(tag) or inner.get(tag) for tag in _DEVICE)
    return ("place",) * place + ("device",) * device


def minimal_exif(image: Image.Image) -> bytes:
    """EXIF with nothing but orientation, creator and copyright; empty where it has none of them.

    Returns:
        A TIFF structure, without the `Exif` that JPEG puts before it.
    """
    rights, kept = rights_of(image), Image.Exif()
    turned = _exif(image).get(ExifTags.Base.Orientation, _UPRIGHT)
    if turned in _ORIENTATIONS and turned != _UPRIGHT:
        kept[ExifTags.Base.Orientation] = turned
    # As bytes, since of text Pillow writes `?` for every Ö.
    if rights.creator:
        kept[ExifTags.Base.Artist] = rights.creator.encode()
    if rights.copyright:
        kept[ExifTags.Base.Copyright] = rights.copyright.encode()
    return kept.tobytes().removeprefix(b"Exif\x00\x00") if len(kept) else b""


def _exif(image: Image.Image) -> Image.Exif:
    """EXIF, or none where it is damaged."""
    try:
        with blemishes_unsaid():
            return image.getexif()
    except UNREADABLE:
        return Image.Exif()


def _inner(exif: Image.Exif, directory: ExifTags.IFD) -> dict[int, object]:
    try:
        with blemishes_unsaid():
            return exif.get_ifd(directory)
    except UNREADABLE:
        return {}


def _text(value: object) -> str:
    """EXIF's text: ASCII by its standard, UTF-8 by use, and Latin-1 as Pillow reads it."""
    if not isinstance(value, str):
        return ""
    with suppress(UnicodeEncodeError, UnicodeDecodeError):  # then it was Latin-1 indeed
        value = value.encode("latin-1").decode()
    return value.replace("\x00", " ").strip()
