"""A catalogue is not made anew because Packshot was upgraded."""

import json

import pytest

from tests.unit.stages.nights import manifest, night
from transforms.errors import StorageError
from transforms.publishing.version import read_pointer
from transforms.stages.ingest import ingest, look_ahead


def rewrite(places, run_id: str, change) -> None:
    """Leave a run's summary as another release would have written it."""
    key = f"runs/{run_id}/summary.json"
    found = change(json.loads(places.work.read(key)))
    places.work.delete([key])
    places.work.create(key, json.dumps(found).encode())


def as_first_format(places, run_id: str) -> None:
    """With the whole plan in it, and a gate that has a setting more than this one."""

    def change(found):
        plan = json.loads(places.work.read(f"runs/{run_id}/run.json"))
        plan["configuration"]["gate"]["added_later"] = 0.5
        for name in ("format", "looks", "licences"):
            del found[name]
        return found | {"plan": plan}

    rewrite(places, run_id, change)


def test_a_night_after_an_upgrade_finds_what_the_one_before_it_made(places, configuration):
    night(places, configuration, "run-1", {"A": "PASS", "B": "PASS"}, A="a", B="b")
    as_first_format(places, "run-1")
    before, published = read_pointer(places.published), manifest(places)

    assert ingest(places, configuration, run_id="run-2") == []

    summary = json.loads(places.work.read("runs/run-2/summary.json"))
    assert summary["counts"]["unchanged"] == 2
    assert read_pointer(places.published) == before
    night(places, configuration, "run-3", {"C": "PASS"}, C="c")
    kept = manifest(places)
    assert {sku: kept[sku] for sku in "AB"} == published


def test_a_night_before_an_upgrade_that_was_taken_back_does_nothing(places, configuration):
    night(places, configuration, "run-1", {"A": "PASS"}, A="a")
    rewrite(places, "run-1", lambda found: found | {"format": 3})

    with pytest.raises(StorageError, match=r"newer Packshot \(format 3, .*: upgrade, nothing"):
        look_ahead(places, configuration, run_id="run-2")
