"""What a backdrop shows finer than its model draws, laid over what the model made of it.

A model of 256 px makes one pixel where a canvas of 2000 px has eight. Enlarged, its picture is soft
behind a sharp product: the grain of the wood is gone although the plate or scaffold that the model
was given has it. Light, tone and large forms are taken from the model, what is finer from what it
was given, wherever it kept that: bands of two pictures, joined as by Burt and Adelson (A
Multiresolution Spline with Application to Image Mosaics, 1983).
"""

import cv2
import numpy as np

from transforms.pixels import Floats, Pixels

_LIGHT = 4.0
"""Times the finest detail: what is larger is light and tone, which a model may change and keep the
detail."""
_KEPT = 9.0
"""Floats by which the forms between the two may differ for most of the detail to be laid over."""
_GAIN = (0.5, 1.6)
"""Of detail, where the model made its surface darker or brighter."""
_LEAST_LEVEL = 8.0
"""Below it a ratio of two brightnesses means nothing."""


def detailed(made: Pixels, given: Pixels, small: tuple[int, int], finest_px: float) -> Pixels:
    """Lay fine detail over an enlarged picture.

    Args:
        made: (height, width, 3), sRGB: what the model made, enlarged. Not modified.
        given: What it was given, of the same size. Not modified.
        small: Width and height in which the model saw it.
        finest_px: Deviation of a blur in pixels of that size, below which the model draws little.

    Returns:
        (height, width, 3). Where the model drew other forms than it was given, as it was made.
    """
    forms, lights = [], []
    for pixels in (made, given):
        shown = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA).astype(np.float32)
        forms.append(_blurred(shown, finest_px))
        lights.append(_blurred(shown, finest_px * _LIGHT))
    ratio = np.maximum(lights[0], _LEAST_LEVEL) / np.maximum(lights[1], _LEAST_LEVEL)
    gain = np.clip(ratio.mean(axis=-1, keepdims=True), *_GAIN)
    changed = np.abs(forms[0] - lights[0] - gain * (forms[1] - lights[1])).max(axis=-1)
    agreed = np.exp(-np.square(_blurred(changed, finest_px) / _KEPT))[..., None]
    size = (made.shape[1], made.shape[0])
    own, fine = (
        pixels - cv2.resize(form, size, interpolation=cv2.INTER_CUBIC)
        for pixels, form in zip((made, given), forms, strict=True)
    )
    fine *= _enlarged(gain * agreed, size)
    own *= _enlarged(agreed, size)
    return np.asarray(np.clip(np.rint(made + fine - own), 0, 255), np.uint8)


def _blurred(pixels: Floats, deviation: float) -> Floats:
    blurred = cv2.GaussianBlur(pixels, (0, 0), deviation, borderType=cv2.BORDER_REFLECT)
    return np.asarray(blurred, np.float32)


def _enlarged(share: Floats, size: tuple[int, int]) -> Floats:
    large = cv2.resize(share, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, np.float32)[..., None]
