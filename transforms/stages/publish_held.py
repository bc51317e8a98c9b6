"""Stage: publish a run that is held, because a person released it as a whole.

A run of its own, as with what is approved: what the held run wrote stays as it is, so that a
release is of exactly what a person was shown.
"""

from datetime import UTC, datetime

import pyarrow as pa

from transforms.errors import NotFoundError, StaleRunError
from transforms.provenance.reading import prove
from transforms.publishing.concurrency import find_pictures_under_way
from transforms.publishing.copying import copy_passed
from transforms.publishing.decisions import ReviewDecision, ReviewLog
from transforms.publishing.publication import publish_pictures
from transforms.publishing.recording import (
    PUBLISHED,
    Changes,
    read_outcomes,
    record_publication,
)
from transforms.publishing.release import HeldRun, read_released_run, released_run_id
from transforms.publishing.seasons import keep_last_days
from transforms.records.outcomes import Outcome
from transforms.records.parquet import from_table
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
        release: Who released which run, when, and what they were shown.

    Returns:
        The summary of the run that published it.

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
    held = read_released_run(work, release)
    before, catalogue = open_run(places, release.run_id), held.summary.catalogue
    waiting = _find_waiting(held, _read_newest(places, held))
    kept_back = _find_kept_back(places, waiting)
    going = {picture: row for picture, row in waiting.items() if picture not in kept_back}
    busy = find_pictures_under_way(work, catalogue, started)
    if others := {busy[picture] for picture in going if picture in busy}:
        raise StaleRunError(
            f"run {', '.join(sorted(others))} is under way and works on these pictures, so nothing "
            f"of run {release.run_id} became visible"
        )
    recipes = {picture: row.recipe for picture, row in going.items()}
    swap = publish_pictures(
        places,
        copy_passed(before, recipes, prove),
        base=before.plan.base,
        began=dict.fromkeys(before.plan.variants, before.plan.started),
    )
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
        newest=_read_newest(places, held),
        changes=_list_changes(going, kept_back, waiting),
        message=message,
        released=(release, held.summary),
    )


def _read_newest(places: Places, held: HeldRun) -> pa.Table:
    """Outcomes of the catalogue's newest run."""
    newest = newest_with_outcomes(places.work, held.summary.catalogue)
    return read_outcomes(places.work, newest or held.summary)


def _find_waiting(held: HeldRun, newest: pa.Table) -> dict[Picture, Outcome]:
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
        elif not _was_approved(row, latest):
            changed.append(row.key)
    if changed:
        raise StaleRunError(
            f"{len(changed)} pictures of run {held.summary.run_id} are not as they were when it "
            f"was held ({changed[0]}), so nothing of it became visible; another run tells"
        )
    return found


def _was_approved(row: Outcome, latest: Outcome | None) -> bool:
    """Whether the picture is published since: somebody approved this one on the review page."""
    if latest is None or latest.state not in ("published", "unchanged"):
        return False
    return latest.fingerprint == row.fingerprint


def _find_kept_back(
    places: Places, waiting: dict[Picture, Outcome]
) -> dict[Picture, ReviewDecision]:
    """Pictures that somebody rejected or wants tried again, and the decision that says so."""
    log = ReviewLog(places.work).refresh()
    said = {picture: log.standing(row.fingerprint) for picture, row in waiting.items()}
    return {
        picture: decision
        for picture, decision in said.items()
        if decision is not None and decision.action in ("reject", "retry")
    }


def _list_changes(
    going: dict[Picture, Outcome],
    kept_back: dict[Picture, ReviewDecision],
    waiting: dict[Picture, Outcome],
) -> Changes:
    changes = {(*picture, row.fingerprint): PUBLISHED for picture, row in going.items()}
    for picture, decision in kept_back.items():
        said = "rejected it" if decision.action == "reject" else "asked for another try"
        message = f"{decision.by} {said}. {decision.reason}"
        fingerprint = waiting[picture].fingerprint
        changes[*picture, fingerprint] = {"reason": KEPT_BACK, "message": message}
    return changes
