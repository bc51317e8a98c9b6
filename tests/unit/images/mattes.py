"""Mattes drawn in code, whose edges are known to a fraction of a pixel."""

import numpy as np
import numpy.typing as npt

Share = npt.NDArray[np.float64]


def matte(cover: Share) -> npt.NDArray[np.uint8]:
    """Shares 0-1 as levels 0-255."""
    return np.rint(255 * np.clip(cover, 0, 1)).astype(np.uint8)


def disc(side: int, centre: tuple[float, float], radius: float) -> Share:
    """Share of each pixel that a disc covers, nearly."""
    return ellipse(side, centre, (radius, radius))


def ellipse(side: int, centre: tuple[float, float], radii: tuple[float, float]) -> Share:
    """As `disc`, with a radius across and one down."""
    y, x = np.mgrid[:side, :side] + 0.5
    far = np.hypot((x - centre[0]) / radii[0], (y - centre[1]) / radii[1])
    return np.clip((1 - far) * min(radii) + 0.5, 0, 1)


def box(side: int, left: float, top: float, right: float, bottom: float) -> Share:
    """Share of each pixel that a rectangle covers."""
    at = np.arange(side)
    across = np.clip(np.minimum(right - at, at + 1 - left), 0, 1)
    down = np.clip(np.minimum(bottom - at, at + 1 - top), 0, 1)
    return down[:, None] * across


def mug(side: int) -> npt.NDArray[np.uint8]:
    """A beaker, and a handle that one looks through."""
    unit = side / 100
    handle = ellipse(side, (68 * unit, 50 * unit), (20 * unit, 22 * unit))
    handle -= ellipse(side, (68 * unit, 50 * unit), (13 * unit, 15 * unit))
    return matte(np.maximum(handle, box(side, 20 * unit, 15 * unit, 65 * unit, 85.3 * unit)))


def ring(side: int) -> npt.NDArray[np.uint8]:
    """A thin ring, seen a little from the side, with its stone."""
    unit = side / 100
    band = ellipse(side, (50 * unit, 56 * unit), (34 * unit, 32 * unit))
    band -= ellipse(side, (50 * unit, 55 * unit), (30.5 * unit, 28.5 * unit))
    return matte(np.maximum(band, disc(side, (50 * unit, 21 * unit), 8 * unit)))


def headphones(side: int) -> npt.NDArray[np.uint8]:
    """A bow and two cups, each with an opening of its own."""
    unit = side / 100
    bow = ellipse(side, (50 * unit, 50 * unit), (38 * unit, 40 * unit))
    bow -= ellipse(side, (50 * unit, 52 * unit), (33 * unit, 36 * unit))
    bow *= box(side, 0, 0, side, 60 * unit)
    cover = bow
    for x in (16, 84):
        cup = ellipse(side, (x * unit, 66 * unit), (11 * unit, 20 * unit))
        cup -= ellipse(side, (x * unit, 66 * unit), (5 * unit, 11 * unit))
        cover = np.maximum(cover, cup)
    return matte(cover)
