"""Many objects move at once, in order, with a bounded number on the way."""

import threading
import time

import pytest

from transforms.errors import NotFoundError, StorageError
from transforms.storage.folder import FolderStorage
from transforms.storage.transfer import create_each, read_each


class Watched(FolderStorage):
    """A folder that counts what is on the way."""

    def __init__(self, folder):
        super().__init__(folder)
        self.lock = threading.Lock()
        self.now = self.most = self.begun = 0

    def _count(self, change):
        with self.lock:
            self.now += change
            self.begun += change > 0
            self.most = max(self.most, self.now)

    def read(self, key):
        self._count(1)
        time.sleep(0.002)
        try:
            return super().read(key)
        finally:
            self._count(-1)

    def create(self, key, data):
        self._count(1)
        time.sleep(0.002)
        try:
            return super().create(key, data)
        finally:
            self._count(-1)


@pytest.fixture
def storage(tmp_path):
    return Watched(tmp_path / "storage")


@pytest.mark.parametrize("window", [1, 2, 16])
def test_objects_come_in_the_order_asked_for_and_no_more_than_the_window_at_once(storage, window):
    items = [(f"{i * 7919 % 100:03}", b"%d" % i) for i in range(100)]

    assert list(create_each(storage, items, window=window)) == [(key, True) for key, _ in items]
    assert storage.most <= window
    assert list(read_each(storage, [key for key, _ in items], window=window)) == items
    assert storage.most <= window


def test_keys_are_taken_as_they_are_needed(storage):
    """A slow consumer holds the producer back: memory stays bounded."""
    taken = []

    def keys():
        for i in range(100):
            taken.append(i)
            yield f"{i}"

    results = read_each(storage, keys(), window=4)
    assert taken == []
    next(results)
    time.sleep(0.05)
    assert len(taken) == 5
    assert storage.begun == 4
    results.close()
    assert storage.now == 0


def test_an_object_that_cannot_be_read_does_not_end_the_others(storage):
    storage.create("a", b"1")
    storage.create("c", b"3")

    (_, first), (_, missing), (_, third) = read_each(storage, ["a", "b", "c"])

    assert (first, third) == (b"1", b"3")
    assert isinstance(missing, NotFoundError)


def test_a_failed_write_is_raised_after_those_on_the_way_ended(storage):
    keys = ["a", "b", "..", *[f"after {i}" for i in range(50)]]

    with pytest.raises(StorageError, match="refused"):
        list(create_each(storage, ((key, b"1") for key in keys), window=4))

    assert storage.now == 0
    assert storage.listing("after").num_rows <= 4
    assert storage.read("a") == storage.read("b") == b"1"


def test_a_taken_key_is_said_to_be_taken(storage):
    assert list(create_each(storage, [("a", b"1"), ("b", b"1")])) == [("a", True), ("b", True)]
    assert list(create_each(storage, [("b", b"2"), ("c", b"2")])) == [("b", False), ("c", True)]


@pytest.mark.parametrize("window", [0, -1])
def test_a_window_holds_at_least_one(storage, window):
    with pytest.raises(ValueError, match="window"):
        list(read_each(storage, ["a"], window=window))
