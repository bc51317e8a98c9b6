"""Stage: publish what people approved, by the same audit as a night: bytes, manifest, pointer.

A run of its own: its outcomes are those of the newest run, with the approved pictures published,
so that the next night finds them done.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from transforms.errors import NotFoundError, StaleRunError
from transforms.provenance.reading import prove
from transforms.publishing.approvals import Approved, find_approved
from transforms.publishing.concurrency import find_pictures_under_way
from transforms.publishing.copying import copy_audited
from transforms.publishing.publication import Swap, publish_pictures
from transforms.publishing.recording import PUBLISHED, read_outcomes, record_publication
from transforms.publishing.version import read_pointer
from transforms.records.outcomes import PublishedFile
from transforms.records.parquet import to_table
from transforms.runs.run import Places, Run, RunPlan
from transforms.runs.summary import Summary, newest_with_outcomes, read_summary


def publish_approved(places: Places, catalogue: str, *, run_id: str) -> Summary | None:
    """Publish every approved picture that still waits.

    Approved are exact pixels: where a picture has others by now, because its photograph or preset
    changed, the approval says nothing and nothing happens. Pictures that a night or season is
    working on at this moment wait until it has ended. Done again (a retry, or after a kill), it
    changes nothing more.

    Args:
        places: Storages of the catalogue; the source is not asked.
        catalogue: Its name.
        run_id: Of this run.

    Returns:
        The summary; None where nothing that waits is approved.

    Raises:
        StaleRunError: A night or season works on all of these pictures, or published one of them
            at the same moment. Do it again.
        AuditError: An approved file is not what was approved, or did not read back. Nothing
            became visible.
    """
    work = places.work
    try:
        return read_summary(work, run_id)
    except NotFoundError:
        started = datetime.now(UTC)
    # In this order: what is published after the first look is found touched, what was published
    # before it is told by the outcomes, and whoever is between both is under way.
    pointer, _ = read_pointer(places.published)
    busy = find_pictures_under_way(work, catalogue, started)
    latest = newest_with_outcomes(work, catalogue)
    if latest is None:
        return None
    waiting = find_approved(places, catalogue, read_outcomes(work, latest))
    if not waiting:
        return None
    approved = [each for each in waiting if each.picture not in busy]
    if not approved:
        raise StaleRunError(
            f"run {busy[waiting[0].picture]} is under way and works on these pictures; "
            "publish what was approved when it has ended"
        )
    looks = {each.look.variant: each.look for each in approved}
    rows = [row for each in approved for row in each.rows]
    copy_audited(places, [file for each in approved for file in each.report.files], rows, prove)
    swap = publish_pictures(
        places,
        to_table(rows, PublishedFile),
        base=pointer,
        began={
            variant: min(each.plan.started for each in approved if each.look.variant == variant)
            for variant in looks
        },
    )
    # Read again: a night that worked on other pictures may have ended since.
    newest = newest_with_outcomes(work, catalogue) or latest
    plan = RunPlan(
        run_id=run_id,
        started=started,
        configuration=approved[0].plan.configuration.model_copy(
            update={"looks": tuple(looks.values())}
        ),
        base=swap.before,
        base_etag=swap.etag,
        previous_outcomes=newest.outcomes,
    )
    return record_publication(
        Run(plan, places),
        swap,
        newest=read_outcomes(work, newest),
        changes={
            (*each.picture, each.decision.waits_as): {
                **PUBLISHED,
                "fingerprint": each.report.fingerprint,
            }
            for each in approved
        },
        message=_word_message(swap, approved, left=len(waiting) - len(approved)),
    )


def _word_message(swap: Swap, approved: Sequence[Approved], *, left: int) -> str:
    names = ", ".join(sorted({each.decision.by for each in approved}))
    told = (
        f"Version {swap.after.version} is current; {len(approved)} "
        f"picture{'s' * (len(approved) > 1)} approved by {names} went out."
    )
    return f"{told} {left} more wait until the run that works on them has ended." if left else told
