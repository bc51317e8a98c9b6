"""Stage: publish what people approved, by the same audit as a night: bytes, manifest, pointer.

A run of its own: its outcomes are those of the newest run, with the approved pictures published,
so that the next night finds them done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import AuditError, NotFoundError, StaleRunError
from transforms.manifest.facts import PreparedFacts
from transforms.manifest.fingerprint import sha256
from transforms.manifest.layout import RUNS, prepared_key, run_key
from transforms.manifest.outcomes import carried, of_other_variants, tally
from transforms.manifest.parquet import (
    from_bytes,
    from_table,
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
from transforms.manifest.published import check_whole, merged
from transforms.manifest.records import Outcome, PublishedFile, QualityReport
from transforms.manifest.release import copy_audited, published_file
from transforms.manifest.reviews import ANOTHER_TRY, ReviewDecision, ReviewLog
from transforms.manifest.run import Places, Run, RunPlan, open_run
from transforms.manifest.settlement import sharded_rows
from transforms.manifest.shards import shard_keys
from transforms.manifest.summary import Publication, Summary, ended_runs, read_summary
from transforms.presets.configuration import Configuration
from transforms.presets.look import Look
from transforms.storage.protocol import Storage, exists

_SWAPS = 3
"""So often a swap is tried: merging does not depend on what another run published meanwhile."""
_DEAD_AFTER = timedelta(hours=8)
"""A run that began so long ago and did not end was killed; it takes up a new pointer anyway."""


@dataclass(frozen=True, slots=True)
class Approved:
    """An approved picture that is still the one that was looked at."""

    decision: ReviewDecision
    report: QualityReport
    look: Look
    rows: tuple[PublishedFile, ...]


def publish_reviewed(places: Places, catalogue: str, *, run_id: str) -> Summary | None:
    """Publish every approved picture that still waits.

    Approved are exact pixels: where a picture has others by now, because its photograph or preset
    changed, the approval says nothing and nothing happens. Done again (a retry, or after a kill),
    it changes nothing more.

    Args:
        places: Storages of the catalogue; the source is not asked.
        catalogue: Its name.
        run_id: Of this run.

    Returns:
        The summary; None where nothing that waits is approved.

    Raises:
        StaleRunError: A night or season is under way, which would come too late after this; or
            others kept publishing at the same moment. Do it again.
        AuditError: An approved file is not what was approved, or did not read back. Nothing
            became visible.
    """
    work = places.work
    try:
        return read_summary(work, run_id)
    except NotFoundError:
        started = datetime.now(UTC)
    ended = ended_runs(work, catalogue)
    latest = next((each for each in ended if each.outcomes == _own(each.run_id)), None)
    if latest is None:
        return None
    outcomes = read_table(work, _own(latest.run_id))
    approved = _approved(places, catalogue, outcomes)
    if not approved:
        return None
    _refuse_while_others_work(work, catalogue, started)
    copy_audited(
        places,
        [file for each in approved for file in each.report.files],
        [row for each in approved for row in each.rows],
    )
    new = to_table([row for each in approved for row in each.rows], PublishedFile)
    listed = outcomes["key"]
    base, etag, pointer = _swapped(places, lambda now: merged(now, new, listed))
    looks = {each.look.variant: each.look for each in approved}
    plan = RunPlan(
        run_id=run_id,
        started=started,
        configuration=_with_looks(latest.plan.configuration, tuple(looks.values())),
        base=base,
        base_etag=etag,
        previous_outcomes=latest.outcomes,
    )
    names = ", ".join(sorted({each.decision.by for each in approved}))
    message = (
        f"Version {pointer.version} is current; {len(approved)} "
        f"picture{'s' * (len(approved) > 1)} approved by {names} went out."
    )
    return _recorded(Run(plan, places), approved, outcomes, pointer, message)


def _own(run_id: str) -> str:
    return run_key(run_id, "outcomes.parquet")


def _approved(places: Places, catalogue: str, outcomes: pa.Table) -> list[Approved]:
    """Approvals that stand, of pictures that wait with these very pixels.

    One that failed at the gate cannot be approved itself; another attempt at it can.
    """
    waiting = {
        (row["key"], row["variant"], row["fingerprint"]): row["recipe"]
        for row in outcomes.filter(
            pc.is_in(outcomes["state"], value_set=pa.array(["review", "failed"]))
        ).to_pylist()
    }
    by_run: dict[str, list[ReviewDecision]] = {}
    for decision in ReviewLog(places.work).refresh().all_standing():
        waits = (decision.key, decision.variant, decision.waits_as) in waiting
        if waits and decision.action == "approve" and decision.catalogue == catalogue:
            by_run.setdefault(decision.run_id, []).append(decision)
    found = []
    for run_id, decisions in by_run.items():
        run = open_run(places, run_id)
        reports, cutouts = _reports(run, decisions), _cutouts(run)
        for decision in decisions:
            report = _sound(decision, reports.get((decision.key, decision.fingerprint)))
            recipe = waiting[decision.key, decision.variant, decision.waits_as]
            cutout = cutouts.get(report.prepared) or _cutout(run, report.prepared)
            found.append(_described(run, decision, report, recipe=recipe, cutout=cutout))
    return sorted(found, key=lambda each: (each.decision.key, each.decision.variant))


def _reports(run: Run, decisions: list[ReviewDecision]) -> dict[tuple[str, str], QualityReport]:
    wanted = {(decision.key, decision.fingerprint) for decision in decisions}
    return {
        (report.key, report.fingerprint): report
        for key in shard_keys(run, "quality/")
        for report in read_records(run.places.work, key, QualityReport)
        if (report.key, report.fingerprint) in wanted
    }


def _cutouts(run: Run) -> dict[str, str]:
    rows = sharded_rows(run, "prepared/", ["fingerprint", "cutout"])
    return {row["fingerprint"]: row["cutout"] for row in rows}


def _cutout(run: Run, prepared: str) -> str:
    """Where a matte came from, by what is written beside it: another attempt prepares nothing."""
    data = run.places.work.read(prepared_key(prepared, "facts.json"))
    matte = PreparedFacts.model_validate_json(data).matte
    return matte.model if matte.origin == "network" else matte.origin


def _sound(decision: ReviewDecision, report: QualityReport | None) -> QualityReport:
    """The report that was approved.

    Raises:
        AuditError: It is gone, says FAIL, or lists other files than were looked at.
    """
    where = f"{decision.sku} {decision.view}, {decision.variant}"
    if report is None:
        raise AuditError(f"{where}: the report that was approved is no longer kept; undo it")
    if report.verdict not in ("PASS", "REVIEW") or report.reason:
        raise AuditError(f"{where}: the gate says {report.verdict}, so nobody can approve it")
    if {file.channel: file.sha256 for file in report.files} != decision.files:
        raise AuditError(f"{where}: these are not the files that were approved; undo it")
    return report


def _described(
    run: Run, decision: ReviewDecision, report: QualityReport, *, recipe: str, cutout: str
) -> Approved:
    look, ends = run.look(decision.variant), run.plan.ends.get(decision.variant)
    rows = tuple(
        published_file(
            report,
            file,
            look=look,
            recipe=recipe,
            cutout=cutout,
            ends=ends,
            approved_by=decision.by,
        )
        for file in report.files
    )
    return Approved(decision, report, look, rows)


def _refuse_while_others_work(work: Storage, catalogue: str, now: datetime) -> None:
    """A run that began before us would find other pictures published, and publish none of its own.

    Raises:
        StaleRunError: One is under way.
    """
    for run_id in work.folders(RUNS):
        if exists(work, run_key(run_id, "summary.json")):
            continue
        if exists(work, run_key(run_id, ANOTHER_TRY)):
            continue
        try:
            plan = RunPlan.model_validate_json(work.read(run_key(run_id, "run.json")))
        except (NotFoundError, ValueError):
            continue  # it has not begun, or another version of the code began it
        if plan.configuration.catalogue.name == catalogue and now - plan.started < _DEAD_AFTER:
            raise StaleRunError(
                f"run {run_id} is under way and would publish nothing after this; "
                "publish what was approved when it has ended"
            )


def _swapped(
    places: Places, merge: Callable[[pa.Table | None], pa.Table]
) -> tuple[Pointer | None, str | None, Pointer]:
    """Publish the next manifest; gives the pointer before with its etag, and the one after.

    Raises:
        StaleRunError: Others published at the same moment, again and again.
        AuditError: The manifest did not read back as written.
    """
    published = places.published
    for attempt in range(1, _SWAPS + 1):
        current, etag = read_pointer(published)
        base = from_bytes(read_version(published, current.version)) if current else None
        manifest = merge(base)
        check_whole(manifest)
        data = to_bytes(manifest)
        if current is not None and sha256(data) == current.manifest_sha256:
            return current, etag, current  # an earlier attempt came so far
        following = next_pointer(current, data)
        published.create(following.manifest, data)
        if sha256(published.read(following.manifest)) != following.manifest_sha256:
            raise AuditError(f"{published.uri}/{following.manifest}: did not read back as written")
        try:
            swap_pointer(published, following, expected_etag=etag)
        except StaleRunError:
            if attempt == _SWAPS:
                raise
        else:
            return current, etag, following
    raise AssertionError


def _with_looks(configuration: Configuration, looks: tuple[Look, ...]) -> Configuration:
    return configuration.model_copy(update={"looks": looks})


def _recorded(
    run: Run, approved: list[Approved], outcomes: pa.Table, pointer: Pointer, message: str
) -> Summary:
    """Write down what became of every picture: the next run finds the approved ones done."""
    work, plan = run.places.work, run.plan
    variants = [look.variant for look in plan.configuration.looks]
    keys = outcomes["key"]
    mine = _published(carried(outcomes, keys, variants), approved)
    others = of_other_variants(outcomes, keys, variants)
    counts, reasons = tally(mine)
    table = pa.concat_tables([mine, others]).sort_by(
        [("key", "ascending"), ("variant", "ascending")]
    )
    ended = datetime.now(UTC)
    summary = Summary(
        run_id=plan.run_id,
        catalogue=plan.configuration.catalogue.name,
        variants=tuple(variants),
        ending="published",
        message=message,
        counts=counts,
        changes={},
        reasons=reasons,
        warnings={},
        version=pointer.version,
        manifest=f"{run.places.published.uri}/{pointer.manifest}",
        report=None,
        outcomes=_own(plan.run_id),
        started=plan.started,
        ended=ended,
        seconds=round((ended - plan.started).total_seconds(), 3),
        plan=plan,
    )
    publication = Publication(ending="published", message=message)
    work.create(run.key("run.json"), plan.model_dump_json(indent=2).encode())
    work.create(run.key("publication.json"), publication.model_dump_json(indent=2).encode())
    work.create(run.key("outcomes.parquet"), to_bytes(table))
    work.create(run.key("summary.json"), summary.model_dump_json(indent=2).encode())
    return read_summary(work, plan.run_id)


def _published(outcomes: pa.Table, approved: list[Approved]) -> pa.Table:
    """Outcomes with the approved pictures published, as what they went out."""
    out = {(each.decision.key, each.decision.variant): each.report for each in approved}
    keys = pa.array([each.decision.key for each in approved], pa.string())
    near = pc.is_in(outcomes["key"], value_set=keys)
    told = {"state": "published", "reason": "", "message": ""}
    rows = []
    for row in from_table(outcomes.filter(near), Outcome):
        report = out.get((row.key, row.variant))
        changed = {**told, "fingerprint": report.fingerprint} if report else {}
        rows.append(row.model_copy(update=changed))
    return pa.concat_tables([outcomes.filter(pc.invert(near)), to_table(rows, Outcome)])
