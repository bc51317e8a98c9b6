"""Pictures that no pipeline should publish. Plain Pillow and bytes; no rendering.

Made from the finished good pictures, so `develop` has to run first.
"""

import struct
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

REASONS = {
    "BAD-ANIMATED/front.webp": "animated",
    "BAD-BOMB/front.png": "too_large",
    "BAD-EMPTY/front.jpg": "empty",
    "BAD-GIF/front.gif": "not_an_image",
    "BAD-HTML/front.jpg": "not_an_image",
    "BAD-SMALL/front.jpg": "too_small",
    "BAD-TRUNCATED/front.jpg": "unreadable",
    "BAD-TWICE/front.jpg": "same_sku_view",
    "BAD-TWICE/front.png": "same_sku_view",
    "IMG_2041.jpg": "key_does_not_fit",
    "TWIN-OF-TUMBLER/front.jpg": "duplicate_picture",
}
"""Why the pipeline should set each of them aside."""

BOMB_SIDE_PX = 30_000

HTML = b"""<!DOCTYPE html>
<html><head><title>403 Forbidden</title></head>
<body><h1>Forbidden</h1><p>Your link to this picture has expired.</p></body></html>
"""


def write_bad_files(source: Path) -> None:
    """Write every file of `REASONS` under `source`."""
    teapot = _open(source / "TEAPOT-SAND/front.jpg")
    clock = _open(source / "CLOCK-MINT/side.jpg")
    files = {
        "BAD-ANIMATED/front.webp": _animation(clock, "WEBP"),
        "BAD-BOMB/front.png": bomb(BOMB_SIDE_PX),
        "BAD-EMPTY/front.jpg": b"",
        "BAD-GIF/front.gif": _animation(clock, "GIF"),
        "BAD-HTML/front.jpg": HTML,
        "BAD-SMALL/front.jpg": _jpeg(
            ImageOps.fit(_open(source / "BOARD-WALNUT/front.jpg"), (180, 180))
        ),
        "BAD-TRUNCATED/front.jpg": _first_part(
            (source / "MUG-COBALT/front.jpg").read_bytes(), 0.55
        ),
        "BAD-TWICE/front.jpg": _jpeg(ImageOps.mirror(ImageOps.fit(teapot, (700, 560)))),
        "BAD-TWICE/front.png": _png(ImageOps.mirror(ImageOps.fit(teapot, (350, 280)))),
        "IMG_2041.jpg": _jpeg(ImageOps.fit(_open(source / "POT-TERRACOTTA/front.jpg"), (640, 480))),
        "TWIN-OF-TUMBLER/front.jpg": (source / "TUMBLER-FOREST/front.jpg").read_bytes(),
    }
    if files.keys() != REASONS.keys():
        raise ValueError(f"no reason given for {files.keys() ^ REASONS.keys()}")
    for key, content in files.items():
        path = source / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def bomb(side: int) -> bytes:
    """A valid black PNG of `side` x `side` px, 1 bit each: some 100 kB that decode to gigabytes."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    packed = b"".join(rows.compress(row) for _ in range(side)) + rows.flush()
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )


def _open(path: Path) -> Image.Image:
    return Image.open(path).convert("RGB")


def _first_part(content: bytes, share: float) -> bytes:
    return content[: round(share * len(content))]


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _animation(picture: Image.Image, kind: str) -> bytes:
    first = ImageOps.fit(picture, (480, 480))
    second = ImageOps.fit(picture, (480, 480), centering=(0.4, 0.4)).rotate(4)
    frames = [frame.quantize(48) if kind == "GIF" else frame for frame in (first, second)]
    out = BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=400, loop=0)
    return out.getvalue()
