"""One catalogue as the review page sees it: its ended runs, their pictures, what is published.

No lock is held while storage is read: whoever asks for what is being read waits for it, and nobody
else does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Lock

import pyarrow as pa
from cachetools import LRUCache, TLRUCache, TTLCache, cachedmethod

from packshot_review.choices import read_choices
from packshot_review.index import ReportRow, RunIndex, RunPicture, read_index, read_run_reports
from packshot_review.runs import LISTED_SECONDS, EndedRun, RunList
from transforms.presets.catalogue import Catalogue
from transforms.publishing.decisions import ReviewLog, read_not_made
from transforms.publishing.version import read_manifest, read_pointer
from transforms.records.artefact import PREPARED_IMAGE, RENDITION, keys_of
from transforms.records.layout import run_key
from transforms.records.pointer import Pointer
from transforms.storage.protocol import Storage

KEPT_INDEXES, KEPT_MANIFESTS, KEPT_RETRY_RUNS = 8, 2, 10_000
KEPT_THUMBNAILS = 50_000
"""Where they lie, not their pixels: some 20 MB."""
_SHOWN_UNDER_WAY = 3


@dataclass(frozen=True, slots=True)
class Published:
    """What shops see now."""

    pointer: Pointer | None
    manifest: pa.Table
    """Columns of PublishedFile."""


@dataclass(frozen=True, slots=True)
class RetryRun:
    """What a run that makes other attempts had made when it was looked at."""

    verdicts: dict[tuple[str, str], ReportRow]
    """By key and variant."""
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
        self._run_list = RunList(work, catalogue.name)
        self._settled = Condition()
        self._lock = Lock()
        self._thumbnails: LRUCache[tuple[str, str], str] = LRUCache(KEPT_THUMBNAILS)
        self._indexes: LRUCache[str, RunIndex] = LRUCache(KEPT_INDEXES)
        self._manifests: LRUCache[str, pa.Table] = LRUCache(KEPT_MANIFESTS)
        self._retry_runs: TLRUCache[str, RetryRun, float] = TLRUCache(
            KEPT_RETRY_RUNS,
            ttu=lambda _, run, now: now + (float("inf") if run.whole else LISTED_SECONDS),
        )

    @property
    def name(self) -> str:
        """The catalogue's."""
        return self.catalogue.name

    def runs(self) -> list[EndedRun]:
        """Runs that ended, newest first.

        Raises:
            StorageError: Storage does not answer.
        """
        return list(self._run_list.read().ended)

    def run(self, run_id: str) -> EndedRun | None:
        """A run that ended; None: there is none of that name in this catalogue."""
        return self._run_list.find(run_id)

    def is_under_way(self, run_id: str) -> bool:
        """Whether a run of that name began and has not ended."""
        return run_id in self._run_list.read().under_way

    def under_way(self) -> list[str]:
        """Names of the newest runs that began and have not ended."""
        return list(self._run_list.read().under_way[-_SHOWN_UNDER_WAY:])

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

    @cachedmethod(
        lambda self: self._indexes,
        key=lambda _, run: run.run_id,
        condition=lambda self: self._settled,
    )
    def index(self, run: EndedRun) -> RunIndex:
        """All pictures of a run."""
        older = [each for each in self.runs() if each.started < run.started]
        return read_index(self.work, run, older)

    @cachedmethod(
        lambda self: self._retry_runs,
        key=lambda _, run_id: run_id,
        condition=lambda self: self._settled,
    )
    def read_retry_run(self, run_id: str) -> RetryRun:
        """What a run that makes other attempts has made so far, or why it could not."""
        jobs, judged = (
            len(self.work.listing(run_key(run_id, folder))) for folder in ("jobs/", "quality/")
        )
        reports = read_run_reports(self.work, run_id) if judged else ()
        return RetryRun(
            verdicts={(each.key, each.variant): each for each in reports},
            whole=0 < jobs == judged,
            not_made="" if judged else read_not_made(self.work, run_id),
        )

    def thumbnail_keys(self, pictures: list[RunPicture]) -> list[str]:
        """Keys of pictures' thumbnails, which facts tell once and the page remembers.

        Returns:
            Of each rendition; where none was made, of the photograph; empty where there is none.

        Raises:
            StorageError: Storage does not answer.
        """
        wanted = [
            (each.fingerprint, "thumb.jpg") if each.fingerprint else (each.prepared, "before.jpg")
            for each in pictures
        ]
        with self._lock:
            known = {each: self._thumbnails[each] for each in wanted if each in self._thumbnails}
        for kind, name in ((RENDITION, "thumb.jpg"), (PREPARED_IMAGE, "before.jpg")):
            unknown = (mark for mark, of in wanted if of == name and (mark, of) not in known)
            found = keys_of(self.work, kind, unknown, name)
            known |= found
            with self._lock:
                self._thumbnails.update(found)
        return [known.get(each, "") for each in wanted]

    def forget_thumbnail(self, key: str) -> None:
        """Ask facts again where a thumbnail lies: it is no longer there."""
        with self._lock:
            for each in [each for each, at in self._thumbnails.items() if at == key]:
                del self._thumbnails[each]

    def read_published(self) -> Published:
        """What shops see now."""
        pointer, _ = read_pointer(self.published_storage)
        if pointer is None:
            return Published(None, read_manifest(self.published_storage, None))
        return Published(pointer, self.manifest(pointer.version))

    @cachedmethod(
        lambda self: self._manifests,
        key=lambda _, version: version,
        condition=lambda self: self._settled,
    )
    def manifest(self, version: str) -> pa.Table:
        """The manifest of a version, in the columns of PublishedFile."""
        return read_manifest(self.published_storage, version)


class Shops:
    """All catalogues, opened once each; what they are is asked again every few seconds."""

    def __init__(self, catalogues: Callable[[], list[Shop]]) -> None:
        self._open = catalogues
        self._opened: dict[str, Shop] = {}
        self._settled = Condition()
        self._listings: TTLCache[str, list[Shop]] = TTLCache(1, LISTED_SECONDS)

    @cachedmethod(
        lambda self: self._listings, key=lambda _: "all", condition=lambda self: self._settled
    )
    def all(self) -> list[Shop]:
        """In the order of their names."""
        known = {shop.catalogue.model_dump_json(): shop for shop in self._opened.values()}
        self._opened = {
            shop.name: known.get(shop.catalogue.model_dump_json(), shop) for shop in self._open()
        }
        return sorted(self._opened.values(), key=lambda shop: shop.name)

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
        read_choices()
