"""The one path by which anything becomes visible.

A night, a season, what people approved or released, pictures that are taken down, a rollback: each
says what the catalogue is to hold, and `make_visible` does the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import AuditError, ConflictError, NotFoundError, StaleRunError
from transforms.publishing.concurrency import refuse_if_ended, refuse_if_touched
from transforms.publishing.manifest import check_whole, mark_removed, replace_pictures
from transforms.publishing.version import read_manifest, read_pointer, read_version
from transforms.records.fingerprint import sha256
from transforms.records.layout import POINTER, manifest_key
from transforms.records.parquet import to_bytes
from transforms.records.pointer import Pointer
from transforms.runs.run import Places
from transforms.storage.protocol import Storage

_SWAPS = 5
"""So often a swap is tried: others may publish at the same moment."""

Change = Callable[[pa.Table], pa.Table | str]
"""Given the current manifest, in the columns of PublishedFile, gives the next one; or the name of
an older version. It may be asked several times, and refuses by raising."""


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
    removed: int = 0
    """How many files shops saw before and see no more."""

    @property
    def changed(self) -> bool:
        """Whether another version is current now; not, where the one before says the same."""
        return self.before != self.after


def make_visible(published: Storage, change: Change) -> Swap:
    """Make what `change` makes of the current manifest the one that shops see.

    The next manifest is proven whole, written, read back, and made current by one swap of the
    pointer. Where somebody else swaps at the same moment, `change` is asked again, about their
    manifest: so nothing of theirs is undone. Done again, it changes nothing more.

    Args:
        published: The catalogue's storage; the files that the next manifest lists are there.
        change: Says what the catalogue is to hold.

    Raises:
        StaleRunError: Others published at the same moment, again and again. Or by `change`.
        ReconciliationError: A picture or file would be listed twice.
        AuditError: The manifest did not read back as written.
        NotFoundError: There is no such older version.
        StorageError: Storage does not answer.
    """
    for attempt in range(1, _SWAPS + 1):
        current, etag = read_pointer(published)
        manifest = read_manifest(published, current.version if current else None)
        following, data, wanted = _lay_out(published, current, manifest, change(manifest))
        if following == current:
            return Swap(current, etag, current, manifest)
        check_whole(wanted)
        published.create(following.manifest, data)
        if sha256(published.read(following.manifest)) != following.manifest_sha256:
            raise AuditError(f"{published.uri}/{following.manifest}: did not read back as written")
        try:
            _swap_pointer(published, following, expected_etag=etag)
        except StaleRunError:
            if attempt == _SWAPS:
                raise
        else:
            return Swap(current, etag, following, wanted, _count_removed(manifest, wanted))
    raise AssertionError


def _lay_out(
    published: Storage, current: Pointer | None, manifest: pa.Table, wanted: pa.Table | str
) -> tuple[Pointer, bytes, pa.Table]:
    """The pointer that follows, its manifest as Parquet and as a table.

    It is the current pointer where that already publishes what is wanted.
    """
    if isinstance(wanted, str):
        if current is None:
            raise NotFoundError(
                f"{published.uri}: nothing is published, so there is nothing to roll back"
            )
        data = read_version(published, wanted)
        following = _older_pointer(current, wanted, data)
        same = current.version == wanted
        wanted = read_manifest(published, wanted)
    else:
        data = to_bytes(wanted.combine_chunks())
        following = _next_pointer(current, data)
        # Equal rows in other bytes are of another release, and no news.
        same = current is not None and (
            wanted.equals(manifest) or current.manifest_sha256 == following.manifest_sha256
        )
    return (current if current and same else following), data, wanted


def _next_pointer(current: Pointer | None, manifest: bytes) -> Pointer:
    """The pointer that publishes a new version after `current`."""
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


def _older_pointer(current: Pointer, version: str, manifest: bytes) -> Pointer:
    """The pointer that makes an older version current again; no number is given twice."""
    return Pointer(
        version=version,
        sequence=current.sequence,
        manifest=manifest_key(version),
        manifest_sha256=sha256(manifest),
        previous=current.version,
    )


def _swap_pointer(published: Storage, pointer: Pointer, *, expected_etag: str | None) -> None:
    data = (pointer.model_dump_json(indent=2) + "\n").encode()
    try:
        published.swap(POINTER, data, expected_etag=expected_etag)
    except ConflictError as error:
        raise StaleRunError(
            f"{published.uri}: another run published meanwhile, so nothing of this one became "
            "visible; run again (what is finished is not made twice)"
        ) from error


def _count_removed(before: pa.Table, after: pa.Table) -> int:
    kept = pc.is_in(before["key"], value_set=pc.unique(after["key"]))
    return len(before) - int(pc.sum(kept).as_py() or 0)


def publish_pictures(
    places: Places,
    pictures: pa.Table,
    *,
    base: Pointer | None,
    began: Mapping[str, datetime],
    worked_on: pa.Table | None = None,
    listed: pa.ChunkedArray | None = None,
) -> Swap:
    """Make finished pictures visible, unless somebody published them or ended their season since.

    They are laid into whatever is current: a season, a night and a review do not undo each other.

    Args:
        places: Storages of the catalogue; the pictures' files are copied.
        pictures: Rows of whole pictures, of all their channels, in the columns of PublishedFile.
        base: What was published when the work on them began; None: nothing.
        began: Variant to when that was.
        worked_on: Of a night or season, all that it worked on, in the columns sku, view and
            variant: what it made is newer than what people approved meanwhile. None: `pictures`.
        listed: Of a night or season, all keys at the source: other pictures are marked as removed
            there. None: what is marked stays so.

    Raises:
        StaleRunError: Another run published one of these pictures, or a person ended the variant.
            Nothing became visible; as where `make_visible` raises.
    """
    planned = read_manifest(places.published, base.version if base else None)

    def change(current: pa.Table) -> pa.Table:
        refuse_if_ended(places.work, began)
        refuse_if_touched(
            planned,
            current,
            pictures,
            mine=pictures if worked_on is None else worked_on,
            approvals_count=worked_on is None,
        )
        following = replace_pictures(current, pictures)
        return following if listed is None else mark_removed(following, listed)

    return make_visible(places.published, change)


def take_down(published: Storage, stays: Callable[[pa.Table], pa.ChunkedArray]) -> int:
    """Publish a version without some pictures; their files stay, so a rollback brings them back.

    Args:
        published: The catalogue's storage.
        stays: Given a manifest, tells which of its rows stay.

    Returns:
        How many files the new version lists less; 0: there is no new one.

    Raises:
        StaleRunError: Others published at the same moment, again and again.
        AuditError: The manifest did not read back as written.
        StorageError: Storage does not answer.
    """
    if read_pointer(published)[0] is None:
        return 0
    swap = make_visible(published, lambda manifest: manifest.filter(stays(manifest)))
    return swap.removed


def roll_back(published: Storage, version: str) -> Swap:
    """Make an older version the current one; numbers go on from the newest.

    Args:
        published: The catalogue's storage.
        version: As `packshot runs list` shows it.

    Raises:
        NotFoundError: Nothing is published, or there is no such version.
        StorageError: The version was altered since it was published. Or as `make_visible`.
    """
    return make_visible(published, lambda _: version)
