"""Nights without pixels: what the stages before publishing would write, by verdicts."""

from datetime import UTC, datetime

from transforms.publishing.decisions import ReviewDecision, record_decision
from transforms.publishing.version import read_published
from transforms.records.fingerprint import rendition_fingerprint, sha256
from transforms.records.layout import encoded_key, shard_key
from transforms.records.outcomes import Outcome
from transforms.records.parquet import read_records, write_records
from transforms.records.pictures import AcceptedImage, PreparedImage, QuarantinedImage, SourceImage
from transforms.records.renditions import EncodedFile, QualityReport
from transforms.runs.jobs import prepared_fingerprint
from transforms.runs.run import Run, open_run
from transforms.stages.ingest import ingest
from transforms.stages.publish import publish
from transforms.stages.report import report


def begin(places, configuration, run_id, **sources) -> Run:
    """Put sources in place (None removes one) and begin a run."""
    for name, content in sources.items():
        key = f"{name}/front.jpg"
        places.source.delete([key])
        if content is not None:
            places.source.create(key, content.encode())
    ingest(places, configuration, run_id=run_id)
    return open_run(places, run_id)


def finish_stages(run: Run, verdicts: dict[str, str]) -> None:
    """Write what the stages between ingest and publish would write.

    A verdict is PASS, REVIEW or FAIL, or `quarantined`; a sku without one was never finished.
    """
    work, run_id = run.places.work, run.plan.run_id
    accepted, quarantined, prepared, reports = [], [], [], []
    for image in read_records(work, run.key("inventory.parquet"), SourceImage):
        verdict = verdicts.get(image.sku)
        if verdict is None or image.change in ("unchanged", "deferred"):
            continue
        content = sha256(run.places.source.read(image.key))
        named = {"key": image.key, "sku": image.sku, "view": image.view, "sha256": content}
        if verdict == "quarantined":
            quarantined.append(QuarantinedImage(**named, reason="too_small", message="Too small."))
            continue
        accepted.append(AcceptedImage(**named, phash="", width_px=9, height_px=9))
        configuration = run.plan.configuration
        mark = prepared_fingerprint(accepted[-1], configuration)
        made = rendition_fingerprint(mark, configuration.looks[0], sku=image.sku)
        prepared.append(PreparedImage(**named, fingerprint=mark, cutout="u2netp"))
        picture = f"picture of {image.sku}: {content}".encode()
        key = encoded_key(made, "shop", sha256(picture), "jpg")
        work.create(key, picture)
        file = EncodedFile(
            channel="shop",
            key=key,
            sha256=sha256(picture),
            size_bytes=len(picture),
            width_px=9,
            height_px=9,
            extension="jpg",
        )
        reports.append(
            QualityReport(
                **named,
                prepared=mark,
                variant=configuration.looks[0].variant,
                fingerprint=made,
                verdict=verdict,
                reasons=[] if verdict == "PASS" else ["tile_ssim"],
                files=[file],
            )
        )
    write_records(work, run.key("accepted.parquet"), accepted, AcceptedImage)
    write_records(work, run.key("quarantined.parquet"), quarantined, QuarantinedImage)
    write_records(work, shard_key(run_id, "prepared", 0), prepared, PreparedImage)
    write_records(work, shard_key(run_id, "quality", 0), reports, QualityReport)


def night(places, configuration, run_id, verdicts, **sources):
    run = begin(places, configuration, run_id, **sources)
    finish_stages(run, verdicts)
    publish(run)
    return report(run)


def manifest(places) -> dict[str, dict]:
    rows = read_published(places.published).to_pylist()
    return {row["sku"]: row for row in rows}


def states(places, run_id: str) -> dict[str, str]:
    rows = read_records(places.work, f"runs/{run_id}/outcomes.parquet", Outcome)
    return {row.sku: row.state for row in rows}


def approve(run: Run, sku: str, *, number: int = 1) -> None:
    """Say yes to a picture of a run that waits."""
    (report_of,) = (each for each in run.rows("quality", QualityReport) if each.sku == sku)
    decision = ReviewDecision(
        **report_of.model_dump(include={"fingerprint", "key", "sku", "view", "variant"}),
        number=number,
        action="approve",
        by="anna",
        at=datetime.now(UTC),
        catalogue="shop",
        run_id=run.plan.run_id,
        files={file.channel: file.sha256 for file in report_of.files},
    )
    record_decision(run.places.work, decision)
