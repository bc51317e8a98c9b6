"""Edges of a picture, as both registrations compare them. Pure."""

import cv2
import numpy as np

from transforms.pixels import Pixels, Plane
from transforms.quality.placed import luma


def edges(pixels: Pixels) -> Plane:
    """Strength of edges, evened out so that a few hard ones do not decide alone.

    Args:
        pixels: (height, width, 3), sRGB.

    Returns:
        (height, width): the root of the gradient (Sobel 3 x 3) of luma, after a blur of a pixel.
    """
    soft = cv2.GaussianBlur(luma(pixels), (0, 0), 1.0)
    across, down = (cv2.Sobel(soft, cv2.CV_32F, *each, ksize=3) for each in ((1, 0), (0, 1)))
    return np.asarray(np.sqrt(cv2.magnitude(across, down)), np.float32)
