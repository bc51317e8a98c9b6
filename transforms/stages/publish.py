"""Stage: write, audit, publish. Results become visible all at once, or not at all."""

from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import AuditError, StaleRunError
from transforms.manifest.fingerprint import sha256
from transforms.manifest.inventory import RUN_HELD
from transforms.manifest.last_days import LastDay, decide, decided
from transforms.manifest.outcomes import carried, of_other_variants, reconcile
from transforms.manifest.parquet import (
    from_bytes,
    read_records,
    read_table,
    to_bytes,
    to_table,
)
from transforms.manifest.pointer import (
    Pointer,
    next_pointer,
    read_pointer,
    read_version,
    swap_pointer,
)
from transforms.manifest.published import MANIFEST, check_whole, conformed, merged, of_variants
from transforms.manifest.records import Outcome, PublishedFile, QualityReport
from transforms.manifest.release import copy_audited, published_file
from transforms.manifest.run import Run
from transforms.manifest.settlement import settle, sharded_rows
from transforms.manifest.shards import shard_keys
from transforms.manifest.summary import Counts, Publication, ended_runs
from transforms.quality.audit import reasons_to_hold
from transforms.quality.batch import set_apart, unlike
from transforms.storage.protocol import exists

STALE = "another_run_published"


def publish(run: Run) -> str:
    """Publish what passed, and write down what became of every picture.

    Copies the audited bytes to their immutable keys, reads every one back, writes the manifest
    and swaps the pointer. Done again (a retry, or after a kill), it changes nothing more.

    Returns:
        Key of the outcomes.

    Raises:
        AuditError: Too much of the run failed, or a file did not read back as audited. Nothing
            became visible; the outcomes say so.
        StaleRunError: Another run published first. The same.
        ReconciliationError: Pictures would be lost or doubled. Nothing was written.
    """
    work = run.places.work
    outcomes_key = run.key("outcomes.parquet")
    if exists(work, outcomes_key):
        return outcomes_key
    inventory = read_table(work, run.key("inventory.parquet"))
    outcomes = set_apart(settle(run, inventory), _unlike(run))
    complete = _completed(run, inventory, outcomes)
    reasons = reasons_against(run, outcomes)
    try:
        _audit_run(run, reasons)
        publication = _publish_passed(run, inventory, outcomes)
    except (AuditError, StaleRunError) as error:
        stale = isinstance(error, StaleRunError)
        reason = STALE if stale else RUN_HELD
        withheld = [_withheld(outcome, reason, str(error)) for outcome in outcomes]
        publication = Publication(
            ending="stale" if stale else "held", message=str(error), hold=reasons
        )
        _record(run, publication, _completed(run, inventory, withheld))
        raise
    _keep_last_days(run)
    _record(run, publication, complete)
    return outcomes_key


def reasons_against(run: Run, outcomes: list[Outcome]) -> tuple[str, ...]:
    """What speaks against publishing a run as a whole, in words; see `transforms.quality.audit`."""
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
        AuditError: Saying why.
    """
    if reasons:
        raise AuditError(
            f"run {run.plan.run_id} is held: {'; '.join(reasons)}; nothing was published"
        )


def _unlike(run: Run) -> dict[tuple[str, str], str]:
    """What stands out from its batch."""
    reports = (
        report
        for key in shard_keys(run, "quality/")
        for report in read_records(run.places.work, key, QualityReport)
    )
    configuration = run.plan.configuration
    scenes = {look.variant for look in configuration.looks if look.preset.engine != "standardise"}
    return unlike(reports, configuration.gate.batch, scenes=scenes)


def _publish_passed(run: Run, inventory: pa.Table, outcomes: list[Outcome]) -> Publication:
    published = run.places.published
    passed = {(o.key, o.variant): o for o in outcomes if o.state == "published"}
    tables = [to_table(rows, PublishedFile) for rows in _published_shards(run, passed)]
    new = pa.concat_tables([to_table([], PublishedFile), *tables])
    current, etag = read_pointer(published)
    if current is not None and _came_so_far(run, current, new, inventory["key"]):
        return _told(current, new)
    base = _base(run, current, etag)
    manifest = merged(base, new, inventory["key"])
    check_whole(manifest)
    data = to_bytes(manifest)
    if current is not None and sha256(data) == current.manifest_sha256:
        return Publication(ending="unchanged", message="The catalogue is already exactly this.")
    following = next_pointer(current, data)
    published.create(following.manifest, data)
    if sha256(published.read(following.manifest)) != following.manifest_sha256:
        raise AuditError(f"{published.uri}/{following.manifest}: did not read back as written")
    swap_pointer(published, following, expected_etag=etag)
    return _told(following, new)


def _told(pointer: Pointer, new: pa.Table) -> Publication:
    message = f"Version {pointer.version} is current; {len(new)} of its files are this run's."
    return Publication(ending="published", message=message)


def _came_so_far(run: Run, current: Pointer, new: pa.Table, listed: pa.ChunkedArray) -> bool:
    """Whether an earlier attempt of this run published already, and was killed after it."""
    if not len(new) or (run.plan.base and current.sequence <= run.plan.base.sequence):
        return False
    before = None
    if current.previous is not None:
        before = from_bytes(read_version(run.places.published, current.previous))
    return sha256(to_bytes(merged(before, new, listed))) == current.manifest_sha256


def _base(run: Run, current: Pointer | None, etag: str | None) -> pa.Table | None:
    """The manifest that this run changes: the current one.

    Another run may have published since this one began, as long as it left this one's variants
    alone: a season and a night do not undo each other.

    Raises:
        StaleRunError: What this run was planned on is not there any more.
    """
    published, plan = run.places.published, run.plan
    manifest = None
    if current is not None:
        manifest = conformed(from_bytes(read_version(published, current.version)))
    if etag == plan.base_etag:
        return manifest
    planned = MANIFEST.empty_table()
    if plan.base is not None:
        planned = conformed(from_bytes(read_version(published, plan.base.version)))
    variants = [look.variant for look in plan.configuration.looks]
    if manifest is None or not _mine(manifest, variants).equals(_mine(planned, variants)):
        raise StaleRunError(
            f"{published.uri}: another run published meanwhile ({', '.join(variants)}), so nothing "
            "of this one became visible; run again (what is finished is not made twice)"
        )
    return manifest


def _mine(manifest: pa.Table, variants: list[str]) -> pa.Table:
    # Whether the source is still there is what a listing says, not what a run made.
    return of_variants(manifest, variants).drop_columns("source_present").combine_chunks()


def _published_shards(
    run: Run, passed: dict[tuple[str, str], Outcome]
) -> Iterator[list[PublishedFile]]:
    """Copy the audited files of each shard of reports, prove it, and describe them."""
    prepared = sharded_rows(run, "prepared/", ["fingerprint", "cutout"])
    cutouts = {row["fingerprint"]: row["cutout"] for row in prepared}
    for key in shard_keys(run, "quality/"):
        reports = [
            report
            for report in read_records(run.places.work, key, QualityReport)
            if (report.key, report.variant) in passed
        ]
        rows = [
            published_file(
                report,
                file,
                look=run.look(report.variant),
                recipe=passed[report.key, report.variant].recipe,
                cutout=cutouts[report.prepared],
                ends=run.plan.ends.get(report.variant),
            )
            for report in reports
            for file in report.files
        ]
        copy_audited(run.places, [file for report in reports for file in report.files], rows)
        yield rows


def _withheld(outcome: Outcome, reason: str, message: str) -> Outcome:
    """A picture that passed while its run did not: waits, or is made visible by the next run."""
    if outcome.state != "published":
        return outcome
    state = "failed" if reason == STALE else "review"
    return outcome.model_copy(update={"state": state, "reason": reason, "message": message})


def _completed(run: Run, inventory: pa.Table, outcomes: list[Outcome]) -> pa.Table:
    """This run's outcomes with those carried over; proven to cover every listed picture once."""
    plan, listed = run.plan, inventory["key"]
    variants = [look.variant for look in plan.configuration.looks]
    complete = to_table(outcomes, Outcome)
    others = complete.slice(0, 0)
    if plan.previous_outcomes is not None:
        previous = read_table(run.places.work, plan.previous_outcomes)
        unchanged = listed.filter(pc.equal(inventory["change"], "unchanged"))
        complete = pa.concat_tables([complete, carried(previous, unchanged, variants)])
    # Of the other variants the newest run tells: it may have ended since this one began. Not one
    # that found nothing to do, which tells the outcomes of an older run.
    ended = ended_runs(run.places.work, plan.configuration.catalogue.name)
    latest = next((each for each in ended if each.outcomes_are_its_own), None)
    if latest is not None and latest.outcomes is not None:
        others = of_other_variants(read_table(run.places.work, latest.outcomes), listed, variants)
    reconcile(complete, listed, variants)
    table = pa.concat_tables([complete, others])
    return table.sort_by([("key", "ascending"), ("variant", "ascending")])


def _keep_last_days(run: Run) -> None:
    """Write down the last day that a person chose, and that what was over has begun again."""
    work, plan = run.places.work, run.plan
    for look in plan.configuration.looks:
        last_day, before = plan.ends.get(look.variant), decided(work, look.variant)
        was_over = before and before.last_day and before.last_day < plan.started.date()
        if plan.scope.ends is not None or was_over:
            chosen = LastDay(variant=look.variant, decided=plan.started, last_day=last_day)
            decide(work, chosen)


def _record(run: Run, publication: Publication, outcomes: pa.Table) -> None:
    work = run.places.work
    work.create(run.key("publication.json"), publication.model_dump_json(indent=2).encode())
    # The outcomes come last: with them this stage is done.
    work.create(run.key("outcomes.parquet"), to_bytes(outcomes))
