"""Copies what was audited: exactly these bytes, read back before anybody sees them."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pyarrow as pa

from transforms.errors import AuditError, NotFoundError, StorageError
from transforms.publishing.manifest import MANIFEST, describe_file
from transforms.records.fingerprint import sha256
from transforms.records.outcomes import PublishedFile
from transforms.records.parquet import to_table
from transforms.records.renditions import EncodedFile, QualityReport
from transforms.runs.run import Places, Run
from transforms.storage.transfer import create_each, read_each

Prove = Callable[[PublishedFile, bytes], None]
"""Proves that a file, as read back, says of itself what its row says of it; else raises."""


def copy_passed(run: Run, recipes: Mapping[tuple[str, str], str], prove: Prove) -> pa.Table:
    """Copy the audited files of a run's pictures, and prove it, a shard of reports at a time.

    Args:
        run: Its reports say which files there are.
        recipes: Key and variant of the pictures to publish, to the recipe of their outcomes.
        prove: What each file has to say of itself; see `transforms.provenance.reading`.

    Returns:
        Their rows of the manifest, in the columns of PublishedFile.

    Raises:
        AuditError: A file is not what was audited, before or after.
        StorageError: Storage does not answer.
    """
    prepared = run.columns("prepared", ["fingerprint", "cutout"]).to_pylist()
    cutouts = {row["fingerprint"]: row["cutout"] for row in prepared}
    tables = [MANIFEST.empty_table()]
    for shard in run.shards("quality", QualityReport):
        going = [report for report in shard if (report.key, report.variant) in recipes]
        files = [(report, file) for report in going for file in report.files]
        rows = [
            describe_file(
                report,
                file,
                look=run.look(report.variant),
                recipe=recipes[report.key, report.variant],
                cutout=cutouts[report.prepared],
                ends=run.plan.ends.get(report.variant),
            )
            for report, file in files
        ]
        copy_audited(run.places, [file for _, file in files], rows, prove)
        tables.append(to_table(rows, PublishedFile))
    return pa.concat_tables(tables)


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
            yield row.key, _verify(data, row.sha256, f"{work.uri}/{key}")

    for _ in create_each(published, audited()):
        pass
    for key, data in read_each(published, expected):
        prove(expected[key], _verify(data, expected[key].sha256, f"{published.uri}/{key}"))


def _verify(data: bytes | StorageError, digest: str, uri: str) -> bytes:
    if isinstance(data, NotFoundError):
        raise AuditError(f"{uri}: is gone since it was audited; run again")
    if isinstance(data, StorageError):
        raise data
    if sha256(data) != digest:
        raise AuditError(f"{uri}: is not what was audited; nothing was published")
    return data
