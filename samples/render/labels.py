"""Printed artwork for boxes, bottles and dials, drawn with Pillow. sRGB, sizes in pixels.

All brands are invented.
"""

import math
from pathlib import Path

from font_source_sans_pro import SourceSansPro, SourceSansProSemibold
from font_source_serif_pro import SourceSerifProBold
from PIL import Image, ImageDraw, ImageFont

SERIF, SANS, STRONG = SourceSerifProBold, SourceSansPro, SourceSansProSemibold
Line = tuple[str, str, float, float]
"""Text, font file, cap size and vertical middle, both as shares of the artwork's height."""


def text_panel(
    path: Path,
    size: tuple[int, int],
    *,
    paper: str,
    ink: str,
    lines: list[Line],
    frame: bool = False,
    band: tuple[float, float, str] | None = None,
    motif: str | None = None,
) -> str:
    """A panel of centred lines; returns its file name.

    `frame` draws a double rule; `band` is a coloured stripe (top, bottom, colour) in shares of
    the height; `motif` is a drawing over the text: "blossom", "olive", "cedar" or "barcode".
    """
    width, height = size
    art = Image.new("RGB", size, paper)
    pen = ImageDraw.Draw(art)
    if band:
        pen.rectangle((0, band[0] * height, width, band[1] * height), fill=band[2])
    if frame:
        edge = height * 0.035
        pen.rectangle((edge, edge, width - edge, height - edge), outline=ink, width=height // 160)
        edge *= 1.35
        pen.rectangle((edge, edge, width - edge, height - edge), outline=ink, width=height // 400)
    if motif:
        MOTIFS[motif](pen, width, height, ink)
    for text, font, share, middle in lines:
        face = ImageFont.truetype(font, round(share * height))
        pen.text((width / 2, middle * height), text, font=face, fill=ink, anchor="mm")
    art.save(path)
    return str(path)


def clock_dial(path: Path, side: int = 1400) -> str:
    """A white dial with numerals and minute marks; returns its file name."""
    art = Image.new("RGB", (side, side), "#f4f1e8")
    pen = ImageDraw.Draw(art)
    centre = side / 2
    numerals = ImageFont.truetype(STRONG, round(side * 0.105))
    for minute in range(60):
        angle = math.radians(6 * minute - 90)
        inner = 0.43 if minute % 5 else 0.415
        ends = [centre + side * r * f(angle) for r in (inner, 0.455) for f in (math.cos, math.sin)]
        pen.line(ends, fill="#23282b", width=round(side * (0.004 if minute % 5 else 0.011)))
    for hour in range(1, 13):
        angle = math.radians(30 * hour - 90)
        at = (centre + side * 0.335 * math.cos(angle), centre + side * 0.335 * math.sin(angle))
        pen.text(at, str(hour), font=numerals, fill="#23282b", anchor="mm")
    brand = ImageFont.truetype(SERIF, round(side * 0.042))
    pen.text((centre, centre * 0.66), "Halvorsen", font=brand, fill="#23282b", anchor="mm")
    art.save(path)
    return str(path)


def _blossom(pen: ImageDraw.ImageDraw, width: int, height: int, ink: str) -> None:
    for x, y, size in ((0.5, 0.24, 0.075), (0.33, 0.3, 0.05), (0.68, 0.31, 0.055)):
        for petal in range(5):
            angle = math.radians(72 * petal - 90)
            at = (
                x * width + size * height * math.cos(angle) * 0.62,
                y * height + size * height * math.sin(angle) * 0.62,
            )
            radius = size * height * 0.5
            pen.ellipse(
                (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius),
                fill="#fbf4e4",
                outline=ink,
                width=max(2, height // 300),
            )
        radius = size * height * 0.28
        pen.ellipse(
            (x * width - radius, y * height - radius, x * width + radius, y * height + radius),
            fill="#e2a93b",
        )


def _olive(pen: ImageDraw.ImageDraw, width: int, height: int, ink: str) -> None:
    pen.arc(
        (0.2 * width, 0.1 * height, 0.95 * width, 0.42 * height),
        190,
        320,
        fill=ink,
        width=height // 120,
    )
    for x, y in ((0.3, 0.21), (0.42, 0.15), (0.56, 0.13), (0.7, 0.16)):
        pen.ellipse(
            (x * width, y * height, (x + 0.07) * width, (y + 0.09) * height), fill="#5e7030"
        )


def _cedar(pen: ImageDraw.ImageDraw, width: int, height: int, ink: str) -> None:
    for row in range(4):
        half = (0.045 + 0.035 * row) * width
        top = (0.1 + 0.055 * row) * height
        pen.polygon(
            [
                (width / 2, top),
                (width / 2 - half, top + 0.09 * height),
                (width / 2 + half, top + 0.09 * height),
            ],
            fill=ink,
        )
    pen.rectangle((0.487 * width, 0.34 * height, 0.513 * width, 0.4 * height), fill=ink)


def _barcode(pen: ImageDraw.ImageDraw, width: int, height: int, ink: str) -> None:
    pen.rectangle((0.28 * width, 0.78 * height, 0.72 * width, 0.93 * height), fill="white")
    x = 0.31
    for number in range(38):
        thick = (1, 2, 1, 3, 2, 1, 1)[number % 7] * 0.0034
        pen.rectangle((x * width, 0.795 * height, (x + thick) * width, 0.905 * height), fill=ink)
        x += thick + (2, 1, 1, 2)[number % 4] * 0.0032


MOTIFS = {"blossom": _blossom, "olive": _olive, "cedar": _cedar, "barcode": _barcode}
