"""Borders of JPEG's blocks: smoothed where they were seen, and nowhere else."""

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.pixels import Pixels
from transforms.records.facts import Step

Levels = npt.NDArray[np.int16]

POOR_QUALITY = 45
"""From here on the standard's steps are too fine to be seen between blocks."""
SEEN = 1.3
"""Blockiness. At poor quality it reaches 1.5 to 5; texture hides borders that lie in it."""
SEEN_ANYWAY = 2.5
"""Blockiness at which a file that is no JPEG was one before. Smooth clean pictures reach 2.2."""

_BLOCK_PX, _HALF_PX = 8, 4
_ASSUMED_QUALITY = 30
"""Of a picture that was a JPEG before, whose tables are lost."""
_MEAN_STEP = 16 / 8
"""Levels by which neighbouring blocks' means may differ at quality 50 for no other reason than
rounding: the first step of the luminance table, over the transform's gain."""
_EDGE, _ACTIVE = 2.4, 0.6
"""A border that steps by more than `_EDGE` rounding steps is the picture's own edge; beside
pixels that differ by more than `_ACTIVE`, nobody sees a border. Chosen by PSNR."""
_WEIGHTS: Final = np.array([7, 5, 3, 1], dtype=np.int16)
"""Sixteenths of the step that pixels take over, from the border on: a ramp."""

_STRIP_PX = 512
_FROM_THE_RIGHT, _FROM_BELOW = (2, 3, 6, 7), (3, 4, 7, 8)
"""EXIF orientations that put the stored picture's first column right, its first row below."""


def deblock(
    rgb: Pixels, *, blockiness: float, jpeg_quality: int, orientation: int = 1
) -> tuple[Pixels, Step]:
    """Smooth the borders of JPEG's 8 px blocks; edges that cross them stay.

    Args:
        rgb: (height, width, 3), upright. Not modified.
        blockiness: Mean step across block borders over that within, of the stored picture.
        jpeg_quality: Of its tables, 1-100; 0: it was no JPEG.
        orientation: EXIF orientation that was undone, 1-8: tells where the grid begins.

    Returns:
        A new picture, or `rgb` itself where there was nothing to do; and what was done.

    The filter of H.264 (List et al., "Adaptive Deblocking Filter", 2003) with a longer ramp:
    a step no larger than rounding can make, between two sides without steps of their own, is
    spread over both. Brightness only: what is added to red, green and blue is the same.
    """
    measured = {"blockiness": round(blockiness, 2), "jpeg_quality": float(jpeg_quality)}
    if jpeg_quality:
        needed = jpeg_quality <= POOR_QUALITY and blockiness >= SEEN
    else:
        needed = blockiness >= SEEN_ANYWAY
    if not needed:
        said = f"Not needed: blockiness {blockiness:.1f}."
        return rgb, Step(name="deblock", applied=False, said=said, measured=measured)
    height, width = rgb.shape[:2]
    across = width % _BLOCK_PX if orientation in _FROM_THE_RIGHT else 0
    down = height % _BLOCK_PX if orientation in _FROM_BELOW else 0
    step = _rounding_step(jpeg_quality or _ASSUMED_QUALITY)
    said = f"Smoothed the borders of JPEG blocks (blockiness {blockiness:.1f})."
    return (
        _smooth(rgb, across, down, step),
        Step(name="deblock", applied=True, said=said, measured=measured),
    )


def _rounding_step(quality: int) -> float:
    """As libjpeg scales the standard's table."""
    scale = 50 / quality if quality < 50 else 2 - quality / 50  # noqa: PLR2004
    return _MEAN_STEP * scale


def _smooth(rgb: Pixels, across: int, down: int, step: float) -> Pixels:
    """Strips end in the middle of blocks, beyond the reach of any border's ramp."""
    result = np.empty_like(rgb)
    height = rgb.shape[0]
    first = (down + _HALF_PX) % _BLOCK_PX
    edges = [0, *range(first or _STRIP_PX, height, _STRIP_PX), height]
    for top, bottom in pairwise(edges):
        strip = rgb[top:bottom].astype(np.int16)
        luma = _luma(strip)
        change = _ramps(luma, across, step)
        upright = np.ascontiguousarray((luma + change).T)
        change += _ramps(upright, (down - top) % _BLOCK_PX, step).T
        strip += change[..., None]
        result[top:bottom] = np.clip(strip, 0, 255, out=strip)
    return result


def _luma(strip: Levels) -> Levels:
    red, green, blue = (strip[..., channel].astype(np.int32) for channel in range(3))
    luma: Levels = ((77 * red + 150 * green + 29 * blue + 128) >> 8).astype(np.int16)
    return luma


def _ramps(luma: Levels, start: int, step: float) -> Levels:
    """What to add so that steps across vertical borders become ramps."""
    change = np.zeros_like(luma)
    start = start if start >= _HALF_PX else start + _BLOCK_PX
    borders = (luma.shape[1] - start - _HALF_PX) // _BLOCK_PX + 1
    if borders < 1:
        return change
    reach = np.s_[:, start - _HALF_PX : start - _HALF_PX + borders * _BLOCK_PX]
    around = luma[reach].reshape(luma.shape[0], borders, _BLOCK_PX)
    left, right = around[..., _HALF_PX - 1 :: -1], around[..., _HALF_PX:]
    between = right[..., 0] - left[..., 0]
    busy = np.maximum(_activity(left), _activity(right))
    blocked = (np.abs(between) <= _EDGE * step + 1) & (busy <= _ACTIVE * step + 1)
    wide = np.where(blocked, between, 0)[..., None] * _WEIGHTS
    spread = (np.abs(wide) + 8 >> 4) * np.sign(wide)
    ramps = np.concatenate([spread[..., ::-1], -spread], axis=-1)
    change[reach] = ramps.reshape(luma.shape[0], -1)
    return change


def _activity(side: Levels) -> Levels:
    """Largest step on one side of a border."""
    most: Levels = np.abs(np.diff(side, axis=-1)).max(axis=-1)
    return most
