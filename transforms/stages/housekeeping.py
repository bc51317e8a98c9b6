"""Keeps the work storage small and proves that what is published is whole."""

import pyarrow.compute as pc

from transforms.errors import AuditError, NotFoundError, StorageError
from transforms.publishing.version import read_pointer, read_version
from transforms.records.fingerprint import sha256
from transforms.records.parquet import from_bytes
from transforms.runs.run import Places
from transforms.storage.transfer import read_each

_NAMED_IN_ERRORS = 5


def verify_published(places: Places) -> dict[str, int]:
    """Read everything that is published and compare it with the manifest.

    Returns:
        `files` and `bytes` that were read and found whole.

    Raises:
        AuditError: Naming what is missing or altered. It can be made again: delete the altered
            file, and the next run that works on the picture writes it anew.
    """
    published = places.published
    pointer, _ = read_pointer(published)
    if pointer is None:
        return {"files": 0, "bytes": 0}
    table = from_bytes(read_version(published, pointer.version), ["key", "sha256", "size_bytes"])
    expected = dict(zip(table["key"].to_pylist(), table["sha256"].to_pylist(), strict=True))
    bad = []
    for key, data in read_each(published, expected):
        if isinstance(data, NotFoundError):
            bad.append(f"{key} is missing")
        elif isinstance(data, StorageError):
            raise data
        elif sha256(data) != expected[key]:
            bad.append(f"{key} was altered")
    if bad:
        raise AuditError(
            f"{published.uri}: version {pointer.version}: {len(bad)} of {len(expected)} files "
            f"are not as published: {'; '.join(bad[:_NAMED_IN_ERRORS])}"
        )
    return {"files": len(expected), "bytes": pc.sum(table["size_bytes"]).as_py() or 0}
