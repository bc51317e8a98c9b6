"""A run is under way while it writes, however long ago it began."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.stages.nights import begin, finish_stages, night
from transforms.records.layout import ANOTHER_TRY
from transforms.runs.under_way import DEAD_AFTER, runs_under_way

HOUR = timedelta(hours=1)


@pytest.fixture
def run(places, configuration):
    return begin(places, configuration, "run-1", A="a")


def aged(run, by: timedelta) -> None:
    """Let all that a run wrote be older."""
    work = run.places.work
    for key in work.listing(run.key(""))["key"].to_pylist():
        path = Path(work.uri.removeprefix("file://")) / key
        moment = path.stat().st_mtime - by.total_seconds()
        os.utime(path, (moment, moment))


def under_way(run) -> list[str]:
    return [each.run_id for each in runs_under_way(run.places.work, datetime.now(UTC))]


def test_a_night_that_began_long_ago_and_still_writes_is_under_way(run):
    aged(run, 50 * HOUR)
    finish_stages(run, {"A": "PASS"})

    assert under_way(run) == ["run-1"]


def test_a_run_that_is_silent_for_long_was_killed(run):
    aged(run, DEAD_AFTER - HOUR)
    before = under_way(run)
    aged(run, HOUR)

    assert (before, under_way(run)) == (["run-1"], [])


def test_a_run_that_ended_is_not(run, places, configuration):
    night(places, configuration, "run-2", {"A": "PASS"})

    assert under_way(run) == ["run-1"]


def test_one_that_has_not_written_its_plan_is_told_without(run):
    run.places.work.delete([run.key("run.json")])
    run.places.work.create(run.key(ANOTHER_TRY), b"{}")

    (found,) = runs_under_way(run.places.work, datetime.now(UTC))

    assert (found.plan, found.another_try) == (None, True)
