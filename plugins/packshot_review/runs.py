"""The runs of a catalogue: what the page shows of each that ended, and who started it."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Condition

from cachetools import TTLCache, cachedmethod

from transforms.errors import NotFoundError, StorageError
from transforms.presets.catalogue import Catalogue
from transforms.records.layout import RUNS, run_key
from transforms.runs.summary import Consistency, Counts, Ending, LookFacts, Release, Summary
from transforms.storage.protocol import Storage
from transforms.storage.transfer import WINDOW, read_each

LISTED_SECONDS = 3.0
"""For so long a listing of runs is taken to be true."""
SUMMARY = "summary.json"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EndedRun:
    """What is kept in memory of each run."""

    run_id: str
    catalogue: str
    variants: tuple[str, ...]
    presets: dict[str, str]
    """Variant to the preset that made it."""
    recipes: dict[str, str]
    """Variant to the fingerprint of all settings that decided its pictures."""
    engines: dict[str, str]
    """Variant to what makes its pictures, in words."""
    ending: Ending
    message: str
    counts: Counts
    changes: dict[str, int]
    reasons: dict[str, int]
    consistency: dict[str, Consistency]
    """By variant: how alike photographs were and pictures are."""
    hold: tuple[str, ...]
    """Why it was held, a sentence each; of a run that lets a held one out, why that one was."""
    released: Release | None
    """Of a run that lets a held one out: who said so."""
    outcomes: str | None
    version: str | None
    started: datetime
    ended: datetime
    seconds: float

    @property
    def idle(self) -> bool:
        """Whether it found nothing to do, and tells an earlier run's outcomes."""
        return self.outcomes != run_key(self.run_id, "outcomes.parquet")

    @property
    def worked_on(self) -> int:
        """Pictures that this run took up."""
        return self.counts.listed - self.counts.unchanged - self.counts.deferred


def parse_ended_run(summary: bytes, uri: str) -> EndedRun:
    """Take what the page shows out of a run's `summary.json`.

    Raises:
        StorageError: It is none, or one of a release that this one cannot read; `uri` is named.
    """
    found = Summary.parse(summary, uri)
    return EndedRun(
        run_id=found.run_id,
        catalogue=found.catalogue,
        variants=found.variants,
        presets={variant: look.preset for variant, look in found.looks.items()},
        recipes={variant: look.recipe for variant, look in found.looks.items()},
        engines={variant: describe_engine(look) for variant, look in found.looks.items()},
        ending=found.ending,
        message=found.message,
        counts=found.counts,
        changes=found.changes,
        reasons=found.reasons,
        consistency=found.consistency,
        hold=found.hold,
        released=found.released,
        outcomes=found.outcomes,
        version=found.version,
        started=found.started,
        ended=found.ended,
        seconds=found.seconds,
    )


_ENGINES = {"standardise": "standardised", "scene": "scene", "edit": "edit"}


def describe_engine(look: LookFacts) -> str:
    """What makes a look's pictures: `standardised`, `scene`, `scene, sdxl`, `edit, sdxl`."""
    return ", ".join(filter(None, (_ENGINES[look.engine], look.checkpoint)))


@dataclass(frozen=True, slots=True)
class Runs:
    """A catalogue's runs when they were listed."""

    ended: tuple[EndedRun, ...]
    """Newest first."""
    under_way: tuple[str, ...]
    """Names of those that began and have not ended, in order."""


class RunList:
    """The runs of a catalogue. May be shared by threads.

    A summary never changes, so that each is read once: also those of other catalogues, which may
    share a work storage. One that cannot be read is read again when another object takes its place.
    """

    def __init__(self, work: Storage, catalogue: str) -> None:
        self._work = work
        self._catalogue = catalogue
        self._ended: dict[str, EndedRun] = {}
        self._foreign: set[str] = set()
        self._unreadable: dict[str, str] = {}
        """By the run's name, the etag of its summary."""
        self._settled = Condition()
        self._listings: TTLCache[str, Runs] = TTLCache(1, LISTED_SECONDS)

    @cachedmethod(
        lambda self: self._listings, key=lambda _: "all", condition=lambda self: self._settled
    )
    def read(self) -> Runs:
        """List the runs, unless that was done a moment ago.

        Raises:
            StorageError: Storage does not answer.
        """
        listed = self._work.folders(RUNS)
        under_way = self._read_new(self._worth_reading(listed))
        there = set(listed)
        self._foreign &= there
        ended = [run for run_id, run in list(self._ended.items()) if run_id in there]
        for gone in self._ended.keys() - there:
            del self._ended[gone]
        for gone in self._unreadable.keys() - there:
            del self._unreadable[gone]
        newest_first = sorted(ended, key=lambda run: (run.ended, run.run_id), reverse=True)
        return Runs(tuple(newest_first), tuple(under_way))

    def find(self, run_id: str) -> EndedRun | None:
        """A run that ended; None: there is none of that name in this catalogue.

        Raises:
            StorageError: Storage does not answer.
        """
        self.read()
        # It may have ended since they were listed.
        if run_id not in self._ended and run_id in self._work.folders(RUNS):
            self._read_new(self._worth_reading([run_id]))
        return self._ended.get(run_id)

    def _worth_reading(self, listed: list[str]) -> list[str]:
        """Those of the runs whose summary is not known, or is another than when it was read."""
        known = self._ended.keys() | self._foreign
        again = [run_id for run_id in listed if run_id in self._unreadable]
        with ThreadPoolExecutor(WINDOW) as threads:
            etags = dict(zip(again, threads.map(self._etag, again), strict=True))
        return [
            run_id
            for run_id in listed
            if run_id not in known
            and (run_id not in etags or etags[run_id] != self._unreadable[run_id])
        ]

    def _read_new(self, run_ids: list[str]) -> list[str]:
        """Read summaries; returns the runs that have none yet."""
        without = []
        keys = [run_key(run_id, SUMMARY) for run_id in run_ids]
        for run_id, (key, data) in zip(run_ids, read_each(self._work, keys), strict=True):
            if isinstance(data, NotFoundError):
                without.append(run_id)
            elif isinstance(data, StorageError):
                raise data
            else:
                self._keep(run_id, key, data)
        return without

    def _keep(self, run_id: str, key: str, data: bytes) -> None:
        try:
            found = parse_ended_run(data, f"{self._work.uri}/{key}")
        except StorageError as error:
            log.warning("a run is left out: %s", error)
            etag = self._etag(run_id)
            if self._work.read(key) == data:  # so that the etag is that of what was read
                self._unreadable[run_id] = etag
            return
        self._unreadable.pop(run_id, None)
        if found.catalogue == self._catalogue:
            self._ended[run_id] = found
        else:
            self._foreign.add(run_id)

    def _etag(self, run_id: str) -> str:
        """Of a run's summary; empty where it is gone."""
        try:
            return self._work.stat(run_key(run_id, SUMMARY)).etag
        except NotFoundError:
            return ""


@dataclass(frozen=True, slots=True)
class SchedulerRun:
    """Where a run came from."""

    who: str
    """A person's name, or `schedule`."""
    dag_id: str
    run_id: str
    """As the scheduler calls it."""
    ended: bool = False
    """Whether the scheduler's run has ended: then nothing of it waits for a person any more."""


FindSchedulerRuns = Callable[[Catalogue], dict[str, SchedulerRun]]
"""Origin of the runs of a catalogue, by the name that a run has in the storage."""


def find_no_scheduler_runs(catalogue: Catalogue) -> dict[str, SchedulerRun]:
    """Origins where nobody can be asked."""
    del catalogue
    return {}
