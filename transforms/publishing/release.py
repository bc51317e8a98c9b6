"""A run that is held as a whole, as the person sees it who may release it.

`transforms.publishing.holding` decides which run is held, and `transforms.stages.publish_held`
publishes one that was released.
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import AuditError
from transforms.records.fingerprint import fingerprint, sha256
from transforms.records.layout import run_key, safe_run_id
from transforms.records.outcomes import Outcome
from transforms.records.parquet import from_table, parse_lasting
from transforms.runs.inventory import RUN_HELD
from transforms.runs.outcomes import OUTCOMES, tally
from transforms.runs.summary import Counts, Release, Summary, read_summary
from transforms.storage.protocol import Storage


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run of which too much went wrong. Nothing that is written about it changes any more."""

    summary: Summary
    outcomes: pa.Table
    """Of its own variants, in the columns of Outcome."""
    shown: str
    """Fingerprint of all that a person is told about it: their answer is about exactly that."""

    @property
    def going(self) -> int:
        """How many pictures a release publishes, each variant counted."""
        return int(pc.sum(_passed(self.outcomes)).as_py() or 0)

    def count_as_released(self) -> tuple[Counts, dict[str, int]]:
        """Pictures by state, and those not published by reason, as they are once it is released."""
        return tally(_mark_released(self.outcomes))

    def failures(self) -> list[Outcome]:
        """Pictures that failed or were set aside."""
        states = pa.array(["failed", "quarantined"])
        bad = self.outcomes.filter(pc.is_in(self.outcomes["state"], value_set=states))
        return from_table(bad, Outcome)


def read_held_run(work: Storage, run_id: str) -> HeldRun | None:
    """A run that a person may release; None: it ended otherwise.

    Raises:
        NotFoundError: It has not ended, or is no longer kept.
        StorageError: Storage does not answer.
    """
    summary = read_summary(work, run_id)
    if summary.ending != "held" or not summary.hold:
        return None
    key = run_key(run_id, "outcomes.parquet")
    data = work.read(key)
    table = parse_lasting(data, f"{work.uri}/{key}", Outcome)
    mine = table.filter(pc.is_in(table["variant"], value_set=pa.array(summary.variants)))
    return HeldRun(summary, mine, fingerprint(sha256(data), *summary.hold))


def _mark_released(outcomes: pa.Table) -> pa.Table:
    """Outcomes in which what passed, and waits because its run is held, is published."""
    waits = _passed(outcomes)
    for name, value in (("state", "published"), ("reason", ""), ("message", "")):
        column = pc.if_else(waits, value, outcomes[name])
        outcomes = outcomes.set_column(OUTCOMES.get_field_index(name), OUTCOMES.field(name), column)
    return outcomes


def _passed(outcomes: pa.Table) -> pa.ChunkedArray:
    return pc.and_(pc.equal(outcomes["state"], "review"), pc.equal(outcomes["reason"], RUN_HELD))


def released_run_id(run_id: str) -> str:
    """Name of the run that publishes a held one."""
    return safe_run_id(f"{run_id}-released")


def read_released_run(work: Storage, release: Release) -> HeldRun:
    """The held run that a person released, if it is still what they were shown.

    Raises:
        AuditError: It is not held, or they were shown something else.
        NotFoundError: It has not ended, or is no longer kept.
        StorageError: Storage does not answer.
    """
    held = read_held_run(work, release.run_id)
    if held is None:
        raise AuditError(f"run {release.run_id} is not held, so there is nothing to release")
    if held.shown != release.shown:
        raise AuditError(
            f"run {release.run_id} is not as it was when it was released; nothing was published: "
            "look again"
        )
    return held
