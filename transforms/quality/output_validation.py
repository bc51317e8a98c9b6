"""What a run made, held against expectation suites: its pictures, and the run as a whole."""

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from transforms.errors import ConfigError
from transforms.presets.suite import RENDITIONS, RUN
from transforms.quality.batch import MEASURES
from transforms.quality.expectations import evaluate
from transforms.records.outcomes import Outcome
from transforms.records.renditions import QualityReport
from transforms.records.validation import write_validation
from transforms.runs.run import Run
from transforms.runs.summary import Consistency

if TYPE_CHECKING:
    import pandas as pd

_log = logging.getLogger(__name__)
_SIZE = list(MEASURES).index("size")


def validate_outputs(
    run: Run,
    reports: Sequence[QualityReport],
    outcomes: Sequence[Outcome],
    consistencies: Mapping[str, Consistency],
) -> None:
    """Hold finished pictures and the run against their suites, and write what came of it.

    Nothing is stopped by it: the gate and its audit have judged already. A table that the library
    cannot work with leaves no record, and a line in the log.
    """
    tables = {
        RENDITIONS: tabulate_renditions(reports),
        RUN: tabulate_run(outcomes, consistencies),
    }
    for suite in run.plan.configuration.outputs:
        table = tables[suite.name]
        if table.empty:
            continue
        try:
            found = evaluate(table, suite, run_id=run.plan.run_id, started=run.plan.started)
        except ConfigError:
            _log.warning(
                "run %s: suite %s could not be held", run.plan.run_id, suite.name, exc_info=True
            )
            continue
        write_validation(run.places.work, run.plan.run_id, found.validation)


def tabulate_renditions(reports: Sequence[QualityReport]) -> "pd.DataFrame":
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


def tabulate_run(
    outcomes: Sequence[Outcome], consistencies: Mapping[str, Consistency]
) -> "pd.DataFrame":
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
