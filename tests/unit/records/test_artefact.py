"""An artefact's files and facts are of one writer, whatever is killed, raced or lost."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from transforms.errors import NotFoundError, StorageError, TornArtefactError
from transforms.records.artefact import (
    FRAMED_RENDITION,
    PREPARED_IMAGE,
    RENDITION,
    discard,
    find_artefact,
    keys_of,
    read_artefact,
    write_artefact,
)
from transforms.records.facts import NotFramed, Placement, RenditionFacts
from transforms.storage.folder import FolderStorage

MARK = "f" * 24


class FullAt(FolderStorage):
    """A folder whose disk is full when a key with this ending is written."""

    full_at = ".none"

    def create(self, key: str, data: bytes) -> bool:
        if key.endswith(self.full_at):
            raise StorageError(f"{key}: no space left")
        return super().create(key, data)


@pytest.fixture
def work(tmp_path) -> FullAt:
    return FullAt(tmp_path)


def facts(seed: int) -> RenditionFacts:
    return RenditionFacts(
        prepared="p",
        preset="standard",
        brand="house",
        engine="standardise",
        seed=seed,
        placement=Placement(scale=1, left=0, top=0, canvas_px=9, product=(1, 1, 8, 8)),
        enlarged=False,
        shadow=None,
        versions={},
    )


def written(work, seed: int, *, mark: str = MARK):
    """What the machine of this number makes: pixels of its own, and facts that tell so."""
    files = {"image.png": b"pixels %d" % seed, "thumb.jpg": b"small %d" % seed}
    return write_artefact(work, RENDITION, mark, facts(seed), files)


def keys(work) -> list[str]:
    return work.listing("renditions/")["key"].to_pylist()


def test_a_killed_attempt_and_another_with_other_pixels_never_mix(work):
    work.full_at = "facts.json"
    with pytest.raises(StorageError):
        written(work, 1)
    work.full_at = ".none"

    written(work, 2)

    stored = read_artefact(work, RENDITION, MARK)
    assert stored.facts.seed == 2
    assert {name: stored.read(name) for name in stored.files} == {
        "image.png": b"pixels 2",
        "thumb.jpg": b"small 2",
    }
    assert len(keys(work)) == 5, "what the first left is named by no facts"


def test_of_writers_that_race_one_wins_with_all_its_files(work):
    together = Barrier(8)

    def write(seed: int) -> int:
        together.wait()
        return written(work, seed).facts.seed

    with ThreadPoolExecutor(8) as threads:
        told = set(threads.map(write, range(8)))

    stored = read_artefact(work, RENDITION, MARK)
    assert told == {stored.facts.seed}, "each is told who won"
    assert stored.read("image.png") == b"pixels %d" % stored.facts.seed
    assert stored.read("thumb.jpg") == b"small %d" % stored.facts.seed


def test_what_is_whole_stays(work):
    first = written(work, 1)

    assert written(work, 2).facts == first.facts
    assert read_artefact(work, RENDITION, MARK).facts == first.facts


@pytest.mark.parametrize("harm", ["gone", "shorter", "altered", "facts"])
def test_a_torn_one_is_not_read_and_is_made_anew(work, harm, caplog):
    stored = written(work, 1)
    key = f"renditions/{MARK}/facts.json" if harm == "facts" else stored.key("image.png")
    work.delete([key])
    if harm != "gone":
        work.create(key, {"shorter": b"", "altered": b"pixels 9", "facts": b"{"}[harm])

    with pytest.raises(TornArtefactError) as torn:
        read_artefact(work, RENDITION, MARK).read("image.png")
    found = find_artefact(work, RENDITION, MARK)
    if harm == "altered":  # only reading it tells, so who reads it takes the facts away
        assert found is not None
        discard(work, torn.value)
        found = find_artefact(work, RENDITION, MARK)
    assert found is None

    with caplog.at_level(logging.WARNING):
        written(work, 2)

    again = read_artefact(work, RENDITION, MARK)
    assert again.facts.seed == 2
    assert again.read("image.png") == b"pixels 2"
    if harm != "altered":
        (line,) = caplog.messages
        assert "torn" in line
        assert MARK in line


def test_the_same_pixels_mend_a_file_that_was_altered(work):
    stored = written(work, 1)
    work.delete([stored.key("image.png")])
    work.create(stored.key("image.png"), b"pixels 9")

    written(work, 1)

    assert read_artefact(work, RENDITION, MARK).read("image.png") == b"pixels 1"


def test_writers_that_mend_a_torn_one_at_once_leave_one_whole(work):
    work.delete([written(work, 99).key("image.png")])
    together = Barrier(6)

    def write(seed: int) -> int:
        together.wait()
        return written(work, seed).facts.seed

    with ThreadPoolExecutor(6) as threads:
        told = set(threads.map(write, range(6)))

    stored = read_artefact(work, RENDITION, MARK)
    assert stored.read("image.png") == b"pixels %d" % stored.facts.seed
    assert told == {stored.facts.seed}


def test_a_frame_that_is_not_to_be_had_is_an_artefact_without_files(work):
    why = NotFramed(message="Too few pixels.")
    write_artefact(work, FRAMED_RENDITION, MARK, why, {})

    found = find_artefact(work, FRAMED_RENDITION, MARK)

    assert found is not None
    assert found.facts == why
    with pytest.raises(TornArtefactError, match=r"has no image\.png"):
        found.read("image.png")


def test_facts_of_a_newer_version_are_read_as_far_as_they_are_known(work):
    written(work, 1)
    key = f"renditions/{MARK}/facts.json"
    document = json.loads(work.read(key))
    document["facts"]["invented_later"] = 1
    work.delete([key])
    work.create(key, json.dumps(document).encode())

    assert read_artefact(work, RENDITION, MARK).facts == facts(1)


def test_where_files_of_many_lie_is_told_together(work):
    first, second = (written(work, seed, mark=f"{seed:024d}") for seed in (1, 2))
    work.create("renditions/broken/facts.json", b"[]")

    marks = [first.fingerprint, "", "missing", "broken", second.fingerprint]

    assert keys_of(work, RENDITION, marks, "thumb.jpg", "attempt-1.jpg") == {
        (each.fingerprint, "thumb.jpg"): each.key("thumb.jpg") for each in (first, second)
    }


def test_what_was_not_made_is_not_there(work):
    assert find_artefact(work, PREPARED_IMAGE, MARK) is None
    with pytest.raises(NotFoundError):
        read_artefact(work, PREPARED_IMAGE, MARK)
