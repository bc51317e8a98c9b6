"""What a plate's picture says of itself where nobody noted it: ground line, view and light.

An estimate is enough to stand a product believably, not to be trusted unseen: `packshot plates`
prints it as YAML, to be corrected and laid beside the picture.
"""

import cv2
import numpy as np

from transforms.pixels import Pixels
from transforms.presets.plate import Plate, PlateLight
from transforms.scenes.ground import STAND
from transforms.scenes.light import linear, luminance
from transforms.scenes.scene import View

_ROWS, _BLOCKS = 256, 16
"""Rows and blocks of columns that are compared."""
_EDGE = (0.12, 0.80)
"""Ground lines are looked for between these shares of the height."""
_REACH = 10
"""Rows above and below a line that are compared."""
_STEP = 5.0
"""CIE Lab units by which most of the width must change there."""
_AS_CLEAR = 0.7
"""Of several lines as clear as this share of the clearest the lowest counts: the shore, not where
sea and sky meet."""
_MANY = 4
"""So many clear lines are planks or folds, seen from above."""
_SMOOTH = 1.2
"""CIE Lab units between neighbouring blocks of a sweep: no texture tells how it is seen."""
_SWEEP_ENDS = 0.30
_LEVEL_FROM = 0.45
"""Ground that ends higher up is looked down on; see `transforms.scenes.ground.HORIZON`."""
_LEAST_GROUND = 0.08
"""Of the height, between the ground's end and where a product stands."""
_STEEPEST = 0.5
"""Difference of brightness between both sides, as a share, that a lamp straight from the side
makes."""


def estimate_plate(pixels: Pixels, *, name: str, kind: str) -> Plate:
    """Notes for a backdrop photograph that has none.

    Args:
        pixels: (height, width, 3), sRGB. Not modified.
        name: Of the plate.
        kind: What presets ask for.

    Returns:
        Ground line and view by where the picture changes from ground to background; the light's
        side by which half of the ground is brighter, its height and softness as most lamps have.
    """
    height, width = pixels.shape[:2]
    size = (max(8, round(_ROWS * width / height)), _ROWS)
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    horizon = _ground_line(small)
    view: View = "overhead"
    if horizon:
        view = "level" if horizon >= _LEVEL_FROM else "raised"
    stand = min(0.95, max(STAND[view], horizon + _LEAST_GROUND))
    return Plate(
        name=name,
        kind=kind,
        view=view,
        horizon=round(horizon, 3),
        stand=round(stand, 3),
        light=_light(small[round(horizon * _ROWS) :]),
    )


def _ground_line(small: Pixels) -> float:
    """Where the ground ends, as a share of the height; 0: it fills the picture."""
    lab = cv2.cvtColor(np.asarray(small, np.float32) / 255, cv2.COLOR_RGB2LAB)
    blocks = np.asarray(cv2.resize(lab, (_BLOCKS, _ROWS), interpolation=cv2.INTER_AREA))
    total = np.concatenate([np.zeros((1, _BLOCKS, 3)), np.cumsum(blocks, axis=0, dtype=float)])
    rows = np.arange(_REACH, _ROWS - _REACH)
    below = (total[rows + _REACH] - total[rows]) / _REACH
    above = (total[rows] - total[rows - _REACH]) / _REACH
    # The median over the width: what stands on the ground crosses its end in few places.
    step = np.linalg.norm(np.median(below - above, axis=1), axis=1)
    step[(rows < _EDGE[0] * _ROWS) | (rows > _EDGE[1] * _ROWS)] = 0
    clear = float(step.max())
    if clear < _STEP:
        smooth = float(np.abs(np.diff(blocks, axis=0)).mean()) * _REACH < _SMOOTH
        return _SWEEP_ENDS if smooth else 0.0
    grown = np.asarray(cv2.dilate(step[:, None], np.ones((2 * _REACH + 1, 1)))).ravel()
    peaks = rows[(step >= grown) & (step >= _AS_CLEAR * clear)]
    return 0.0 if len(peaks) >= _MANY else float(peaks[-1]) / _ROWS


def _light(ground: Pixels) -> PlateLight:
    light = linear(ground)
    bright = luminance(light)
    across = np.linspace(-1, 1, bright.shape[1])
    slope = float((bright.mean(axis=0) * across).mean() / np.square(across).mean())
    share = np.clip(2 * slope / max(float(bright.mean()), 1e-6) / _STEEPEST, -1, 1)
    lamp = light[bright >= np.quantile(bright, 0.9)].mean(axis=0)
    # Half of a colour is the ground's own.
    colour = (1 + lamp / max(float(lamp.max()), 1e-6)) / 2
    return PlateLight(
        azimuth_deg=round(float(75 * share), 1),
        elevation_deg=50,
        colour=(round(float(colour[0]), 3), round(float(colour[1]), 3), round(float(colour[2]), 3)),
        softness=0.6,
    )
