"""A product that leans because the camera was held askew: measured, never guessed, turned back.

Two kinds of evidence, which know nothing of each other: how well the matte fits its own mirror
image at each lean, and where the product's long upright lines point. Angles are degrees,
clockwise positive: at 3 its top has gone right.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Pixels
from transforms.preparation.symmetry import HALF, SHARP, STRONG_FIT, Symmetry, symmetry_of, within
from transforms.records.facts import Step

LEAST_DEG, MOST_DEG = 0.7, 8.0
"""Less is seen by nobody; more is rarely an accident."""
AGREED_DEG = 0.7
"""Kinds of evidence that differ by more speak of different things."""

_CUT_OFF = 0.004
"""Share of the border that is product: from here on the frame is part of its outline."""
_LARGEST_PX = 32_000
"""Of a side that OpenCV can turn, with room for the larger canvas."""

_SIDE_PX, _MARGIN = 512, 0.06
_FAIR_FIT = 0.9
"""Overlap that needs the lines' agreement: a carton seen over its corner."""
_LEAST_LINE = 0.06
"""Of the product's height."""
_NEAR_LINE_PX = 9
_UPRIGHT_DEG, _SAME_LINE_DEG = 13.0, 1.0
_LENGTH, _SHARE = 0.75, 0.8
"""Lines that agree with each other: their length in product heights, their share of all nearly
upright ones. Cartons reach 5 and 0.97, labels 2 and 0.85; wood and weave 0.5 and less."""


@dataclass(frozen=True, slots=True)
class _Lines:
    lean: float
    length: float
    share: float


def straighten(rgb: Pixels, matte: Pixels) -> tuple[Pixels, Pixels, Step]:
    """Turn back a product whose axis can be measured and leans by a little.

    Args:
        rgb: (height, width, 3), sRGB. Not modified.
        matte: (height, width), 255 is product. Not modified.

    Returns:
        Picture and matte on a larger canvas, resampled once; or themselves where nothing was to
        be done; and what was done.
    """
    if not (matte >= HALF).any() or _cut_off(matte) or max(matte.shape) > _LARGEST_PX:
        return rgb, matte, _leave("No axis could be measured.", {})
    small, outline = _reduce(rgb, matte)
    if not (outline >= HALF).any():
        return rgb, matte, _leave("No axis could be measured.", {})
    symmetry, lines = symmetry_of(outline), _lines(small, outline)
    measured = {
        "symmetry_tilt_deg": round(symmetry.lean, 2),
        "symmetry_fit": round(symmetry.fit, 3),
        "symmetry_sharpness": round(symmetry.sharpness, 3),
        "lines_tilt_deg": round(lines.lean, 2),
        "lines_length": round(lines.length, 2),
        "lines_share": round(lines.share, 2),
    }
    lean = _agree(symmetry, lines)
    if lean is None:
        return rgb, matte, _leave("No axis could be measured.", measured)
    measured["tilt_deg"] = round(lean, 2)
    if abs(lean) < LEAST_DEG:
        return rgb, matte, _leave(f"Not needed: tilt {abs(lean):.1f} degrees.", measured)
    if abs(lean) > MOST_DEG:
        said = f"Left as it is: {abs(lean):.0f} degrees look intended."
        return rgb, matte, _leave(said, measured)
    said = f"Turned back by {abs(lean):.1f} degrees."
    step = Step(name="straighten", applied=True, said=said, measured=measured)
    return (
        _turn(rgb, lean, cv2.BORDER_REPLICATE),
        _turn(matte, lean, cv2.BORDER_CONSTANT),
        step,
    )


def _leave(said: str, measured: dict[str, float]) -> Step:
    return Step(name="straighten", applied=False, said=said, measured=measured)


def _agree(symmetry: Symmetry, lines: _Lines) -> float | None:
    """The lean that the evidence agrees on; None: it does not, or is none."""
    sharp = symmetry.sharpness >= SHARP
    drawn = lines.length >= _LENGTH and lines.share >= _SHARE
    agree = abs(symmetry.lean - lines.lean) <= AGREED_DEG
    if drawn and not agree:
        return None
    if sharp and symmetry.whole and symmetry.fit >= STRONG_FIT:
        return symmetry.lean
    if sharp and drawn and symmetry.fit >= _FAIR_FIT:
        return lines.lean
    return None


def _cut_off(matte: Pixels) -> bool:
    border = np.concatenate([matte[0], matte[-1], matte[:, 0], matte[:, -1]])
    return float(np.mean(border >= HALF)) > _CUT_OFF


def _reduce(rgb: Pixels, matte: Pixels) -> tuple[Pixels, Pixels]:
    """Surroundings of the product, their longer side at no more than 512 px."""
    solid = matte >= HALF
    columns, rows = np.flatnonzero(solid.any(axis=0)), np.flatnonzero(solid.any(axis=1))
    margin = int(_MARGIN * max(columns[-1] - columns[0], rows[-1] - rows[0])) + 1
    part = np.s_[
        max(0, rows[0] - margin) : rows[-1] + margin + 1,
        max(0, columns[0] - margin) : columns[-1] + margin + 1,
    ]
    return within(rgb[part], _SIDE_PX), within(matte[part], _SIDE_PX)


def _lines(small: Pixels, outline: Pixels) -> _Lines:
    """Where the product's long upright lines point, in its middle.

    Lines on both sides may converge, by perspective or because it tapers: the lean is that of
    a straight course from left to right.
    """
    nothing = _Lines(0.0, 0.0, 0.0)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    found = cv2.createLineSegmentDetector().detect(grey)[0]
    if found is None:
        return nothing
    x0, y0, x1, y1 = np.asarray(found, np.float64).reshape(-1, 4).T
    solid = outline >= HALF
    columns, rows = np.flatnonzero(solid.any(axis=0)), np.flatnonzero(solid.any(axis=1))
    width, height = max(1, np.ptp(columns)), max(1, np.ptp(rows))
    near = cv2.dilate(solid.view(np.uint8), np.ones((_NEAR_LINE_PX, _NEAR_LINE_PX), np.uint8))
    lengths = np.hypot(x1 - x0, y1 - y0) / height
    leans = (np.degrees(np.arctan2(y1 - y0, x1 - x0)) % 180) - 90
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    inside = np.asarray(near)[
        np.clip(y.astype(int), 0, solid.shape[0] - 1), np.clip(x.astype(int), 0, solid.shape[1] - 1)
    ]
    kept = (inside > 0) & (np.abs(leans) < _UPRIGHT_DEG) & (lengths > _LEAST_LINE)
    if np.count_nonzero(kept) < 2:  # noqa: PLR2004 - one line is a scratch
        return nothing
    aside = (x[kept] - (columns[0] + columns[-1]) / 2) / width
    return _course(aside, leans[kept], lengths[kept])


def _course(
    aside: npt.NDArray[np.float64],
    leans: npt.NDArray[np.float64],
    lengths: npt.NDArray[np.float64],
) -> _Lines:
    """Least absolute deviations by reweighting, held level where all lines lie on one side."""
    weights = lengths.copy()
    middle = rest = np.zeros(2)
    for _ in range(15):
        tie = 0.02 * weights.sum()
        cross = (weights * aside).sum()
        system = [[weights.sum(), cross], [cross, (weights * aside**2).sum() + tie]]
        middle = np.linalg.solve(system, [(weights * leans).sum(), (weights * aside * leans).sum()])
        rest = np.abs(leans - middle[0] - middle[1] * aside)
        weights = lengths / np.maximum(0.3, rest)
    same = rest < _SAME_LINE_DEG
    length = float(lengths[same].sum())
    return _Lines(float(middle[0]), length, length / float(lengths.sum()))


def _turn(pixels: Pixels, lean: float, border: int) -> Pixels:
    """Turned counter-clockwise by `lean` on a canvas that holds all of it."""
    height, width = pixels.shape[:2]
    cosine, sine = math.cos(math.radians(lean)), abs(math.sin(math.radians(lean)))
    wide, high = (
        math.ceil(width * cosine + height * sine),
        math.ceil(height * cosine + width * sine),
    )
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), lean, 1.0)
    turn[:, 2] += np.array(((wide - width) / 2, (high - height) / 2))
    turned = cv2.warpAffine(pixels, turn, (wide, high), flags=cv2.INTER_LANCZOS4, borderMode=border)
    return np.asarray(turned, np.uint8)
