"""What people approved on the review page and is still what they looked at."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import AuditError
from transforms.presets.look import Look
from transforms.publishing.decisions import ReviewDecision, ReviewLog, read_decided_reports
from transforms.publishing.manifest import describe_file
from transforms.publishing.seasons import ended_since
from transforms.records.artefact import PREPARED_IMAGE, read_artefact
from transforms.records.outcomes import PublishedFile
from transforms.records.renditions import QualityReport
from transforms.runs.run import Places, Run, RunPlan, open_run


@dataclass(frozen=True, slots=True)
class Approved:
    """An approved picture that is still the one that was looked at."""

    decision: ReviewDecision
    report: QualityReport
    plan: RunPlan
    """Of the run that made it."""
    look: Look
    rows: tuple[PublishedFile, ...]

    @property
    def picture(self) -> tuple[str, str]:
        """Key and variant."""
        return self.decision.key, self.decision.variant


def find_approved(places: Places, catalogue: str, outcomes: pa.Table) -> list[Approved]:
    """Approvals that stand, of pictures that wait with these very pixels.

    One that failed at the gate cannot be approved itself; another attempt at it can. Pictures of a
    season that a person ended since they were made are left out.

    Args:
        places: Of the catalogue.
        catalogue: Its name.
        outcomes: Of its newest run, in the columns of Outcome.

    Returns:
        Sorted by key and variant.

    Raises:
        AuditError: A report that was approved is gone, or says something else.
        StorageError: Storage does not answer.
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
        reports, cutouts = read_decided_reports(run, decisions), _read_cutouts(run)
        for decision in decisions:
            if ended_since(places.work, decision.variant, run.plan.started):
                continue
            report = _verify(decision, reports.get((decision.key, decision.fingerprint)))
            recipe = waiting[decision.key, decision.variant, decision.waits_as]
            cutout = cutouts.get(report.prepared) or _read_cutout(run, report.prepared)
            found.append(_describe(run, decision, report, recipe=recipe, cutout=cutout))
    return sorted(found, key=lambda each: each.picture)


def _read_cutouts(run: Run) -> dict[str, str]:
    """Where the mattes of a run came from, by the fingerprint of what was prepared."""
    rows = run.columns("prepared", ["fingerprint", "cutout"]).to_pylist()
    return {row["fingerprint"]: row["cutout"] for row in rows}


def _read_cutout(run: Run, prepared: str) -> str:
    """Where a matte came from, by what is written beside it: another attempt prepares nothing."""
    matte = read_artefact(run.places.work, PREPARED_IMAGE, prepared).facts.matte
    return matte.model if matte.origin == "network" else matte.origin


def _verify(decision: ReviewDecision, report: QualityReport | None) -> QualityReport:
    """The report that was approved.

    Raises:
        AuditError: It is gone, says FAIL, or lists other files than were looked at.
    """
    where = f"{decision.sku} {decision.view}, {decision.variant}"
    if report is None:
        raise AuditError(f"{where}: the report that was approved is no longer kept; undo it")
    if report.verdict not in ("PASS", "REVIEW") or report.reason:
        raise AuditError(f"{where}: the gate says {report.verdict}, so nobody can approve it")
    if report.digests != decision.files:
        raise AuditError(f"{where}: these are not the files that were approved; undo it")
    return report


def _describe(
    run: Run, decision: ReviewDecision, report: QualityReport, *, recipe: str, cutout: str
) -> Approved:
    look, ends = run.look(decision.variant), run.plan.ends.get(decision.variant)
    rows = tuple(
        describe_file(
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
    return Approved(decision, report, run.plan, look, rows)
