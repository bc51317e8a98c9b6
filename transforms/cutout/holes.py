"""Opens holes of the product that the network filled and through which the backdrop shows."""

from dataclasses import dataclass

import cv2
import numpy as np

from transforms.pixels import Floats, Mask, Pixels

_SIDE = 512
"""Holes are looked for at this size: smaller ones are no wider than a soft edge."""
_FINE = 1024
"""A hole's edge is drawn with its surroundings at no more than this."""
_AWAY = 5
"""Backdrop is believed from half of this on from the matte, in pixels of `_SIDE`."""
_CLEAR = 13
"""A twentieth: up to this alpha a pixel is backdrop."""

_PLAIN = 1.0
"""A backdrop with more slope than this, in Lab units a pixel, has lines of its own."""
_EDGE = 1.6
"""Slope (Lab units a pixel) of a weak contour: a white cord on cream."""
_LIKE = 2.6
"""So near (Lab) to the backdrop foreseen there a hole's pixels are. Measured: holes 0.7 to 2.0 on
average; a white appliance on cream 3, the print of a carton 3.4."""
_EVEN = 0.5
"""Deviation of that distance: holes 0.15 to 0.45; shading that runs through the backdrop's colour
0.4 to 0.7."""
_CLOSED, _STRONG = 0.75, 5.0
"""Share of a hole's rim on a contour, and the contour's median slope. Measured: holes 0.82 and
more, 6 and more; shading, reflections and glass reach one of both, never both."""
_LEAST, _MOST = 0.0006, 0.85
"""Size of a hole as a share of the product: a bracelet's is most of it."""
_WHITE = 98.0
"""Lightness from which on backdrop and white product are both burnt out, and look the same."""
_SOLID = 0.97
"""Of its outline a hole covers at least this: print on a label leaves islands in it."""
_THIN = 0.07
"""A loop's cord is no thicker than this part of the product's extent. A label
lies deeper."""
_THIN_PART = 0.2
"""Share of a hole's rim that must be so thin."""
_GROWN = 2
"""Half the width of a contour: how far a hole reaches beyond its even middle, in pixels."""
_SMOOTH = 2.0
"""A weak contour's outline is ragged from the picture's noise: smoothed by so much."""
_BAND = 5
_DISTINCT = 12.0
"""From this difference (Lab) between product and backdrop on, colours say how they mix."""


@dataclass(frozen=True, slots=True)
class Holes:
    """A matte whose holes are open."""

    matte: Pixels
    """(height, width), 255 is product: nowhere more than before."""
    opened: int
    backdrop_inside: float
    """Share of the product that looks like a hole but may be product, such as a blank label: it
    was kept."""


def open_holes(rgb: Pixels, matte: Pixels) -> Holes:
    """Open what has the backdrop's colour, is even like it, and lies within a real contour.

    A white kettle on white paper stays whole: its shading leaves the backdrop's colour before it
    comes to a contour. What looks like a hole but lies deep in the product, as a blank label
    does, or on a burnt-out white, stays and is reported. Backdrops with a texture are left alone.

    Args:
        rgb: (height, width, 3), sRGB, the whole picture. Not modified.
        matte: (height, width), 255 is product; holds some. Not modified.
    """
    view = view_of(rgb, matte)
    if view is None or view.grain > _PLAIN:
        return Holes(matte, 0, 0.0)
    sure, doubtful = _find(view)
    product = float(np.count_nonzero(view.cover >= 128))  # noqa: PLR2004 - a half
    kept = sum(float(hole.sum()) for hole in doubtful) / product
    result = matte.copy() if sure else matte
    for hole in sure:
        _open(rgb, result, hole)
    return Holes(result, len(sure), kept)


@dataclass(frozen=True, slots=True)
class View:
    """A picture at `_SIDE` and the backdrop as it would go on behind the product."""

    lab: Floats
    """(height, width, 3), CIE L*, a*, b*."""
    cover: Pixels
    backdrop: Floats
    """(height, width, 3), Lab: the picture away from the matte, run on smoothly through it."""
    away: Mask
    """What is surely backdrop."""
    slope: Floats
    """(height, width): Lab units a pixel."""
    grain: float
    """90th percentile of the slope in the backdrop."""


def view_of(rgb: Pixels, matte: Pixels) -> View | None:
    """Look at a picture as a whole; None: the matte leaves no backdrop, or nothing else."""
    height, width = matte.shape
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    cover = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.uint8)
    clear = (cover < _CLEAR).view(np.uint8)
    away = np.asarray(cv2.erode(clear, np.ones((_AWAY, _AWAY), np.uint8)), np.uint8).view(np.bool_)
    if not away.any() or not (cover >= 128).any():  # noqa: PLR2004 - a half
        return None
    lab = lab_of(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))
    soft = cv2.GaussianBlur(lab, (0, 0), 0.8)
    across, down = (cv2.Scharr(soft, cv2.CV_32F, *way) / 32 for way in ((1, 0), (0, 1)))
    slope = np.sqrt(np.square(across).sum(axis=2) + np.square(down).sum(axis=2))
    return View(lab, cover, run_on(lab, away), away, slope, float(np.percentile(slope[away], 90)))


def lab_of(rgb: Pixels | cv2.typing.MatLike) -> Floats:
    """CIE L*, a*, b* of (height, width, 3) sRGB."""
    return np.asarray(
        cv2.cvtColor(np.asarray(rgb, np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32
    )


def run_on(values: Floats, known: Mask) -> Floats:
    """Go on smoothly from where (height, width, 3) values are known to where they are not.

    Push and pull: Gortler et al., "The Lumigraph" (SIGGRAPH 1996), section 4.
    """
    weight = known.astype(np.float32)
    sums = [values * weight[..., None]]
    weights = [weight]
    while min(weights[-1].shape) > 2:  # noqa: PLR2004 - a pixel on either side
        size = tuple((side + 1) // 2 for side in weights[-1].shape[::-1])
        sums.append(np.asarray(cv2.resize(sums[-1], size, interpolation=cv2.INTER_AREA)))
        weights.append(np.asarray(cv2.resize(weights[-1], size, interpolation=cv2.INTER_AREA)))
    total = max(float(weights[-1].sum()), 1e-6)
    filled = np.zeros_like(sums[-1]) + sums[-1].sum(axis=(0, 1)) / total
    for level in range(len(sums) - 1, -1, -1):
        share = weights[level][..., None]
        filled = np.asarray(cv2.resize(filled, share.shape[1::-1]))
        trust = share if level == 0 else np.minimum(1, 4 * share)
        filled = trust * (sums[level] / np.maximum(share, 1e-6)) + (1 - trust) * filled
    return np.asarray(filled, np.float32)


def _find(view: View) -> tuple[list[Mask], list[Mask]]:
    """Holes, and what may be one."""
    product = view.cover >= 128  # noqa: PLR2004 - a half
    apart = np.sqrt(np.square(np.asarray(cv2.blur(view.lab, (3, 3))) - view.backdrop).sum(axis=2))
    like = (view.cover >= _CLEAR) & (apart < _LIKE) & (view.slope < _EDGE)
    like = cv2.morphologyEx(like.view(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(like, connectivity=4)
    depth = np.asarray(cv2.distanceTransform(product.view(np.uint8), cv2.DIST_L2, 5))
    thin = _THIN * max(cv2.boundingRect(product.view(np.uint8))[2:])
    bare = np.asarray(cv2.blur(view.cover, (3, 3))) < 64  # noqa: PLR2004 - a quarter
    steep = np.asarray(cv2.dilate(view.slope, np.ones((5, 5), np.uint8)))
    area = float(product.sum())
    sure: list[Mask] = []
    doubtful: list[Mask] = []
    for label in range(1, count):
        if not _LEAST * area <= stats[label, cv2.CC_STAT_AREA] <= _MOST * area:
            continue
        hole = np.asarray(labels) == label
        rim = _grown(hole, _GROWN) & ~hole
        kept = rim & ~bare
        if apart[hole].std() > _EVEN or kept.sum() < rim.sum() / 2 or product[hole].mean() < 1 / 2:
            continue
        if np.mean(steep[kept] >= _EDGE) < _CLOSED or np.median(steep[kept]) < _STRONG:
            continue
        shallow = float(np.mean(depth[rim] <= thin)) >= _THIN_PART and _is_solid(hole)
        burnt = float(view.lab[hole][:, 0].mean()) > _WHITE
        (sure if shallow and not burnt else doubtful).append(hole)
    return sure, doubtful


def _grown(mask: Mask, reach: int) -> Mask:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(cv2.dilate(mask.view(np.uint8), kernel), np.uint8).view(np.bool_)


def _is_solid(hole: Mask) -> bool:
    outlines, _ = cv2.findContours(hole.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    drawn = cv2.drawContours(np.zeros(hole.shape, np.uint8), outlines, -1, 1, cv2.FILLED)
    return float(hole.sum()) >= _SOLID * float(np.count_nonzero(drawn))


def _open(rgb: Pixels, matte: Pixels, hole: Mask) -> None:
    """Lower the matte where the hole is, in place."""
    height, width = matte.shape
    across, down = width / hole.shape[1], height / hole.shape[0]
    left, top, wide, high = cv2.boundingRect(hole.view(np.uint8))
    margin = 4 * _BAND + max(wide, high) // 2
    columns = slice(max(0, left - margin), left + wide + margin)
    rows = slice(max(0, top - margin), top + high + margin)
    part = hole[rows, columns]
    box = np.s_[
        round(rows.start * down) : min(height, round((rows.start + part.shape[0]) * down)),
        round(columns.start * across) : min(width, round((columns.start + part.shape[1]) * across)),
    ]
    kept = matte[box]
    scale = min(1.0, _FINE / max(kept.shape))
    size = (max(1, round(kept.shape[1] * scale)), max(1, round(kept.shape[0] * scale)))
    near = lab_of(cv2.resize(rgb[box], size, interpolation=cv2.INTER_AREA))
    cover = np.asarray(cv2.resize(kept, size, interpolation=cv2.INTER_AREA), np.uint8)
    levels = np.rint(255 * np.clip(_share(near, cover, part), 0, 1)).astype(np.uint8)
    np.minimum(kept, np.asarray(cv2.resize(levels, kept.shape[::-1])), out=kept)


def _share(lab: Floats, cover: Pixels, part: Mask) -> Floats:
    """How much of each pixel around a hole is product: 1 away from it."""
    size = (lab.shape[1], lab.shape[0])
    outline = cv2.GaussianBlur(_grown(part, _GROWN).astype(np.float32), (0, 0), _SMOOTH)
    drawn = np.clip(1.5 * np.asarray(cv2.resize(outline, size)) - 0.25, 0, 1)
    core = np.asarray(cv2.resize(part.astype(np.float32), size)) > 0.99  # noqa: PLR2004 - all
    deep = drawn >= 1
    band = np.asarray(cv2.resize(_grown(part, _BAND).astype(np.float32), size)) > 0
    back = run_on(lab, core | (cover < _CLEAR))
    surely = ~band & (cover > 250)  # noqa: PLR2004 - opaque
    if not surely.any():
        return np.asarray(1 - drawn, np.float32)
    apart = run_on(lab, surely) - back
    length = np.square(apart).sum(axis=2)
    mixed = ((lab - back) * apart).sum(axis=2) / np.maximum(length, 1e-6)
    mixed = np.clip((mixed - 0.1) / 0.8, 0, 1)
    trust = np.clip(np.sqrt(length) / _DISTINCT - 0.5, 0, 1)
    share = trust * mixed + (1 - trust) * (1 - drawn)
    share[core & deep] = 0
    corner = _corner(lab, back, core, length > (2 * _DISTINCT) ** 2)
    share[~(band | corner)] = 1
    return np.asarray(share, np.float32)


def _corner(lab: Floats, back: Floats, core: Mask, distinct: Mask) -> Mask:
    """Where a hole runs on into a corner too narrow for `_SIDE`, with the pixels beside it."""
    like = distinct & (np.square(lab - back).sum(axis=2) < _LIKE**2)
    _, labels = cv2.connectedComponents((like | core).view(np.uint8), connectivity=4)
    joined = np.unique(np.asarray(labels)[core])
    return _grown(np.isin(labels, joined) & ~core, 2)
