"""CIEDE2000, the difference between two colours as eyes see it. Vectorised, float32."""

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Pixels

Floats = npt.NDArray[np.floating]

_25_7 = 25.0**7


def lab(rgb: Pixels) -> npt.NDArray[np.float32]:
    """CIE L*a*b* (D65, L 0-100) of sRGB. Same shape, which must be (height, width, 3)."""
    unit = rgb.astype(np.float32) * np.float32(1 / 255)
    return np.asarray(cv2.cvtColor(unit, cv2.COLOR_RGB2LAB), np.float32)


def delta_e_2000(first: Floats, second: Floats) -> Floats:
    """CIEDE2000 of Lab colours, with all weights 1.

    Args:
        first: (..., 3) L*, a*, b*. Not modified.
        second: The same.

    Returns:
        (...), 0 for equal colours; about 1 is just noticeable.

    Sharma, Wu, Dalal, "The CIEDE2000 color-difference formula: implementation notes,
    supplementary test data, and mathematical observations" (2005), equations 2 to 22.
    """
    l1, a1, b1 = np.moveaxis(first, -1, 0)
    l2, a2, b2 = np.moveaxis(second, -1, 0)
    c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(c7 / (c7 + _25_7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    grey = c1 * c2 == 0

    dl, dc = l2 - l1, c2 - c1
    turn = (h2 - h1 + 180) % 360 - 180
    turn = np.where(turn == -180, np.where(h2 > h1, 180.0, -180.0), turn)  # noqa: PLR2004
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(np.where(grey, 0, turn) / 2))

    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    far = np.abs(h1 - h2) > 180  # noqa: PLR2004
    hue = np.where(far, (h1 + h2 + np.where(h1 + h2 < 360, 360, -360)) / 2, (h1 + h2) / 2)  # noqa: PLR2004
    hue = np.where(grey, h1 + h2, hue)

    t = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    off_grey = (lightness - 50) ** 2
    s_l = 1 + 0.015 * off_grey / np.sqrt(20 + off_grey)
    s_c = 1 + 0.045 * chroma
    s_h = 1 + 0.015 * chroma * t
    chroma7 = chroma**7
    r_c = 2 * np.sqrt(chroma7 / (chroma7 + _25_7))
    r_t = -r_c * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    x, y, z = dl / s_l, dc / s_c, dh / s_h
    return np.asarray(np.sqrt(np.maximum(x * x + y * y + z * z + r_t * y * z, 0)))
