"""What a folder adds to the contract: killed writers, full disks, links, names not in UTF-8."""

import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from transforms.errors import ConflictError, NotFoundError, StorageError
from transforms.storage import durable
from transforms.storage.folder import FolderStorage

ROOT = Path(__file__).resolve().parents[3]
OPEN = """
import os, resource, signal, sys
from pathlib import Path
from transforms.errors import PackshotError
from transforms.storage import durable
from transforms.storage.folder import FolderStorage
storage = FolderStorage(Path(sys.argv[1]))
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "storage"


@pytest.fixture
def storage(folder):
    return FolderStorage(folder)


def run(folder, lines):
    """Run lines in a process of their own, with a `storage` in `folder`."""
    return subprocess.run(
        [sys.executable, "-c", OPEN + lines, folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def all_names(folder):
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*"))


def test_a_folder_that_is_not_there_cannot_be_listed_and_is_named(storage, folder):
    with pytest.raises(StorageError, match="no such folder") as missing:
        storage.listing()

    assert folder.as_uri() in str(missing.value)
    assert not folder.exists()


def test_a_folder_that_is_not_there_holds_nothing_until_the_first_write(storage, folder):
    assert storage.folders("runs") == []
    with pytest.raises(NotFoundError):
        storage.read("current.json")
    with pytest.raises(NotFoundError):
        storage.stat("current.json")
    storage.delete(["current.json"])
    assert not folder.exists()

    assert storage.create("deep/er/current.json", b"1") is True
    assert storage.listing()["key"].to_pylist() == ["deep/er/current.json"]


def test_a_writer_killed_while_it_creates_leaves_nothing(folder):
    """Ten processes write without end and die at a random moment."""
    endless = (
        "for i in range(10**6):\n    storage.create(f'made/{i}', bytes([i % 251]) * 3_000_000)"
    )
    dice = random.Random(7)
    for _ in range(10):
        writer = subprocess.Popen([sys.executable, "-c", OPEN + endless, folder], cwd=ROOT)
        while not folder.exists() or not all_names(folder):
            time.sleep(0.005)
        time.sleep(dice.random() * 0.05)
        writer.send_signal(signal.SIGKILL)
        writer.wait()

        left = [each for each in folder.rglob("*") if each.is_file()]
        contents = [each.read_bytes() for each in left]
        assert not [each.name for each in left if each.name.startswith(".")]
        assert all(data == data[:1] * 3_000_000 for data in contents)
        FolderStorage(folder).delete(f"made/{each.name}" for each in left)


def test_a_creator_killed_before_its_file_has_a_name_leaves_no_file(folder):
    killed = run(folder, "os.link = die\nstorage.create('a/b', b'1')")

    assert killed.returncode == -signal.SIGKILL
    assert all_names(folder) == ["a"]
    assert FolderStorage(folder).folders("") == []


@pytest.mark.parametrize("instant", ["os.link", "os.replace"])
def test_a_killed_swap_is_not_seen_and_the_next_one_cleans_up(storage, folder, instant):
    storage.create("a/pointer", b"old")
    killed = run(
        folder,
        f"seen = storage.stat('a/pointer').etag\n{instant} = die\n"
        "storage.swap('a/pointer', b'new', expected_etag=seen)",
    )

    assert killed.returncode == -signal.SIGKILL
    assert storage.read("a/pointer") == b"old"
    assert storage.listing()["key"].to_pylist() == ["a/pointer"]
    storage.swap("a/pointer", b"newer", expected_etag=storage.stat("a/pointer").etag)
    assert all_names(folder) == ["a", "a/pointer"]


def test_deleting_takes_the_rest_of_a_killed_swap_and_empty_folders_with_it(storage, folder):
    storage.create("a/b/pointer", b"old")
    run(
        folder,
        "seen = storage.stat('a/b/pointer').etag\nos.replace = die\n"
        "storage.swap('a/b/pointer', b'new', expected_etag=seen)",
    )

    storage.delete(["a/b/pointer"])

    assert all_names(folder) == []
    assert folder.is_dir()


def test_a_process_that_holds_the_lock_makes_others_wait_and_its_death_frees_them(storage, folder):
    storage.create("pointer", b"old")
    seen = storage.stat("pointer").etag
    holder = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            OPEN + "with durable.open_folder(sys.argv[1]) as f, durable.lock_folder(f, wait_s=1):\n"
            "    print('held', flush=True)\n    signal.pause()",
            folder,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline() == b"held\n"
    with (
        durable.open_folder(folder) as descriptor,
        pytest.raises(TimeoutError),
        durable.lock_folder(descriptor, wait_s=0.1),
    ):
        pass

    holder.kill()
    holder.communicate()

    assert storage.swap("pointer", b"new", expected_etag=seen) != seen


def test_a_disk_without_room_is_named_and_nothing_is_left(folder):
    """The limit on file sizes stands for a full disk: both fail in the middle of a write."""
    full = run(
        folder,
        "storage.create('small', b'1')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "for write in (lambda: storage.create('a/big', bytes(200_000)),\n"
        "    lambda: storage.swap('small', bytes(200_000),\n"
        "        expected_etag=storage.stat('small').etag)):\n"
        "    try:\n        write()\n"
        "    except PackshotError as error:\n        print(type(error).__name__, error)\n",
    )

    said = full.stdout.splitlines()
    assert [line.partition(": ")[0] for line in said] == [
        f"StorageError {folder.as_uri()}/{key}" for key in ("a/big", "small")
    ], full.stderr
    assert all("ulimit -f" in line for line in said)
    assert all_names(folder) == ["a", "small"]
    assert (folder / "small").read_bytes() == b"1"


@pytest.fixture
def public_folder():
    """Pytest's own folders let only their owner through."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_folder_without_permission_is_named(public_folder):
    """Root may do anything, so the process becomes nobody first."""
    FolderStorage(public_folder).create("a/b", b"1")
    (public_folder / "a" / "b").chmod(0)
    (public_folder / "a").chmod(0o555)

    refused = run(
        public_folder,
        "if os.geteuid() == 0:\n    os.setuid(65534)\n"
        "for act in (lambda: storage.create('a/c', b'1'), lambda: storage.read('a/b')):\n"
        "    try:\n        act()\n"
        "    except PackshotError as error:\n        print(type(error).__name__, error)\n",
    )

    (public_folder / "a").chmod(0o755)
    said = refused.stdout.splitlines()
    assert [line.partition(": ")[0] for line in said] == [
        f"StorageError {public_folder.resolve().as_uri()}/{key}" for key in ("a/c", "a/b")
    ], refused.stderr


@pytest.mark.parametrize(
    ("key", "said"),
    [
        pytest.param("file/below", "a file stands where", id="file as folder"),
        pytest.param("x" * 300, "name is too long", id="long name"),
    ],
)
def test_what_a_file_system_cannot_hold_is_one_clear_line(storage, key, said):
    storage.create("file", b"1")

    with pytest.raises(StorageError, match=said) as refusal:
        storage.create(key, b"1")

    assert key in str(refusal.value)


def test_hidden_files_are_not_listed(storage, folder):
    storage.create("a/b", b"1")
    (folder / ".DS_Store").write_bytes(b"1")
    (folder / "a" / "._b").write_bytes(b"1")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_bytes(b"1")

    assert storage.listing()["key"].to_pylist() == ["a/b"]
    assert storage.folders("") == ["a"]


def test_links_and_pipes_are_left_out_and_counted_in_the_log(storage, folder, tmp_path, caplog):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_bytes(b"1")
    storage.create("a/b", b"1")
    (folder / "file link").symlink_to(tmp_path / "outside" / "secret")
    (folder / "folder link").symlink_to(tmp_path / "outside")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")

    with caplog.at_level(logging.WARNING):
        assert storage.listing()["key"].to_pylist() == ["a/b"]

    assert "4 links or special files left out" in caplog.text
    for key in ("file link", "pipe"):
        with pytest.raises(NotFoundError):
            storage.read(key)
    for act in (
        lambda: storage.read("folder link/secret"),
        lambda: storage.create("folder link/new", b"1"),
        lambda: storage.delete(["folder link/secret"]),
    ):
        with pytest.raises(StorageError, match="leads out"):
            act()
    assert [each.name for each in (tmp_path / "outside").iterdir()] == ["secret"]


def test_the_folder_itself_may_be_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    storage = FolderStorage(tmp_path / "link")

    assert storage.create("a", b"1") is True
    assert storage.listing()["key"].to_pylist() == ["a"]


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS stores no such names")
def test_names_that_are_not_text_are_listed_under_exact_keys(storage, folder):
    names = [b"caf\xe9.jpg", b"caf\xc3\xa9.jpg", b"\xff\xfe/x.jpg", "\uefe9\uef80".encode()]
    for name in names:
        path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name)

    table = storage.listing()

    table.validate(full=True)
    assert sorted(storage.read(key) for key in table["key"].to_pylist()) == sorted(names)
    assert "caf\u00e9.jpg" in table["key"].to_pylist()
    assert storage.folders("") == ["\uefff\ueffe"]
    storage.delete(table["key"].to_pylist())
    assert all_names(folder) == []


def test_control_characters_in_names_are_read_but_not_written(storage, folder):
    folder.mkdir()
    (folder / "two\nlines.jpg").write_bytes(b"1")

    assert storage.listing()["key"].to_pylist() == ["two\nlines.jpg"]
    assert storage.read("two\nlines.jpg") == b"1"


def test_an_etag_never_comes_back(storage):
    """Inodes are used again and clocks tick slowly; a thousand equal contents still differ."""
    etags = [storage.swap("pointer", b"0", expected_etag=None)]
    for _ in range(200):
        etags.append(storage.swap("pointer", b"0", expected_etag=etags[-1]))

    assert len(set(etags)) == len(etags)
    with pytest.raises(ConflictError):
        storage.swap("pointer", b"0", expected_etag=etags[0])


def test_creating_survives_others_that_prune_the_folder(storage):
    """One creates and deletes a/b/x, another a/b/y: each takes the other's folder away."""
    lines = (
        "for i in range(150):\n    assert storage.create(f'a/b/{os.getpid()}', b'1')\n"
        "    storage.delete([f'a/b/{os.getpid()}'])"
    )
    root = storage._root
    writers = [
        subprocess.Popen([sys.executable, "-c", OPEN + lines, root], cwd=ROOT) for _ in range(2)
    ]

    assert [each.wait() for each in writers] == [0, 0]
    assert all_names(root) == []


def test_new_files_obey_the_umask(storage, folder):
    before = os.umask(0o027)
    try:
        storage.create("a", b"1")
        storage.swap("a", b"2", expected_etag=storage.stat("a").etag)
    finally:
        os.umask(before)

    assert (folder / "a").stat().st_mode & 0o777 == 0o640
