"""Facts of finished pictures and of a run, as tables for expectation suites."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from transforms.quality.batch import MEASURES
from transforms.records.outcomes import Outcome
from transforms.records.renditions import QualityReport
from transforms.runs.summary import Consistency

if TYPE_CHECKING:
    import pandas as pd

_SIZE = list(MEASURES).index("size")


def of_renditions(reports: Sequence[QualityReport]) -> "pd.DataFrame":
    """One row a picture: `transforms.presets.suite.RENDITION_COLUMNS`.

    Args:
        reports: Of a run. A picture that could not be judged has a reason and no other value.
    """
    import pandas as pd  # noqa: PLC0415  # slow to import, and needed here only

    rows = []
    for report in reports:
        sides = [side for file in report.files for side in (file.width_px, file.height_px)]
        states = Counter(rule.state for rule in report.rules)
        row: dict[str, object] = {
            "key": f"{report.key} {report.variant}",
            "reason": report.reason,
            "verdict": report.verdict,
            "files": len(report.files),
            "shorter_side_px": min(sides, default=None),
            "largest_file_bytes": max((file.size_bytes for file in report.files), default=None),
            "rules_measured": len(report.rules) - states["NOT_MEASURED"],
            "size": report.after[_SIZE] if len(report.after) == len(MEASURES) else None,
        }
        if report.reason:
            row |= dict.fromkeys(set(row) - {"key", "reason"})
        rows.append(row)
    return pd.DataFrame(rows)


def of_run(outcomes: Sequence[Outcome], consistencies: dict[str, Consistency]) -> "pd.DataFrame":
    """One row a variant: `transforms.presets.suite.RUN_COLUMNS`.

    Args:
        outcomes: Of the run's own variants.
        consistencies: How alike pictures are, by variant.
    """
    import pandas as pd  # noqa: PLC0415  # as above

    states: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        if outcome.state not in ("unchanged", "deferred"):
            states[outcome.variant][outcome.state] += 1
    rows = []
    for variant, counted in sorted(states.items()):
        alike = consistencies.get(variant)
        rows.append(
            {
                "key": variant,
                "reason": "",
                "pictures": counted.total(),
                "failed_share": round(counted["failed"] / counted.total(), 4),
                "review_share": round(counted["review"] / counted.total(), 4),
                "consistency_after": alike.after if alike else None,
                "consistency_gain": round(alike.after - alike.before, 1) if alike else None,
            }
        )
    return pd.DataFrame(rows)
