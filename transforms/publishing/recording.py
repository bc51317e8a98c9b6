"""Writes down a run that publishes what an earlier one made: approved pictures, a released run.

It has outcomes and no shards. The next run compares with these outcomes, as with any other's, and
finds the pictures done.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from transforms.publishing.publication import Swap
from transforms.records.layout import run_key
from transforms.records.outcomes import Outcome
from transforms.records.parquet import from_table, read_lasting, to_bytes, to_table
from transforms.runs.outcomes import carry_over, select_other_variants, tally
from transforms.runs.run import Run
from transforms.runs.summary import (
    Publication,
    Release,
    Summary,
    describe_looks,
    licences_not_for_shops,
    read_summary,
)
from transforms.storage.protocol import Storage

Changes = Mapping[tuple[str, str, str], Mapping[str, str]]
"""Key, variant and fingerprint of a picture that waited, to those fields of its Outcome that are
other now."""

PUBLISHED = {"state": "published", "reason": "", "message": ""}
"""Such fields of a picture that is published."""


def read_outcomes(work: Storage, summary: Summary) -> pa.Table:
    """Outcomes that a run wrote itself, in the columns of Outcome.

    Args:
        work: Of the catalogue.
        summary: The run's.

    Raises:
        NotFoundError: It wrote none, or they are no longer kept.
    """
    return read_lasting(work, run_key(summary.run_id, "outcomes.parquet"), Outcome)


def record_publication(
    run: Run,
    swap: Swap,
    *,
    newest: pa.Table,
    changes: Changes,
    message: str,
    released: tuple[Release, Summary] | None = None,
) -> Summary:
    """Write down what became of every picture. Written again, nothing changes.

    Args:
        run: The one that publishes; its plan says in which variants.
        swap: What it published.
        newest: Outcomes of the catalogue's newest run, in the columns of Outcome.
        changes: What other outcomes its pictures have now.
        message: One sentence for a person.
        released: Who released a held run, and that run's summary, whose measures hold for this
            one.

    Returns:
        The summary.
    """
    work, plan = run.places.work, run.plan
    variants = plan.variants
    mine = _apply(changes, carry_over(newest, newest["key"], variants))
    others = select_other_variants(newest, newest["key"], variants)
    table = pa.concat_tables([mine, others])
    table = table.sort_by([("key", "ascending"), ("variant", "ascending")])
    counts, reasons = tally(mine)
    ended = datetime.now(UTC)
    summary = Summary(
        run_id=plan.run_id,
        catalogue=plan.configuration.catalogue.name,
        variants=tuple(variants),
        looks=describe_looks(plan),
        licences=licences_not_for_shops(plan),
        ending="published",
        message=message,
        counts=counts,
        changes={},
        reasons=reasons,
        warnings={},
        version=swap.after.version,
        manifest=f"{run.places.published.uri}/{swap.after.manifest}",
        report=None,
        outcomes=run.key("outcomes.parquet"),
        started=plan.started,
        ended=ended,
        seconds=round((ended - plan.started).total_seconds(), 3),
    )
    if released is not None:
        release, held = released
        measured = {
            name: getattr(held, name)
            for name in (
                *("changes", "warnings", "tone", "consistency", "hold", "report"),
                *("withheld", "notes"),
            )
        }
        summary = summary.model_copy(update={**measured, "released": release})
    publication = Publication(
        ending="published", message=message, hold=summary.hold, released=summary.released
    )
    work.create(run.key("run.json"), plan.model_dump_json(indent=2).encode())
    work.create(run.key("publication.json"), publication.model_dump_json(indent=2).encode())
    work.create(run.key("outcomes.parquet"), to_bytes(table))
    work.create(run.key("summary.json"), summary.model_dump_json(indent=2).encode())
    return read_summary(work, plan.run_id)


def _apply(changes: Changes, outcomes: pa.Table) -> pa.Table:
    """Outcomes with these changes; a picture that has other pixels by now waits with these."""
    near = pc.is_in(
        outcomes["key"], value_set=pa.array([key for key, _, _ in changes], pa.string())
    )
    rows = [
        row.model_copy(update=dict(changes.get((row.key, row.variant, row.fingerprint), {})))
        for row in from_table(outcomes.filter(near), Outcome)
    ]
    return pa.concat_tables([outcomes.filter(pc.invert(near)), to_table(rows, Outcome)])
