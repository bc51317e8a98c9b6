"""Published versions of a catalogue, read from its storage."""

import pyarrow as pa

from transforms.errors import NotFoundError, StorageError
from transforms.publishing.manifest import MANIFEST, conform_manifest
from transforms.publishing.version import read_pointer, read_version
from transforms.records.layout import manifest_key
from transforms.records.parquet import from_bytes
from transforms.records.pointer import Pointer
from transforms.storage.protocol import Storage


def current(published: Storage) -> Pointer:
    """What is published now.

    Raises:
        NotFoundError: Nothing is yet.
    """
    pointer, _ = read_pointer(published)
    if pointer is None:
        raise NotFoundError(f"{published.uri}: nothing is published yet; run the catalogue first")
    return pointer


def manifest_of(published: Storage, version: str | None) -> pa.Table:
    """A version's manifest, proven to be unaltered, in today's columns.

    Args:
        published: The catalogue's storage.
        version: As `packshot runs list` shows it; None: an empty one, before the first.

    Raises:
        NotFoundError: There is no such version; the message lists those that are.
        StorageError: It is altered or not readable.
    """
    if version is None:
        return MANIFEST.empty_table()
    data = read_version(published, version)
    try:
        return conform_manifest(from_bytes(data))
    except pa.ArrowException as error:
        raise StorageError(f"{published.uri}/{manifest_key(version)}: not readable") from error
