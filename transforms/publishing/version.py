"""Versions of what is published: written, read back, made current by one swap of the pointer."""

from pathlib import PurePosixPath

import pyarrow as pa

from transforms.errors import ConflictError, NotFoundError, StaleRunError, StorageError
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


def next_pointer(current: Pointer | None, manifest: bytes) -> Pointer:
    """The pointer that publishes `manifest` after `current`."""
    digest = sha256(manifest)
    sequence = (current.sequence if current else 0) + 1
    version = f"{sequence:06d}-{digest[:12]}"
    return Pointer(
        version=version,
        sequence=sequence,
        manifest=manifest_key(version),
        manifest_sha256=digest,
        previous=current.version if current else None,
    )


def rollback_to(current: Pointer, version: str, manifest: bytes) -> Pointer:
    """The pointer that makes an older version current again."""
    return Pointer(
        version=version,
        sequence=current.sequence,
        manifest=manifest_key(version),
        manifest_sha256=sha256(manifest),
        previous=current.version,
    )


def swap_pointer(published: Storage, pointer: Pointer, *, expected_etag: str | None) -> None:
    """Make `pointer` the current one.

    Raises:
        StaleRunError: Another run swapped it since `expected_etag` was read.
    """
    data = (pointer.model_dump_json(indent=2) + "\n").encode()
    try:
        published.swap(POINTER, data, expected_etag=expected_etag)
    except ConflictError as error:
        raise StaleRunError(
            f"{published.uri}: another run published meanwhile, so nothing of this one became "
            "visible; run again (what is finished is not made twice)"
        ) from error


def read_version(published: Storage, version: str) -> bytes:
    """The manifest of a version, whole and unaltered.

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


def read_manifest(published: Storage, pointer: Pointer | None) -> pa.Table:
    """What a pointer publishes, in the columns of PublishedFile; empty for None.

    Raises:
        StorageError: Storage does not answer, or the manifest is not the pointer's.
    """
    if pointer is None:
        return MANIFEST.empty_table()
    data = read_version(published, pointer.version)
    return parse_lasting(data, f"{published.uri}/{pointer.manifest}", PublishedFile)
