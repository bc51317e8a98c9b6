"""Where a remade picture's content lies against the picture that it was made of."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.images.canvas import fit_within
from transforms.pixels import Pixels, Plane
from transforms.quality.placed import luma


def find_edges(pixels: Pixels) -> Plane:
    """Strength of edges, evened out so that a few hard ones do not decide alone.

    Args:
        pixels: (height, width, 3), sRGB.

    Returns:
        (height, width): the root of the gradient (Sobel 3 x 3) of luma, after a blur of a pixel.
    """
    soft = cv2.GaussianBlur(luma(pixels), (0, 0), 1.0)
    across, down = (cv2.Sobel(soft, cv2.CV_32F, *each, ksize=3) for each in ((1, 0), (0, 1)))
    return np.asarray(np.sqrt(cv2.magnitude(across, down)), np.float32)


_SIDE = 384
"""Both are compared at this longer side: a shift of a tenth of a pixel there is still found."""
_SCALES = np.exp(np.linspace(math.log(0.8), math.log(1.25), 19))
"""Sizes tried first; a model that zooms further made another picture."""
_ROUNDS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-5)
_CERTAIN = 0.05
"""From this peak of the phase correlation on, the match is sure (two pictures of different
products reach 0.02; the same product as a drawing 0.1)."""


@dataclass(frozen=True, slots=True)
class Registration:
    """How the content moved."""

    shift: tuple[float, float]
    """Right and down, as shares of the picture's longer side."""
    scale: float
    """Above 1: it became larger."""
    sure: bool
    """False: nothing in common was found, so the other values mean nothing."""

    @property
    def distance(self) -> float:
        """Length of the shift, as a share of the longer side."""
        return math.hypot(*self.shift)


def register(before: Pixels, after: Pixels) -> Registration:
    """Find shift and scale between two pictures, by their edges.

    Edges, since colours and surfaces are what a restyling changes. Phase correlation over a few
    sizes finds the place (Reddy and Chatterji 1996, without their log-polar transform, which small
    shifts disturb); maximising the correlation finds it exactly (Evangelidis and Psarakis 2008).

    Args:
        before: (height, width, 3), sRGB.
        after: (height, width, 3), sRGB, of the same aspect.
    """
    first = _edges(before, None)
    second = _edges(after, first.shape)
    peak, scale, (x, y) = max(
        (_match(first, second, float(scale)) for scale in _SCALES), key=lambda match: match[0]
    )
    height, width = first.shape
    place = _refine(first, second, _about_middle(width, height, scale, x, y))
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    right, down = place[:, :2] @ middle + place[:, 2] - middle
    side = max(height, width)
    scale = math.sqrt(abs(float(np.linalg.det(place[:, :2]))))
    return Registration((float(right) / side, float(down) / side), scale, peak >= _CERTAIN)


def move_back(after: Pixels, registration: Registration) -> Pixels:
    """The remade picture with its content moved back to where it was.

    Args:
        after: (height, width, 3). Not modified.
        registration: Of it.
    """
    height, width = after.shape[:2]
    side = max(height, width)
    x, y = (share * side for share in registration.shift)
    place = _about_middle(width, height, registration.scale, x, y)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    border = cv2.BORDER_REPLICATE
    moved = cv2.warpAffine(after, place, (width, height), flags=flags, borderMode=border)
    return np.asarray(moved, np.uint8)


def _match(first: Plane, second: Plane, scale: float) -> tuple[float, float, tuple[float, float]]:
    """Peak, scale and shift, with `second` brought back by this scale."""
    height, width = first.shape
    place = _about_middle(width, height, scale, 0, 0)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    smaller = np.asarray(cv2.warpAffine(second, place, (width, height), flags=flags), np.float32)
    window = np.asarray(cv2.createHanningWindow((width, height), cv2.CV_32F), np.float32)
    # Not as its third argument: OpenCV 5 would window `first` itself, again and again.
    (x, y), peak = cv2.phaseCorrelate(first * window, smaller * window)
    return float(peak), scale, (float(x) * scale, float(y) * scale)


def _refine(first: Plane, second: Plane, place: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A better map than this one, where there is one near it."""
    begin = place.astype(np.float32)
    try:
        _, found = cv2.findTransformECC(first, second, begin, cv2.MOTION_AFFINE, _ROUNDS)
    except cv2.error:  # the pictures have too little in common; the first guess stays
        return place
    return np.asarray(found, np.float64)


def _about_middle(
    width: int, height: int, scale: float, x: float, y: float
) -> npt.NDArray[np.float64]:
    """The map from where content was to where it is now."""
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    offset = middle - scale * middle + np.array([x, y])
    return np.array([[scale, 0, offset[0]], [0, scale, offset[1]]])


def _edges(pixels: Pixels, shape: tuple[int, ...] | None) -> Plane:
    small = fit_within(pixels, _SIDE)
    if shape is not None and small.shape[:2] != shape:
        small = np.asarray(cv2.resize(small, shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
    return find_edges(small)
