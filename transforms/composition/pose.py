"""How a product was photographed, by its outline: a scene must be seen the same way."""

import itertools
import math

import cv2
import numpy as np
import numpy.typing as npt

from transforms.images.canvas import HALF, extent, fit_within
from transforms.images.shadow import stands, touching_of
from transforms.pixels import Mask, Pixels
from transforms.records.facts import PoseFacts

_WORK_PX = 512
_RAISED_DEG = 18.0
"""From this elevation on a scene seen from 30 degrees fits better than one seen from 8: a circle on
the ground is then more than half as flat as the one and less than half as flat as the other."""
_STEEP_DEG = 58.0
"""What stands is hardly photographed from higher. A base that sags more is no round one but the
corner or the ribbon of something flat, such as a notebook, seen from above."""
_FOOT = 0.12
"""Of the product's height: underside that is no higher above the lowest point is its base."""
_NOTCH = 0.06
"""Of the height: a neckline lies lower between two shoulders."""
_LEG = 0.3
"""Of the height: legs that end no higher than this above the lowest one stand further back."""
_SLENDER = 0.5
"""Share of the space between the outermost legs that legs cover at most."""
_FILLED, _ROUNDISH = 0.72, 0.5
"""Share of its hull, and shorter over longer side: shoes and books have more, sunglasses, watches
and hairdryers less."""
_MIRRORED = 0.86
"""Intersection over union with its mirror image, from which on an outline is symmetric."""


def pose_of(matte: Pixels) -> PoseFacts:
    """Tell standing from lying, and from which height the camera looked.

    What stands has its weight above its feet. A round base seen from `e` degrees sags by half of
    its width times sin(e). A garment without a person is photographed flat: it is symmetric, with
    shoulders on both sides of a neckline.

    Args:
        matte: (height, width), 255 is product. Not modified.

    Returns:
        `sure` is low near the border between two views.
    """
    small = fit_within(matte, _WORK_PX)
    left, top, right, bottom = extent(small)
    solid = small[top:bottom, left:right] >= HALF
    touching = touching_of(small)
    if not _is_garment(solid) and not stands(small, touching) and _is_compact(solid):
        # It rests on an edge or a corner, as shoes and books do that are seen from half above.
        return PoseFacts(view="raised", standing=True, elevation_deg=35.0, sure=0.5)
    if _is_garment(solid) or not stands(small, touching):
        return PoseFacts(view="overhead", standing=False, elevation_deg=90.0, sure=0.6)
    elevation = _elevation(solid)
    if elevation >= _STEEP_DEG:
        return PoseFacts(view="overhead", standing=False, elevation_deg=elevation, sure=0.5)
    view = "raised" if elevation >= _RAISED_DEG else "level"
    sure = min(1.0, 0.5 + abs(elevation - _RAISED_DEG) / 30)
    return PoseFacts(
        view=view, standing=True, elevation_deg=round(elevation, 1), sure=round(sure, 2)
    )


def _elevation(solid: Mask) -> float:
    """Degrees by which the camera looks down, from the curve of the underside."""
    height, width = solid.shape
    rise = np.where(solid.any(axis=0), solid[::-1].argmax(axis=0), height).astype(np.float64)
    legs = _by_legs(rise, height)
    if legs is not None:
        return legs
    base = np.flatnonzero(rise <= _FOOT * height)
    # Between the outermost columns that belong to the base; a handle's or a spout's are higher.
    first, last = int(base[0]), int(base[-1])
    wide = last - first + 1
    if wide < 0.12 * width or wide < 12:  # noqa: PLR2004 - too narrow to have a curve
        return 0.0
    inner = rise[first : last + 1]
    across = np.linspace(-1, 1, wide)
    held = np.abs(across) <= 0.92  # noqa: PLR2004 - the very ends of an ellipse run straight up
    # An ellipse with the base's width: its lower half is down * (1 - sqrt(1 - x^2)) high.
    curve = 1 - np.sqrt(1 - np.square(across[held]))
    level = inner[held]
    known = level < height
    if known.sum() < 8:  # noqa: PLR2004
        return 0.0
    design = np.stack([curve[known], np.ones(known.sum())], axis=1)
    down = float(np.linalg.lstsq(design, level[known], rcond=None)[0][0])
    sine = float(np.clip(2 * down / wide, 0, 1))
    return min(_STEEP_DEG, math.degrees(math.asin(sine)))


def _by_legs(rise: npt.NDArray[np.float64], height: int) -> float | None:
    """Degrees by which the camera looks down on the ground between legs; None: it has none.

    Legs stand about as far behind each other as beside each other, so the ground between them is
    seen as flat as their feet's rows are apart against their columns.
    """
    low = rise <= _LEG * height
    edges = np.flatnonzero(np.diff(np.concatenate([[False], low, [False]]).astype(np.int8)))
    # A step in the underside parts two legs that overlap in the picture.
    feet: list[tuple[int, int, float]] = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        cuts = np.flatnonzero(np.abs(np.diff(rise[first:last])) > 0.04 * height) + first + 1
        for start, end in itertools.pairwise([first, *cuts, last]):
            if end - start >= 3:  # noqa: PLR2004 - fewer columns are a rough edge
                feet.append((int(start), int(end), float(np.median(rise[start:end]))))
    if len(feet) < 3:  # noqa: PLR2004 - two legs beside each other tell nothing
        return None
    span = feet[-1][1] - feet[0][0]
    if sum(end - start for start, end, _ in feet) > _SLENDER * span:
        return None
    apart = max(level for *_, level in feet) - min(level for *_, level in feet)
    return min(_STEEP_DEG, math.degrees(math.asin(min(1.0, apart / span))))


def _is_compact(solid: Mask) -> bool:
    """Neither long nor open: things of that kind are laid down flat, seen from above."""
    outlines, _ = cv2.findContours(solid.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    points = np.concatenate(outlines)
    hull = cv2.contourArea(cv2.convexHull(points))
    _, sides, _ = cv2.minAreaRect(points)
    filled = float(solid.sum()) > _FILLED * hull
    return filled and min(sides) > _ROUNDISH * max(sides)


def _is_garment(solid: Mask) -> bool:
    """Symmetric, with a notch between two shoulders on top, and no narrower below than above."""
    height, width = solid.shape
    mirrored = solid[:, ::-1]
    shared = (solid & mirrored).sum() / max(1, (solid | mirrored).sum())
    if shared < _MIRRORED:
        return False
    profile = np.where(solid.any(axis=0), solid.argmax(axis=0), height).astype(np.float32)
    profile = cv2.blur(profile[None], (max(3, width // 40 | 1), 1))[0]
    middle = profile[int(0.42 * width) : int(0.58 * width)].min()
    sides = profile[: int(0.42 * width)].min(), profile[int(0.58 * width) :].min()
    hem = solid[int(0.94 * height) :].any(axis=0).mean()
    return bool(middle - max(sides) > _NOTCH * height and hem > 0.55)  # noqa: PLR2004
