"""Small photographs of plain products, drawn in code: a shaded vase on a grey sweep."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

COLOURS = [
    (176, 42, 38),
    (34, 92, 150),
    (40, 120, 70),
    (200, 140, 30),
    (90, 50, 120),
    (30, 30, 34),
    (220, 90, 120),
    (20, 130, 140),
]


def vase(
    colour: tuple[int, int, int], *, side: int = 420, lean: int = 0, cut_out: bool = False
) -> Image.Image:
    """A vase with light from the left and a shadow to its right, `side` px square.

    RGB; with `cut_out` RGBA, transparent around the vase, as from a studio that cuts out itself.
    """
    rows = np.linspace(0, 1, side)[:, None]
    backdrop = 205 - 35 * rows + np.zeros((side, side))
    picture = Image.fromarray(np.repeat(backdrop[..., None], 3, axis=2).astype(np.uint8))
    unit = side / 100
    shadow = Image.new("L", picture.size, 0)
    ImageDraw.Draw(shadow).ellipse([34 * unit, 76 * unit, 80 * unit, 86 * unit], fill=130)
    shadow = shadow.filter(ImageFilter.GaussianBlur(3 * unit))
    picture.paste((60, 60, 62), mask=shadow)

    outline = Image.new("L", picture.size, 0)
    draw = ImageDraw.Draw(outline)
    draw.ellipse([30 * unit, 36 * unit, 70 * unit, 82 * unit], fill=255)
    draw.polygon(
        [
            ((42 + lean) * unit, 16 * unit),
            ((58 + lean) * unit, 16 * unit),
            (60 * unit, 45 * unit),
            (40 * unit, 45 * unit),
        ],
        fill=255,
    )
    light = np.clip(1.25 - np.abs(np.linspace(-0.55, 1.25, side)), 0.25, 1.2)[None, :, None]
    shaded = np.clip(np.array(colour) * light, 0, 255) + np.zeros((side, side, 1))
    picture.paste(Image.fromarray(shaded.astype(np.uint8)), mask=outline)
    ImageDraw.Draw(picture).ellipse(
        [40 * unit, 48 * unit, 44 * unit, 58 * unit], fill=(250, 250, 250)
    )
    picture = picture.filter(ImageFilter.GaussianBlur(0.6))
    if cut_out:
        picture.putalpha(outline.filter(ImageFilter.GaussianBlur(0.6)))
    return picture


def png(picture: Image.Image) -> bytes:
    """The picture as a PNG file."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def jpeg(picture: Image.Image, *, quality: int = 92) -> bytes:
    """The picture as a JPEG file."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def products(count: int, *, side: int = 420) -> dict[str, bytes]:
    """Sku to a JPEG of a product that no other sku has."""
    return {
        f"VASE-{number}": jpeg(vase(COLOURS[number % len(COLOURS)], side=side, lean=number % 7 - 3))
        for number in range(count)
    }
