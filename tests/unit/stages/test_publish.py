"""What passed becomes visible all at once; what did not is told; nothing is lost or doubled."""

import json

import pytest

from tests.unit.stages.nights import begin, finish_stages, manifest, night
from transforms.errors import AuditError, HeldRunError, ReconciliationError, StaleRunError
from transforms.publishing.publication import roll_back
from transforms.publishing.version import read_pointer, read_published
from transforms.records.fingerprint import sha256
from transforms.records.outcomes import Outcome, PublishedFile
from transforms.records.parquet import read_records, write_records
from transforms.records.pictures import SourceImage
from transforms.runs.run import Places
from transforms.stages.housekeeping import verify_published
from transforms.stages.ingest import ingest
from transforms.stages.publish import publish
from transforms.stages.report import report
from transforms.stages.withdrawal import withdraw_removed
from transforms.storage.folder import FolderStorage


def test_every_state_is_told_and_only_what_passed_is_published(places, configuration):
    summary = night(
        places,
        configuration,
        "run-1",
        {"A": "PASS", "B": "REVIEW", "C": "FAIL", "D": "quarantined"},
        A="a",
        B="b",
        C="c",
        D="d",
        E="never finished",
    )

    counts = summary.counts
    assert (counts.listed, counts.published, counts.review) == (5, 1, 1)
    assert (counts.quarantined, counts.failed, counts.unchanged) == (1, 2, 0)
    assert counts.adds_up()
    assert summary.reasons == {"tile_ssim": 2, "too_small": 1, "unfinished": 1}
    assert list(manifest(places)) == ["A"]
    assert verify_published(places)["files"] == 1


def test_the_published_state_does_not_depend_on_when_and_in_which_run(
    places, configuration, tmp_path
):
    night(places, configuration, "run-1", {"A": "PASS"}, A="a")
    first = places.published.listing()["key"].to_pylist()

    again = Places(places.source, FolderStorage(tmp_path / "other work"), places.published)
    summary = night(again, configuration, "another-run", {"A": "PASS"})

    assert summary.ending == "unchanged"
    assert places.published.listing()["key"].to_pylist() == first


def test_a_second_night_over_the_same_writes_its_summary_only(places, configuration):
    night(places, configuration, "run-1", {"A": "PASS", "B": "REVIEW"}, A="a", B="b")
    before = set(places.work.listing()["key"].to_pylist())

    assert ingest(places, configuration, run_id="run-2") == []

    after = set(places.work.listing()["key"].to_pylist())
    assert after - before == {"runs/run-2/summary.json"}
    summary = json.loads(places.work.read("runs/run-2/summary.json"))
    assert summary["ending"] == "unchanged"
    assert summary["counts"]["unchanged"] == 1
    assert summary["counts"]["review"] == 1


def test_a_picture_that_no_longer_passes_leaves_the_published_one_up(places, configuration):
    night(places, configuration, "run-1", {"A": "PASS"}, A="a")
    before = manifest(places)["A"]

    summary = night(places, configuration, "run-2", {"A": "REVIEW"}, A="worse")

    assert summary.counts.review == 1
    assert manifest(places)["A"] == before


def test_a_removed_product_is_marked_and_stays_until_withdrawn(places, configuration):
    night(places, configuration, "run-1", {"A": "PASS", "B": "PASS"}, A="a", B="b")

    summary = night(places, configuration, "run-2", {}, B=None)

    assert summary.changes["removed"] == 1
    assert [manifest(places)[sku]["source_present"] for sku in "AB"] == [True, False]
    assert withdraw_removed(places) == 1
    assert list(manifest(places)) == ["A"]


def test_two_runs_at_once_one_wins_and_the_other_says_so(places, configuration):
    ours = begin(places, configuration, "ours", A="a")
    theirs = begin(places, configuration, "theirs")
    finish_stages(ours, {"A": "PASS"})
    finish_stages(theirs, {"A": "REVIEW"})
    publish(ours)

    with pytest.raises(StaleRunError, match="another run published meanwhile"):
        publish(theirs)

    summary = report(theirs)
    assert summary.ending == "stale"
    assert summary.counts.adds_up()
    assert manifest(places)["A"]["verdict"] == "PASS"


def test_runs_of_two_variants_that_overlap_lose_nothing_of_each_other(
    places, configuration, winter
):
    night(places, configuration, "run-1", {"A": "PASS"}, A="a")
    season, second = begin(places, winter, "season"), begin(places, configuration, "run-2", B="b")
    finish_stages(second, {"B": "PASS"})
    publish(second)
    finish_stages(season, {"A": "PASS"})
    publish(season)
    report(season)
    report(second)

    rows = read_published(places.published).to_pylist()
    assert [(row["sku"], row["variant"]) for row in rows] == [
        ("A", "standard"),
        ("A", "winter"),
        ("B", "standard"),
    ]
    assert ingest(places, configuration, run_id="run-3") == []
    begin(places, winter, "later")
    inventory = read_records(places.work, "runs/later/inventory.parquet", SourceImage)
    assert {image.sku: image.change for image in inventory} == {"A": "unchanged", "B": "new"}


def test_publishing_twice_is_publishing_once(places, configuration):
    """As when a task is tried again after it swapped the pointer but died before it said so."""
    run = begin(places, configuration, "run-1", A="a")
    finish_stages(run, {"A": "PASS"})
    publish(run)
    pointer = read_pointer(places.published)
    places.work.delete([run.key("outcomes.parquet"), run.key("publication.json")])

    publish(run)

    assert read_pointer(places.published) == pointer


def test_a_night_that_went_badly_wrong_is_held(places, configuration):
    sources = {f"S{n}": f"content {n}" for n in range(20)}
    verdicts = dict.fromkeys(sources, "PASS") | {f"S{n}": "FAIL" for n in range(5)}
    run = begin(places, configuration, "run-1", **sources)
    finish_stages(run, verdicts)

    with pytest.raises(HeldRunError, match="5 of 20 pictures failed, more than 20%"):
        publish(run)

    summary = report(run)
    assert summary.ending == "held"
    assert (summary.counts.review, summary.counts.failed, summary.counts.published) == (15, 5, 0)
    assert len(places.published.listing()) == 0


def test_bytes_other_than_the_audited_ones_are_not_published(places, configuration):
    run = begin(places, configuration, "run-1", A="a")
    finish_stages(run, {"A": "PASS"})
    (key,) = places.work.listing("renditions/")["key"].to_pylist()
    places.work.delete([key])
    places.work.create(key, b"tampered with")

    with pytest.raises(AuditError, match="is not what was audited"):
        publish(run)

    assert read_pointer(places.published) == (None, None)


def test_sums_that_do_not_match_fail_the_run_before_anything_is_visible(places, configuration):
    night(places, configuration, "run-1", {"A": "PASS"}, A="a")
    run = begin(places, configuration, "run-2", B="b")
    finish_stages(run, {"B": "PASS"})
    before = read_pointer(places.published)
    key = run.plan.previous_outcomes
    places.work.delete([key])
    write_records(places.work, key, [], Outcome)  # A's last outcome is lost

    with pytest.raises(ReconciliationError, match=r"lost: 1 \['A/front.jpg'\]"):
        publish(run)

    assert read_pointer(places.published) == before


def test_rollback_shows_the_older_version_and_numbers_are_not_used_twice(places, configuration):
    night(places, configuration, "run-1", {"A": "PASS"}, A="a")
    first, _ = read_pointer(places.published)
    night(places, configuration, "run-2", {"A": "PASS"}, A="new photograph")
    second, _ = read_pointer(places.published)

    roll_back(places.published, first.version)

    assert manifest(places)["A"]["source_sha256"] == sha256(b"a")
    night(places, configuration, "run-3", {"A": "PASS"})
    third, _ = read_pointer(places.published)
    assert (first.sequence, second.sequence, third.sequence) == (1, 2, 3)


def test_an_altered_file_is_found(places, configuration):
    night(places, configuration, "run-1", {"A": "PASS"}, A="a")
    key = manifest(places)["A"]["key"]
    places.published.delete([key])
    places.published.create(key, b"altered")

    with pytest.raises(AuditError, match="was altered"):
        verify_published(places)


def test_the_manifest_says_where_every_file_comes_from(places, configuration):
    night(places, configuration, "run-1", {"A": "PASS"}, A="a")

    row = PublishedFile.model_validate(manifest(places)["A"])

    assert places.published.read(row.key).startswith(b"picture of A")
    assert row.source_sha256 == sha256(b"a")
    assert (row.preset, row.brand, row.verdict) == ("standard", "house", "PASS")
