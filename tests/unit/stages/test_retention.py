"""What nothing needs any more goes, not before its time, and never under a run."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.stages.nights import approve, begin, finish_stages, manifest, night
from transforms.presets.configuration import Configuration, configure
from transforms.presets.frame import Frame
from transforms.presets.loading import config_folder
from transforms.presets.scope import Overrides
from transforms.publishing.decisions import ReviewDecision, record_decision
from transforms.records.artefact import (
    BACKDROP,
    PREPARED_IMAGE,
    RENDITION,
    Kind,
    find_artefact,
    objects_of,
    write_artefact,
)
from transforms.records.facts import (
    LightFacts,
    MatteFacts,
    Placement,
    PreparedFacts,
    RenditionFacts,
    SceneFacts,
)
from transforms.records.fingerprint import rendition_fingerprint
from transforms.records.layout import ANOTHER_TRY, PREPARED, RENDITIONS
from transforms.records.parquet import write_records
from transforms.records.pictures import AcceptedImage
from transforms.records.renditions import QualityReport, RenderJob
from transforms.rendition.backdrops import backdrop_fingerprints
from transforms.runs.jobs import prepared_fingerprint, render_job
from transforms.runs.run import Run
from transforms.runs.summary import Summary, read_summary
from transforms.stages.publish import publish
from transforms.stages.report import report
from transforms.stages.retention import retain
from transforms.storage.folder import FolderStorage

DAY = timedelta(days=1)
NOW = datetime.now(UTC)
LATER = NOW + 40 * DAY

FACTS = {
    PREPARED_IMAGE.folder: PreparedFacts(
        source_sha256="", orientation=1, colour_profile="", width_px=9, height_px=9,
        crop=(0, 0, 9, 9), versions={},
        matte=MatteFacts(origin="alpha", model="", passes=0, joined=False, area_share=0.5,
                         border_share=0, body_alpha=1, parts=1),
    ),
    RENDITION.folder: RenditionFacts(
        prepared="p", preset="standard", brand="house", engine="standardise", seed=0,
        placement=Placement(scale=1, left=0, top=0, canvas_px=9, product=(1, 1, 8, 8)),
        enlarged=False, shadow=None, versions={},
    ),
    BACKDROP.folder: SceneFacts(
        view="level", horizon=0.5, stand=0.8, gloss=0,
        light=LightFacts(azimuth_deg=0, elevation_deg=45, colour=(1, 1, 1), softness=0.5),
    ),
}  # fmt: skip


def age(storage: FolderStorage, by: timedelta, prefix: str = "") -> None:
    """Let all objects whose keys begin so be older."""
    for key in storage.listing(prefix)["key"].to_pylist():
        path = Path(storage.uri.removeprefix("file://")) / key
        moment = path.stat().st_mtime - by.total_seconds()
        os.utime(path, (moment, moment))


def leave(work: FolderStorage, kind: Kind, fingerprint: str, pixels: bytes = b"pixels") -> None:
    """An artefact of a run of long ago."""
    files = {"image.png": pixels}
    write_artefact(work, kind, fingerprint, FACTS[kind.folder], files)
    age(work, 50 * DAY, f"{kind.folder}/{fingerprint}/")


def there(work: FolderStorage, kind: Kind, fingerprint: str) -> bool:
    return find_artefact(work, kind, fingerprint) is not None


def accept(run: Run, *skus: str) -> list[AcceptedImage]:
    """What validation writes when it let these products through."""
    rows = [
        AcceptedImage(key=f"{sku}/front.jpg", sku=sku, view="front", sha256=sku * 64, phash="",
                      width_px=9, height_px=9)
        for sku in skus
    ]  # fmt: skip
    write_records(run.places.work, run.key("accepted.parquet"), rows, AcceptedImage)
    return rows


def reviews(places) -> list[str]:
    return places.work.listing("reviews/")["key"].to_pylist()


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


@pytest.mark.usefixtures("decided")
def test_decisions_go_with_the_pictures_that_they_are_about(places, configuration):
    night(places, configuration, "run-2", {"A": "PASS"}, A="photographed again")
    before = reviews(places)

    early = retain(places, keep_days=30, now=LATER - 15 * DAY)
    gone = retain(places, keep_days=30, now=LATER)

    assert early.removed["reviews"] == 0, "not before its time"
    assert gone.removed["reviews"] == 1
    assert gone.stopped == ""
    assert len(reviews(places)) == len(before) - 1
    assert gone.removed["renditions"] == 1
    assert retain(places, keep_days=30, now=LATER).removed["reviews"] == 0


@pytest.mark.usefixtures("decided")
def test_an_old_decision_stays_while_a_newer_one_on_the_same_picture_does(
    places, configuration, decided
):
    approve(decided, "A", number=2)
    night(places, configuration, "run-2", {"A": "PASS"}, A="photographed again")
    (newer,) = (key for key in reviews(places) if key.endswith("0002.json"))
    age(places.work, DAY - 40 * DAY - timedelta(hours=1), newer)

    assert retain(places, keep_days=30, now=LATER).removed["reviews"] == 0
    assert retain(places, keep_days=30, now=LATER + 40 * DAY).removed["reviews"] == 2


class TestUnderWay:
    """A run that looks for old artefacts, as after a preset was reverted for five weeks."""

    @pytest.fixture
    def run(self, places, configuration) -> Run:
        framed = configuration.channels[0].model_copy(
            update={"name": "framed", "frame": Frame(longest_px=300)}
        )
        more = configuration.model_copy(update={"channels": (*configuration.channels, framed)})
        return begin(places, more, "run-1", A="a", B="b")

    def found_again(self, run: Run, image: AcceptedImage) -> list[tuple[Kind, str]]:
        """Old artefacts that a run finds of one picture, with that in its frame."""
        configuration = run.plan.configuration
        prepared = prepared_fingerprint(image, configuration)
        marks = [
            rendition_fingerprint(prepared, framed.look, sku=image.sku)
            for look in configuration.looks
            for framed in configuration.frames(look)
        ]
        assert len(marks) == 2
        return [(PREPARED_IMAGE, prepared), *((RENDITION, mark) for mark in marks)]

    def test_what_it_finds_again_stays_with_its_files_and_frames(self, run, places):
        image = accept(run, "A")[0]
        found = self.found_again(run, image)
        for kind, mark in [*found, (RENDITION, "another")]:
            leave(places.work, kind, mark)
        fingerprint = found[1][1]
        encoded = f"renditions/{fingerprint}/encoded/shop-0123456789abcdef.jpg"
        places.work.create(encoded, b"encoded long ago")
        age(places.work, 50 * DAY, encoded)

        gone = retain(places, keep_days=30, now=NOW)

        assert all(there(places.work, kind, mark) for kind, mark in found)
        assert places.work.read(encoded)
        assert not there(places.work, RENDITION, "another")
        assert (gone.removed["renditions"], gone.stopped) == (2, "")

    def test_what_it_made_of_old_files_is_published(self, run, places):
        """Shops got nothing of a night in whose files the sweep had been."""
        finish_stages(run, {"A": "PASS", "B": "PASS"})
        age(places.work, 50 * DAY, "renditions/")

        retain(places, keep_days=30, now=NOW)
        publish(run)

        assert set(manifest(places)) == {"A", "B"}

    @pytest.mark.usefixtures("run")
    def test_while_it_chooses_its_pictures_nothing_goes(self, places):
        leave(places.work, RENDITION, "another")

        gone = retain(places, keep_days=30, now=NOW)

        assert there(places.work, RENDITION, "another")
        assert "run-1 is under way" in gone.stopped
        assert set(gone.removed.values()) == {0}

    def test_one_that_was_killed_keeps_nothing_for_ever(self, run, places):
        image = accept(run, "A")[0]
        for kind, mark in self.found_again(run, image):
            leave(places.work, kind, mark)
        age(places.work, timedelta(hours=9), "runs/")

        assert retain(places, keep_days=30, now=NOW).removed["renditions"] == 4

    def test_a_night_of_many_days_keeps_its_own_beginning(self, run, places):
        age(places.work, 3 * DAY, "runs/run-1/")
        accept(run, "A")

        assert retain(places, keep_days=1, now=NOW).removed["runs"] == 0

    def test_what_it_compares_with_stays_though_another_run_ended_since(
        self, places, configuration
    ):
        night(places, configuration, "run-1", {"A": "PASS"}, A="a")
        late = begin(places, configuration, "run-2", B="b")
        accept(late, "B")
        summary = read_summary(places.work, "run-1")
        age(places.work, 50 * DAY, "runs/run-1/")
        backdate(places, summary, 50 * DAY)
        night(places, configuration, "run-3", {"C": "PASS"}, C="c")

        retain(places, keep_days=30, now=NOW)

        assert late.plan.previous_outcomes
        assert places.work.read(late.plan.previous_outcomes)

    def test_another_try_keeps_what_its_jobs_ask_for(self, run, places):
        accept(run, "A")
        retry = Run(run.plan.model_copy(update={"run_id": "retry-1"}), places)
        picture = QualityReport(
            key="A/front.jpg", sku="A", view="front", sha256="", prepared="old", variant="standard",
            fingerprint="x", verdict="REVIEW",
        )  # fmt: skip
        job = render_job(picture, run.plan.configuration.looks[0], prepared="old")
        places.work.create(retry.key(ANOTHER_TRY), b"{}")
        retry.write_shard("jobs", 0, [job], RenderJob)
        places.work.create(retry.key("run.json"), retry.plan.model_dump_json().encode())
        leave(places.work, PREPARED_IMAGE, "old")
        leave(places.work, RENDITION, job.fingerprint)

        retain(places, keep_days=30, now=NOW)

        assert there(places.work, PREPARED_IMAGE, "old")
        assert there(places.work, RENDITION, job.fingerprint)

    def test_one_that_begins_meanwhile_stops_the_sweep(self, places, configuration):
        night(places, configuration, "run-1", {"A": "PASS"}, A="a")
        for number in range(600):
            for key, data in objects_of(
                RENDITION, f"{number:024d}", FACTS[RENDITION.folder], {"image.png": b"pixels"}
            ):
                path = Path(places.work.uri.removeprefix("file://")) / key
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        age(places.work, 50 * DAY, "renditions/0")
        work = Begun(places.work, lambda: begin(places, configuration, "run-2", B="b"))
        watched = type(places)(places.source, work, places.published)

        gone = retain(watched, keep_days=30, now=NOW)

        assert gone.stopped == "run run-2 began meanwhile"
        assert gone.removed["renditions"] == 1000, "the batch that was on its way"
        assert len(places.work.folders("renditions/")) > 1


class Begun(FolderStorage):
    """A storage in which a run begins during the first deletion."""

    def __init__(self, storage: FolderStorage, begin_run) -> None:
        super().__init__(Path(storage.uri.removeprefix("file://")))
        self._begin: Iterator = iter([begin_run])

    def delete(self, keys) -> None:
        super().delete(keys)
        for each in self._begin:
            each()


def backdate(places, summary: Summary, by: timedelta) -> None:
    """Let a run have ended long ago."""
    key = f"runs/{summary.run_id}/summary.json"
    places.work.delete([key])
    told = summary.model_copy(update={"ended": summary.ended - by, "started": summary.started - by})
    places.work.create(key, told.model_dump_json().encode())
    age(places.work, by, key)


class TestBackdrops:
    @pytest.fixture
    def seasonal(self, configuration) -> Configuration:
        catalogue = configuration.catalogue.model_copy(update={"variants": {"spring": "spring"}})
        return configure(catalogue, config_folder())

    def test_what_looks_of_a_run_under_way_could_find_stays(self, places, seasonal):
        run = begin(places, seasonal, "run-1", A="a")
        accept(run, "A")
        could_find = backdrop_fingerprints(seasonal.looks[0])
        for mark in [*could_find, "of another look"]:
            leave(places.work, BACKDROP, mark)

        gone = retain(places, keep_days=30, now=NOW)

        assert set(places.work.folders("backdrops/")) == could_find
        assert gone.removed["backdrops"] == 2

    def test_what_looks_of_the_newest_run_could_find_stays(self, places, seasonal):
        night(places, seasonal, "run-1", {"A": "PASS"}, A="a")
        (mark, *_) = backdrop_fingerprints(seasonal.looks[0])
        leave(places.work, BACKDROP, mark)
        leave(places.work, BACKDROP, "of another look")

        retain(places, keep_days=30, now=NOW)

        assert places.work.folders("backdrops/") == [mark]


class TestWaiting:
    """Pictures on which a person has the next word stay such that they can give it."""

    @pytest.fixture
    def waits(self, places, configuration) -> Run:
        """A waits since long ago; nights since then worked on other pictures."""
        run = begin(places, configuration, "run-1", A="a", B="b")
        finish_stages(run, {"A": "REVIEW", "B": "PASS"})
        publish(run)
        report(run)
        age(places.work, 50 * DAY)
        backdate(places, read_summary(places.work, "run-1"), 50 * DAY)
        night(places, configuration, "run-2", {"B": "PASS"}, B="another b")
        return run

    def test_the_report_and_the_files_that_an_approval_publishes_stay(self, waits, places):
        retain(places, keep_days=30, now=NOW)

        (told,) = (each for each in waits.rows("quality", QualityReport) if each.sku == "A")
        assert all(places.work.read(file.key) for file in told.files)

    def test_its_other_attempts_stay(self, waits, places):
        (told,) = (each for each in waits.rows("quality", QualityReport) if each.sku == "A")
        decision = ReviewDecision(
            **told.model_dump(include={"fingerprint", "key", "sku", "view", "variant"}),
            number=1, action="retry", by="anna", at=NOW - 40 * DAY, catalogue="shop",
            run_id="run-1", settings=Overrides(seed=7), retry_run="retry-1",
        )  # fmt: skip
        record_decision(places.work, decision)
        look = waits.plan.configuration.looks[0]
        job = render_job(told, look, prepared=told.prepared).model_copy(
            update={"fingerprint": "tried"}
        )
        retry = Run(waits.plan.model_copy(update={"run_id": "retry-1"}), places)
        retry.write_shard("jobs", 0, [job], RenderJob)
        leave(places.work, RENDITION, "tried")
        age(places.work, 45 * DAY, "runs/retry-1/")

        retain(places, keep_days=30, now=NOW)

        assert retry.rows("jobs", RenderJob)
        assert there(places.work, RENDITION, "tried")

    @pytest.mark.usefixtures("waits")
    def test_when_nobody_has_to_decide_any_more_the_old_run_goes(self, places, configuration):
        night(places, configuration, "run-3", {"A": "PASS"}, A="photographed again")

        retain(places, keep_days=30, now=NOW)

        assert "run-1" not in places.work.folders("runs")


def test_a_run_whose_name_holds_a_dot_is_kept_as_any_other(places, configuration):
    name = "manual__2026-01-01T00-00-00.123456"
    night(places, configuration, name, {"A": "PASS"}, A="a")

    assert retain(places, keep_days=30, now=LATER).removed["runs"] == 0


def test_what_is_published_stays_and_what_slower_writers_left_beside_it_goes(places, configuration):
    night(places, configuration, "run-1", {"A": "PASS"}, A="a")
    row = manifest(places)["A"]
    kept = [(PREPARED_IMAGE, row["prepared"]), (RENDITION, row["rendition"])]
    for kind, mark in kept:
        leave(places.work, kind, mark, b"what counts")
        orphan = f"{kind.folder}/{mark}/image-{'0' * 16}.png"
        places.work.create(orphan, b"of a killed attempt")
        age(places.work, 50 * DAY, orphan)

    gone = retain(places, keep_days=30, now=NOW)

    assert (gone.removed[PREPARED], gone.removed[RENDITIONS]) == (1, 1)
    assert all(there(places.work, kind, mark) for kind, mark in kept)
    assert places.work.listing(f"renditions/{row['rendition']}/encoded/").num_rows == 1
