"""Nights, seasons and reviews that publish at the same time lose, double and undo nothing."""

from datetime import UTC, datetime

import pytest

from tests.support.interrupted import interrupt
from tests.unit.stages.nights import approve, begin, finish_stages, manifest, night, states
from transforms.errors import StaleRunError
from transforms.publishing.version import read_pointer
from transforms.stages.ingest import ingest
from transforms.stages.publish import publish
from transforms.stages.publish_approved import publish_approved
from transforms.stages.report import report
from transforms.stages.withdrawal import withdraw_variant


@pytest.fixture
def first(places, configuration):
    """A night that published A and B, and after which C waits; anna said yes to C."""
    verdicts = {"A": "PASS", "B": "PASS", "C": "REVIEW"}
    run = begin(places, configuration, "run-1", A="a", B="b", C="c")
    finish_stages(run, verdicts)
    publish(run)
    report(run)
    approve(run, "C")
    return run


def sources(places) -> dict[str, str]:
    """Sku to what its published picture shows."""
    return {
        sku: places.published.read(row["key"]).decode().split(": ")[1][:8]
        for sku, row in manifest(places).items()
    }


@pytest.mark.usefixtures("first")
def test_what_was_approved_goes_out_while_a_night_works_on_other_pictures(places, configuration):
    night_2 = begin(places, configuration, "run-2", B="another b", D="d")

    told = publish_approved(places, "shop", run_id="reviewed")
    finish_stages(night_2, {"B": "PASS", "D": "PASS"})
    publish(night_2)
    summary = report(night_2)

    assert told.counts.published == 1
    assert set(manifest(places)) == {"A", "B", "C", "D"}
    assert manifest(places)["C"]["approved_by"] == "anna"
    assert (summary.ending, summary.counts.published, summary.counts.unchanged) == (
        "published", 2, 2
    )  # fmt: skip
    assert ingest(places, configuration, run_id="run-3") == [], "all is done"


@pytest.mark.usefixtures("first")
def test_an_approval_that_goes_out_between_a_nights_swap_and_its_end_is_not_forgotten(
    places, configuration
):
    night_2 = begin(places, configuration, "run-2", B="another b")
    finish_stages(night_2, {"B": "PASS"})
    publish(night_2)
    publish_approved(places, "shop", run_id="reviewed")
    report(night_2)

    version = read_pointer(places.published)[0].version
    assert publish_approved(places, "shop", run_id="again").ending == "published"
    assert states(places, "again") == {"A": "unchanged", "B": "unchanged", "C": "published"}
    assert read_pointer(places.published)[0].version == version


@pytest.mark.usefixtures("first")
def test_the_next_night_knows_what_the_manifest_says_was_approved(places, configuration):
    night_2 = begin(places, configuration, "run-2", B="another b")
    finish_stages(night_2, {"B": "PASS"})
    publish(night_2)
    publish_approved(places, "shop", run_id="reviewed")
    report(night_2)

    summary = night(places, configuration, "run-3", {"D": "PASS"}, D="d")

    assert (summary.counts.review, summary.counts.unchanged) == (0, 3)


@pytest.mark.usefixtures("first")
def test_a_picture_that_a_night_is_making_anew_waits_for_its_end(places, configuration):
    begin(places, configuration, "run-2", C="another c")

    with pytest.raises(StaleRunError, match="run run-2 is under way and works on these"):
        publish_approved(places, "shop", run_id="reviewed")

    assert set(manifest(places)) == {"A", "B"}


def test_of_two_approved_pictures_the_one_that_nobody_works_on_goes_out(places, configuration):
    run = begin(places, configuration, "run-1", C="c", D="d")
    finish_stages(run, {"C": "REVIEW", "D": "REVIEW"})
    publish(run)
    report(run)
    approve(run, "C")
    approve(run, "D")
    begin(places, configuration, "run-2", C="another c")

    told = publish_approved(places, "shop", run_id="reviewed")

    assert set(manifest(places)) == {"D"}
    assert "1 more wait until the run that works on them has ended" in told.message


@pytest.mark.usefixtures("first")
def test_a_night_that_publishes_at_the_same_moment_is_built_upon(places, configuration):
    night_2 = begin(places, configuration, "run-2", B="another b")
    finish_stages(night_2, {"B": "PASS"})

    def meanwhile():
        publish(night_2)
        report(night_2)

    told = publish_approved(interrupt(places, meanwhile), "shop", run_id="reviewed")

    assert set(manifest(places)) == {"A", "B", "C"}
    assert read_pointer(places.published)[0].version == told.version
    assert states(places, "reviewed") == {"A": "unchanged", "B": "unchanged", "C": "published"}
    assert ingest(places, configuration, run_id="run-3") == []


@pytest.mark.usefixtures("first")
def test_a_review_that_is_published_at_the_same_moment_is_built_upon(places, configuration):
    night_2 = begin(places, configuration, "run-2", B="another b")
    finish_stages(night_2, {"B": "PASS"})
    ours = type(night_2)(
        night_2.plan,
        interrupt(places, lambda: publish_approved(places, "shop", run_id="reviewed")),
    )

    publish(ours)

    assert set(manifest(places)) == {"A", "B", "C"}
    assert report(ours).counts.unchanged == 2
    assert ingest(places, configuration, run_id="run-3") == []


@pytest.mark.usefixtures("first")
def test_pixels_that_a_night_published_meanwhile_are_not_replaced_by_older_ones(
    places, configuration
):
    """The night began when the review had looked, and was quicker."""

    def meanwhile():
        night(places, configuration, "run-2", {"C": "PASS"}, C="another c")

    before = sources(places)
    with pytest.raises(StaleRunError, match=r"another run published meanwhile.*C front standard"):
        publish_approved(interrupt(places, meanwhile), "shop", run_id="reviewed")

    assert manifest(places)["C"]["approved_by"] == ""
    assert sources(places).items() >= before.items()
    assert publish_approved(places, "shop", run_id="again") is None, "nothing waits any more"


@pytest.mark.usefixtures("first")
def test_of_an_approved_picture_and_its_newer_photograph_the_newer_one_wins(places, configuration):
    """The night began when the review had looked, and was slower."""
    begun = []

    def meanwhile():
        begun.append(begin(places, configuration, "run-2", C="another c"))

    publish_approved(interrupt(places, meanwhile), "shop", run_id="reviewed")
    assert manifest(places)["C"]["approved_by"] == "anna"
    older = sources(places)["C"]

    finish_stages(begun[0], {"C": "PASS"})
    publish(begun[0])

    assert manifest(places)["C"]["approved_by"] == ""
    assert sources(places)["C"] != older
    assert report(begun[0]).counts.published == 1


def test_a_season_that_was_ended_while_it_was_made_does_not_come_back(places, winter):
    run = begin(places, winter, "winter-1", A="a")
    finish_stages(run, {"A": "PASS"})
    withdraw_variant(places, "winter", decided=datetime.now(UTC))

    with pytest.raises(StaleRunError, match="variant winter was ended meanwhile"):
        publish(run)

    assert read_pointer(places.published) == (None, None)
    assert report(run).ending == "stale"


def test_a_season_that_was_taken_down_while_more_of_it_was_made_stays_down(places, winter):
    night(places, winter, "winter-1", {"A": "PASS"}, A="a")
    run = begin(places, winter, "winter-2", B="b")
    finish_stages(run, {"B": "PASS"})
    withdraw_variant(places, "winter", decided=run.plan.started)

    with pytest.raises(StaleRunError, match="winter was"):
        publish(run)

    assert manifest(places) == {}
