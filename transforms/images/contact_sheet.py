"""Sheets of pictures for a person to judge: strips of cut-outs, and grids with captions. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Self

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from transforms.images.canvas import MID_GREY, fit_within, over
from transforms.pixels import Pixels

MAGENTA = (255, 0, 255)
"""No product's colour: what is left of the backdrop, or lost of the product, shows on it."""

STRIPS_A_SHEET = 24

_STRIP_TILE_PX = 300
_CAPTION_PX = 16
_STRIP_GAP_PX = 6
_STRIP_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Strip:
    """One picture three times over, small: as it came, on grey, and on magenta."""

    label: str
    tiles: tuple[Pixels, Pixels, Pixels]

    @classmethod
    def of(cls, label: str, photograph: Pixels, colours: Pixels, matte: Pixels) -> Self:
        """Reduce a picture to its strip, so that a sheet's pictures need not be kept.

        Args:
            label: Caption.
            photograph: (height, width, 3), sRGB.
            colours: (height, width, 3), the product's own colours.
            matte: (height, width), 255 is product.
        """
        grey, magenta = (_tile(over(each, colours, matte)) for each in (MID_GREY, MAGENTA))
        return cls(label, (_tile(photograph), grey, magenta))


def draw_strips(strips: list[Strip]) -> Image.Image:
    """Lay strips out in columns, each with its caption.

    Args:
        strips: At least one; about `STRIPS_A_SHEET` fit a screen's patience.
    """
    width, height = 3 * _STRIP_TILE_PX + _STRIP_GAP_PX, _STRIP_TILE_PX + _CAPTION_PX + _STRIP_GAP_PX
    rows = -(-len(strips) // _STRIP_COLUMNS)
    sheet = Image.new("RGB", (_STRIP_COLUMNS * width, rows * height), "white")
    pen = ImageDraw.Draw(sheet)
    for number, strip in enumerate(strips):
        left, top = number % _STRIP_COLUMNS * width, number // _STRIP_COLUMNS * height
        for place, tile in enumerate(strip.tiles):
            sheet.paste(Image.fromarray(tile), (left + place * _STRIP_TILE_PX, top + _CAPTION_PX))
        pen.text((left + 2, top + 2), strip.label, fill="black")
    return sheet


def _tile(picture: Pixels) -> Pixels:
    """The picture within a square of `_STRIP_TILE_PX`, on white, never enlarged."""
    small = fit_within(picture, _STRIP_TILE_PX)
    height, width = small.shape[:2]
    tile = np.full((_STRIP_TILE_PX, _STRIP_TILE_PX, 3), 255, np.uint8)
    left, top = (_STRIP_TILE_PX - width) // 2, (_STRIP_TILE_PX - height) // 2
    tile[top : top + height, left : left + width] = small
    return tile


TILE_PX = 360
"""Longest side of a picture on the sheet: larger ones need not be kept for it."""

_GAP_PX, _MARGIN_PX = 12, 28
_TITLE_PX, _HEADING_PX, _TEXT_PX = 30, 22, 16
_LINE = 1.35
"""Of a line of text, in sizes of its letters."""
_PAPER, _EMPTY = (250, 250, 249), (232, 232, 230)
_INK, _GREY, _RED = (28, 28, 30), (110, 110, 112), (176, 32, 32)
_LETTERS = 40
"""That fit beside one another on an empty tile."""
_MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture of a grid, or why there is none."""

    pixels: Pixels | None
    """(height, width, 3), sRGB."""
    caption: str = ""
    """One line below it; without a picture: what is written in its place."""


def draw_grid(
    title: str, subtitle: str, columns: Sequence[str], rows: Mapping[str, Sequence[Cell]]
) -> Image.Image:
    """Lay pictures out under a title: a column for each setting, a row for each subject.

    Args:
        title: What is compared.
        subtitle: With which settings; one line.
        columns: Headings.
        rows: Name of the subject to its cells, one for each column.

    Returns:
        RGB; as wide as its columns need.
    """
    title_font, heading_font, text_font = (
        ImageFont.load_default(size) for size in (_TITLE_PX, _HEADING_PX, _TEXT_PX)
    )
    above = _MARGIN_PX + sum(round(_LINE * size) for size in (_TITLE_PX, _TEXT_PX))
    above += _GAP_PX + round(_LINE * _HEADING_PX)
    row_px = round(_LINE * _TEXT_PX) * 2 + TILE_PX + _GAP_PX
    column_px = TILE_PX + _GAP_PX
    titles = max(pen_width(title, title_font), pen_width(subtitle, text_font))
    width = 2 * _MARGIN_PX + max(len(columns) * column_px - _GAP_PX, round(titles))
    sheet = Image.new("RGB", (width, above + len(rows) * row_px + _MARGIN_PX), _PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((_MARGIN_PX, _MARGIN_PX), title, _INK, title_font)
    second = _MARGIN_PX + round(_LINE * _TITLE_PX)
    pen.text((_MARGIN_PX, second), subtitle, _GREY, text_font)
    for place, heading in enumerate(columns):
        left = _MARGIN_PX + place * column_px
        pen.text((left, above - round(_LINE * _HEADING_PX)), heading, _INK, heading_font)
    for line, (subject, cells) in enumerate(rows.items()):
        top = above + line * row_px
        pen.text((_MARGIN_PX, top), subject, _GREY, text_font)
        top += round(_LINE * _TEXT_PX)
        for place, cell in enumerate(cells):
            left = _MARGIN_PX + place * column_px
            _lay(sheet, pen, cell, (left, top), text_font)
    return sheet


def pen_width(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> float:
    """How wide a line of text is, in pixels."""
    return font.getlength(text)


def _lay(
    sheet: Image.Image,
    pen: ImageDraw.ImageDraw,
    cell: Cell,
    corner: tuple[int, int],
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    """Lay a picture into the middle of its tile, with its caption; or write why there is none."""
    left, top = corner
    if cell.pixels is None:
        pen.rectangle((left, top, left + TILE_PX - 1, top + TILE_PX - 1), fill=_EMPTY)
        said = "\n".join(wrap(cell.caption, _LETTERS)[:_MOST_LINES])
        pen.multiline_text((left + _GAP_PX, top + _GAP_PX), said, _RED, font)
        return
    small = fit_within(cell.pixels, TILE_PX)
    right, down = ((TILE_PX - side) // 2 for side in small.shape[1::-1])
    sheet.paste(Image.fromarray(small), (left + right, top + down))
    pen.text((left, top + TILE_PX + 2), cell.caption, _GREY, font)
