"""Which runs are under way: begun, not ended, and heard of within the last hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow.compute as pc
from pydantic import ValidationError

from transforms.errors import NotFoundError
from transforms.records.layout import ANOTHER_TRY, RUNS, run_key
from transforms.runs.run import RunPlan
from transforms.storage.protocol import Storage, exists

DEAD_AFTER = timedelta(hours=8)
"""A run that wrote nothing for so long was killed: a stage writes a shard at least this often."""


@dataclass(frozen=True, slots=True)
class RunUnderWay:
    """A run that began and has not ended."""

    run_id: str
    plan: RunPlan | None
    """None: it is not written yet, or another version of Packshot wrote it."""
    another_try: bool
    """It makes another attempt at some pictures, and publishes nothing."""


def runs_under_way(work: Storage, now: datetime) -> list[RunUnderWay]:
    """Runs of all catalogues of a work storage that may still read and write, sorted by name.

    A run is judged by its newest object and not by its beginning: a night of a hundred thousand
    pictures takes days, and one that was killed is silent from then on.

    Args:
        work: The work storage.
        now: The moment to count from, with a time zone.

    Raises:
        StorageError: Storage does not answer.
    """
    found = []
    for run_id in work.folders(RUNS):
        if exists(work, run_key(run_id, "summary.json")):
            continue
        written = work.listing(run_key(run_id, ""))
        newest = pc.max(written["modified"]).as_py()
        if newest is None or now - newest >= DEAD_AFTER:
            continue
        another_try = run_key(run_id, ANOTHER_TRY) in written["key"].to_pylist()
        found.append(RunUnderWay(run_id, find_plan(work, run_id), another_try))
    return found


def find_plan(work: Storage, run_id: str) -> RunPlan | None:
    """A run's plan; None: it has none, or another version of Packshot wrote it."""
    try:
        return RunPlan.model_validate_json(work.read(run_key(run_id, "run.json")))
    except (NotFoundError, ValidationError):
        return None
