"""What nothing needs any more goes, and not before its time."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.stages.nights import approve, begin, finish_stages, night
from transforms.stages.housekeeping import retain
from transforms.stages.publish import publish
from transforms.stages.report import report

DAY = timedelta(days=1)
LATER = datetime.now(UTC) + 40 * DAY


@pytest.fixture
def decided(places, configuration):
    """A night after which A and B wait; somebody decided about both."""
    run = begin(places, configuration, "run-1", A="a", B="b")
    finish_stages(run, {"A": "REVIEW", "B": "REVIEW"})
    publish(run)
    report(run)
    approve(run, "A")
    approve(run, "B")
    return run


def reviews(places) -> list[str]:
    return places.work.listing("reviews/")["key"].to_pylist()


@pytest.mark.usefixtures("decided")
def test_decisions_go_with_the_pictures_that_they_are_about(places, configuration):
    night(places, configuration, "run-2", {"A": "PASS"}, A="photographed again")
    before = reviews(places)

    assert retain(places, keep_days=30, now=LATER - 15 * DAY)["reviews"] == 0, "not before its time"
    gone = retain(places, keep_days=30, now=LATER)

    assert gone["reviews"] == 1
    assert len(reviews(places)) == len(before) - 1
    assert gone["renditions"] == 1
    assert retain(places, keep_days=30, now=LATER)["reviews"] == 0


@pytest.mark.usefixtures("decided")
def test_an_old_decision_stays_while_a_newer_one_on_the_same_picture_does(
    places, configuration, decided
):
    approve(decided, "A", number=2)
    night(places, configuration, "run-2", {"A": "PASS"}, A="photographed again")
    (newer,) = (key for key in reviews(places) if key.endswith("0002.json"))
    moment = (LATER - DAY).timestamp()
    os.utime(Path(places.work.uri.removeprefix("file://")) / newer, (moment, moment))

    assert retain(places, keep_days=30, now=LATER)["reviews"] == 0
    assert retain(places, keep_days=30, now=LATER + 40 * DAY)["reviews"] == 2
