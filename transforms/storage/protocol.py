"""The storage seam: a flat map from key to bytes, with conditional writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pyarrow as pa

from transforms.errors import NotFoundError

LISTING = pa.schema(
    [
        pa.field("key", pa.string(), nullable=False),
        pa.field("size_bytes", pa.int64(), nullable=False),
        pa.field("etag", pa.string(), nullable=False),
        pa.field("modified", pa.timestamp("us", tz="UTC"), nullable=False),
    ]
)
"""Columns of a listing. `etag` changes whenever the object is replaced and is opaque."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What storage knows of one object without reading it."""

    key: str
    size_bytes: int
    etag: str
    modified: datetime


class Storage(Protocol):
    """A flat map from key to bytes.

    Keys are relative to `uri`, use `/`, and never begin with it. Every write is all or nothing:
    a reader sees the whole object or none, also when the writer is killed. Every method raises
    `StorageError`, naming the URI and what to check, when storage does not answer.
    """

    @property
    def uri(self) -> str:
        """`file:///folder` or `s3://bucket/prefix`, without credentials, without a last slash."""
        ...

    def listing(self, prefix: str = "") -> pa.Table:
        """Every object whose key begins with `prefix`, sorted by key, in the columns of LISTING."""
        ...

    def folders(self, prefix: str) -> list[str]:
        """Names one level below the folder `prefix`, sorted: `runs` gives the run ids."""
        ...

    def stat(self, key: str) -> StoredObject:
        """Look at one object. Raises `NotFoundError`."""
        ...

    def read(self, key: str) -> bytes:
        """Read one object. Raises `NotFoundError`."""
        ...

    def create(self, key: str, data: bytes) -> bool:
        """Write an object that does not exist yet (If-None-Match).

        Returns:
            True when this call created it, False when the key was taken; then nothing changed.
        """
        ...

    def swap(self, key: str, data: bytes, *, expected_etag: str | None) -> str:
        """Replace an object that nobody else has replaced since it was read (If-Match).

        Args:
            key: The object.
            data: Its new content.
            expected_etag: `etag` as last seen, or None for an object that must not exist yet.

        Returns:
            The new etag.

        Raises:
            ConflictError: The object is another one by now; nothing changed.
        """
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects; a key that is not there is no error."""
        ...


def exists(storage: Storage, key: str) -> bool:
    """Whether there is an object with this key."""
    try:
        storage.stat(key)
    except NotFoundError:
        return False
    return True
