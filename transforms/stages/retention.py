"""Stage: delete what nothing needs any more, and nothing that a run may still look for.

Storage is listed first and references are read after it, so that what is found again meanwhile is
told by them. Runs under way are judged by what they wrote last.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import NotFoundError
from transforms.presets.look import Look
from transforms.publishing.decisions import ReviewLog
from transforms.publishing.version import read_pointer, read_version
from transforms.records.artefact import file_keys, stem_of
from transforms.records.fingerprint import rendition_fingerprints
from transforms.records.layout import (
    BACKDROPS,
    FACTS,
    PREPARED,
    RENDITIONS,
    REVIEWS,
    RUNS,
    artefact_key,
    run_key,
)
from transforms.records.outcomes import Outcome
from transforms.records.parquet import from_bytes, read_lasting, read_records
from transforms.records.pictures import AcceptedImage
from transforms.rendition.backdrops import backdrop_fingerprints
from transforms.runs.jobs import prepared_fingerprint
from transforms.runs.run import Places, RunPlan
from transforms.runs.shards import read_columns
from transforms.runs.summary import Summary, ended_runs
from transforms.runs.under_way import RunUnderWay, find_plan, runs_under_way
from transforms.storage.protocol import Storage

_KINDS = (PREPARED, RENDITIONS, BACKDROPS, RUNS, REVIEWS)
_BATCH = 1000
"""Objects deleted before it is asked again whether a run began: as many as S3 takes at once."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep of the work storage did."""

    removed: dict[str, int]
    """Objects that went, by kind."""
    stopped: str = ""
    """Why it left the rest to the next one, in words; empty: it did not."""


def retain(places: Places, *, keep_days: int, now: datetime) -> Sweep:
    """Delete old runs, and prepared images, renditions, backdrops and decisions of no more use.

    Kept in any case: all that is younger than `keep_days`; the newest run of each catalogue (the
    next night compares with it) and the runs that made what waits for people; what these runs, the
    published manifest or a run under way refer to; and the backdrops that their looks could find.
    Published objects are not touched. Nothing goes while a run under way has not said which
    pictures it works on, and nothing more as soon as another begins.

    Args:
        places: Of one or more catalogues that share a work storage.
        keep_days: Age in days from which an object may go.
        now: The moment to count from, with a time zone.

    Raises:
        StorageError: Storage does not answer, or holds a record that cannot be read.
    """
    work, limit = places.work, now - timedelta(days=keep_days)
    listed = {kind: work.listing(f"{kind}/") for kind in _KINDS}
    known = set(work.folders(RUNS))
    needed = _needed(places, limit=limit, now=now)
    removed = dict.fromkeys(_KINDS, 0)
    if needed.undecided:
        names = ", ".join(sorted(needed.undecided))
        return Sweep(removed, f"run {names} is under way and has not chosen its pictures yet")
    for kind, keys in _doomed(work, listed, needed, limit):
        for batch in _batches(keys):
            if begun := _begun_since(work, known, now):
                return Sweep(removed, f"run {begun} began meanwhile")
            work.delete(batch)
            removed[kind] += len(batch)
    return Sweep(removed)


@dataclass(slots=True)
class _Needed:
    """What is still referred to."""

    runs: set[str] = field(default_factory=set)
    artefacts: set[str] = field(default_factory=set)
    """Fingerprints of prepared images and renditions."""
    backdrops: set[str] = field(default_factory=set)
    in_use: set[str] = field(default_factory=set)
    """Those of the artefacts that runs under way may be writing at this moment."""
    undecided: set[str] = field(default_factory=set)
    """Runs under way that may still find anything."""
    looks: set[str] = field(default_factory=set)
    """Identities of looks whose backdrops are counted."""

    def add_backdrops(self, plan: RunPlan) -> None:
        """Keep what a run's looks could find, in all of their frames."""
        for look in _framed(plan):
            if look.identity not in self.looks:
                self.looks.add(look.identity)
                self.backdrops |= backdrop_fingerprints(look)


def _needed(places: Places, *, limit: datetime, now: datetime) -> _Needed:
    work, needed = places.work, _Needed()
    for run in runs_under_way(work, now):
        _add_under_way(work, needed, run)
    _add_ended(work, needed, ended_runs(work), limit)
    pointer, _ = read_pointer(places.published)
    if pointer is not None:
        manifest = from_bytes(
            read_version(places.published, pointer.version), ["rendition", "prepared"]
        )
        needed.artefacts |= _values(manifest)
    return needed


def _add_under_way(work: Storage, needed: _Needed, run: RunUnderWay) -> None:
    """Keep all that a run may read: it is known as soon as it wrote what it works on."""
    needed.runs.add(run.run_id)
    pictures = None if run.plan is None else _pictures(work, run, run.plan)
    if run.plan is None or pictures is None:
        needed.undecided.add(run.run_id)
        return
    if run.plan.previous_outcomes:
        needed.runs.add(run.plan.previous_outcomes.split("/")[1])
    needed.in_use |= {prepared for prepared, _ in pictures}
    for look in _framed(run.plan):
        needed.in_use.update(rendition_fingerprints(pictures, look))
    needed.artefacts |= needed.in_use
    needed.add_backdrops(run.plan)


def _pictures(work: Storage, run: RunUnderWay, plan: RunPlan) -> list[tuple[str, str]] | None:
    """Prepared image and sku of each picture that a run works on; None: it is not decided yet."""
    if run.another_try:  # its plan is written after its jobs
        jobs = read_columns(work, run.run_id, "jobs", ["prepared", "sku"])
        return list(zip(*(jobs[name].to_pylist() for name in jobs.column_names), strict=True))
    try:
        accepted = read_records(work, run_key(run.run_id, "accepted.parquet"), AcceptedImage)
    except NotFoundError:
        return None
    return [(prepared_fingerprint(each, plan.configuration), each.sku) for each in accepted]


def _add_ended(work: Storage, needed: _Needed, ended: list[Summary], limit: datetime) -> None:
    """Keep young runs, the newest of each catalogue, and those that made what waits for people."""
    newest = {summary.catalogue: summary for summary in reversed(ended)}
    waiting: set[str] = set()
    for summary in ended:
        is_newest = summary is newest[summary.catalogue]
        if not is_newest and summary.ended <= limit:
            continue
        needed.runs.add(summary.run_id)
        if summary.outcomes:
            # A run that found nothing to do tells the outcomes of an earlier one.
            needed.runs.add(summary.outcomes.split("/")[1])
            columns = ["fingerprint", "prepared", "state"]
            outcomes = read_lasting(work, summary.outcomes, Outcome, columns)
            needed.artefacts |= _values(outcomes.select(columns[:2]))
            if is_newest:
                waits = pc.is_in(outcomes["state"], value_set=pa.array(["review", "failed"]))
                waiting |= _values(outcomes.filter(waits).select(["fingerprint"]))
    if waiting:
        _add_waiting(work, needed, ended, waiting)
    for run_id in needed.runs:
        if plan := find_plan(work, run_id):
            needed.add_backdrops(plan)


def _add_waiting(work: Storage, needed: _Needed, ended: list[Summary], waiting: set[str]) -> None:
    """Keep reports and other attempts of pictures on which a person has the next word."""
    for summary in ended:
        if summary.run_id not in needed.runs:
            made = read_columns(work, summary.run_id, "quality", ["fingerprint"])
            if waiting & _values(made):
                needed.runs.add(summary.run_id)
    log = ReviewLog(work).refresh(at_once=True)
    for run_id in {each.retry_run for mark in waiting for each in log.about(mark)} - {""}:
        needed.runs.add(run_id)
        needed.artefacts |= _values(read_columns(work, run_id, "jobs", ["fingerprint", "prepared"]))


def _framed(plan: RunPlan) -> Iterator[Look]:
    for look in plan.configuration.looks:
        yield from (framed.look for framed in plan.configuration.frames(look))


def _values(table: pa.Table) -> set[str]:
    """All texts of a table but the empty one."""
    return {value for column in table.columns for value in pc.unique(column).to_pylist()} - {""}


def _doomed(
    work: Storage, listed: dict[str, pa.Table], needed: _Needed, limit: datetime
) -> Iterator[tuple[str, list[str]]]:
    """What may go, by kind. Of an artefact the facts go first: without them it is not there."""
    old = {kind: _older(listed[kind], limit) for kind in _KINDS}
    yield RUNS, [key for key in old[RUNS] if _named(key) not in needed.runs]
    for kind, kept in (
        (PREPARED, needed.artefacts),
        (RENDITIONS, needed.artefacts),
        (BACKDROPS, needed.backdrops),
    ):
        keys = [key for key in old[kind] if _named(key) not in kept]
        yield kind, sorted(keys, key=lambda key: not key.endswith(FACTS))
        settled = kept - needed.in_use
        yield kind, list(_orphans(work, kind, (k for k in old[kind] if _named(k) in settled)))
    young = set(listed[RENDITIONS]["key"].to_pylist()) - set(old[RENDITIONS])
    left = needed.artefacts | {_named(key) for key in young}
    # Decisions about a rendition go together, when the last is old: no number is given twice.
    left |= {_named(key) for key in set(listed[REVIEWS]["key"].to_pylist()) - set(old[REVIEWS])}
    yield REVIEWS, [key for key in old[REVIEWS] if _named(key) not in left]


def _orphans(work: Storage, kind: str, keys: Iterable[str]) -> Iterator[str]:
    """Files of artefacts that are kept, which a killed or slower writer left beside them.

    Only where a name is there twice are facts read, to tell which counts.
    """
    by_folder: dict[str, list[str]] = {}
    for key in keys:
        folder = artefact_key(kind, _named(key), "")
        name = key.removeprefix(folder)
        if name != FACTS and "/" not in name:
            by_folder.setdefault(folder, []).append(key)
    for folder, found in by_folder.items():
        stems = {stem_of(key.removeprefix(folder)) for key in found}
        counting = file_keys(work, folder + FACTS) if len(stems) < len(found) else set()
        yield from (key for key in found if counting and key not in counting)


def _older(listing: pa.Table, limit: datetime) -> list[str]:
    old = pc.less(listing["modified"], pa.scalar(limit, type=pa.timestamp("us", tz="UTC")))
    return list(listing.filter(old)["key"].to_pylist())


def _named(key: str) -> str:
    """What an object of the work storage is about: a run, or a fingerprint."""
    return key.split("/")[1]


def _batches(keys: list[str]) -> Iterator[list[str]]:
    waiting = iter(keys)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def _begun_since(work: Storage, known: set[str], now: datetime) -> str:
    """A run under way that was not there when references were read; empty: there is none."""
    if not set(work.folders(RUNS)) - known:
        return ""
    new = (run.run_id for run in runs_under_way(work, now) if run.run_id not in known)
    return next(new, "")
