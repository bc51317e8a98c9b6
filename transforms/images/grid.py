"""Labelled grids of pictures, for a person to compare. Pure: pictures in, one picture out."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from transforms.images.canvas import fitted

Pixels = npt.NDArray[np.uint8]

_TILE_PX = 360
_CAPTION_PX = 18


def grid(rows: dict[str, dict[str, Pixels]]) -> Image.Image:
    """Lay pictures out: a row for each subject, a column for each setting, both labelled.

    Args:
        rows: Subject to setting to picture, (height, width, 3), sRGB; what is missing stays blank.
    """
    columns = list(dict.fromkeys(label for row in rows.values() for label in row))
    width = max(1, len(columns)) * _TILE_PX
    sheet = Image.new("RGB", (width, len(rows) * (_TILE_PX + _CAPTION_PX)), "white")
    pen = ImageDraw.Draw(sheet)
    for line, (subject, row) in enumerate(rows.items()):
        top = line * (_TILE_PX + _CAPTION_PX)
        for place, label in enumerate(columns):
            pen.text((place * _TILE_PX + 4, top + 3), f"{subject}: {label}", fill="black")
            if label in row:
                tile = Image.fromarray(fitted(row[label], _TILE_PX - 4))
                sheet.paste(tile, (place * _TILE_PX, top + _CAPTION_PX))
    return sheet
