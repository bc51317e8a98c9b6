"""How alike the pictures of one look are: outliers among them, and one number for all.

A picture can be right by itself and still stand out on a shop's page: a background a little
warmer, a product a little smaller. So each is compared with the others of its variant.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from transforms.presets.gate import Batch
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


def scores(values: Values, *, plain: bool = True) -> Values:
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


def consistency(values: Values) -> float:
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


def unlike(
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
        table = scores(values, plain=variant not in scenes)
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


def consistencies(reports: Iterable[QualityReport]) -> dict[str, Consistency]:
    """How alike photographs were and pictures are, by variant; of two pictures at least."""
    found = {}
    for variant, rows in sorted(_by_variant(reports).items()):
        known = [row for row in rows if row.before]
        if len(known) > 1:
            before, after = (
                consistency(np.array([getattr(row, side) for row in known], np.float64))
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
