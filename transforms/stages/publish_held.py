"""Stage: publish a run that is held, because a person released it as a whole.

A run of its own, as with what is approved: what the held run wrote stays as it is, so a person's
word is about exactly what they were shown.
"""

from datetime import UTC, datetime

import pyarrow as pa

from transforms.errors import NotFoundError, StaleRunError
from transforms.provenance.reading import prove
from transforms.publishing.concurrency import refuse_if_ended, refuse_if_touched, under_way
from transforms.publishing.copying import audited_shards
from transforms.publishing.decisions import ReviewDecision, ReviewLog
from transforms.publishing.manifest import MANIFEST, replace_pictures
from transforms.publishing.publication import make_visible
from transforms.publishing.recording import read_outcomes, record_publication
from transforms.publishing.release import HeldRun, checked, read_held_run, released_run_id
from transforms.publishing.seasons import keep_last_days
from transforms.publishing.version import read_manifest
from transforms.records.outcomes import Outcome, PublishedFile
from transforms.records.parquet import from_table, to_table
from transforms.runs.inventory import RUN_HELD
from transforms.runs.run import Places, Run, open_run
from transforms.runs.summary import Release, Summary, newest_with_outcomes, read_summary

KEPT_BACK = "kept_back"
"""Reason of pictures that somebody rejected, or wanted tried again, before their run was released:
they wait, and are not made again by the next night as those of a held run are."""

Picture = tuple[str, str]
"""Key and variant."""


def publish_held(places: Places, release: Release) -> Summary:
    """Publish what passed in a run that is held.

    Pictures that somebody rejected meanwhile, or wants tried again, stay out; those that somebody
    approved are out already. Done again (a retry, or after a kill), it changes nothing more.

    Args:
        places: Storages of the catalogue; the source is not asked.
        release: Who said so, when, and of which run.

    Returns:
        The summary of the run that let it out.

    Raises:
        AuditError: The run is not held, or not as it was shown; or a file is not what was audited.
            Nothing became visible.
        StaleRunError: Other runs made or published these pictures since. The same.
    """
    work, run_id = places.work, released_run_id(release.run_id)
    try:
        return read_summary(work, run_id)
    except NotFoundError:
        started = datetime.now(UTC)
    held = checked(read_held_run(work, release.run_id), release.run_id, release.shown)
    before, catalogue = open_run(places, release.run_id), held.summary.catalogue
    passed = _still_waiting(held, _newest(places, held))
    kept_back = _kept_back(places, passed)
    going = {picture: row for picture, row in passed.items() if picture not in kept_back}
    busy = under_way(work, catalogue, started)
    if others := {busy[picture] for picture in going if picture in busy}:
        raise StaleRunError(
            f"run {', '.join(sorted(others))} is under way and works on these pictures, so nothing "
            f"of run {release.run_id} became visible"
        )
    tables = [to_table(rows, PublishedFile) for rows in audited_shards(before, going, prove)]
    new = pa.concat_tables([MANIFEST.empty_table(), *tables])
    planned = read_manifest(places.published, before.plan.base)

    def merge(current: pa.Table) -> pa.Table:
        refuse_if_ended(before)
        refuse_if_touched(planned, current, new, mine=new)
        return replace_pictures(current, new)

    swap = make_visible(places.published, merge)
    keep_last_days(work, before.plan)
    plan = before.plan.model_copy(
        update={
            "run_id": run_id,
            "started": started,
            "base": swap.before,
            "base_etag": swap.etag,
            "previous_outcomes": held.summary.outcomes,
        }
    )
    message = (
        f"Version {swap.after.version} is current. Run {release.run_id} was held; {release.by} "
        f"released its {len(going)} pictures."
    )
    return record_publication(
        Run(plan, places),
        swap,
        newest=_newest(places, held),
        let_out=lambda rows: _let_out(rows, going, kept_back),
        message=message,
        released=(release, held.summary),
    )


def _newest(places: Places, held: HeldRun) -> pa.Table:
    newest = newest_with_outcomes(places.work, held.summary.catalogue)
    return read_outcomes(places.work, newest or held.summary)


def _still_waiting(held: HeldRun, newest: pa.Table) -> dict[Picture, Outcome]:
    """Pictures that wait because their run is held, and for no other reason.

    Raises:
        StaleRunError: Some have become others since, by another run.
    """
    now = {(row.key, row.variant): row for row in from_table(newest, Outcome)}
    found, changed = {}, []
    for row in from_table(held.outcomes, Outcome):
        picture = row.key, row.variant
        if row.state != "review" or row.reason != RUN_HELD:
            continue
        latest = now.get(picture)
        if latest == row:
            found[picture] = row
        elif not _is_out(row, latest):
            changed.append(row.key)
    if changed:
        raise StaleRunError(
            f"{len(changed)} pictures of run {held.summary.run_id} are not as they were when it "
            f"was held ({changed[0]}), so nothing of it became visible; another run tells"
        )
    return found


def _is_out(row: Outcome, latest: Outcome | None) -> bool:
    """Whether the picture went out since: somebody approved this one on the review page."""
    if latest is None or latest.state not in ("published", "unchanged"):
        return False
    return latest.fingerprint == row.fingerprint


def _kept_back(places: Places, passed: dict[Picture, Outcome]) -> dict[Picture, ReviewDecision]:
    """Decisions that keep pictures in."""
    log = ReviewLog(places.work).refresh()
    said = {picture: log.stands(row.fingerprint) for picture, row in passed.items()}
    return {
        picture: decision
        for picture, decision in said.items()
        if decision is not None and decision.action in ("reject", "retry")
    }


def _let_out(
    rows: pa.Table, going: dict[Picture, Outcome], kept_back: dict[Picture, ReviewDecision]
) -> pa.Table:
    told = []
    for row in from_table(rows, Outcome):
        picture = row.key, row.variant
        changed = {}
        if picture in going:
            changed = {"state": "published", "reason": "", "message": ""}
        elif decision := kept_back.get(picture):
            said = "rejected it" if decision.action == "reject" else "asked for another try"
            changed = {"reason": KEPT_BACK, "message": f"{decision.by} {said}. {decision.reason}"}
        told.append(row.model_copy(update=changed))
    return to_table(told, Outcome)
