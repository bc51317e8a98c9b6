"""Stage: write, audit, publish. Results become visible all at once, or not at all."""

from collections.abc import Callable, Sequence
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import AuditError, HeldRunError, StaleRunError
from transforms.provenance.reading import prove
from transforms.publishing.copying import copy_passed
from transforms.publishing.holding import decide_to_hold
from transforms.publishing.publication import publish_pictures
from transforms.publishing.seasons import keep_last_days
from transforms.publishing.version import read_published
from transforms.quality.batch import find_outliers
from transforms.records.outcomes import Outcome
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
from transforms.runs.summary import Ending, Publication, newest_with_outcomes
from transforms.storage.protocol import exists

STALE = "another_run_published"
"""Reason of a run's pictures where another published some of them first: they are made again."""
_ORDER = [("key", "ascending"), ("variant", "ascending")]

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
    work, outcomes_key = run.places.work, run.key("outcomes.parquet")
    if exists(work, outcomes_key):
        return outcomes_key
    read_outcomes = cache(lambda key: read_lasting(work, key, Outcome))  # none ever changes
    inventory = read_table(work, run.key("inventory.parquet"))
    judgements = read_judgements(run)
    settled = settle(run, inventory, judgements, unlike=_find_unlike(run, judgements))
    untouched = _carry_untouched(run, inventory, read_outcomes)
    # Before anything is visible; later only states change.
    mine = pa.concat_tables([to_table(settled, Outcome), untouched])
    reconcile(mine, inventory["key"], run.plan.variants)
    hold, failure = decide_to_hold(run, settled), None
    try:
        if hold:
            raise HeldRunError(
                f"run {run.plan.run_id} is held: {'; '.join(hold)}; nothing was published"
            )
        publication, manifest = _publish_passed(run, settled, inventory["key"])
    except (AuditError, StaleRunError) as error:
        stale, failure = isinstance(error, StaleRunError), error
        ending: Ending = "stale" if stale else "held"
        publication = Publication(ending=ending, message=str(error), hold=hold)
        settled = withhold(settled, reason=STALE if stale else RUN_HELD, message=str(error))
        manifest = read_published(run.places.published)
    outcomes = pa.concat_tables(
        [
            # People may have approved pictures meanwhile; the manifest knows.
            mark_approved(to_table(settled, Outcome), manifest, state="published"),
            mark_approved(untouched, manifest, state="unchanged"),
            mark_approved(
                _carry_others(run, inventory, read_outcomes), manifest, state="published"
            ),
        ]
    )
    work.create(run.key("publication.json"), publication.model_dump_json(indent=2).encode())
    # The outcomes come last: with them this stage is done.
    work.create(outcomes_key, to_bytes(outcomes.sort_by(_ORDER)))
    if failure:
        raise failure
    return outcomes_key


def _find_unlike(run: Run, judgements: list[Judgement]) -> dict[tuple[str, str], str]:
    """What stands out from its batch, in words, by key and variant."""
    configuration = run.plan.configuration
    scenes = {look.variant for look in configuration.looks if look.preset.engine != "standardise"}
    return find_outliers(judgements, configuration.gate.batch, scenes=scenes)


def _carry_untouched(run: Run, inventory: pa.Table, read_outcomes: ReadOutcomes) -> pa.Table:
    """Last outcomes of the pictures that this run did not work on."""
    if run.plan.previous_outcomes is None:
        return OUTCOMES.empty_table()
    unchanged = inventory["key"].filter(pc.equal(inventory["change"], "unchanged"))
    return carry_over(read_outcomes(run.plan.previous_outcomes), unchanged, run.plan.variants)


def _carry_others(run: Run, inventory: pa.Table, read_outcomes: ReadOutcomes) -> pa.Table:
    """Outcomes in variants that this run does not make, as the newest run has them.

    That may have ended since this one began. One that found nothing to do is passed over: it tells
    the outcomes of an older run.
    """
    newest = newest_with_outcomes(run.places.work, run.plan.configuration.catalogue.name)
    if newest is None or newest.outcomes is None:
        return OUTCOMES.empty_table()
    return select_other_variants(
        read_outcomes(newest.outcomes), inventory["key"], run.plan.variants
    )


def _publish_passed(
    run: Run, settled: Sequence[Outcome], listed: pa.ChunkedArray
) -> tuple[Publication, pa.Table]:
    """Copy the files of what passed, and make them visible.

    Returns:
        What became of the run, and the manifest that shops see now.

    Raises:
        AuditError: As `copy_passed` and `make_visible`. Nothing became visible.
        StaleRunError: As `publish_pictures`. The same.
    """
    plan = run.plan
    recipes = {
        (each.key, each.variant): each.recipe for each in settled if each.state == "published"
    }
    pictures = copy_passed(run, recipes, prove)
    worked_on = (each for each in settled if each.state not in ("deferred", "unchanged"))
    swap = publish_pictures(
        run.places,
        pictures,
        base=plan.base,
        began=dict.fromkeys(plan.variants, plan.started),
        worked_on=to_table(worked_on, Outcome),
        listed=listed,
    )
    keep_last_days(run.places.work, plan)
    # Where nothing was to swap, an earlier attempt of this run may have come so far.
    if not swap.changed and (swap.etag == plan.base_etag or not len(pictures)):
        message = "The catalogue is already exactly this."
        return Publication(ending="unchanged", message=message), swap.manifest
    message = (
        f"Version {swap.after.version} is current; {len(pictures)} of its files are this run's."
    )
    return Publication(ending="published", message=message), swap.manifest
