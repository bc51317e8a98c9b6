"""Stage: tell people what became of a run. Its summary is the last object that a run writes."""

import os
from collections import Counter
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from transforms.channels.findings import summarise_signing, summarise_withheld
from transforms.errors import NotFoundError, ReconciliationError
from transforms.preparation.backdrop import spread
from transforms.publishing.version import read_pointer
from transforms.quality.batch import score_consistencies
from transforms.quality.output_validation import validate_outputs
from transforms.quality.report_page import (
    MAX_PICTURES,
    ReportedPicture,
    collect_pictures,
    render_report,
    sort_worst_first,
)
from transforms.records.artefact import PREPARED_IMAGE, RENDITION, keys_of
from transforms.records.facts import BackdropTone
from transforms.records.outcomes import Outcome
from transforms.records.parquet import (
    from_table,
    parse_table,
    read_lasting,
    read_records,
    read_table,
)
from transforms.records.pictures import AcceptedImage, PreparedImage
from transforms.records.renditions import QualityReport
from transforms.records.validation import read_validations
from transforms.runs.inventory import ALSO_USED, NEAR_DUPLICATE
from transforms.runs.outcomes import tally
from transforms.runs.run import Run
from transforms.runs.shards import read_shards
from transforms.runs.summary import (
    Publication,
    Summary,
    describe_looks,
    licences_not_for_shops,
    read_summary,
)
from transforms.runs.verdicts import summarise_shard, write_verdicts
from transforms.storage.protocol import Storage


def report(run: Run) -> Summary:
    """Write `report.html` and then `summary.json`, and give the summary back.

    Raises:
        NotFoundError: The run was not published, held or found stale: `publish` did not end.
        ReconciliationError: The pictures do not add up.
    """
    work, plan = run.places.work, run.plan
    try:
        return read_summary(work, plan.run_id)
    except NotFoundError:
        outcomes, (reports, verdicts) = _outcomes(run), _reports(run)
        accepted, prepared = _accepted(run), _prepared(run)
        summary = _summarise(run, outcomes, accepted, prepared, reports)
    write_verdicts(work, plan.run_id, verdicts)
    validate_outputs(run, reports, from_table(outcomes, Outcome), summary.consistency)
    validations = read_validations(work, plan.run_id)
    pictures, total = _shown(work, outcomes, accepted, prepared, reports)
    page = render_report(summary, pictures, total, validations=validations)
    work.create(run.key("report.html"), page.encode())
    work.create(run.key("summary.json"), summary.model_dump_json(indent=2).encode())
    return summary


def _outcomes(run: Run) -> pa.Table:
    """Of this run's variants, in the columns of Outcome."""
    variants = pa.array(run.plan.variants)
    table = read_table(run.places.work, run.key("outcomes.parquet"))
    return table.filter(pc.is_in(table["variant"], variants))


def _summarise(
    run: Run,
    outcomes: pa.Table,
    accepted: list[AcceptedImage],
    prepared: list[PreparedImage],
    reports: list[QualityReport],
) -> Summary:
    work, plan = run.places.work, run.plan
    publication = Publication.model_validate_json(work.read(run.key("publication.json")))
    variants = [look.variant for look in plan.configuration.looks]
    counts, reasons = tally(outcomes)
    inventory = read_table(work, run.key("inventory.parquet"), ["key", "change"])
    if counts.listed != len(inventory) or not counts.adds_up():
        raise ReconciliationError(
            f"run {plan.run_id}: {len(inventory)} pictures listed, but {counts} were told"
        )
    pointer, _ = read_pointer(run.places.published)
    ended = datetime.now(UTC)
    return Summary(
        run_id=plan.run_id,
        catalogue=plan.configuration.catalogue.name,
        variants=tuple(variants),
        looks=describe_looks(plan),
        licences=licences_not_for_shops(plan),
        ending=publication.ending,
        message=publication.message,
        counts=counts,
        changes=_changes(run, inventory),
        reasons=reasons,
        warnings=dict(Counter(w for each in accepted for w in each.warnings).most_common()),
        tone=spread([tone for row in prepared if (tone := _backdrop(row))]) if prepared else None,
        consistency=score_consistencies(reports),
        hold=publication.hold,
        withheld=summarise_withheld(reports),
        notes=summarise_signing(reports, os.environ),
        version=pointer.version if pointer else None,
        manifest=f"{run.places.published.uri}/{pointer.manifest}" if pointer else None,
        report=f"{work.uri}/{run.key('report.html')}",
        outcomes=run.key("outcomes.parquet"),
        started=plan.started,
        ended=ended,
        seconds=round((ended - plan.started).total_seconds(), 3),
    )


def _changes(run: Run, inventory: pa.Table) -> dict[str, int]:
    counted = pc.value_counts(inventory["change"]).to_pylist()
    changes = {each["values"]: each["counts"] for each in counted}
    removed = 0
    if run.plan.previous_outcomes is not None:
        before = read_lasting(run.places.work, run.plan.previous_outcomes, Outcome, ["key"])["key"]
        gone = pc.invert(pc.is_in(before, value_set=inventory["key"].combine_chunks()))
        removed = len(pc.unique(before.filter(gone)))
    return {**dict(sorted(changes.items())), "removed": removed}


def _accepted(run: Run) -> list[AcceptedImage]:
    try:
        return read_records(run.places.work, run.key("accepted.parquet"), AcceptedImage)
    except NotFoundError:
        return []  # nothing was measured, so validation wrote nothing


def _prepared(run: Run) -> list[PreparedImage]:
    return list(run.rows("prepared", PreparedImage))


def _backdrop(row: PreparedImage) -> BackdropTone | None:
    if not row.backdrop:
        return None
    lightness, a, b, *after = row.backdrop
    return BackdropTone(before=(lightness, a, b), after=(after[0], after[1], after[2]))


def _noticed(image: AcceptedImage) -> tuple[str, ...]:
    like = f" ({image.resembles})" if image.resembles else ""
    return tuple(
        code.replace("_", " ") + (like if code in {ALSO_USED, NEAR_DUPLICATE} else "")
        for code in image.warnings
    )


def _pictures_at(work: Storage, shown: list[Outcome]) -> dict[tuple[str, str], str]:
    """Where the small pictures lie that the page shows, by fingerprint and name."""
    photographs = (each.prepared for each in shown)
    renditions = (each.fingerprint for each in shown)
    return {
        **keys_of(work, PREPARED_IMAGE, photographs, "before.jpg", "cutout.jpg"),
        **keys_of(work, RENDITION, renditions, "thumb.jpg"),
    }


def _reports(run: Run) -> tuple[list[QualityReport], list[pa.Table]]:
    """All that `check` wrote, and the same in short: each shard is read once."""
    work, reports, verdicts = run.places.work, [], []
    for key, data in read_shards(work, run.plan.run_id, "quality"):
        reports += from_table(parse_table(data, f"{work.uri}/{key}"), QualityReport)
        verdicts.append(summarise_shard(data, key))
    return reports, verdicts


def _shown(
    work: Storage,
    outcomes: pa.Table,
    accepted: list[AcceptedImage],
    prepared: list[PreparedImage],
    reports: list[QualityReport],
) -> tuple[list[ReportedPicture], int]:
    """The pictures that the page has room for, worst first, and how many there are."""
    table = outcomes.filter(pc.not_equal(outcomes["state"], "unchanged"))
    shown = sort_worst_first(from_table(table, Outcome))[:MAX_PICTURES]
    keys = {outcome.key for outcome in shown}
    quality = [each for each in reports if each.key in keys]
    pictures = collect_pictures(
        shown,
        quality,
        pictures_at=_pictures_at(work, shown),
        noticed={image.key: _noticed(image) for image in accepted},
        steps={row.key: tuple(row.steps) for row in prepared},
    )
    return pictures, len(table)
