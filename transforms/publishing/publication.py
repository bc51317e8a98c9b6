"""The one path by which anything becomes visible."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from transforms.errors import AuditError, StaleRunError
from transforms.publishing.manifest import check_whole
from transforms.publishing.version import next_pointer, read_manifest, read_pointer, swap_pointer
from transforms.records.fingerprint import sha256
from transforms.records.parquet import to_bytes
from transforms.records.pointer import Pointer
from transforms.storage.protocol import Storage

_SWAPS = 5
"""So often a swap is tried: others may publish at the same moment."""


@dataclass(frozen=True, slots=True)
class Swap:
    """What was current before, and what is now."""

    before: Pointer | None
    """None: nothing was published."""
    etag: str | None
    """Of the pointer before."""
    after: Pointer
    manifest: pa.Table
    """What is current now, in the columns of PublishedFile."""

    @property
    def changed(self) -> bool:
        """Whether there is a new version; not, where the current one says the same."""
        return self.before != self.after


def make_visible(published: Storage, merge: Callable[[pa.Table], pa.Table]) -> Swap:
    """Publish what `merge` makes of the current manifest.

    Where somebody else publishes at the same moment, `merge` is asked again, about their manifest:
    so nothing of theirs is undone.

    Args:
        published: The catalogue's storage.
        merge: Makes the next manifest of the current one, which is empty where nothing is
            published. It refuses by raising.

    Raises:
        StaleRunError: Others published at the same moment, again and again. Or by `merge`.
        ReconciliationError: A picture or file would be listed twice.
        AuditError: The manifest did not read back as written.
        StorageError: Storage does not answer.
    """
    for attempt in range(1, _SWAPS + 1):
        current, etag = read_pointer(published)
        manifest = merge(read_manifest(published, current))
        check_whole(manifest)
        data = to_bytes(manifest)
        if current is not None and sha256(data) == current.manifest_sha256:
            return Swap(current, etag, current, manifest)
        following = next_pointer(current, data)
        published.create(following.manifest, data)
        if sha256(published.read(following.manifest)) != following.manifest_sha256:
            raise AuditError(f"{published.uri}/{following.manifest}: did not read back as written")
        try:
            swap_pointer(published, following, expected_etag=etag)
        except StaleRunError:
            if attempt == _SWAPS:
                raise
        else:
            return Swap(current, etag, following, manifest)
    raise AssertionError
