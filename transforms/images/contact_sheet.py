"""Contact sheets of cut-outs, for a person to judge. Pure: pictures in, one picture out."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from PIL import Image, ImageDraw

from transforms.images.canvas import MID_GREY, fit_within, over
from transforms.pixels import Pixels

MAGENTA = (255, 0, 255)
"""No product's colour: what is left of the backdrop, or lost of the product, shows on it."""

STRIPS_A_SHEET = 24

_TILE_PX = 300
_CAPTION_PX = 16
_GAP_PX = 6
_COLUMNS = 2


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


def contact_sheet(strips: list[Strip]) -> Image.Image:
    """Lay strips out in columns, each with its caption.

    Args:
        strips: At least one; about `STRIPS_A_SHEET` fit a screen's patience.
    """
    width, height = 3 * _TILE_PX + _GAP_PX, _TILE_PX + _CAPTION_PX + _GAP_PX
    rows = -(-len(strips) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * width, rows * height), "white")
    pen = ImageDraw.Draw(sheet)
    for number, strip in enumerate(strips):
        left, top = number % _COLUMNS * width, number // _COLUMNS * height
        for place, tile in enumerate(strip.tiles):
            sheet.paste(Image.fromarray(tile), (left + place * _TILE_PX, top + _CAPTION_PX))
        pen.text((left + 2, top + 2), strip.label, fill="black")
    return sheet


def _tile(picture: Pixels) -> Pixels:
    """The picture within a square of `_TILE_PX`, on white, never enlarged."""
    small = fit_within(picture, _TILE_PX)
    height, width = small.shape[:2]
    tile = np.full((_TILE_PX, _TILE_PX, 3), 255, np.uint8)
    left, top = (_TILE_PX - width) // 2, (_TILE_PX - height) // 2
    tile[top : top + height, left : left + width] = small
    return tile
