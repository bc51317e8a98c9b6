"""Colours of the product where its edge mixes with the old background."""

import cv2
import numpy as np
import numpy.typing as npt

_OPAQUE = 250
"""From this alpha on a pixel keeps the photograph's own colour."""

_FAR, _FAR_STEP = 22, 4
"""The first round's blur radius, at a quarter of the size: Forte's 90 px of the picture."""
_NEAR = 6
"""The second round's, in pixels."""

_TINY = 1e-5


def foreground_colours(
    rgb: npt.NDArray[np.uint8], matte: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
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
        np.asarray(cv2.resize(each, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
        for each in _round(small, small, small, cover, _FAR)
    )
    front, _ = _round(rgb.astype(np.float32), front, back, _cover(matte), _NEAR)
    estimated = np.rint(front).astype(np.uint8)
    keep = (matte >= _OPAQUE).view(np.uint8)
    cv2.copyTo(rgb, keep, estimated)
    return estimated


def _cover(matte: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    return cv2.cvtColor(matte, cv2.COLOR_GRAY2RGB).astype(np.float32) * np.float32(1 / 255)


def _round(
    mixed: npt.NDArray[np.float32],
    front: npt.NDArray[np.float32],
    back: npt.NDArray[np.float32],
    cover: npt.NDArray[np.float32],
    radius: int,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Blur what is surely front and surely back, then let the mixture correct the front."""
    size = (2 * radius + 1, 2 * radius + 1)
    weight = cv2.blur(cover, size)
    blurred = cv2.blur(front * cover, size)
    front = np.where(weight > _TINY, blurred / (weight + _TINY), front)
    rest = 1 - cover
    back = cv2.blur(back * rest, size) / (1 - weight + _TINY)
    front += cover * (mixed - cover * front - rest * back)
    return np.clip(front, 0, 255, out=front), back
