"""Where a product is in a picture that shows it: scale and place, without any record of ours.

The search goes from coarse to fine: the product's edges at many sizes over the whole picture, then
maximising their correlation, then least squares on the pixels themselves.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.errors import RenderError
from transforms.images.canvas import extent, fitted, laid
from transforms.manifest.facts import Box, Placement
from transforms.quality.placed import Pixels, Placed, cut, luma

_Plane = npt.NDArray[np.float32]

_COARSE_PX = 256
_FINE_PX = 800
_SIZES = np.exp(np.linspace(math.log(0.16), math.log(1.0), 47))
"""Longer side of the product as a share of the picture's, in steps of 4 %."""
_CERTAIN = 0.55
"""Correlation of edges from which on the product is found; others reach 0.4."""
_FLAT = 0.25
_ROUNDS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 80, 1e-6)
_STEPS = 8
_PYRAMID = (4, 2, 1)
_SETTLED = 0.004
"""Pixels at the product's corner below which a further step says nothing."""
_FARTHEST = 1.5
"""Pixels that one step may go: beyond, the picture's slope says nothing."""
_SNAP = 0.6
_LIKELY = 5
_ALIKE = 3.0
"""Mean difference in levels below which the product is found, and no other place is tried."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A product found in a picture."""

    placement: Placement
    correlation: float
    """Of edges at the place that was found, -1 to 1."""

    @property
    def sure(self) -> bool:
        """Whether it is this product at all."""
        return self.correlation >= _CERTAIN


def sighted(picture: Pixels, image: Pixels, matte: Pixels) -> Sighting:
    """Find a prepared product in a picture, at any size, upright.

    Args:
        picture: (height, width, 3), sRGB.
        image: Prepared image, (height, width, 3).
        matte: Of it, 255 is product.

    Raises:
        RenderError: The matte holds no product, or one of a few pixels.
    """
    backdrop = _border_colour(picture)
    least, best = math.inf, None
    for coarse in _searched(picture, image, matte, backdrop):
        fine = _corrected(picture, image, matte, coarse.placement, backdrop)
        placement, away = _settled(picture, image, matte, fine)
        if away < least or best is None:
            least, best = away, Sighting(placement, coarse.correlation)
        if away < _ALIKE:
            break
    if best is None:
        raise RenderError("The product is too small or too large to be looked for.")
    return best


def snapped(found: Placement, wanted: Placement) -> Placement:
    """The wanted placement where the found one is the same to a fraction of a pixel."""
    return wanted if _distance(found, wanted) < _SNAP else found


def _distance(first: Placement, second: Placement) -> float:
    """Largest distance of the product's corners, in pixels."""
    if first.size_px != second.size_px:
        return math.inf
    left, top, right, bottom = (
        (edge - begin) / second.scale
        for edge, begin in zip(second.product, (second.left, second.top) * 2, strict=True)
    )
    return max(
        math.hypot(
            first.left + first.scale * x - second.left - second.scale * x,
            first.top + first.scale * y - second.top - second.scale * y,
        )
        for x in (left, right)
        for y in (top, bottom)
    )


def _searched(
    picture: Pixels, image: Pixels, matte: Pixels, backdrop: tuple[int, int, int]
) -> list[Sighting]:
    """The likeliest places, each at another size, the best first."""
    whole = _size(picture)
    small = fitted(picture, _COARSE_PX)
    share = max(whole) / max(_size(small))
    edges = _edges(small)
    left, top, right, bottom = extent(matte)
    longer = max(right - left, bottom - top)
    margin = max(2, longer // 40)
    box = (
        max(0, left - margin),
        max(0, top - margin),
        min(matte.shape[1], right + margin),
        min(matte.shape[0], bottom + margin),
    )
    product = _over(backdrop, cut(image, box), cut(matte, box))
    found = []
    for size in _SIZES:
        scale = size * max(_size(small)) / longer
        wide, high = (round(each * scale) for each in product.shape[1::-1])
        if min(wide, high) < 8 or wide > small.shape[1] or high > small.shape[0]:  # noqa: PLR2004
            continue
        resized = cv2.resize(product, (wide, high), interpolation=cv2.INTER_AREA)
        template = _edges(np.asarray(resized, np.uint8))
        answer = np.asarray(cv2.matchTemplate(edges, template, cv2.TM_CCOEFF_NORMED))
        # Where the picture is flat, correlation divides by nothing.
        answer[_contrast(edges, template.shape) < _FLAT * template.std()] = 0
        _, peak, _, (x, y) = cv2.minMaxLoc(answer)
        placed = _placement(
            scale * share, (x - scale * box[0]) * share, (y - scale * box[1]) * share, whole, matte
        )
        found.append(Sighting(placed, float(peak)))
    return sorted(found, key=lambda each: -each.correlation)[:_LIKELY]


def _contrast(edges: _Plane, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Standard deviation of edges in each window of a template's size."""
    high, wide = shape
    sums, squares = (np.asarray(each) for each in cv2.integral2(edges))
    mean, square = (
        (each[high:, wide:] - each[:-high, wide:] - each[high:, :-wide] + each[:-high, :-wide])
        / (high * wide)
        for each in (sums, squares)
    )
    return np.asarray(np.sqrt(np.maximum(0, square - mean * mean)), np.float64)


def _corrected(
    picture: Pixels,
    image: Pixels,
    matte: Pixels,
    begin: Placement,
    backdrop: tuple[int, int, int],
) -> Placement:
    """Maximise the correlation of edges (Evangelidis and Psarakis 2008)."""
    whole = _size(picture)
    small = fitted(picture, _FINE_PX)
    share = max(_size(small)) / max(whole)
    start = _placement(
        begin.scale * share, begin.left * share, begin.top * share, _size(small), matte
    )
    product, box = laid(image, start)
    cover = laid(matte, start)[0]
    wanted = np.full_like(small, backdrop)
    cut(wanted, box)[...] = _over(backdrop, product, cover)
    mask = np.zeros(small.shape[:2], np.uint8)
    cut(mask, box)[...] = np.where(cover > 0, 255, 0)
    mask = np.asarray(cv2.dilate(mask, np.ones((9, 9), np.uint8)), np.uint8)
    eye = np.eye(2, 3, dtype=np.float32)
    try:
        _, answer = cv2.findTransformECC(
            _edges(wanted), _edges(small), eye, cv2.MOTION_AFFINE, _ROUNDS, mask, 5
        )
    except cv2.error:  # nothing in common; the coarse place stays
        return begin
    place = np.asarray(answer, np.float64)
    # Of the affine map only size and place are taken; what turns or shears is no picture of ours.
    larger = math.sqrt(abs(float(np.linalg.det(place[:, :2]))))
    left, top, right, bottom = start.product
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    moved = place[:, :2] @ middle + place[:, 2]
    scale = start.scale * larger
    source = (middle - (start.left, start.top)) / start.scale
    return _placement(
        scale / share,
        float(moved[0] - scale * source[0]) / share,
        float(moved[1] - scale * source[1]) / share,
        whole,
        matte,
    )


def _settled(
    picture: Pixels, image: Pixels, matte: Pixels, begin: Placement
) -> tuple[Placement, float]:
    """Least squares on the product's own pixels, from a quarter of the size to the whole.

    Returns:
        The placement, and by how many levels the product differs there on average.
    """
    found, least = begin, math.inf
    longer = max(_size(picture))
    for shrunk in _PYRAMID:
        small = fitted(picture, max(1, longer // shrunk))
        share = max(_size(small)) / max(found.size_px)
        start = _placement(
            found.scale * share, found.left * share, found.top * share, _size(small), matte
        )
        found, least = _fitted(small, image, matte, start)
    return found, least


def _fitted(
    picture: Pixels, image: Pixels, matte: Pixels, begin: Placement
) -> tuple[Placement, float]:
    found = begin
    best, least = begin, math.inf
    for _ in range(_STEPS):
        if not _is_within(found, image):
            break
        product, box = laid(image, found)
        placed = Placed(product, laid(matte, found)[0], box)
        core = placed.core()
        if not core.any():
            break
        wanted, seen = luma(product), luma(cut(picture, box))
        away = (seen - wanted)[core]
        error = float(np.abs(away).mean())
        if error < least:
            best, least = found, error
        larger, right, down = _step(wanted, away, core)
        reach = max(*core.shape) / 2
        length = max(abs(larger) * reach, abs(right), abs(down))
        held = min(1.0, _FARTHEST / max(length, 1e-9))
        move = larger * held, right * held, down * held
        found = _stepped(found, move, about=box, matte=matte)
        if length < _SETTLED:
            break
    return best, least


def _step(wanted: _Plane, away: _Plane, core: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    """Relative size, right and down by which the product should go."""
    across, down = (
        np.asarray(cv2.Sobel(wanted, cv2.CV_32F, *each, ksize=3, scale=0.125), np.float32)[core]
        for each in ((1, 0), (0, 1))
    )
    rows, columns = np.nonzero(core)
    middle = core.shape[1] / 2, core.shape[0] / 2
    apart = (columns - middle[0]) * across + (rows - middle[1]) * down
    slopes = np.stack([apart, across, down], axis=1).astype(np.float64)
    normal = slopes.T @ slopes + np.eye(3) * 1e-3
    larger, right, below = np.linalg.solve(normal, -(slopes.T @ away.astype(np.float64)))
    return float(larger), float(right), float(below)


def _stepped(
    at: Placement, move: tuple[float, float, float], *, about: Box, matte: Pixels
) -> Placement:
    """The placement, larger about a box's middle and moved."""
    x, y = (about[0] + about[2]) / 2, (about[1] + about[3]) / 2
    larger, right, down = move
    factor = 1 + larger
    return _placement(
        at.scale * factor,
        x + (at.left - x) * factor + right,
        y + (at.top - y) * factor + down,
        at.size_px,
        matte,
    )


def _size(picture: Pixels) -> tuple[int, int]:
    """Width and height."""
    height, width = picture.shape[:2]
    return width, height


def _placement(
    scale: float, left: float, top: float, size: tuple[int, int], matte: Pixels
) -> Placement:
    edges = extent(matte)
    box = tuple(
        math.floor(begin + scale * edge + 0.5)
        for edge, begin in zip(edges, (left, top) * 2, strict=True)
    )
    return Placement(
        scale=scale,
        left=left,
        top=top,
        canvas_px=size[0],
        canvas_height_px=size[1],
        product=box,
    )


def _is_within(at: Placement, image: Pixels) -> bool:
    """Whether the placement leaves something on the canvas to be compared."""
    height, width = image.shape[:2]
    right, bottom = at.left + at.scale * width, at.top + at.scale * height
    columns, rows = at.size_px
    wide, high = min(right, columns) - max(at.left, 0), min(bottom, rows) - max(at.top, 0)
    return bool(min(wide, high) > 2)  # noqa: PLR2004 - pixels


def _border_colour(picture: Pixels) -> tuple[int, int, int]:
    border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    red, green, blue = (int(each) for each in np.median(border, axis=0))
    return red, green, blue


def _over(backdrop: tuple[int, int, int], image: Pixels, matte: Pixels) -> Pixels:
    share = matte[..., None] / np.float32(255)
    mixed = image * share + np.array(backdrop, np.float32) * (1 - share)
    return np.asarray(np.rint(mixed), np.uint8)


def _edges(pixels: Pixels) -> _Plane:
    """Strength of edges, evened out so that a few hard ones do not decide alone."""
    soft = cv2.GaussianBlur(luma(pixels), (0, 0), 1.0)
    across, down = (cv2.Sobel(soft, cv2.CV_32F, *each, ksize=3) for each in ((1, 0), (0, 1)))
    return np.asarray(np.sqrt(cv2.magnitude(across, down)), np.float32)
