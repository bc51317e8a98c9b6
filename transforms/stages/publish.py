"""Stage: write, audit, publish. Results become visible all at once, or not at all."""

from collections import Counter
from collections.abc import Callable
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import AuditError, HeldRunError, StaleRunError
from transforms.provenance.reading import prove
from transforms.publishing.concurrency import refuse_if_ended, refuse_if_touched
from transforms.publishing.copying import audited_shards
from transforms.publishing.holding import reasons_to_hold
from transforms.publishing.manifest import MANIFEST, merged
from transforms.publishing.publication import make_visible
from transforms.publishing.seasons import keep_last_days
from transforms.publishing.version import read_manifest, read_pointer
from transforms.quality.batch import find_outliers
from transforms.records.outcomes import Outcome, PublishedFile
from transforms.records.parquet import read_lasting, read_table, to_bytes, to_table
from transforms.records.renditions import Judgement
from transforms.runs.inventory import RUN_HELD
from transforms.runs.outcomes import (
    OUTCOMES,
    carry_over,
    mark_approved,
    read_judgements,
    reconcile,
    select_other_variants,
    settle,
    withhold,
)
from transforms.runs.run import Run
from transforms.runs.summary import Counts, Publication, ended_runs, newest_with_outcomes
from transforms.storage.protocol import exists

STALE = "another_run_published"
"""Reason of a run's pictures where another published some of them first: they are made again."""

ReadOutcomes = Callable[[str], pa.Table]
"""Outcomes that an earlier run left, by their key."""


def publish(run: Run) -> str:
    """Publish what passed, and write down what became of every picture.

    Copies the audited bytes to their immutable keys, reads every one back, writes the manifest
    and swaps the pointer. Done again (a retry, or after a kill), it changes nothing more.

    Returns:
        Key of the outcomes.

    Raises:
        HeldRunError: Too much of the run failed. Nothing became visible; the outcomes say so.
        AuditError: A file did not read back as audited. The same.
        StaleRunError: Another run published these pictures first. The same.
        ReconciliationError: Pictures would be lost or doubled. Nothing was written.
    """
    work = run.places.work
    outcomes_key = run.key("outcomes.parquet")
    if exists(work, outcomes_key):
        return outcomes_key
    read_outcomes = cache(lambda key: read_lasting(work, key, Outcome))  # none ever changes
    inventory = read_table(work, run.key("inventory.parquet"))
    judgements = read_judgements(run)
    outcomes = settle(run, inventory, judgements, unlike=_unlike(run, judgements))
    untouched = _untouched(run, inventory, read_outcomes)
    # Proves that they add up, before anything is visible.
    variants = [look.variant for look in run.plan.configuration.looks]
    reconcile(
        pa.concat_tables([to_table(outcomes, Outcome), untouched]), inventory["key"], variants
    )
    reasons = find_reasons_to_hold(run, outcomes)
    try:
        _audit_run(run, reasons)
        publication, manifest = _publish_passed(run, inventory, outcomes)
    except (AuditError, StaleRunError) as error:
        stale = isinstance(error, StaleRunError)
        reason = STALE if stale else RUN_HELD
        outcomes = withhold(outcomes, reason=reason, message=str(error))
        publication = Publication(
            ending="stale" if stale else "held", message=str(error), hold=reasons
        )
        manifest = read_manifest(run.places.published, read_pointer(run.places.published)[0])
        _record(run, publication, _join(run, outcomes, untouched, manifest, read_outcomes))
        raise
    keep_last_days(work, run.plan)
    _record(run, publication, _join(run, outcomes, untouched, manifest, read_outcomes))
    return outcomes_key


def find_reasons_to_hold(run: Run, outcomes: list[Outcome]) -> tuple[str, ...]:
    """What speaks against publishing a run as a whole, in words; empty: nothing does."""
    states = Counter(outcome.state for outcome in outcomes)
    plan = run.plan
    variants = tuple(look.variant for look in plan.configuration.looks)
    earlier = [
        each.counts
        for each in ended_runs(run.places.work, plan.configuration.catalogue.name)
        if each.variants == variants and each.ending in ("published", "unchanged")
    ]
    counts = Counts.model_validate({"listed": len(outcomes), **states})
    return tuple(reasons_to_hold(counts, earlier, plan.configuration.gate.audit))


def _audit_run(run: Run, reasons: tuple[str, ...]) -> None:
    """Hold a run of which too much went wrong: that is a broken upload or tool, not a picture.

    Raises:
        HeldRunError: Saying why.
    """
    if reasons:
        raise HeldRunError(
            f"run {run.plan.run_id} is held: {'; '.join(reasons)}; nothing was published"
        )


def _unlike(run: Run, judgements: list[Judgement]) -> dict[tuple[str, str], str]:
    """What stands out from its batch."""
    configuration = run.plan.configuration
    scenes = {look.variant for look in configuration.looks if look.preset.engine != "standardise"}
    return find_outliers(judgements, configuration.gate.batch, scenes=scenes)


def _publish_passed(
    run: Run, inventory: pa.Table, outcomes: list[Outcome]
) -> tuple[Publication, pa.Table]:
    """Publish this run's pictures into whatever is current; what is current then, too.

    Others may have published since this run began, as long as they left its pictures alone, or let
    out what people approved: a season, a night and a review do not undo each other.
    """
    published = run.places.published
    passed = {(o.key, o.variant): o for o in outcomes if o.state == "published"}
    tables = [to_table(rows, PublishedFile) for rows in audited_shards(run, passed, prove)]
    new = pa.concat_tables([MANIFEST.empty_table(), *tables])
    mine = to_table((o for o in outcomes if o.state not in ("deferred", "unchanged")), Outcome)
    planned = read_manifest(published, run.plan.base)

    def merge(current: pa.Table) -> pa.Table:
        refuse_if_ended(run)
        refuse_if_touched(planned, current, new, mine=mine, approvals_count=False)
        return merged(current, new, inventory["key"])

    swap = make_visible(published, merge)
    # Where nothing was to swap, an earlier attempt of this run may have come so far.
    if not swap.changed and (swap.etag == run.plan.base_etag or not len(new)):
        said = "The catalogue is already exactly this."
        return Publication(ending="unchanged", message=said), swap.manifest
    version = swap.after.version
    message = f"Version {version} is current; {len(new)} of its files are this run's."
    return Publication(ending="published", message=message), swap.manifest


def _untouched(run: Run, inventory: pa.Table, read_outcomes: ReadOutcomes) -> pa.Table:
    """Outcomes, in this run's variants, of pictures that it need not touch."""
    if run.plan.previous_outcomes is None:
        return OUTCOMES.empty_table()
    unchanged = inventory["key"].filter(pc.equal(inventory["change"], "unchanged"))
    variants = [look.variant for look in run.plan.configuration.looks]
    return carry_over(read_outcomes(run.plan.previous_outcomes), unchanged, variants)


def _join(
    run: Run,
    outcomes: list[Outcome],
    untouched: pa.Table,
    manifest: pa.Table,
    read_outcomes: ReadOutcomes,
) -> pa.Table:
    """What the run leaves: its outcomes, those of what it did not touch, and other variants'.

    Args:
        run: The run.
        outcomes: Of what it worked on.
        untouched: Of what it did not, in the columns of Outcome.
        manifest: What is published now: it says what people let out meanwhile.
        read_outcomes: Gives the outcomes that an earlier run left.
    """
    mine = mark_approved(to_table(outcomes, Outcome), manifest, state="published")
    tables = [mine, mark_approved(untouched, manifest, state="unchanged")]
    # Of the other variants the newest run tells: it may have ended since this one began. Not one
    # that found nothing to do, which tells the outcomes of an older run.
    latest = newest_with_outcomes(run.places.work, run.plan.configuration.catalogue.name)
    if latest is not None and latest.outcomes is not None:
        listed = pa.chunked_array([*mine["key"].chunks, *untouched["key"].chunks], pa.string())
        variants = [look.variant for look in run.plan.configuration.looks]
        others = select_other_variants(read_outcomes(latest.outcomes), listed, variants)
        tables.append(mark_approved(others, manifest, state="published"))
    return pa.concat_tables(tables).sort_by([("key", "ascending"), ("variant", "ascending")])


def _record(run: Run, publication: Publication, outcomes: pa.Table) -> None:
    work = run.places.work
    work.create(run.key("publication.json"), publication.model_dump_json(indent=2).encode())
    # The outcomes come last: with them this stage is done.
    work.create(run.key("outcomes.parquet"), to_bytes(outcomes))
