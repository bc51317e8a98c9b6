"""Colours of the product where its edge mixes with the old background."""

from collections.abc import Iterator

import cv2
import numpy as np

from transforms.pixels import Floats, Pixels

_OPAQUE = 250
"""From this alpha on a pixel keeps the photograph's own colour."""

_FAR, _FAR_STEP = 22, 4
"""The first round's blur radius, at a quarter of the size: Forte's 90 px of the picture."""
_NEAR = 6
"""The second round's, in pixels."""

_TILE = 96
"""The second round looks only at tiles of this side that hold an edge: most do not."""

_TINY = 1e-5

Slices = tuple[slice, slice]


def foreground_colours(rgb: Pixels, matte: Pixels) -> Pixels:
    """The product's colours without the background's share in them.

    At an edge the camera saw a mixture. Laid on another background, it would show as a rim of
    the old one.

    Args:
        rgb: (height, width, 3), sRGB. Not modified.
        matte: (height, width), 255 is product.

    Returns:
        (height, width, 3). Pixels whose matte is opaque are the source's, bit for bit. Colours
        run on a little beyond the matte, so that resampling finds product on both sides of the
        edge.

    Blur fusion: Forte, "Approximate fast foreground colour estimation" (ICIP 2021), two rounds.
    """
    height, width = matte.shape
    size = (max(1, width // _FAR_STEP), max(1, height // _FAR_STEP))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    cover = _cover(np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.uint8))
    front, back = (
        np.asarray(cv2.resize(np.rint(each).astype(np.uint8), (width, height)), np.uint8)
        for each in _round(small, small, small, cover, _FAR)
    )
    estimated = front.copy()
    for inner, outer, within in _tiles(matte):
        near, _ = _round(
            rgb[outer].astype(np.float32),
            front[outer].astype(np.float32),
            back[outer].astype(np.float32),
            _cover(matte[outer]),
            _NEAR,
        )
        estimated[inner] = np.rint(near[within])
    cv2.copyTo(rgb, (matte >= _OPAQUE).view(np.uint8), estimated)
    return estimated


def _tiles(matte: Pixels) -> Iterator[tuple[Slices, Slices, Slices]]:
    """Tiles with an edge in them: the tile, the tile with its surroundings, and it within those."""
    height, width = matte.shape
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            inner = np.s_[top : min(height, top + _TILE), left : min(width, left + _TILE)]
            tile = matte[inner]
            if tile.max() == 0 or tile.min() >= _OPAQUE:
                continue
            above, before = max(0, top - _NEAR), max(0, left - _NEAR)
            outer = np.s_[above : top + _TILE + _NEAR, before : left + _TILE + _NEAR]
            rows, columns = tile.shape
            within = np.s_[
                top - above : top - above + rows, left - before : left - before + columns
            ]
            yield inner, outer, within


def _cover(matte: Pixels) -> Floats:
    return matte[..., None].astype(np.float32) * np.float32(1 / 255)


def _round(
    mixed: Floats,
    front: Floats,
    back: Floats,
    cover: Floats,
    radius: int,
) -> tuple[Floats, Floats]:
    """Blur what is surely front and surely back, then let the mixture correct the front."""
    size = (2 * radius + 1, 2 * radius + 1)
    rest = 1 - cover
    weight = np.asarray(cv2.blur(cover, size), np.float32)[..., None]
    blurred = np.asarray(cv2.blur(front * cover, size), np.float32)
    front = np.where(weight > _TINY, blurred / (weight + _TINY), front)
    back = np.asarray(cv2.blur(back * rest, size), np.float32) / (1 - weight + _TINY)
    front += cover * (mixed - cover * front - rest * back)
    return np.clip(front, 0, 255, out=front), np.clip(back, 0, 255, out=back)
