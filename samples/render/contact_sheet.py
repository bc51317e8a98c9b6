"""Every picture at a glance, as a shopper's browser would show it."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw, ImageOps

COLUMNS = 6
CELL_PX = 320
CAPTION_PX = 16


def contact_sheet(paths: Sequence[Path], path: Path) -> None:
    """Write a PNG of all pictures, upright and in sRGB, with their names."""
    rows = -(-len(paths) // COLUMNS)
    size = (COLUMNS * CELL_PX, rows * (CELL_PX + CAPTION_PX))
    sheet = Image.new("RGB", size, "#777777")
    pen = ImageDraw.Draw(sheet)
    for number, each in enumerate(paths):
        corner = (number % COLUMNS * CELL_PX, number // COLUMNS * (CELL_PX + CAPTION_PX))
        small = ImageOps.contain(_as_seen(each), (CELL_PX - 4, CELL_PX - 4))
        sheet.paste(small, corner, small if small.mode == "RGBA" else None)
        name = f"{each.parent.name}/{each.name}"
        pen.text((corner[0] + 2, corner[1] + CELL_PX), name, fill="white")
    sheet.save(path)


def _as_seen(path: Path) -> Image.Image:
    picture = ImageOps.exif_transpose(Image.open(path))
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "CMYK"}:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, srgb, outputMode="RGB")
    return picture if picture.mode == "RGBA" else picture.convert("RGB")
