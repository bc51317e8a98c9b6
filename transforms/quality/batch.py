"""How alike the pictures of one look are: outliers among them, and one number for all.

A picture can be right by itself and still stand out on a shop's page: a background a little
warmer, a product a little smaller. So each is compared with the others of its variant.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from transforms.images.canvas import HALF, extent
from transforms.pixels import Pixels
from transforms.presets.gate import Batch
from transforms.quality.colour_difference import lab
from transforms.quality.placed import Placed, cut
from transforms.records.facts import PreparedFacts
from transforms.records.renditions import Judgement, QualityReport
from transforms.runs.summary import Consistency

R = TypeVar("R", QualityReport, Judgement, QualityReport | Judgement)

MEASURES = {
    "background lightness": 1.0,
    "background green to red": 1.0,
    "background blue to yellow": 1.0,
    "size": 0.012,
    "baseline": 0.006,
    "light": 5.0,
    "tone": 5.0,
}
"""What is compared, and the difference that nobody minds: CIE Lab units of the border and of the
product, shares of the canvas for its longer side and its lowest pixel. In the order of
`QualityReport.before` and `after`."""

_OF_PRODUCTS = ("light", "tone")
"""Products differ in these by themselves, so they tell outliers and not how alike a look is."""

_SCENES = 4.0
"""Backdrops of one scene differ by so many times more, and nobody minds: other variations."""

_TO_DEVIATION = 1.4826
"""Median absolute deviation to the standard deviation of a normal distribution."""

Values = npt.NDArray[np.float64]


def score_deviations(values: Values, *, plain: bool = True) -> Values:
    """Robust z-scores, by column: distance from the median, in robust standard deviations.

    Args:
        values: (pictures, measures), NaN where one is not known.
        plain: Whether all have one background by intention, as scenes do not.

    Returns:
        (pictures, measures), signed; NaN where the value is. A batch whose members are all but
        equal is measured in the difference that nobody minds, so that rounding is no outlier.
    """
    middle = np.nanmedian(values, axis=0)
    spread = _TO_DEVIATION * np.nanmedian(np.abs(values - middle), axis=0)
    wider = 1.0 if plain else _SCENES
    least = np.array(
        [unit * wider if name.startswith("background") else unit for name, unit in MEASURES.items()]
    )
    return np.asarray((values - middle) / np.maximum(spread, least), np.float64)


def score_consistency(values: Values) -> float:
    """How alike pictures are, 0 to 100.

    The mean, over background lightness, both background colours, size and baseline, of
    `100 * u / (u + s)`: s is the robust standard deviation (1.4826 times the median absolute
    deviation), u the difference that nobody minds. Equal pictures make 100; pictures that differ
    by just that make 50. What products differ in by themselves (light, tone) is not in it.

    Args:
        values: (pictures, measures), NaN where one is not known.
    """
    kept = [n for n, name in enumerate(MEASURES) if name not in _OF_PRODUCTS]
    values, unit = values[:, kept], np.array(list(MEASURES.values()))[kept]
    middle = np.nanmedian(values, axis=0)
    spread = _TO_DEVIATION * np.nanmedian(np.abs(values - middle), axis=0)
    return round(float(np.nanmean(100 * unit / (unit + spread))), 1)


def find_outliers(
    reports: Iterable[QualityReport | Judgement], limits: Batch, *, scenes: Collection[str] = ()
) -> dict[tuple[str, str], str]:
    """Pictures that stand out from the others of their variant.

    Args:
        reports: Of a whole run.
        limits: From which score on, and from how many pictures on, one stands out.
        scenes: Variants whose backgrounds differ by intention.

    Returns:
        By key and variant: what stands out, in words.
    """
    found = {}
    for variant, rows in _by_variant(reports).items():
        if len(rows) < limits.min_pictures:
            continue
        values = np.array([row.after for row in rows], np.float64)
        table = score_deviations(values, plain=variant not in scenes)
        for row, score in zip(rows, table, strict=True):
            far = [
                f"{name} {'+' if z > 0 else '-'}{abs(z):.0f}"
                for name, z in zip(MEASURES, score, strict=True)
                if abs(z) > limits.review_above
            ]
            if far:
                found[row.key, row.variant] = (
                    f"It stands out from the {len(rows)} pictures of its look by "
                    f"{', '.join(far)} (in usual deviations; gate.yaml, batch.review_above)."
                )
    return found


def score_consistencies(reports: Iterable[QualityReport]) -> dict[str, Consistency]:
    """How alike photographs were and pictures are, by variant; of two pictures at least."""
    found = {}
    for variant, rows in sorted(_by_variant(reports).items()):
        known = [row for row in rows if row.before]
        if len(known) > 1:
            before, after = (
                score_consistency(np.array([getattr(row, side) for row in known], np.float64))
                for side in ("before", "after")
            )
            found[variant] = Consistency(pictures=len(known), before=before, after=after)
    return found


def _by_variant(reports: Iterable[R]) -> dict[str, list[R]]:
    found: dict[str, list[R]] = defaultdict(list)
    for report in reports:
        if len(report.after) == len(MEASURES) and report.verdict != "FAIL":
            found[report.variant].append(report)
    return dict(found)


_EDGE = 0.01
"""Width of the border that is taken for the background, as a share of the side."""


def measure_picture(decoded: Pixels, placed: Placed) -> list[float]:
    """Values of a finished picture.

    Args:
        decoded: (height, width, 3), sRGB.
        placed: The product in it.
    """
    height, width = decoded.shape[:2]
    top = placed.box[1]
    left, above, right, below = extent(placed.matte)
    return [
        *_background(decoded),
        max((right - left) / width, (below - above) / height),
        (top + below) / height,
        *_product(cut(decoded, placed.box), placed.matte),
    ]


def measure_photograph(before: Pixels, matte: Pixels, facts: PreparedFacts) -> list[float]:
    """Values of the photograph as it came.

    Args:
        before: The whole photograph, upright, at any size.
        matte: Of the prepared image, 255 is product.
        facts: Of the prepared image. Where it was straightened its crop is that of the turned
            picture, which is the same place to about a hundredth.
    """
    height, width = before.shape[:2]
    share = max(height, width) / max(facts.height_px, facts.width_px)
    left, top, right, bottom = (round(each * share) for each in facts.crop)
    left, top = max(0, left), max(0, top)
    right, bottom = min(width, right), min(height, bottom)
    first, above, last, below = extent(matte)
    values = [
        *_background(before),
        max(last - first, below - above) / max(facts.height_px, facts.width_px),
        (facts.crop[1] + below) / facts.height_px,
    ]
    if right - left < 2 or bottom - top < 2:  # noqa: PLR2004 - pixels
        return [*values, float("nan"), float("nan")]
    size = (right - left, bottom - top)
    small = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.uint8)
    return [*values, *_product(before[top:bottom, left:right], small)]


def _background(picture: Pixels) -> list[float]:
    """L*, a*, b* of the border."""
    edge = max(1, round(_EDGE * min(picture.shape[:2])))
    strips = picture[:edge], picture[-edge:], picture[:, :edge], picture[:, -edge:]
    border = np.concatenate([each.reshape(-1, 3) for each in strips])
    middle = np.median(border, axis=0).astype(np.uint8)
    return [round(float(each), 3) for each in lab(middle[None, None])[0, 0]]


def _product(pixels: Pixels, matte: Pixels) -> list[float]:
    """Lightness L* of the product, and its b*: blue below 0, yellow above."""
    step = max(1, max(matte.shape) // 200)
    inside = matte[::step, ::step] >= HALF
    if not inside.any():
        return [float("nan"), float("nan")]
    values = lab(np.ascontiguousarray(pixels[::step, ::step]))[inside].mean(axis=0)
    return [round(float(values[0]), 3), round(float(values[2]), 3)]
