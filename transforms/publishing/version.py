"""What is published: the pointer, the versions, and the manifest of each. Only read here."""

from pathlib import PurePosixPath

import pyarrow as pa

from transforms.errors import NotFoundError, StorageError
from transforms.publishing.manifest import MANIFEST
from transforms.records.fingerprint import sha256
from transforms.records.layout import POINTER, manifest_key
from transforms.records.outcomes import PublishedFile
from transforms.records.parquet import parse_lasting
from transforms.records.pointer import Pointer
from transforms.storage.protocol import Storage


def read_pointer(published: Storage) -> tuple[Pointer | None, str | None]:
    """The pointer and its etag; (None, None) where nothing is published yet.

    Raises:
        StorageError: Storage does not answer, or the pointer is not one.
    """
    try:
        # The etag is taken first: a swap in between then makes ours fail, never overwrite.
        etag = published.stat(POINTER).etag
        data = published.read(POINTER)
    except NotFoundError:
        return None, None
    return Pointer.parse(data, f"{published.uri}/{POINTER}"), etag


def require_pointer(published: Storage) -> Pointer:
    """The pointer to what is published now.

    Raises:
        NotFoundError: Nothing is yet.
        StorageError: As `read_pointer`.
    """
    pointer, _ = read_pointer(published)
    if pointer is None:
        raise NotFoundError(f"{published.uri}: nothing is published yet; run the catalogue first")
    return pointer


def read_version(published: Storage, version: str) -> bytes:
    """The manifest of a version as Parquet, proven to be what was published.

    Args:
        published: The catalogue's storage.
        version: As `packshot runs list` shows it.

    Raises:
        NotFoundError: There is no such version; the message lists those that are.
        StorageError: Its content is not what its name says.
    """
    try:
        data = published.read(manifest_key(version))
    except NotFoundError as error:
        listed = published.listing("manifests/")["key"].to_pylist()
        known = ", ".join(sorted(PurePosixPath(key).stem for key in listed))
        raise NotFoundError(
            f"{published.uri}/{manifest_key(version)}: no such version; there: {known}"
        ) from error
    if sha256(data)[:12] != version.rpartition("-")[2]:
        raise StorageError(f"{published.uri}/{manifest_key(version)}: altered since published")
    return data


def read_manifest(published: Storage, version: str | None) -> pa.Table:
    """The manifest of a version, in the columns of today's PublishedFile.

    Args:
        published: The catalogue's storage.
        version: None: the empty one, before the first.

    Raises:
        NotFoundError: As `read_version`.
        StorageError: As `read_version`; or it is not readable.
    """
    if version is None:
        return MANIFEST.empty_table()
    data = read_version(published, version)
    return parse_lasting(data, f"{published.uri}/{manifest_key(version)}", PublishedFile)


def read_published(published: Storage) -> pa.Table:
    """What shops see now, in the columns of PublishedFile; empty where nothing is published.

    Raises:
        StorageError: Storage does not answer, or what it holds is not what was published.
    """
    pointer, _ = read_pointer(published)
    return read_manifest(published, pointer.version if pointer else None)
