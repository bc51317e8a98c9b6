"""Records of a run that lets out what an earlier one had made: by its outcomes, and with no shards.

The next run compares with these outcomes, as with any other's, and finds the pictures done.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import pyarrow as pa

from transforms.publishing.publication import Swap
from transforms.records.layout import run_key
from transforms.records.outcomes import Outcome
from transforms.records.parquet import read_lasting, to_bytes
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


def read_outcomes(work: Storage, summary: Summary) -> pa.Table:
    """Outcomes that a run wrote itself, in the columns of Outcome.

    Raises:
        NotFoundError: It wrote none, or they are no longer kept.
    """
    return read_lasting(work, run_key(summary.run_id, "outcomes.parquet"), Outcome)


def record_publication(
    run: Run,
    swap: Swap,
    *,
    newest: pa.Table,
    let_out: Callable[[pa.Table], pa.Table],
    message: str,
    released: tuple[Release, Summary] | None = None,
) -> Summary:
    """Write down what became of every picture. Written again, nothing changes.

    Args:
        run: That lets pictures out; its plan says in which variants.
        swap: What it published.
        newest: Outcomes of the catalogue's newest run, in the columns of Outcome.
        let_out: Gives these, of the run's variants, with what went out as published.
        message: One sentence for a person.
        released: Who let a whole run out, and that run's summary, whose measures hold for this one.

    Returns:
        The summary.
    """
    work, plan = run.places.work, run.plan
    variants = [look.variant for look in plan.configuration.looks]
    mine = let_out(carry_over(newest, newest["key"], variants))
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
