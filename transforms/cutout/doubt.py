"""Signs that a matte is not to be trusted although the network was sure of it."""

from dataclasses import dataclass

import cv2
import numpy as np

from transforms.cutout.holes import View, view_of
from transforms.pixels import Mask, Pixels

_LIKE, _EVEN_SLOPE = 2.6, 1.6
"""Lab distance to the backdrop foreseen behind the product, and Lab units a pixel, up to which a
place in the product looks like backdrop."""
_PLACE = 0.0005
"""Smaller places, as shares of the product, are noise."""
_PALE = 3
"""So many large places a pale or shining product may share with its backdrop: its shading passes
through the backdrop's colour. Glass breaks the backdrop into many more."""

_TEXTURED = 1.0
"""Slope of the backdrop from which on its shadows cannot be told."""
_DIM, _DARK = -0.08, -1.6
"""Natural logarithm of a shadow's light to the backdrop's: 8 % less, and 80 % less."""
_TINTED = (0.05, 0.1)
"""A shadow dims all colours nearly alike: by so much (logarithm) red, green and blue may differ.
Both are tried: the narrow one tells it from a grey product, the wide one bears a warm glow."""
_SOFT = 2.0
"""A cast shadow fades: its outline has less slope, a product's has more."""
_NEAR = 7
"""Twice as near (pixels of the view) to the matte's edge a shadow must reach. With more, a white
kettle's and a bowl's own shading passed for shadow."""
_SOFT_PART = 0.4
"""Share of a shadow's own outline that is soft; the rest lies along the product."""

_SIDE, _HELD, _WHOLE = 512, 51, 217
"""Longer side at which middles are looked for; alpha over a fifth is held for product; and alpha
under 0.85 in its middle is doubt."""
_THIN = 2.5
"""Half the width, in those pixels, from which on a part has a middle that is no mere edge."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """Shares of the product, 0 to 1; 0 where nothing speaks against the matte."""

    see_through: float
    """Lies in many scattered places that show the backdrop, as through glass or gauze."""
    shadow_kept: float
    """Is the backdrop, only darker, and fades out: a cast shadow taken for product."""


def doubts_of(rgb: Pixels, matte: Pixels) -> Doubts:
    """Look for the backdrop inside the matte.

    Measured on 19 photographs and 30 renders with two networks: `see_through` of two acrylic
    mills 0.05, of everything else, white and steel included, up to 0.02. `shadow_kept` of all 0;
    with their cast shadow added to the matte, 5 of 8 gave 0.02 to 0.15, 3 gave 0.

    Args:
        rgb: (height, width, 3), sRGB, the whole picture. Not modified.
        matte: (height, width), 255 is product, with its holes open. Not modified.
    """
    view = view_of(rgb, matte)
    if view is None:
        return Doubts(0.0, 0.0)
    product = view.cover >= 128  # noqa: PLR2004 - a half
    area = float(product.sum())
    return Doubts(_share_scattered(view, product) / area, _shadow(view, product) / area)


def _share_scattered(view: View, product: Mask) -> float:
    inside = np.asarray(cv2.erode(product.view(np.uint8), np.ones((5, 5), np.uint8)))
    apart = np.sqrt(np.square(np.asarray(cv2.blur(view.lab, (3, 3))) - view.backdrop).sum(axis=2))
    like = inside.view(np.bool_) & (apart < _LIKE) & (view.slope < _EVEN_SLOPE)
    places = cv2.morphologyEx(like.view(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    stats = cv2.connectedComponentsWithStats(places, connectivity=4)[2]
    areas = np.sort(stats[1:, cv2.CC_STAT_AREA])[::-1]
    return float(areas[areas > _PLACE * product.sum()][_PALE:].sum())


def _shadow(view: View, product: Mask) -> float:
    if view.grain > _TEXTURED:
        return 0.0
    light, behind = (
        np.maximum(np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2LRGB)), 1e-3)
        for lab in (view.lab, view.backdrop)
    )
    dimmed = np.log(light / behind)
    mean = dimmed.mean(axis=2)
    dim = product & (mean < _DIM) & (mean > _DARK)
    spread = dimmed.std(axis=2)
    return max(_mark_faded(view, product, dim & (spread < tinted)) for tinted in _TINTED)


def _mark_faded(view: View, product: Mask, like: Mask) -> float:
    """Pixels of those places that end softly on the backdrop."""
    places = cv2.morphologyEx(like.view(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(places, connectivity=4)
    steep = np.asarray(cv2.dilate(view.slope, np.ones((5, 5), np.uint8)))
    within = cv2.erode(product.view(np.uint8), np.ones((_NEAR, _NEAR), np.uint8), borderValue=1)
    edge = product & (np.asarray(within) == 0)
    found = 0.0
    for label in range(1, count):
        area = stats[label, cv2.CC_STAT_AREA]
        if area < 10 * _PLACE * product.sum():
            continue
        place = np.asarray(labels) == label
        own = place & ~np.asarray(cv2.erode(place.view(np.uint8), np.ones((3, 3)))).view(np.bool_)
        if (own & edge & (steep < _SOFT)).sum() >= _SOFT_PART * own.sum():
            found += float(area)
    return found


def faded_share(matte: Pixels) -> float:
    """How much of the product fades where it should be whole: along the middle of its parts.

    An edge may be soft, the middle of a post may not. Points of the medial axis count by the width
    that they stand for.

    Args:
        matte: (height, width), 255 is product.

    Returns:
        0 to 1. Measured on 19 photographs and 30 renders: 43 mattes up to 0.02; a brass post on
        tan 0.07, a polished spout 0.06, thin tips of sunglasses 0.10, chrome bells 0.12 and more.
    """
    scale = min(1.0, _SIDE / max(matte.shape))
    size = (max(1, round(matte.shape[1] * scale)), max(1, round(matte.shape[0] * scale)))
    small = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA))
    held = (small > _HELD).view(np.uint8)
    # A product that fills the frame has no edge to be away from: OpenCV then answers FLT_MAX.
    depth = np.minimum(cv2.distanceTransform(held, cv2.DIST_L2, 3), np.float32(_SIDE))
    middle = (depth >= np.asarray(cv2.dilate(depth, np.ones((3, 3), np.uint8)))) & (depth > _THIN)
    total = float(depth[middle].sum())
    return float(depth[middle & (small < _WHOLE)].sum()) / total if total else 0.0
