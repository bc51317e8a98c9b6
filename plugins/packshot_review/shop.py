"""One catalogue as the review page sees it: its ended runs, their pictures, what is published."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

import pyarrow as pa

from packshot_review.choices import choices
from packshot_review.index import Reported, RunIndex, index_of
from packshot_review.runs import EndedRun, ended_run
from transforms.errors import NotFoundError, StorageError
from transforms.presets.catalogue import Catalogue
from transforms.publishing.decisions import ReviewLog, not_made
from transforms.publishing.manifest import conformed
from transforms.publishing.version import read_pointer, read_version
from transforms.records.layout import RUNS, run_key
from transforms.records.parquet import from_bytes
from transforms.records.pointer import Pointer
from transforms.storage.protocol import Storage
from transforms.storage.transfer import read_each

T = TypeVar("T")
Verdicts = dict[tuple[str, str], Reported]
"""By key and variant."""

LISTED_SECONDS = 3.0
"""For so long a listing of runs is taken to be true."""
KEPT_INDEXES, KEPT_MANIFESTS = 8, 2
_SHOWN_UNDER_WAY = 3


class Shelf(Generic[T]):
    """The few things asked for last, each made once. May be shared by threads."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str, make: Callable[[], T]) -> T:
        """What `name` stands for, made if it is not kept."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = make()
                while len(self._kept) > self._places:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(name)
            return self._kept[name]


@dataclass(frozen=True, slots=True)
class Published:
    """What shops see now."""

    pointer: Pointer | None
    manifest: pa.Table
    """Columns of PublishedFile."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a run that makes other attempts had made when it was looked at."""

    verdicts: Verdicts
    read_at: float
    whole: bool
    """All that it began with is judged."""
    not_made: str
    """Why it could not make anything; empty: it could, or nothing is told yet."""


class Shop:
    """A catalogue's storages, read as far as its pages need, and kept where it cannot change."""

    def __init__(self, catalogue: Catalogue, work: Storage, published: Storage) -> None:
        self.catalogue = catalogue
        self.work = work
        self.published_storage = published
        self.log = ReviewLog(work)
        self._ended: dict[str, EndedRun] = {}
        self._under_way: list[str] = []
        self._listed_at = float("-inf")
        self._lock = Lock()
        self._indexes: Shelf[RunIndex] = Shelf(KEPT_INDEXES)
        self._tried: dict[str, Tried] = {}
        self._manifests: Shelf[pa.Table] = Shelf(KEPT_MANIFESTS)
        self._files: Shelf[frozenset[str]] = Shelf(KEPT_INDEXES)

    @property
    def name(self) -> str:
        """The catalogue's."""
        return self.catalogue.name

    def runs(self) -> list[EndedRun]:
        """Runs that ended, newest first.

        Raises:
            StorageError: Storage does not answer.
        """
        with self._lock:
            if time.monotonic() - self._listed_at > LISTED_SECONDS:
                self._list()
            return sorted(
                self._ended.values(), key=lambda run: (run.ended, run.run_id), reverse=True
            )

    def _list(self) -> None:
        listed = self.work.folders(RUNS)
        unknown = [run_id for run_id in listed if run_id not in self._ended]
        self._under_way = []
        keys = [run_key(run_id, "summary.json") for run_id in unknown]
        for run_id, (key, data) in zip(unknown, read_each(self.work, keys), strict=True):
            if isinstance(data, NotFoundError):
                self._under_way.append(run_id)
            elif isinstance(data, StorageError):
                raise data
            else:
                found = ended_run(data, f"{self.work.uri}/{key}")
                if found is not None and found.catalogue == self.name:
                    self._ended[run_id] = found
        self._ended = {run_id: run for run_id, run in self._ended.items() if run_id in listed}
        self._listed_at = time.monotonic()

    def run(self, run_id: str) -> EndedRun | None:
        """A run that ended; None: there is none of that name in this catalogue."""
        self.runs()
        if run_id not in self._ended:
            with self._lock:
                self._list()  # it may have ended since they were listed
        return self._ended.get(run_id)

    def is_under_way(self, run_id: str) -> bool:
        """Whether a run of that name began and has not ended."""
        self.runs()
        return run_id in self._under_way

    def under_way(self) -> list[str]:
        """Names of the newest runs that began and have not ended."""
        self.runs()
        return self._under_way[-_SHOWN_UNDER_WAY:]

    def before(self, run: EndedRun) -> EndedRun | None:
        """The run before this one that made the same variants."""
        return next(
            (
                each
                for each in self.runs()
                if each.started < run.started
                and not each.idle
                and set(each.variants) == set(run.variants)
            ),
            None,
        )

    def index(self, run: EndedRun) -> RunIndex:
        """All pictures of a run."""
        older = [each for each in self.runs() if each.started < run.started]
        return self._indexes.get(run.run_id, lambda: index_of(self.work, run, older))

    def files(self, run: EndedRun, folder: str) -> frozenset[str]:
        """Keys of all that lies below a folder of a run."""
        key = run_key(run.run_id, folder)
        return self._files.get(key, lambda: frozenset(self.work.listing(key)["key"].to_pylist()))

    def once_there(self, run_id: str, read: Callable[[], Verdicts]) -> Tried:
        """What a run that makes other attempts has made: for good once all is there."""
        known = self._tried.get(run_id)
        if known and (known.whole or time.monotonic() - known.read_at < LISTED_SECONDS):
            return known
        jobs, judged = (
            len(self.work.listing(run_key(run_id, folder))) for folder in ("jobs/", "quality/")
        )
        known = Tried(
            verdicts=read() if judged else {},
            read_at=time.monotonic(),
            whole=0 < jobs == judged,
            not_made="" if judged else not_made(self.work, run_id),
        )
        self._tried[run_id] = known
        return known

    def published(self) -> Published:
        """What shops see now."""
        pointer, _ = read_pointer(self.published_storage)
        if pointer is None:
            return Published(None, self.manifest(None))
        return Published(pointer, self.manifest(pointer.version))

    def manifest(self, version: str | None) -> pa.Table:
        """The manifest of a version, in the columns of PublishedFile; empty for None."""
        if version is None:
            return conformed(pa.table({}))
        return self._manifests.get(
            version, lambda: conformed(from_bytes(read_version(self.published_storage, version)))
        )


class Shops:
    """All catalogues, opened once each; what they are is asked again every few seconds."""

    def __init__(self, catalogues: Callable[[], list[Shop]]) -> None:
        self._open = catalogues
        self._shops: dict[str, Shop] = {}
        self._asked_at = float("-inf")
        self._lock = Lock()

    def all(self) -> list[Shop]:
        """In the order of their names."""
        with self._lock:
            if time.monotonic() - self._asked_at > LISTED_SECONDS:
                known = {shop.catalogue.model_dump_json(): shop for shop in self._shops.values()}
                opened = self._open()
                self._shops = {
                    shop.name: known.get(shop.catalogue.model_dump_json(), shop) for shop in opened
                }
                self._asked_at = time.monotonic()
            return sorted(self._shops.values(), key=lambda shop: shop.name)

    def find(self, name: str) -> Shop | None:
        """The catalogue of that name."""
        return next((shop for shop in self.all() if shop.name == name), None)

    def warm(self) -> None:
        """Read what the first page of each catalogue will need.

        Raises:
            StorageError: A storage does not answer.
        """
        for shop in self.all():
            newest = next((run for run in shop.runs() if run.outcomes), None)
            if newest:
                shop.index(newest)
        choices()
