"""A held run goes out by a person's word, about exactly what they were told, or not at all."""

from datetime import UTC, datetime

import pytest

from tests.unit.stages.nights import approve, begin, finish_stages, manifest, night
from transforms.errors import AuditError, HeldRunError, StaleRunError
from transforms.publishing.decisions import ReviewDecision, record_decision
from transforms.publishing.release import read_held_run
from transforms.publishing.version import read_pointer
from transforms.records.parquet import read_records
from transforms.records.pictures import SourceImage
from transforms.records.renditions import QualityReport
from transforms.runs.summary import Release, read_summary
from transforms.stages.publish import publish
from transforms.stages.publish_approved import publish_approved
from transforms.stages.publish_held import publish_held
from transforms.stages.report import report
from transforms.stages.withdrawal import withdraw_variant

SOURCES = {f"S{n}": f"content {n}" for n in range(20)}
VERDICTS = dict.fromkeys(SOURCES, "PASS") | {f"S{n}": "FAIL" for n in range(5)}


@pytest.fixture
def held(places, configuration):
    """A run of which 5 of 20 pictures failed, too many."""
    run = begin(places, configuration, "run-1", **SOURCES)
    finish_stages(run, VERDICTS)
    with pytest.raises(HeldRunError, match="5 of 20 pictures failed"):
        publish(run)
    report(run)
    return run


def word(places, run_id: str = "run-1", **other) -> Release:
    """What a person says who saw the run as it is."""
    told = {
        "shown": read_held_run(places.work, run_id).shown,
        "by": "berta",
        "at": datetime.now(UTC),
    }
    return Release(run_id=run_id, **told | other)


def decide(run, sku: str, action: str) -> None:
    known = next(each for each in run.rows("quality", QualityReport) if each.sku == sku)
    decision = ReviewDecision(
        **known.model_dump(include={"fingerprint", "key", "sku", "view", "variant"}),
        number=1,
        action=action,
        reason="A hair lies on it",
        by="anna",
        at=datetime.now(UTC),
        catalogue="shop",
        run_id=run.plan.run_id,
    )
    record_decision(run.places.work, decision)


@pytest.mark.usefixtures("held")
def test_what_passed_goes_out_and_everybody_can_read_who_said_so(places, configuration):
    written = places.work.listing("runs/run-1/")["key"].to_pylist()
    before = {key: places.work.read(key) for key in written}
    release = word(places)

    summary = publish_held(places, release)

    assert set(manifest(places)) == {f"S{n}" for n in range(5, 20)}
    assert {row["approved_by"] for row in manifest(places).values()} == {""}
    assert (summary.counts.published, summary.counts.failed, summary.counts.review) == (15, 5, 0)
    assert summary.released == release
    assert "5 of 20 pictures failed" in summary.hold[0]
    assert "berta released its 15 pictures" in summary.message
    assert read_summary(places.work, "run-1").ending == "held"
    after = {key: places.work.read(key) for key in before}
    assert after == before, "what a held run wrote does not change"
    assert publish_held(places, release) == summary
    following = begin(places, configuration, "run-2", NEW="new")
    assert {each.sku for each in following_work(following)} == {*(f"S{n}" for n in range(5)), "NEW"}


def following_work(run) -> list[SourceImage]:
    rows = read_records(run.places.work, run.key("inventory.parquet"), SourceImage)
    return [each for each in rows if each.change != "unchanged"]


@pytest.mark.usefixtures("held")
def test_killed_after_the_swap_it_tells_the_rest(places):
    first = publish_held(places, word(places))
    pointer = read_pointer(places.published)
    places.work.delete(places.work.listing("runs/run-1-released/")["key"].to_pylist())

    again = publish_held(places, word(places))

    assert read_pointer(places.published) == pointer
    assert again.counts == first.counts


@pytest.mark.usefixtures("held")
def test_a_word_about_something_else_releases_nothing(places):
    with pytest.raises(AuditError, match="not as it was when it was released"):
        publish_held(places, word(places, shown="what they saw was another run"))

    assert read_pointer(places.published) == (None, None)


def test_a_run_that_is_not_held_cannot_be_released(places, configuration):
    night(places, configuration, "run-1", {"A": "PASS"}, A="a")

    assert read_held_run(places.work, "run-1") is None
    with pytest.raises(AuditError, match="is not held"):
        publish_held(places, Release(run_id="run-1", shown="", by="berta", at=datetime.now(UTC)))


def test_what_somebody_rejected_meanwhile_stays_in_and_is_not_made_again(
    held, places, configuration
):
    decide(held, "S7", "reject")

    summary = publish_held(places, word(places))

    assert "S7" not in manifest(places)
    assert (summary.counts.published, summary.counts.review) == (14, 1)
    assert summary.reasons["kept_back"] == 1
    following = begin(places, configuration, "run-2", NEW="new")
    assert "S7" not in {each.sku for each in following_work(following)}


def test_what_somebody_approved_meanwhile_is_out_already_and_keeps_their_name(held, places):
    approve(held, "S7")
    publish_approved(places, "shop", run_id="reviewed")

    summary = publish_held(places, word(places))

    assert len(manifest(places)) == 15
    named = {sku: row["approved_by"] for sku, row in manifest(places).items() if row["approved_by"]}
    assert named == {"S7": "anna"}
    assert (summary.counts.published, summary.counts.unchanged) == (14, 1)


@pytest.mark.usefixtures("held")
def test_a_night_that_made_the_pictures_since_is_not_undone(places, configuration):
    release = word(places)
    night(places, configuration, "run-2", dict.fromkeys(SOURCES, "PASS"), S7="photographed again")
    before = manifest(places)

    with pytest.raises(StaleRunError, match="are not as they were when it was held"):
        publish_held(places, release)

    assert manifest(places) == before


@pytest.mark.usefixtures("held")
def test_a_night_under_way_is_not_run_over(places, configuration):
    begin(places, configuration, "run-2")  # it makes again what was held

    with pytest.raises(StaleRunError, match="run run-2 is under way and works on these pictures"):
        publish_held(places, word(places))

    assert read_pointer(places.published) == (None, None)


@pytest.mark.usefixtures("held")
def test_a_season_that_was_ended_is_not_released(places):
    withdraw_variant(places, "standard", decided=datetime.now(UTC))

    with pytest.raises(StaleRunError, match="standard was ended meanwhile"):
        publish_held(places, word(places))
