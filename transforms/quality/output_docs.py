"""Data Docs of what a run made: its pictures, and the run as a whole."""

import logging
from collections.abc import Sequence

from transforms.errors import ConfigError
from transforms.presets.suite import RENDITIONS, RUN
from transforms.quality.expectations import evaluate
from transforms.quality.output_facts import of_renditions, of_run
from transforms.records.outcomes import Outcome
from transforms.records.renditions import QualityReport
from transforms.runs.run import Run
from transforms.runs.summary import Consistency
from transforms.storage.transfer import create_each

_log = logging.getLogger(__name__)


def docs_key(name: str) -> str:
    """First page of a suite's Data Docs in the run's folder; "" is the photographs' suite."""
    return f"data_docs/{name}/index.html" if name else "data_docs/index.html"


def write_output_docs(
    run: Run,
    reports: Sequence[QualityReport],
    outcomes: Sequence[Outcome],
    consistencies: dict[str, Consistency],
) -> None:
    """Hold finished pictures and the run against their suites, and write what came of it.

    Nothing is stopped by it: the gate and its audit have judged already. A table that the library
    cannot work with leaves no pages, and a line in the log.
    """
    tables = {RENDITIONS: of_renditions(reports), RUN: of_run(outcomes, consistencies)}
    for suite in run.plan.configuration.outputs:
        frame = tables[suite.name]
        if frame.empty:
            continue
        try:
            found = evaluate(frame, suite, run_id=run.plan.run_id, started=run.plan.started)
        except ConfigError:
            _log.warning("run %s: no Data Docs of %s", run.plan.run_id, suite.name)
            continue
        key = run.key(f"data_docs/{suite.name}")
        written = ((f"{key}/{name}", content) for name, content in found.pages.items())
        for _ in create_each(run.places.work, written):
            pass
