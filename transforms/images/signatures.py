"""What a file really is, whatever its name says: for messages about files that are no picture."""

import re

RAW = "a camera raw file; develop it and export it as JPEG or 16-bit TIFF"
_HEIC = (
    "a HEIC picture, as iPhones take them; export it as JPEG (on the phone: Settings, Camera, "
    "Formats, Most Compatible)"
)

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document; export its picture as JPEG or PNG"),
    (b"8BPS", "a Photoshop document; export it as JPEG, PNG or TIFF"),
    (b"GIF8", "a GIF picture; export it as JPEG or PNG"),
    (b"BM", "a BMP picture; export it as JPEG or PNG"),
    (b"%!PS", "a PostScript drawing; export it as PNG"),
    (b"\xc5\xd0\xd3\xc6", "an EPS drawing; export it as PNG"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture; export it as JPEG or PNG"),
    (b"\xff\x0a", "a JPEG XL picture; export it as JPEG or PNG"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture; export it as JPEG or PNG"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture; export it as JPEG or PNG"),
    (b"FUJIFILMCCD-RAW", RAW),
    (b"IIU\0", RAW),
    (b"IIRO", RAW),
    (b"IIRS", RAW),
    (b"MMOR", RAW),
    (b"FOVb", RAW),
    (b"PK\x03\x04", "a ZIP archive; unpack it and upload the pictures in it"),
    (b"Rar!", "a RAR archive; unpack it and upload the pictures in it"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it and upload the pictures in it"),
    (b"\x1f\x8b", "a gzip archive; unpack it and upload the pictures in it"),
    (b"\x00\x05\x16\x07", "a hidden file of macOS's Finder (its name begins with ._); delete it"),
    (b"version https://git-lfs", "a Git LFS pointer; upload the file that it stands for"),
    (b"\x1aE\xdf\xa3", "a video; upload a still picture"),
    (b"II+\0", "a BigTIFF picture; export it as an ordinary TIFF"),
    (b"MM\0+", "a BigTIFF picture; export it as an ordinary TIFF"),
)

_BRANDS: tuple[tuple[bytes, str], ...] = (
    (b"avif", "an AVIF picture; export it as JPEG or PNG"),
    (b"avis", "an AVIF picture; export it as JPEG or PNG"),
    (b"hei", _HEIC),
    (b"hev", _HEIC),
    (b"mif1", _HEIC),
    (b"msf1", _HEIC),
    (b"crx", RAW),
    (b"", "a video; upload a still picture"),
)

_TEXTS: tuple[tuple[bytes, str], ...] = (
    (rb"<svg\b", "an SVG drawing; export it as PNG"),
    (rb"<!doctype html|<html\b|<head\b|<body\b", "a web page; download the picture itself"),
    (rb"<\?xml|<error\b", "an XML document; download the picture itself"),
    (rb"\A\s*[{[]", "a JSON document; download the picture itself"),
)


def what_it_is(data: bytes) -> str:
    """Name the kind of a file and what to do about it: `a PDF document; export ...`.

    Judged by its first bytes alone; nothing is decoded.
    """
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[:4] in (b"II*\0", b"MM\0*") and data[8:10] == b"CR":
        return RAW
    if data[4:8] == b"ftyp":
        return next(kind for brand, kind in _BRANDS if data[8:12].startswith(brand))
    return _text(data[:1024])


def _text(head: bytes) -> str:
    letters = head.replace(b"\0", b"")
    if not letters:
        return "empty space, zeros only, as a failed copy leaves; upload it again"
    for pattern, kind in _TEXTS:
        if re.search(pattern, letters.lower()):
            return kind
    if letters.isascii():
        return "a text file; upload the picture itself"
    return "of no kind known here; export the picture as JPEG, PNG, WebP or TIFF"
