"""Keeps the work storage small and proves that what is published is whole."""

from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import AuditError, NotFoundError, StorageError
from transforms.publishing.version import read_pointer, read_version
from transforms.records.fingerprint import sha256
from transforms.records.layout import BACKDROPS, REVIEWS, RUNS
from transforms.records.parquet import from_bytes
from transforms.runs.run import Places
from transforms.runs.summary import ended_runs
from transforms.storage.protocol import Storage
from transforms.storage.transfer import read_each

_NAMED_IN_ERRORS = 5


def retain(places: Places, *, keep_days: int, now: datetime) -> dict[str, int]:
    """Delete old runs, and what nothing refers to any more.

    That is prepared images and renditions, and what people decided about renditions that are gone;
    backdrops are drawn again when they are needed.

    Kept in any case: the newest run of each catalogue (the next night compares with it), what
    the published manifest or a kept run refers to, and all that is younger than `keep_days`.
    Published objects are not touched.

    Args:
        places: Of one or more catalogues that share a work storage.
        keep_days: Age in days from which an object may go.
        now: The moment to count from, with a time zone.

    Returns:
        How many objects went, by kind.
    """
    work = places.work
    limit = pa.scalar(now - timedelta(days=keep_days), type=pa.timestamp("us", tz="UTC"))
    kept_runs: set[str] = set()
    seen: set[str] = set()
    referred: set[str] = set()
    for summary in ended_runs(work):
        newest = summary.catalogue not in seen
        seen.add(summary.catalogue)
        if newest or summary.ended > now - timedelta(days=keep_days):
            kept_runs.add(summary.run_id)
            # A run that found nothing to do tells the outcomes of an earlier one.
            if summary.outcomes:
                kept_runs.add(summary.outcomes.split("/")[1])
                referred |= _fingerprints(work.read(summary.outcomes), ("fingerprint", "prepared"))
    pointer, _ = read_pointer(places.published)
    if pointer is not None:
        manifest = read_version(places.published, pointer.version)
        referred |= _fingerprints(manifest, ("rendition", "prepared"))
    gone = {}
    kinds = {"prepared": referred, "renditions": referred, BACKDROPS: set(), RUNS: kept_runs}
    for kind, kept in kinds.items():
        listing = work.listing(f"{kind}/")
        old = listing.filter(pc.less(listing["modified"], limit))["key"].to_pylist()
        keys = [key for key in old if _named(key) not in kept]
        work.delete(keys)
        gone[kind] = len(keys)
    gone[REVIEWS] = _forget_decisions(work, referred, limit)
    return gone


def _forget_decisions(work: Storage, referred: set[str], limit: pa.Scalar) -> int:
    """Delete decisions about renditions that are gone: all of one together, when its last is old.

    While a rendition is kept its decisions are, and a number is never given twice.
    """
    kept = referred | {_named(key) for key in work.listing("renditions/")["key"].to_pylist()}
    listing = work.listing(f"{REVIEWS}/")
    young = listing.filter(pc.greater_equal(listing["modified"], limit))["key"].to_pylist()
    kept |= {_named(key) for key in young}
    keys = [key for key in listing["key"].to_pylist() if _named(key) not in kept]
    work.delete(keys)
    return len(keys)


def _named(key: str) -> str:
    """What an object of the work storage is about: a run, or a fingerprint."""
    return key.split("/")[1].partition(".")[0]


def _fingerprints(parquet: bytes, columns: tuple[str, ...]) -> set[str]:
    table = from_bytes(parquet, list(columns))
    return {value for column in columns for value in pc.unique(table[column]).to_pylist()}


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
