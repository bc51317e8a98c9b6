"""What is measured on a source picture. Pure: Pillow image in, numbers out.

These run on every new picture of a night. Nothing but decoding and one pass to grey touches
all pixels: the rest looks at a sample, at tiles, or at a reduction, as each function says.
"""

import io
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image, ImageCms

from transforms.images.canvas import WHITE, over
from transforms.images.decoding import eight_bits, orientation, turn_upright
from transforms.images.perceptual_hash import hash_picture
from transforms.pixels import Mask, Pixels

SHARPNESS_SIDE_PX = 1024
_SAMPLE_SIDE_PX = 512
_LOOK_SIDE_PX = 256
_TILE_PX, _TILES_ACROSS = 192, 3
_WHITE = 250

_LUMINANCE_TABLE: Final = np.array(
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ]
)  # fmt: skip
"""Table K.1 of the JPEG standard (ITU-T T.81), which libjpeg scales by quality."""

_QUALITIES = np.arange(1, 101)
_SCALES = np.where(_QUALITIES < 50, 5000 // _QUALITIES, 200 - 2 * _QUALITIES)  # noqa: PLR2004
_TABLES = np.clip((_LUMINANCE_TABLE * _SCALES[:, None] + 50) // 100, 1, 255)
"""(100, 64): the luminance table of each quality."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What `MeasuredImage` records of a picture that decodes; its fields say what each means."""

    format: str
    mode: str
    width_px: int
    height_px: int
    has_alpha: bool
    bits_per_channel: int
    colour_profile: str
    mean_luma: float
    clipped_light: float
    clipped_dark: float
    sharpness: float
    noise: float
    jpeg_quality: int
    blockiness: float
    phash: str


def measure_image(image: Image.Image) -> Measures:
    """Measure a picture as `open_image` gives it. Not modified.

    Values are taken as sRGB, whatever the profile says: they sort pictures, they colour none.
    Transparency is laid over white.
    """
    turn = orientation(image)
    plain = over_white(image)
    luma = plain.convert("L")
    sample = plain.resize(_within(plain.size, _SAMPLE_SIDE_PX), Image.Resampling.NEAREST)
    tiles = grey_tiles(np.asarray(luma))
    light, dark = measure_clipping(np.asarray(sample.convert("RGB")))
    small = turn_upright(plain.reduce(_reduction(plain.size)).convert("RGB"), turn)
    width_px, height_px = image.size if turn <= 4 else image.size[::-1]  # noqa: PLR2004
    return Measures(
        format="JPEG" if image.format == "MPO" else image.format or "",
        mode=image.mode,
        width_px=width_px,
        height_px=height_px,
        has_alpha=image.has_transparency_data,
        bits_per_channel=image.info["bits_per_channel"],
        colour_profile=profile_name(image),
        mean_luma=round(float(np.asarray(small.convert("L")).mean()) / 255, 4),
        clipped_light=round(light, 5),
        clipped_dark=round(dark, 5),
        sharpness=round(sharpness(luma), 2),
        noise=round(noise_sigma(tiles), 2),
        jpeg_quality=jpeg_quality(image),
        blockiness=round(blockiness(tiles), 3),
        phash=hash_picture(small),
    )


def _within(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size with its longer side at `side`, or as it is where that is smaller."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _reduction(size: tuple[int, int]) -> int:
    return max(1, max(size) // _LOOK_SIDE_PX)


def over_white(image: Image.Image) -> Image.Image:
    """An `L` or `RGB` picture of 8 bits: deep grey scaled, transparency laid over white."""
    shallow = eight_bits(image)
    if shallow.has_transparency_data:
        clear = shallow if shallow.mode == "RGBA" else shallow.convert("RGBA")
        rgba = np.asarray(clear)
        return Image.fromarray(over(WHITE, rgba[..., :3], rgba[..., 3]))
    return shallow if shallow.mode in ("L", "RGB") else shallow.convert("RGB")


def profile_name(image: Image.Image) -> str:
    """Description of the embedded ICC profile; empty: none; `damaged`: one that is unusable."""
    icc = image.info.get("icc_profile")
    if not icc:
        return ""
    try:
        profile = ImageCms.getOpenProfile(io.BytesIO(icc))
        name = ImageCms.getProfileDescription(profile)
    except (ImageCms.PyCMSError, OSError):
        return "damaged"
    return " ".join(name.split())[:80] or "unnamed"


def measure_clipping(pixels: Pixels) -> tuple[float, float]:
    """Shares of blown and of blocked pixels, 0-1 each.

    Args:
        pixels: (height, width, 3), a sample of the picture: whole pixels, none averaged.

    Returns:
        Share of pixels with a channel at 255, outside of any white background that reaches in
        from the edge, by all pixels outside of it; share of all pixels that are black.

    A packshot on white is no overexposed picture, so its background does not count.
    """
    red, green, blue = cv2.split(pixels)
    lowest, highest = cv2.min(cv2.min(red, green), blue), cv2.max(cv2.max(red, green), blue)
    subject = ~_touching_the_edge((lowest >= _WHITE).astype(np.uint8))
    light = float((highest[subject] == 255).mean()) if subject.any() else 0.0  # noqa: PLR2004
    return light, float((highest == 0).mean())


def _touching_the_edge(mask: Pixels) -> Mask:
    _, labels = cv2.connectedComponents(mask, connectivity=4)
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    background = np.zeros(int(labels.max()) + 1, dtype=bool)
    background[edge] = True
    background[0] = False
    found: Mask = background[labels]
    return found


def sharpness(luma: Image.Image) -> float:
    """Variance of the Laplacian at 1024 px longer side; a smaller picture is not enlarged."""
    whole_steps = max(1, max(luma.size) // SHARPNESS_SIDE_PX)
    pixels = np.asarray(luma.reduce(whole_steps) if whole_steps > 1 else luma)
    size = _within(luma.size, SHARPNESS_SIDE_PX)
    if size != luma.size:
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)
    return float(cv2.Laplacian(pixels, cv2.CV_32F).var())


def grey_tiles(luma: Pixels) -> list[Pixels]:
    """Up to 3 x 3 tiles of 192 px, spread evenly, on the grid of JPEG's 8 px blocks."""
    rows, columns = (_starts(side) for side in luma.shape)
    return [luma[y : y + _TILE_PX, x : x + _TILE_PX] for y in rows for x in columns]


def _starts(side: int) -> list[int]:
    room = max(0, side - _TILE_PX)
    return sorted({int(room * step / (_TILES_ACROSS - 1)) // 8 * 8 for step in range(3)})


def noise_sigma(tiles: list[Pixels]) -> float:
    """Standard deviation of noise, in levels of 0-255, as the smoother tiles show it.

    Immerkaer's operator (Fast Noise Variance Estimation, 1996) removes slopes and edges; the
    median of what remains withstands texture. Clipped pixels carry no noise and do not count;
    0.0 where nearly all are.
    """
    operator = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)
    sigmas = []
    for tile in tiles:
        rest = np.abs(cv2.filter2D(tile, cv2.CV_32F, operator))
        usable = rest[(tile > 255 - _WHITE) & (tile < _WHITE)]
        if usable.size * 10 > tile.size:
            sigmas.append(float(np.median(usable)) / (6 * 0.6745))
    return float(np.percentile(sigmas, 25)) if sigmas else 0.0


def blockiness(tiles: list[Pixels]) -> float:
    """Mean step across the borders of 8 px blocks over that within; about 1 without blocking."""
    across, within = [], []
    for tile in tiles:
        for turned_tile in (tile, tile.T):
            steps = np.abs(np.diff(turned_tile.astype(np.int16), axis=1)).mean(axis=0)
            border = np.arange(1, len(steps) + 1) % 8 == 0
            across.extend(steps[border])
            within.extend(steps[~border])
    if not across:
        return 1.0
    # A tenth of a level keeps flat pictures, which have no steps at all, at 1.
    return float((np.mean(across) + 0.1) / (np.mean(within) + 0.1))


def jpeg_quality(image: Image.Image) -> int:
    """Quality, 1-100, whose standard luminance table is nearest; 0 where it is no JPEG.

    Exact for libjpeg's tables; makers' own tables get the nearest.
    """
    tables: dict[int, Any] = getattr(image, "quantization", None) or {}
    if 0 not in tables:
        return 0
    apart = np.abs(_TABLES - np.array(tables[0])).sum(axis=1)
    return int(_QUALITIES[len(apart) - 1 - int(apart[::-1].argmin())])
