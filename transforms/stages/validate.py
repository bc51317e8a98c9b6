"""Stage: hold all measured images against the expectation suite; accept them or set them aside."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import NotFoundError, ReconciliationError
from transforms.publishing.version import read_pointer
from transforms.quality.duplicates import Photograph, Repeats, find_repeats
from transforms.quality.expectations import Finding, evaluate, expectations
from transforms.records.outcomes import Outcome, PublishedFile
from transforms.records.parquet import (
    read_lasting,
    schema_of,
    write_records,
)
from transforms.records.pictures import AcceptedImage, MeasuredImage, QuarantinedImage
from transforms.records.validation import write_validation
from transforms.runs.already_published import COLUMNS, find_already_published
from transforms.runs.inventory import ALSO_USED, DUPLICATE, NEAR_DUPLICATE
from transforms.runs.outcomes import ALREADY_PUBLISHED, read_already_published
from transforms.runs.run import Run
from transforms.runs.shards import cut

if TYPE_CHECKING:
    import pandas as pd

_NOT_MEASURED = {
    *("key", "sku", "view", "etag", "size_bytes", "sha256", "reason", "message"),
    *("mask", "mask_sha256"),
}
_ACCEPTED = {
    *("key", "sku", "view", "sha256", "phash", "width_px", "height_px"),
    *("mask", "mask_sha256"),
}
_HOLDS_ITS_PICTURE = ("published", "unchanged", "review")


def validate(run: Run) -> list[int]:
    """Decide on every measured image of the run.

    Writes `quarantined.parquet`, `accepted.parquet`, `already_published.parquet`, the shards
    `accepted/NNNN.parquet` of what has to be made, and what the suite said. Done again (a retry),
    it stands by the first decision.

    Returns:
        Numbers of the shards to prepare.

    Raises:
        ConfigError: The suite is wrong.
        ReconciliationError: An image would be lost or decided twice.
        StorageError: Storage does not answer.
    """
    work = run.places.work
    try:
        return _write_shards(run, run.records("accepted.parquet", AcceptedImage))
    except NotFoundError:
        measured = _read_measured(run)
    if not measured:
        return []
    findings = _evaluate(run, measured)
    manifest = _read_published(run)
    accepted, quarantined = _decide(
        measured, findings, _read_earlier(run, measured), published=_photographs_of(manifest)
    )
    by_key = {row.key: row for row in measured}
    done = find_already_published(accepted, by_key, manifest, run.plan)
    write_records(work, run.key(ALREADY_PUBLISHED), done, Outcome)
    write_records(work, run.key("quarantined.parquet"), quarantined, QuarantinedImage)
    write_records(work, run.key("accepted.parquet"), accepted, AcceptedImage)
    # What is stored counts, also if another attempt was quicker.
    accepted = run.records("accepted.parquet", AcceptedImage)
    quarantined = run.records("quarantined.parquet", QuarantinedImage)
    _reconcile(measured, accepted, quarantined)
    return _write_shards(run, accepted)


def _read_measured(run: Run) -> list[MeasuredImage]:
    return sorted(run.rows("measured", MeasuredImage), key=lambda row: row.key)


def _write_shards(run: Run, accepted: Sequence[AcceptedImage]) -> list[int]:
    done = {outcome.key for outcome in read_already_published(run)}
    todo = [image for image in accepted if image.key not in done]
    shards = cut(len(todo), run.plan.configuration.catalogue.shard_size)
    for shard, part in enumerate(shards):
        run.write_shard("accepted", shard, todo[part], AcceptedImage)
    return list(range(len(shards)))


def _evaluate(run: Run, measured: Sequence[MeasuredImage]) -> dict[str, list[Finding]]:
    suite = run.plan.configuration.suite
    for each in run.plan.configuration.outputs:
        expectations(each)  # a mistake in one is told now, not when all is done
    found = evaluate(_as_frame(measured), suite, run_id=run.plan.run_id, started=run.plan.started)
    write_validation(run.places.work, run.plan.run_id, found.validation)
    return found.findings


def _as_frame(measured: Sequence[MeasuredImage]) -> "pd.DataFrame":
    """One row a picture; what was not measured is empty, so that no rule judges it."""
    import pandas as pd  # noqa: PLC0415  # slow to import, and needed here only

    frame = pd.DataFrame([row.model_dump() for row in measured])
    sides = frame[["width_px", "height_px"]]
    frame["longer_side_px"], frame["shorter_side_px"] = sides.max(axis=1), sides.min(axis=1)
    frame["jpeg_quality"] = frame["jpeg_quality"].where(frame["jpeg_quality"] > 0)
    columns = [column for column in frame if column not in _NOT_MEASURED]
    frame[columns] = frame[columns].where(frame["reason"] == "")
    return frame


def _read_published(run: Run) -> pa.Table:
    """What is published now; empty where nothing is."""
    pointer, _ = read_pointer(run.places.published)
    columns = [*COLUMNS, "source_sha256"]
    if pointer is None:
        return schema_of(PublishedFile).empty_table().select(columns)
    return read_lasting(run.places.published, pointer.manifest, PublishedFile, columns)


def _photographs_of(manifest: pa.Table) -> set[tuple[str, str]]:
    """Key and content of every photograph that is published: of two alike, it came first."""
    names = ("source_key", "source_sha256")
    return set(zip(*(manifest[name].to_pylist() for name in names), strict=True))


def _read_earlier(run: Run, measured: Sequence[MeasuredImage]) -> list[Photograph]:
    """Pictures that earlier runs let through and that are still at the source."""
    if run.plan.previous_outcomes is None:
        return []
    columns = ["key", "sku", "sha256", "phash", "state"]
    known = read_lasting(run.places.work, run.plan.previous_outcomes, Outcome, columns)
    listed = run.table("inventory.parquet", ["key"])["key"]
    known = known.filter(
        pc.and_(
            pc.is_in(known["state"], pa.array(_HOLDS_ITS_PICTURE)),
            pc.is_in(known["key"], value_set=pc.unique(listed)),
        )
    )
    in_run = {row.key for row in measured}
    pictures = {
        row["key"]: Photograph(
            row["key"],
            row["sku"],
            row["sha256"],
            row["phash"],
            in_run=row["key"] in in_run,
            published=True,
        )
        for row in known.to_pylist()
        if row["sha256"] and row["phash"]
    }
    return list(pictures.values())


def _decide(
    measured: Sequence[MeasuredImage],
    findings: Mapping[str, Sequence[Finding]],
    earlier: Sequence[Photograph],
    *,
    published: AbstractSet[tuple[str, str]],
) -> tuple[list[AcceptedImage], list[QuarantinedImage]]:
    refusals = {
        key: next((each for each in found if each.rule.severity == "refuse"), None)
        for key, found in findings.items()
    }
    accepted, quarantined = [], []
    usable = []
    for row in measured:
        refusal = refusals.get(row.key)
        if row.reason:
            quarantined.append(_set_aside(row, row.reason, row.message))
        elif refusal:
            quarantined.append(_set_aside(row, refusal.rule.reason, refusal.message))
        else:
            usable.append(row)
    holds = published | {(each.key, each.sha256) for each in earlier}
    repeats = _repeats(usable, earlier, holds)
    for row in usable:
        first = repeats.repeated.get(row.key)
        if first:
            message = f"Same picture as {first}: check which product it shows."
            quarantined.append(_set_aside(row, DUPLICATE, message))
        else:
            warnings = [each.rule.reason for each in findings.get(row.key, ())]
            accepted.append(_accept(row, warnings, repeats))
    return accepted, sorted(quarantined, key=lambda each: each.key)


def _repeats(
    usable: Sequence[MeasuredImage],
    earlier: Sequence[Photograph],
    holds: AbstractSet[tuple[str, str]],
) -> Repeats:
    return find_repeats(
        [
            *(each for each in earlier if not each.in_run),
            *(
                Photograph(
                    row.key,
                    row.sku,
                    row.sha256,
                    row.phash,
                    published=(row.key, row.sha256) in holds,
                )
                for row in usable
            ),
        ]
    )


def _accept(row: MeasuredImage, warnings: list[str], repeats: Repeats) -> AcceptedImage:
    repeat, like = repeats.also_used.get(row.key, ""), repeats.resembling.get(row.key, "")
    told = [*warnings, *([ALSO_USED] if repeat else []), *([NEAR_DUPLICATE] if like else [])]
    return AcceptedImage(
        **row.model_dump(include=_ACCEPTED),
        warnings=list(dict.fromkeys(told)),
        resembles=repeat or like,
    )


def _set_aside(row: MeasuredImage, reason: str, message: str) -> QuarantinedImage:
    known = row.model_dump(include={"key", "sku", "view", "sha256", "phash"})
    return QuarantinedImage(**known, reason=reason, message=message)


def _reconcile(
    measured: Sequence[MeasuredImage],
    accepted: Sequence[AcceptedImage],
    quarantined: Sequence[QuarantinedImage],
) -> None:
    came = sorted(row.key for row in measured)
    went = sorted([*(row.key for row in accepted), *(row.key for row in quarantined)])
    if came != went:
        raise ReconciliationError(
            f"{len(came)} images were measured, {len(accepted)} accepted and "
            f"{len(quarantined)} quarantined: {sorted(set(came) ^ set(went))[:5]} differ"
        )
