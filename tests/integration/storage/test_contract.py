"""What every storage promises, on a folder and on a real S3 server."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from transforms.errors import ConflictError, NotFoundError, StorageError
from transforms.storage.keys import check_new_key
from transforms.storage.protocol import LISTING
from transforms.storage.transfer import create_each, read_each

ODD_KEYS = [
    "a b/two  spaces.jpg",
    "plus+sign",
    "percent%20encoded",
    "100%",
    "hash#tag?query&amp;=1",
    "quotes'\"`",
    "brackets[]{}()<>",
    "pipe|^~*:;@!$,",
    "umlaut-\u00fc",
    "combining-u\u0308",
    "\u5546\u54c1/\u5199\u771f.jpg",
    "\U0001f384/\U0001f468\u200d\U0001f469\u200d\U0001f467.png",
    "dots..in...name..",
    "UPPER/lower",
    "upper/LOWER",
]
REFUSED_KEYS = ["", "/a", "..", "../a", "a/../b", "a/./b", "a/..", "nul\0", "lone\ud800"]
NOT_WRITTEN = [
    *REFUSED_KEYS,
    "a//b",
    "a/",
    ".hidden",
    "a/.hidden/b",
    "new\nline",
    "\x7f",
    "back\\slash",
]


def race(contenders, count=8):
    """Results of `contenders(i)` called in `count` threads at the same moment."""
    start = threading.Barrier(count)

    def contend(index):
        start.wait()
        return contenders(index)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(contend, range(count)))


def test_an_object_is_read_as_it_was_written(storage):
    assert storage.create("sku/front.jpg", b"\x00\xff picture") is True
    assert storage.read("sku/front.jpg") == b"\x00\xff picture"


@pytest.mark.parametrize("size", [0, 1, 7_000_000], ids=["empty", "one byte", "7 MB"])
def test_every_size_comes_back(storage, size):
    data = bytes(size % 251 for size in range(1000)) * (size // 1000) + b"x" * (size % 1000)

    storage.create("sized", data)

    assert storage.read("sized") == data
    assert storage.stat("sized").size_bytes == size
    assert storage.listing()["size_bytes"].to_pylist() == [size]


def test_a_taken_key_is_not_written_again(storage):
    storage.create("key", b"first")

    assert storage.create("key", b"second") is False
    assert storage.read("key") == b"first"


def test_the_name_of_a_folder_is_never_said_to_be_a_taken_key(storage):
    """S3 has objects beside folders of their name; other storages refuse, and none lies."""
    storage.create("runs/1", b"1")
    try:
        created = storage.create("runs", b"beside")
    except StorageError as refusal:
        assert "a folder stands where" in str(refusal)  # noqa: PT017
    else:
        assert created is True
        assert storage.read("runs") == b"beside"


def test_eight_creators_have_one_winner(opened_again):
    storages = [opened_again() for _ in range(8)]
    for attempt in range(2):  # SeaweedFS lets losers wait for seconds
        key = f"race/{attempt}"
        won = race(lambda i, key=key: storages[i].create(key, b"%d" % i * 1000))

        assert won.count(True) == 1
        assert storages[0].read(key) == b"%d" % won.index(True) * 1000


def test_swap_replaces_what_was_seen_and_gives_the_new_etag(storage):
    storage.create("current.json", b"1")
    seen = storage.stat("current.json").etag

    etag = storage.swap("current.json", b"2", expected_etag=seen)

    assert storage.read("current.json") == b"2"
    assert storage.stat("current.json").etag == etag != seen
    assert storage.listing()["etag"].to_pylist() == [etag]


def test_a_stale_swap_changes_nothing(storage):
    storage.create("current.json", b"1")
    stale = storage.stat("current.json").etag
    storage.swap("current.json", b"2", expected_etag=stale)

    with pytest.raises(ConflictError, match=r"current\.json"):
        storage.swap("current.json", b"3", expected_etag=stale)

    assert storage.read("current.json") == b"2"


@pytest.mark.parametrize("key", ["gone", "no/such/folder"])
def test_swap_of_a_deleted_object_is_a_conflict(storage, key):
    storage.create("other", b"1")

    with pytest.raises(ConflictError):
        storage.swap(key, b"2", expected_etag=storage.stat("other").etag)

    assert storage.listing()["key"].to_pylist() == ["other"]


def test_swap_without_etag_only_creates(storage):
    etag = storage.swap("current.json", b"1", expected_etag=None)

    assert storage.stat("current.json").etag == etag
    with pytest.raises(ConflictError):
        storage.swap("current.json", b"2", expected_etag=None)
    assert storage.read("current.json") == b"1"


def test_eight_swappers_have_one_winner(opened_again):
    storages = [opened_again() for _ in range(8)]
    storages[0].create("pointer", b"start")
    for _ in range(2):
        seen = storages[0].stat("pointer").etag

        def swap(index, seen=seen):
            try:
                return storages[index].swap("pointer", b"by %d" % index, expected_etag=seen)
            except ConflictError:
                return None

        etags = race(swap)
        (winner,) = [i for i, etag in enumerate(etags) if etag]

        assert storages[0].read("pointer") == b"by %d" % winner
        # the content may be the round's before, and S3's etag is a hash of the content
        storages[0].swap("pointer", b"between", expected_etag=etags[winner])


def test_no_increment_is_lost(opened_again):
    storages = [opened_again() for _ in range(4)]
    storages[0].create("count", b"0")

    def add_five(index):
        storage = storages[index]
        done = 0
        while done < 5:
            seen = storage.stat("count").etag
            try:
                next_count = b"%d" % (int(storage.read("count")) + 1)
                storage.swap("count", next_count, expected_etag=seen)
            except ConflictError:
                continue
            done += 1

    race(add_five, count=4)

    assert opened_again().read("count") == b"20"


def test_a_reader_never_sees_a_mixture(opened_again):
    def content(generation):
        return bytes([generation]) * (100_000 + generation)

    storage, *readers = [opened_again() for _ in range(3)]
    storage.create("pointer", content(0))
    ended = threading.Event()

    def read_all_along(reader):
        seen = []
        while not ended.is_set():
            seen.append(reader.read("pointer"))
        return seen

    with ThreadPoolExecutor(2) as threads:
        reading = [threads.submit(read_all_along, reader) for reader in readers]
        try:
            for generation in range(1, 40):
                etag = storage.stat("pointer").etag
                storage.swap("pointer", content(generation), expected_etag=etag)
        finally:
            ended.set()
        reads = [data for each in reading for data in each.result()]

    assert reads
    assert all(data == content(data[0]) for data in reads)


def test_missing_objects(storage):
    storage.create("folder/file", b"1")
    for key in ("nothing", "folder", "folder/file/below", "folder/fil"):
        with pytest.raises(NotFoundError, match=key):
            storage.read(key)
        with pytest.raises(NotFoundError, match=key):
            storage.stat(key)


def test_the_listing_has_every_object_with_its_state_in_order_of_keys(storage):
    before = datetime.now(UTC) - timedelta(seconds=2)
    for key in ("b/2", "a", "b/10", "b-1", "b/c/d", "\u00e4", "Z"):
        storage.create(key, key.encode() * 3)

    table = storage.listing()

    assert table.schema == LISTING
    assert table["key"].to_pylist() == ["Z", "a", "b-1", "b/10", "b/2", "b/c/d", "\u00e4"]
    for row in table.to_pylist():
        found = storage.stat(row["key"])
        assert row["size_bytes"] == len(row["key"].encode()) * 3 == found.size_bytes
        assert row["etag"] == found.etag
        assert before <= row["modified"] <= datetime.now(UTC) + timedelta(seconds=2)
        assert abs(row["modified"] - found.modified) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("prefix", "keys"),
    [
        pytest.param("", ["runs/1/a", "runs/1/b/c", "runs/10/a", "runs2/x"], id="all"),
        pytest.param("runs", ["runs/1/a", "runs/1/b/c", "runs/10/a", "runs2/x"], id="text"),
        pytest.param("runs/", ["runs/1/a", "runs/1/b/c", "runs/10/a"], id="folder"),
        pytest.param("runs/1", ["runs/1/a", "runs/1/b/c", "runs/10/a"], id="part of a name"),
        pytest.param("runs/1/", ["runs/1/a", "runs/1/b/c"], id="deep folder"),
        pytest.param("runs/1/a", ["runs/1/a"], id="one object"),
        pytest.param("runs/1/a/", [], id="an object is no folder"),
        pytest.param("none/", [], id="nothing there"),
    ],
)
def test_a_prefix_is_text_not_a_folder(storage, prefix, keys):
    for key in ("runs/1/a", "runs/1/b/c", "runs/10/a", "runs2/x"):
        storage.create(key, b"1")

    assert storage.listing(prefix)["key"].to_pylist() == keys


@pytest.mark.parametrize("prefix", ["../", "a/../../", "/etc/", "./"])
def test_no_prefix_leads_out_of_the_storage(storage, prefix):
    with pytest.raises(StorageError, match="refused"):
        storage.listing(prefix)
    with pytest.raises(StorageError, match="refused"):
        storage.folders(prefix)


def test_folders_are_those_that_hold_objects(storage):
    for key in ("runs/b/deep/er/x", "runs/a/x", "runs/file", "other/c/x"):
        storage.create(key, b"1")

    assert storage.folders("runs") == ["a", "b"]
    assert storage.folders("runs/") == ["a", "b"]
    assert storage.folders("runs/b") == ["deep"]
    assert storage.folders("") == ["other", "runs"]
    assert storage.folders("runs/a") == storage.folders("none") == storage.folders("run") == []


def test_deleting_takes_away_those_objects_and_no_other(storage):
    for key in ("runs/1/a", "runs/1/b", "runs/2/a", "kept"):
        storage.create(key, b"1")

    storage.delete(key for key in ["runs/1/a", "runs/1/b", "runs/2/a", "never/was", "runs"])

    assert storage.listing()["key"].to_pylist() == ["kept"]
    assert storage.listing("runs/").num_rows == 0
    assert storage.create("runs/1/a", b"again") is True


def test_deleting_nothing_is_no_error(storage):
    storage.create("kept", b"1")

    storage.delete([])

    assert storage.read("kept") == b"1"


@pytest.mark.parametrize("key", ODD_KEYS)
def test_odd_keys_round_trip(storage, key):
    assert storage.create(key, b"1")
    storage.swap(key, key.encode(), expected_etag=storage.stat(key).etag)

    assert storage.read(key) == key.encode()
    assert storage.listing()["key"].to_pylist() == [key]
    assert storage.listing(key)["key"].to_pylist() == [key]
    storage.delete([key])
    assert storage.listing().num_rows == 0


def test_odd_keys_do_not_collide(storage):
    for key in ODD_KEYS:
        assert storage.create(key, key.encode()) is True

    assert storage.listing()["key"].to_pylist() == sorted(ODD_KEYS)
    assert all(storage.read(key) == key.encode() for key in ODD_KEYS)


@given(
    key=st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=30),
        min_size=1,
        max_size=3,
    ).map("/".join)
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_key_that_is_accepted_round_trips(storage, key):
    key = f"{uuid.uuid4().hex}/{key}"  # what an example leaves behind is not the next one's
    try:
        check_new_key(key, storage.uri)
    except StorageError:
        assume(False)

    assert storage.create(key, key.encode()) is True
    assert storage.read(key) == key.encode()
    assert storage.listing()["key"].to_pylist() == [key]
    storage.delete([key])


@pytest.mark.parametrize("key", NOT_WRITTEN, ids=ascii)
def test_keys_that_no_storage_could_hold_are_refused(storage, key):
    with pytest.raises(StorageError, match="refused") as refusal:
        storage.create(key, b"1")
    with pytest.raises(StorageError, match="refused"):
        storage.swap(key, b"1", expected_etag=None)

    assert storage.uri in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert storage.listing().num_rows == 0


@pytest.mark.parametrize("key", REFUSED_KEYS, ids=ascii)
def test_no_key_leads_out_of_the_storage(storage, key):
    for look in (storage.read, storage.stat, lambda key: storage.delete([key])):
        with pytest.raises(StorageError, match="refused"):
            look(key)


@pytest.mark.parametrize("opened_again", ["folder", "s3"], indirect=True)
def test_three_thousand_objects(storage):
    """More than three pages of an S3 listing."""
    items = [(f"{i % 7}/{i:05}", b"%d" % i) for i in range(3000)]

    assert all(new for _, new in create_each(storage, items, window=32))
    assert storage.listing()["key"].to_pylist() == sorted(key for key, _ in items)
    assert storage.listing("3/").num_rows == len(range(3, 3000, 7))
    assert list(read_each(storage, [key for key, _ in items[::10]], window=32)) == items[::10]
    storage.delete(key for key, _ in items if key.startswith("3/"))
    assert storage.listing("3/").num_rows == 0
    assert storage.listing().num_rows == 3000 - len(range(3, 3000, 7))
