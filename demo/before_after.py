"""Makes the README's picture out of what `make demo` left: sources above, published below."""

import io
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from transforms.presets.configuration import load_configuration
from transforms.publishing.version import read_published
from transforms.runner import open_places

ROOT = Path(__file__).resolve().parents[1]
SHOWN = ("SOAP-AMBER", "TEA-JASMINE", "WATERCAN-RED", "CANDLE-CEDAR")
TILE_PX, GAP_PX = 460, 12


def before_after(target: Path) -> None:
    """Write the picture; the demo must have run."""
    config = ROOT / "config"
    configuration = load_configuration(config / "catalogues" / "samples.yaml", config)
    places = open_places(configuration.catalogue)
    rows = read_published(places.published).to_pylist()
    if not rows:
        sys.exit("Nothing is published yet: run `make demo` first.")
    front = {row["sku"]: row for row in rows if row["view"] == "front"}
    step = TILE_PX + GAP_PX
    sheet = Image.new("RGB", (step * len(SHOWN) - GAP_PX, 2 * step - GAP_PX), "white")
    for column, sku in enumerate(SHOWN):
        before = places.source.read(front[sku]["source_key"])
        after = places.published.read(front[sku]["key"])
        for row, data in enumerate((before, after)):
            sheet.paste(_tile(data, outlined=bool(row)), (column * step, row * step))
    target.parent.mkdir(exist_ok=True)
    sheet.save(target, quality=88, optimize=True, progressive=True)


def _tile(data: bytes, *, outlined: bool) -> Image.Image:
    """A square of TILE_PX; white pictures get an outline, so that their frame is seen."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    tile = ImageOps.fit(image, (TILE_PX, TILE_PX), Image.Resampling.LANCZOS)
    if outlined:
        ImageDraw.Draw(tile).rectangle((0, 0, TILE_PX - 1, TILE_PX - 1), outline=(225, 225, 225))
    return tile


if __name__ == "__main__":
    before_after(ROOT / "docs" / "before-after.jpg")
