"""Seasons through their DAGs, in this process: published, ended and brought back, beside nights."""

import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta

import pytest
import yaml
from airflow.sdk.exceptions import ParamValidationError

from tests.dags.editing import change
from tests.dags.shop import FOURTH, SECOND, THIRD, Shop, asset_events, states
from tests.support.product_pictures import COLOURS, jpeg, products, vase
from transforms.cli.console import bars
from transforms.presets.configuration import load_configuration
from transforms.presets.scope import Scope
from transforms.publishing.publication import roll_back
from transforms.records.artefact import RENDITION, read_artefact
from transforms.runner import open_places, run_catalogue
from transforms.stages.ingest import ingest

ALL = {"VASE-0", "VASE-1", "VASE-2"}
DAY = timedelta(days=1)
PLACES = ("source", "work", "published")


@pytest.fixture(scope="module")
def after_a_night(tmp_path_factory):
    """Folders of a shop that published a night; made once, copied for each test."""
    return tmp_path_factory.mktemp("after-a-night")


@pytest.fixture
def shop(after_a_night, config, parse, tmp_path) -> Shop:
    shop = Shop(tmp_path, parse)
    if not (after_a_night / "published").exists():
        shop.photograph(**products(3))
        night(config)
        for name in PLACES:
            (tmp_path / name).rename(after_a_night / name)
    for name in PLACES:
        # Linked, since a copy would be taken for another file.
        shutil.copytree(after_a_night / name, tmp_path / name, copy_function=os.link)
    assert shop.shown() == {"standard": ALL}
    return shop


def configured(config, *variants: str):
    return load_configuration(config / "catalogues" / "samples.yaml", config, variants=variants)


def night(config, *variants: str, **scope):
    """A run in this process without Airflow: what `packshot run` does."""
    with bars() as progress:
        return run_catalogue(configured(config, *variants), progress=progress, scope=Scope(**scope))


def calendar(config, **seasons) -> None:
    """Change seasons; their names stay, since Airflow keeps a version of each form it saw."""
    file = config / "catalogues" / "samples.yaml"
    change(file, seasons={**yaml.safe_load(file.read_text())["seasons"], **seasons})


def on(moment, **season) -> dict:
    """A season that began yesterday and ends tomorrow."""
    day = moment.day
    starts, ends = f"{moment:%m}-{day - 1:02}", f"{moment:%m}-{day + 1:02}"
    return {"preset": "winter", "starts": starts, "ends": ends, **season}


def test_a_season_appears_at_once_beside_the_night_and_neither_undoes_the_other(shop, config):
    before = shop.pointer()
    standard = [row for row in shop.manifest() if row["variant"] == "standard"]

    run = shop.season(SECOND)

    assert run.state == "success"
    assert shop.pointer().sequence == before.sequence + 1
    assert shop.pointer().previous == before.version
    assert shop.shown() == {"standard": ALL, "winter": ALL}
    assert [row for row in shop.manifest() if row["variant"] == "standard"] == standard
    assert asset_events()[-1]["variants"] == ["winter"]
    winter = [row for row in shop.manifest() if row["variant"] == "winter"]

    shop.photograph(**{"VASE-1": jpeg(vase(COLOURS[6]))})
    assert shop.night(THIRD).state == "success"

    assert [row for row in shop.manifest() if row["variant"] == "winter"] == winter
    changed = {row["sku"] for row in shop.manifest() if row["variant"] == "standard"} - {
        row["sku"] for row in shop.manifest() if row in standard
    }
    assert changed == {"VASE-1"}
    assert shop.summary(THIRD).changes["changed"] == 1

    assert shop.season(FOURTH).state == "success"

    told = shop.summary(FOURTH)
    assert (told.counts.published, told.counts.unchanged) == (1, 2)
    kept = [row for row in shop.manifest() if row in winter]
    assert {row["sku"] for row in kept} == {"VASE-0", "VASE-2"}
    assert shop.shown() == {"standard": ALL, "winter": ALL}


@pytest.mark.parametrize(
    ("form", "said"),
    [
        pytest.param({"strength": 3}, "3 is greater than the maximum of 1", id="strength"),
        pytest.param({"candidates": 0}, "0 is less than the minimum of 1", id="candidates"),
        pytest.param({"ends": "someday"}, "is not a 'date'", id="last day"),
        pytest.param({"variant": "moonlight"}, "'moonlight' is not one of", id="variant"),
        pytest.param({"catalogue": "other"}, "'other' is not one of", id="catalogue"),
    ],
)
def test_the_form_refuses_what_cannot_be(shop, form, said):
    with pytest.raises(ParamValidationError, match=said):
        shop.season(SECOND, **form)


def test_a_strength_that_nothing_would_heed_is_refused(shop):
    run = shop.season(SECOND, strength=0.4)

    assert run.state == "failed"
    assert states(run)["estimate"] == {"failed": 1}
    assert shop.shown() == {"standard": ALL}


def test_only_planning_tells_what_it_takes_and_writes_nothing(shop, config):
    change(config / "catalogues" / "samples.yaml", worker_hour_price=36)
    night(config, "winter", products=("VASE-2",))
    before = [place.listing().to_pylist() for place in (shop.work, shop.published)]

    run = shop.season(SECOND, products=["VASE-[01]"], dry_run=True)

    assert run.state == "success"
    assert states(run)["ingest"] == states(run)["render"] == {"skipped": 1}
    plan = next(each for each in run.get_task_instances() if each.task_id == "estimate").xcom_pull(
        task_ids="estimate"
    )
    assert (plan["pictures"], plan["renditions"], plan["attempts"]) == (2, 2, 0)
    assert plan["seconds"] > 0
    assert plan["price"] == pytest.approx(plan["seconds"] / 100, abs=0.01)
    assert [place.listing().to_pylist() for place in (shop.work, shop.published)] == before


def test_products_by_pattern_get_the_season_and_the_others_keep_what_they_have(shop):
    run = shop.season(SECOND, products=["*-0", "VASE-2"], ends="2026-03-31")

    assert run.state == "success"
    assert shop.shown() == {"standard": ALL, "winter": {"VASE-0", "VASE-2"}}
    assert shop.summary(SECOND).counts.deferred == 1
    assert {row["ends"] for row in shop.manifest() if row["variant"] == "winter"} == {"2026-03-31"}


def test_no_record_claims_that_a_model_ran_where_none_did(shop):
    shop.season(SECOND, products=["VASE-0"])

    (row,) = (row for row in shop.manifest() if row["variant"] == "winter")
    assert (row["engine"], row["checkpoint"], row["strength"]) == ("scene", "", 0.0)
    assert "diffuse" not in json.loads(row["code_versions"])
    facts = read_artefact(shop.work, RENDITION, row["rendition"]).facts
    assert (facts.engine, facts.checkpoint, facts.attempts) == ("scene", "", ())
    assert facts.strength is None
    assert facts.backdrop is not None
    assert facts.backdrop.refined is False
    report = shop.work.read(f"runs/{shop.run_id(SECOND)}/report.html").decode()
    assert "VASE-0" in report
    assert "diffusion" not in report.lower()


class TestCalendar:
    def forms(self, run) -> list[dict]:
        return run.get_task_instance("due").xcom_pull(task_ids="due")

    def test_a_season_that_is_on_starts_for_what_is_new_or_changed_alone(self, shop, config):
        calendar(config, winter=on(SECOND))

        first = shop.night(SECOND, dag_id="season_calendar")

        form = {"catalogue": "samples", "variant": "winter", "redo": False}
        assert self.forms(first) == [form]
        assert started() == [form]
        shop.season(SECOND, **form)
        assert shop.shown() == {"standard": ALL, "winter": ALL}

        change(config / "presets" / "winter.yaml", seed=7)
        again = shop.night(SECOND.replace(hour=4), dag_id="season_calendar")
        assert states(again)["start"] == {"skipped": 1}
        shop.photograph(**{"VASE-3": jpeg(vase(COLOURS[3]))})
        new = shop.night(SECOND.replace(hour=5), dag_id="season_calendar")
        assert self.forms(new) == [form]
        shop.season(SECOND.replace(hour=6), **form)
        told = shop.summary(SECOND.replace(hour=6))
        assert (told.counts.published, told.counts.unchanged) == (1, 3)

    def test_a_season_that_is_over_comes_down_at_once_and_its_files_stay(self, shop, config):
        calendar(config, winter={"preset": "winter", "ends": "03-03"})
        night(config, "winter", ends=date(2026, 3, 3))
        files = shop.published.listing()["key"].to_pylist()
        before = shop.pointer()

        last_day = shop.night(THIRD, dag_id="season_calendar")

        assert last_day.state == "success"
        assert shop.pointer() == before

        shop.night(FOURTH, dag_id="season_calendar")

        assert shop.shown() == {"standard": ALL}
        assert shop.pointer().previous == before.version
        assert set(files) <= set(shop.published.listing()["key"].to_pylist())

    def test_a_season_that_a_person_ended_is_not_begun_again_and_rollback_brings_it_back(
        self, shop, config
    ):
        calendar(config, winter=on(SECOND, ends="03-20"))
        night(config, "winter")
        version = shop.pointer().version

        ended = shop.night(SECOND, dag_id="season_calendar", end_now="winter")

        assert shop.shown() == {"standard": ALL}
        assert self.forms(ended) == []
        assert self.forms(shop.night(THIRD, dag_id="season_calendar")) == []

        roll_back(shop.published, version)
        assert self.forms(shop.night(FOURTH, dag_id="season_calendar")) == []
        assert shop.shown() == {"standard": ALL, "winter": ALL}

    def test_the_last_day_of_the_form_holds_before_that_of_the_file(self, shop, config):
        today = datetime.now(UTC)
        starts, ends = (f"{today + days * DAY:%m-%d}" for days in (-1, 20))
        calendar(config, winter={"preset": "winter", "starts": starts, "ends": ends})
        last_day = (today + DAY).date()
        night(config, "winter", ends=last_day)
        shop.photograph(**{"VASE-3": jpeg(vase(COLOURS[3]))})

        (form,) = self.forms(shop.night(today, dag_id="season_calendar"))
        night(config, "winter", redo=form["redo"])
        told = {row["sku"]: row["ends"] for row in shop.manifest() if row["variant"] == "winter"}
        assert told == dict.fromkeys([*ALL, "VASE-3"], last_day.isoformat())

        assert self.forms(shop.night(today + 2 * DAY, dag_id="season_calendar")) == []
        assert shop.shown() == {"standard": ALL}


def test_the_second_of_two_runs_of_a_season_at_once_is_stale_and_says_so(shop, config):
    configuration = configured(config, "winter")
    ingest(open_places(configuration.catalogue), configuration, run_id=shop.run_id(SECOND))
    change(config / "presets" / "winter.yaml", seed=7)
    night(config, "winter")
    before = shop.pointer()

    run = shop.season(SECOND)

    assert run.state == "failed"
    assert states(run)["publish"] == {"failed": 1}
    assert states(run)["report"] == {"success": 1}
    assert shop.summary(SECOND).ending == "stale"
    assert (
        "another run published meanwhile, 3 of these very pictures (VASE-0 front winter; "
        "VASE-1 front winter; VASE-2 front winter)"
    ) in shop.summary(SECOND).message
    assert shop.pointer() == before


def test_a_missing_checkpoint_is_told_before_any_work(shop, capfd):
    before = shop.work.listing().to_pylist()

    run = shop.season(SECOND, variant="anime")

    assert run.state == "failed"
    assert states(run)["models"] == {"failed": 1}
    assert states(run)["ingest"] == states(run)["go_ahead"] == {"upstream_failed": 1}
    assert run.get_task_instance("models").try_number == 1
    told = "".join(capfd.readouterr())
    assert "variant anime: checkpoint sdxl: " in told
    assert "`packshot models fetch sdxl` tells how to get it" in told
    assert shop.work.listing().to_pylist() == before


def started() -> list[dict]:
    """Forms of the seasonal runs that a DAG started."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        runs = session.scalars(select(DagRun).where(DagRun.dag_id == "seasonal_variants")).all()
        return [run.conf for run in runs if run.triggering_user_name is None]
