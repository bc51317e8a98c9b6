"""What people decided about renditions: append-only records, bound to the pixels they are about."""

import json
import time
from collections.abc import Iterable
from datetime import datetime
from threading import Lock
from typing import Annotated, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from transforms.errors import ConflictError, NotFoundError, StorageError
from transforms.presets.scope import Overrides
from transforms.records.lasting import LastingRecord
from transforms.records.layout import REVIEWS, review_key, run_key
from transforms.records.parquet import from_table, parse_table
from transforms.records.renditions import QualityReport
from transforms.runs.run import Run
from transforms.runs.verdicts import read_verdicts
from transforms.storage.protocol import Storage
from transforms.storage.transfer import read_each

Action = Literal["approve", "reject", "retry", "undo"]

_NOT_MADE = "not-made.json"

LONGEST_REASON = 500
FRESH_SECONDS = 2.0
"""For so long a listing of decisions is taken to be true where pages are shown; whoever writes
looks anew."""


class ReviewDecision(LastingRecord):
    """`reviews/<fingerprint>/<number>.json`: what one person decided about one rendition."""

    fingerprint: str
    """Of the rendition: other pixels have another one, and this says nothing about them."""
    number: Annotated[int, Field(ge=1)]
    """Decisions about a rendition are counted; the last one stands."""
    action: Action
    """`undo` takes the one before back, so that nothing stands."""
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""
    by: Annotated[str, Field(min_length=1)]
    """The signed-in person's name."""
    at: datetime
    catalogue: str
    run_id: str
    """The run whose report holds the rendition's rules and files."""
    key: str
    sku: str
    view: str
    variant: str
    files: dict[str, str] = Field(default_factory=dict)
    """Channel (of several files with size and format) to the sha256 of what was looked at: an
    approval publishes these bytes."""
    instead_of: str = ""
    """Of another attempt: fingerprint of the rendition in whose place it would go out."""
    settings: Overrides | None = None
    """Of `retry`: what is tried instead."""
    preset: str = ""
    """Of `retry`: another preset; empty: the same."""
    model: str = ""
    """Of `retry`: another checkpoint of `config/models.yaml`; empty: as the preset says."""
    retry_run: str = ""
    """Of `retry`: the run that makes the new attempt."""

    @property
    def waits_as(self) -> str:
        """Fingerprint of the rendition that waits in the run's outcomes.

        That is its own, or that of the one in whose place it would go out.
        """
        return self.instead_of or self.fingerprint


def record_decision(work: Storage, decision: ReviewDecision) -> None:
    """Write a decision down; of two people who decide at once, one gets through.

    Raises:
        ConflictError: Somebody else decided meanwhile; says who, and what.
    """
    key = review_key(decision.fingerprint, decision.number)
    if work.create(key, decision.model_dump_json(indent=2).encode()):
        return
    other = _parse(work, key, work.read(key))
    said = "took the decision back" if other.action == "undo" else f"decided: {other.action}"
    raise ConflictError(
        f"{other.by} {said}, at {other.at:%d %B %H:%M} UTC. Yours was not recorded."
    )


def record_not_made(work: Storage, run_id: str, why: str) -> None:
    """Write down why another attempt could not be made, for the person who asked for it.

    Args:
        work: Of the catalogue.
        run_id: Of the run that was to make it.
        why: One sentence for a person. What is written first stays.
    """
    work.create(run_key(run_id, _NOT_MADE), json.dumps({"why": why}).encode())


def read_not_made(work: Storage, run_id: str) -> str:
    """Why another attempt could not be made; empty: nothing is written."""
    try:
        return str(json.loads(work.read(run_key(run_id, _NOT_MADE)))["why"])
    except (NotFoundError, ValueError, KeyError, TypeError):
        return ""


def read_decided_reports(
    run: Run, decisions: Iterable[ReviewDecision]
) -> dict[tuple[str, str], QualityReport]:
    """The reports that decisions are about, by key and fingerprint; what is gone is left out.

    Only the shards that hold them are read, each once.

    Args:
        run: The one that the decisions name.
        decisions: On renditions of this run.

    Raises:
        StorageError: A shard cannot be read.
    """
    work = run.places.work
    wanted = {(decision.key, decision.fingerprint) for decision in decisions}
    fingerprints = pa.array(sorted({fingerprint for _, fingerprint in wanted}), pa.string())
    verdicts = read_verdicts(work, run.plan.run_id)
    held_in = verdicts["report"].filter(pc.is_in(verdicts["fingerprint"], value_set=fingerprints))
    found = {}
    for key, data in read_each(work, pc.unique(held_in).to_pylist()):
        if isinstance(data, StorageError):
            raise data
        shard = parse_table(data, f"{work.uri}/{key}")
        near = shard.filter(pc.is_in(shard["fingerprint"], value_set=fingerprints))
        for report in from_table(near, QualityReport):
            if (report.key, report.fingerprint) in wanted:
                found[report.key, report.fingerprint] = report
    return found


class ReviewLog:
    """All decisions of a work storage, kept in memory; may be shared by threads.

    Records never change, so only new ones are read.
    """

    def __init__(self, work: Storage) -> None:
        self._work = work
        self._known: dict[str, ReviewDecision] = {}
        self._of: dict[str, list[ReviewDecision]] = {}
        self._read_at = float("-inf")
        self._reading = Lock()

    def about(self, fingerprint: str) -> list[ReviewDecision]:
        """Decisions about a rendition, oldest first, as of the last `refresh`."""
        return self._of.get(fingerprint, [])

    def standing(self, fingerprint: str) -> ReviewDecision | None:
        """The decision about a rendition that stands, as of the last `refresh`.

        None: nobody decided, or it was taken back.
        """
        return _find_standing(self._of.get(fingerprint, []))

    def all_standing(self) -> list[ReviewDecision]:
        """Every decision that stands, as of the last `refresh`."""
        found = (_find_standing(each) for each in list(self._of.values()))
        return [each for each in found if each is not None]

    def refresh(self, *, at_once: bool = False) -> "ReviewLog":
        """Read what is new, unless that was done a moment ago.

        Who asks while another thread reads gets what is known so far, and does not wait; but for
        the first time, and with `at_once`, which gives all that was recorded before the call.

        Raises:
            StorageError: Storage does not answer, or a record is not one.
        """
        if not at_once and time.monotonic() - self._read_at <= FRESH_SECONDS:
            return self
        never_read = self._read_at == float("-inf")
        if self._reading.acquire(blocking=at_once or never_read):
            try:
                self._read()
            finally:
                self._reading.release()
        return self

    def _read(self) -> None:
        keys = _list_keys(self._work)
        gone = self._known.keys() - keys
        new = [key for key in keys if key not in self._known]
        for key, data in read_each(self._work, new):
            self._known[key] = _parse(self._work, key, data)
        for key in gone:
            del self._known[key]
        if new or gone:
            self._of = _group(self._known.values())
        self._read_at = time.monotonic()


def _find_standing(decisions: Iterable[ReviewDecision]) -> ReviewDecision | None:
    last = max(decisions, key=lambda each: each.number, default=None)
    return None if last is None or last.action == "undo" else last


def _list_keys(work: Storage) -> dict[str, None]:
    try:
        return dict.fromkeys(work.listing(f"{REVIEWS}/")["key"].to_pylist())
    except NotFoundError:
        return {}


def _group(decisions: Iterable[ReviewDecision]) -> dict[str, list[ReviewDecision]]:
    found: dict[str, list[ReviewDecision]] = {}
    for each in sorted(decisions, key=lambda each: each.number):
        found.setdefault(each.fingerprint, []).append(each)
    return found


def _parse(work: Storage, key: str, data: bytes | StorageError) -> ReviewDecision:
    if isinstance(data, StorageError):
        raise data
    return ReviewDecision.parse(data, f"{work.uri}/{key}")
