"""Sensor noise: told from texture, and taken out gently where a shopper would see it."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Pixels
from transforms.records.facts import Step

WORTH_A_LOOK = 0.6
"""Levels of 0-255. Demosaicing and JPEG hide most noise from a measure at full size: visible
noise of 4 levels measures 0.7, a clean picture 0.25 to 0.5."""
VISIBLE_LUMA = 1.7
"""At half size, in the smoothest tenth. Clean photographs: 0.0 to 1.1, and 2.2 where a texture
fills the frame; a grain of 4 levels, visible at full size: 1.8 to 2.9."""
VISIBLE_CHROMA = 0.08
"""As above. Dyed and woven texture is of one hue; noise is of all. Grain of 4 levels: 0.10 to
0.25; knit, terry and gauze: up to 0.06."""

_LUMA_STRENGTH = 1.6
"""Filter strength by measured noise. Half of what demosaicing leaves: 0.8 is its true deviation.
Up to here the error against the truth falls on all of smooth, woven and speckled."""
_CHROMA_STRENGTH = 4.0
_MOST_STRENGTH = 24.0
_LUMA_WINDOWS = (5, 13)
_CHROMA_WINDOWS = (5, 11)
"""Sides of what is compared, and of where it is looked for; px."""

_STRIP_PX = 512
_OVERLAP_PX = 32
"""Beyond the filters' reach of 8 px, and of 7 px at half size: strips leave no seam."""

_TILE_PX, _TILES_ACROSS, _BLOCK_PX = 256, 5, 16
_DARK, _LIGHT = 12, 243
_LEAST_BLOCKS = 16
_SMOOTHEST_PERCENT = 10
_OPERATOR: Final = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)
_MEAN_TO_SIGMA = float(np.sqrt(np.pi / 2) / 6)


def denoise(rgb: Pixels, *, noise: float) -> tuple[Pixels, Step]:
    """Take out noise that is visible, by non-local means; colour noise more than brightness.

    Args:
        rgb: (height, width, 3), sRGB. Not modified.
        noise: Standard deviation of noise as measured on the stored picture, levels of 0-255.

    Returns:
        A new picture, or `rgb` itself where there was nothing to do; and what was done.

    Texture survives because only places that look alike are averaged (Buades, Coll and Morel,
    "Non-Local Means Denoising", IPOL 2011), and is never the reason to act: noise is measured
    where the picture is smoothest, and must be there in colour too.
    """
    measured = {"noise_levels": round(noise, 2)}
    if noise < WORTH_A_LOOK:
        return rgb, _leave(f"Not needed: noise {noise:.1f} levels.", measured)
    luma, chroma = _noise_of(rgb)
    measured |= {"luma_levels": round(luma, 2), "chroma_levels": round(chroma, 2)}
    if luma < VISIBLE_LUMA:
        return rgb, _leave("Not needed: smooth places show next to no noise.", measured)
    if chroma < VISIBLE_CHROMA:
        return rgb, _leave("Left as it is: texture without colour noise.", measured)
    said = f"Took out noise of {luma:.1f} levels."
    step = Step(name="denoise", applied=True, said=said, measured=measured)
    return _filter(rgb, luma=luma, chroma=chroma), step


def _leave(said: str, measured: dict[str, float]) -> Step:
    return Step(name="denoise", applied=False, said=said, measured=measured)


def _noise_of(rgb: Pixels) -> tuple[float, float]:
    """Noise of luma and of the worse colour difference, as a look at half size shows them.

    Immerkaer's operator ("Fast Noise Variance Estimation", 1996) at half size, where what
    demosaicing smeared over neighbours counts; in the smoothest tenth of blocks, not clipped.
    """
    levels, rests = [], []
    for tile in _tiles(rgb):
        if min(tile.shape[:2]) < 2 * _BLOCK_PX:
            return 0.0, 0.0
        half = cv2.resize(tile, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        planes = cv2.cvtColor(half, cv2.COLOR_RGB2YCrCb)
        rest = np.abs(cv2.filter2D(planes, cv2.CV_32F, _OPERATOR))
        levels.append(_blocks(planes)[:, 0])
        rests.append(_blocks(rest) * _MEAN_TO_SIGMA)
    level, sigma = np.concatenate(levels), np.concatenate(rests)
    usable = sigma[(level > _DARK) & (level < _LIGHT)]
    if len(usable) < _LEAST_BLOCKS:
        return 0.0, 0.0
    luma, red, blue = np.percentile(usable, _SMOOTHEST_PERCENT, axis=0)
    return float(luma), float(max(red, blue))


def _tiles(rgb: Pixels) -> list[Pixels]:
    rows, columns = (
        sorted({int(max(0, side - _TILE_PX) * step / (_TILES_ACROSS - 1)) for step in range(5)})
        for side in rgb.shape[:2]
    )
    return [rgb[y : y + _TILE_PX, x : x + _TILE_PX] for y in rows for x in columns]


def _blocks(planes: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    """Means of whole blocks, (count, 3)."""
    down, across = planes.shape[0] // _BLOCK_PX, planes.shape[1] // _BLOCK_PX
    whole = planes[: down * _BLOCK_PX, : across * _BLOCK_PX].astype(np.float64)
    apart = whole.reshape(down, _BLOCK_PX, across, _BLOCK_PX, 3)
    means: npt.NDArray[np.float64] = apart.mean(axis=(1, 3)).reshape(down * across, 3)
    return means


def _filter(rgb: Pixels, *, luma: float, chroma: float) -> Pixels:
    """Strip by strip: the filter keeps tables of many times its picture's size."""
    result = np.empty_like(rgb)
    height = rgb.shape[0]
    for top in range(0, height, _STRIP_PX):
        bottom = min(height, top + _STRIP_PX)
        first, last = max(0, top - _OVERLAP_PX), min(height, bottom + _OVERLAP_PX)
        strip = np.asarray(cv2.cvtColor(rgb[first:last], cv2.COLOR_RGB2YCrCb), np.uint8)
        y, red, blue = (np.ascontiguousarray(strip[..., channel]) for channel in range(3))
        quiet = cv2.fastNlMeansDenoising(
            y, None, min(_MOST_STRENGTH, luma * _LUMA_STRENGTH), *_LUMA_WINDOWS
        )
        strength = min(_MOST_STRENGTH, chroma * _CHROMA_STRENGTH)
        planes = cv2.merge([quiet, _quiet_colour(red, strength), _quiet_colour(blue, strength)])
        back = cv2.cvtColor(planes, cv2.COLOR_YCrCb2RGB)
        result[top:bottom] = back[top - first : bottom - first]
    return result


def _quiet_colour(plane: Pixels, strength: float) -> Pixels:
    """Filtered at half size, where its blotches are small; finer colour stays as it was."""
    half = cv2.resize(plane, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    quiet = cv2.fastNlMeansDenoising(half, None, strength, *_CHROMA_WINDOWS)
    change = cv2.subtract(quiet, half, dtype=cv2.CV_16S)
    size = (plane.shape[1], plane.shape[0])
    spread = cv2.resize(change, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.add(plane, spread, dtype=cv2.CV_8U), np.uint8)
