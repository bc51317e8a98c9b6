"""Storage is read no more often than it has to be, and who waits for it waits alone."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from packshot_review.shop import Shop

from tests.plugins.conftest import Browser
from transforms.errors import StorageError
from transforms.records.layout import shard_key
from transforms.records.outcomes import Outcome
from transforms.records.parquet import read_records, write_records
from transforms.records.renditions import QualityReport
from transforms.runs.summary import read_summary

LONGEST_S = 20
RUN = "night-1"
MANY, SHARD = 500, 64


class SlowStorage:
    """A storage that counts what is read, and lets a key wait until it may be answered."""

    def __init__(self, storage):
        self._storage = storage
        self.reads = Counter()
        self.asked = threading.Event()
        """Somebody waits for a key."""
        self.answers = threading.Event()
        self.waits_for = ""

    def __getattr__(self, name):
        return getattr(self._storage, name)

    def read(self, key: str) -> bytes:
        self._wait(key)
        return self._storage.read(key)

    def listing(self, prefix: str = ""):
        self._wait(prefix)
        return self._storage.listing(prefix)

    def _wait(self, key: str) -> None:
        self.reads[key] += 1
        if key == self.waits_for:
            self.asked.set()
            assert self.answers.wait(LONGEST_S)


@pytest.fixture
def slow(shop) -> Shop:
    """The catalogue, with a work storage that counts and can be slow."""
    return Shop(shop.catalogue, SlowStorage(shop.work), shop.published_storage)


def copy_run(shop, run_id, **changes):
    """Another run that made what the night made."""
    summary = read_summary(shop.work, RUN).model_copy(update={"run_id": run_id, **changes})
    shop.work.create(f"runs/{run_id}/summary.json", summary.model_dump_json().encode())


def test_another_run_is_shown_while_storage_is_slow(slow):
    copy_run(slow, "night-2", outcomes="runs/night-2/outcomes.parquet")
    data = slow.work.read("runs/night-1/outcomes.parquet")
    slow.work.create("runs/night-2/outcomes.parquet", data)
    one, two = slow.run(RUN), slow.run("night-2")
    slow.work.waits_for = "runs/night-1/outcomes.parquet"

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(slow.index, one)
        assert slow.work.asked.wait(LONGEST_S)
        shown = slow.index(two)
        pictures, listed = slow.read_published().manifest, slow.runs()
        still_waiting = not waiting.done()
        slow.work.answers.set()

    assert still_waiting
    assert len(shown.pictures) == len(waiting.result().pictures) == 6
    assert len(pictures) == 2
    assert len(listed) == 2


def test_a_run_that_many_ask_for_is_read_once(slow):
    run = slow.run(RUN)
    key = slow.work.waits_for = "runs/night-1/outcomes.parquet"

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(slow.index, run) for _ in range(4)]
        assert slow.work.asked.wait(LONGEST_S)
        slow.work.answers.set()

    assert len({id(each.result()) for each in asked}) == 1
    assert slow.work.reads[key] == 1


def test_what_could_not_be_read_is_read_again(slow):
    run = slow.run(RUN)
    data = slow.work.read(run.outcomes)
    slow.work.delete([run.outcomes])
    slow.work.create(run.outcomes, b"not a manifest")
    with pytest.raises(StorageError, match="not a readable manifest"):
        slow.index(run)

    slow.work.delete([run.outcomes])
    slow.work.create(run.outcomes, data)

    assert len(slow.index(run).pictures) == 6


def test_pages_show_what_is_known_while_decisions_are_read(slow, monkeypatch):
    monkeypatch.setattr("transforms.publishing.decisions.FRESH_SECONDS", 0.0)
    page = Browser(slow).get("/c/shop/r/night-1").text
    slow.work.waits_for = "reviews/"

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(slow.log.refresh, at_once=True)
        assert slow.work.asked.wait(LONGEST_S)
        meanwhile = Browser(slow).get("/c/shop/r/night-1").text
        still_waiting = not waiting.done()
        slow.work.answers.set()

    assert still_waiting
    assert meanwhile == page


def test_who_decides_waits_for_what_was_decided_before(slow):
    slow.log.refresh()
    slow.work.waits_for = "reviews/"

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(slow.log.refresh, at_once=True)
        assert slow.work.asked.wait(LONGEST_S)
        second = threads.submit(slow.log.refresh, at_once=True)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.2)
        slow.work.answers.set()
        first.result()
        second.result()

    assert slow.work.reads["reviews/"] == 3


@pytest.fixture
def later(monkeypatch, slow):
    """List the runs anew, as a page some seconds later does; gives their names."""
    monkeypatch.setattr("packshot_review.runs.LISTED_SECONDS", 0.0)

    def later() -> list[str]:
        slow._run_list.read.cache_clear()
        return [run.run_id for run in slow.runs()]

    return later


def test_another_catalogues_summary_is_read_once(slow, later):
    copy_run(slow, "theirs", catalogue="other")

    assert [later() for _ in range(3)] == [[RUN]] * 3
    assert slow.work.reads["runs/theirs/summary.json"] == 1


def test_a_broken_summary_is_read_again_only_when_it_was_replaced(slow, later, caplog):
    key = "runs/night-2/summary.json"
    slow.work.create(key, b'{"run_id": ')
    assert later() == [RUN]
    read = slow.work.reads[key]

    assert [later() for _ in range(3)] == [[RUN]] * 3
    assert slow.work.reads[key] == read
    assert caplog.text.count("a run is left out") == 1

    slow.work.delete([key])
    copy_run(slow, "night-2")
    assert sorted(later()) == [RUN, "night-2"]


@pytest.fixture
def large(slow) -> list[QualityReport]:
    """A run of which hundreds of pictures wait, in shards; gives their reports."""
    (small, *_) = (
        each
        for each in read_records(slow.work, shard_key(RUN, "quality", 0), QualityReport)
        if each.verdict == "REVIEW"
    )
    outcomes = read_records(slow.work, "runs/night-1/outcomes.parquet", Outcome)
    (outcome,) = (each for each in outcomes if each.key == small.key)
    reports, waiting = [], []
    for number in range(MANY):
        named = {"key": f"SKU-{number}/front.jpg", "fingerprint": f"{number:024x}"}
        reports.append(small.model_copy(update=named))
        waiting.append(outcome.model_copy(update=named))
    copy_run(slow, "large", outcomes="runs/large/outcomes.parquet")
    write_records(slow.work, "runs/large/outcomes.parquet", waiting, Outcome)
    for number, first in enumerate(range(0, MANY, SHARD)):
        part = reports[first : first + SHARD]
        write_records(slow.work, shard_key("large", "quality", number), part, QualityReport)
    return reports


def approve(shop) -> tuple[dict, Counter]:
    """Approve all of the large run at once: the answer, and which shards were read for it."""
    browser = Browser(shop)
    listed = browser.get("/c/shop/r/large/selection").json()["pictures"]
    chosen = [{name: each[name] for name in ("id", "fingerprint", "number")} for each in listed]
    shop.work.reads.clear()
    body = {"action": "approve", "pictures": chosen}
    answer = browser.post("/c/shop/r/large/decisions", body).json()
    return answer, Counter({k: n for k, n in shop.work.reads.items() if "/quality/" in k})


def test_many_are_approved_with_one_read_of_each_shard(slow, large):
    answer, reads = approve(slow)

    assert len(answer["done"]) == len(large)
    assert answer["refused"] == []
    assert len(reads) == -(-MANY // SHARD)
    assert set(reads.values()) == {1}


def test_of_many_only_those_are_refused_whose_shard_is_gone(slow, large):
    Browser(slow).get("/c/shop/r/large")
    slow.work.delete([shard_key("large", "quality", 0)])

    answer, _ = approve(slow)

    assert len(answer["refused"]) == SHARD
    assert "no longer kept" in answer["refused"][0]["why"]
    assert len(answer["done"]) == len(large) - SHARD
