"""A shared backdrop is one unit: whoever finds it gets the very pixels it tells of."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from tests.unit.rendition.brush import Brush
from tests.unit.rendition.test_renderer import CHECKPOINT, Brushes, look
from transforms.errors import StorageError
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load
from transforms.presets.look import Look
from transforms.records.artefact import BACKDROP, read_artefact
from transforms.rendition.backdrops import (
    BackdropCache,
    RenderedBackdrop,
    backdrop_fingerprints,
    refine_backdrop,
)
from transforms.storage.folder import FolderStorage

REFINED = look(checkpoint=CHECKPOINT)


class FullAt(FolderStorage):
    """A folder whose disk is full when a key with this ending is written."""

    full_at = ".none"

    def create(self, key: str, data: bytes) -> bool:
        if key.endswith(self.full_at):
            raise StorageError(f"{key}: no space left")
        return super().create(key, data)


class Machine(Brush):
    """Makes pictures of its own, as another GPU does."""

    def __init__(self, number: int):
        super().__init__()
        self._number = number

    def _painted(self, request):
        painted = super()._painted(request).copy()
        painted[:3, :3] = self._number
        return painted


@pytest.fixture(scope="module")
def gate() -> Gate:
    return load(config_folder() / "gate.yaml", Gate)


@pytest.fixture
def work(tmp_path) -> FullAt:
    return FullAt(tmp_path)


def got(work, machine: int, gate: Gate, *, of: Look = REFINED, sku: str = "VASE-1"):
    """A product's backdrop as one process gets it."""
    with Brushes(Machine(machine)) as engines:

        def refine(scene, seed) -> RenderedBackdrop:
            return refine_backdrop(scene, seed, look=of, engine=engines.engine(of), gate=gate)

        cache = BackdropCache(of, plates=None, work=work, refine=refine)
        return cache.get(cache.choose(sku, "level"))


def test_killed_between_pixels_and_facts_another_machine_makes_its_own(work, gate):
    work.full_at = "facts.json"
    with pytest.raises(StorageError):
        got(work, 1, gate)
    work.full_at = ".none"

    second, third = got(work, 2, gate), got(work, 3, gate)

    assert second.scene.pixels[0, 0, 0] == 2
    assert np.array_equal(second.scene.pixels, third.scene.pixels), "found, not made again"
    assert [each.kept for each in third.attempts] == [True]
    assert third.thumbnails == second.thumbnails


def test_machines_that_race_all_use_the_winners(work, gate):
    together = Barrier(3)

    def race(number: int):
        together.wait()
        return got(work, number, gate).scene.pixels

    with ThreadPoolExecutor(3) as threads:
        pixels = list(threads.map(race, (1, 2, 3)))

    assert all(np.array_equal(each, pixels[0]) for each in pixels)


@pytest.mark.parametrize("harm", ["gone", "altered"])
def test_a_torn_one_is_made_anew(work, gate, harm):
    first = got(work, 1, gate).scene.pixels
    (mark,) = work.folders("backdrops/")
    stored = read_artefact(work, BACKDROP, mark)
    data = stored.read("image.png")
    work.delete([stored.key("image.png")])
    if harm == "altered":
        work.create(stored.key("image.png"), data[:-1] + b"?")

    again = got(work, 1, gate).scene.pixels

    assert np.array_equal(again, first)
    assert read_artefact(work, BACKDROP, mark).read("image.png") == data


def test_all_backdrops_that_a_look_could_find_are_known_beforehand(work, gate):
    of = look("spring", checkpoint=CHECKPOINT)

    scenes = [got(work, 1, gate, of=of, sku=f"VASE-{number}").scene for number in range(6)]

    there = set(work.folders("backdrops/"))
    assert len(there) > 1
    assert there <= backdrop_fingerprints(of)
    assert not there & backdrop_fingerprints(of.model_copy(update={"checkpoint": None}))
    assert all(scene.view == "level" for scene in scenes)
    assert backdrop_fingerprints(look("standard")) == set()
