"""Letting files out: exactly the bytes that were measured, read back before anybody sees them."""

from collections.abc import Callable, Iterator, Sequence

from transforms.errors import AuditError, NotFoundError, StorageError
from transforms.publishing.manifest import describe_file
from transforms.records.fingerprint import sha256
from transforms.records.outcomes import Outcome, PublishedFile
from transforms.records.renditions import EncodedFile, QualityReport
from transforms.runs.run import Places, Run
from transforms.storage.transfer import create_each, read_each

Prove = Callable[[PublishedFile, bytes], None]
"""Proves that a file, as read back, says of itself what its row says of it; else raises."""


def audited_shards(
    run: Run, passed: dict[tuple[str, str], Outcome], prove: Prove
) -> Iterator[list[PublishedFile]]:
    """Copy the audited files of a run's pictures, prove it, and describe them.

    Args:
        run: Its reports say which files there are.
        passed: Which pictures to publish, by key and variant.
        prove: What each file has to say of itself; see `transforms.provenance.reading`.

    Yields:
        The manifest's rows, a shard of reports at a time.

    Raises:
        AuditError: A file is not what was audited, before or after.
        StorageError: Storage does not answer.
    """
    prepared = run.columns("prepared", ["fingerprint", "cutout"]).to_pylist()
    cutouts = {row["fingerprint"]: row["cutout"] for row in prepared}
    for shard in run.shards("quality", QualityReport):
        reports = [report for report in shard if (report.key, report.variant) in passed]
        rows = [
            describe_file(
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
        copy_audited(run.places, [file for report in reports for file in report.files], rows, prove)
        yield rows


def copy_audited(
    places: Places, files: Sequence[EncodedFile], rows: Sequence[PublishedFile], prove: Prove
) -> None:
    """Copy exactly the bytes that were audited, and read every one back.

    Args:
        places: Work, where they lie, and published, where they go.
        files: What to copy.
        rows: Their rows of the manifest, in the same order.
        prove: What each file has to say of itself.

    Raises:
        AuditError: A file is not what was audited, before or after, or says something else of
            itself than its row.
        StorageError: Storage does not answer.
    """
    work, published = places.work, places.published
    expected = {row.key: row for row in rows}

    def audited() -> Iterator[tuple[str, bytes]]:
        found = read_each(work, (file.key for file in files))
        for row, (key, data) in zip(rows, found, strict=True):
            yield row.key, _exactly(data, row.sha256, f"{work.uri}/{key}")

    for _ in create_each(published, audited()):
        pass
    for key, data in read_each(published, expected):
        prove(expected[key], _exactly(data, expected[key].sha256, f"{published.uri}/{key}"))


def _exactly(data: bytes | StorageError, digest: str, uri: str) -> bytes:
    if isinstance(data, NotFoundError):
        raise AuditError(f"{uri}: is gone since it was audited; run again")
    if isinstance(data, StorageError):
        raise data
    if sha256(data) != digest:
        raise AuditError(f"{uri}: is not what was audited; nothing was published")
    return data
