"""Another try at a picture: asked for, made, looked at, and published in place of the first."""

import pytest
from packshot_review.access import StartError
from packshot_review.runs import SchedulerRun

from tests.plugins.conftest import Silent
from transforms.errors import ConfigError, ModelError
from transforms.presets.configuration import configure
from transforms.publishing.decisions import ReviewLog, record_decision
from transforms.records.layout import shard_key
from transforms.records.parquet import read_records, write_records
from transforms.records.renditions import RenderJob, Rendition
from transforms.runner import open_places, run_catalogue
from transforms.runs.run import open_run
from transforms.stages.check import check_shard
from transforms.stages.publish_approved import publish_approved
from transforms.stages.render import render_shard
from transforms.stages.rerender import refuse_unmade, rerender

RUN = "/c/shop/r/night-1"


@pytest.fixture
def places(shop):
    return open_places(shop.catalogue)


@pytest.fixture
def ask(browser, pictures):
    def ask(sku="SMALL-1", action="retry", number=0, **more):
        known = pictures[sku]
        chosen = {"id": known.id, "fingerprint": known.fingerprint, "number": number}
        chosen |= {name: more.pop(name) for name in ("attempt", "fingerprint") if name in more}
        body = {"action": action, "pictures": [chosen], **more}
        return browser.post(f"{RUN}/decisions", body)

    return ask


@pytest.fixture
def begun(browser, places, shop, config):
    """Begin what was asked for, as the DAG does; gives its run and shards."""

    def begun():
        run_id = browser.started[0][1]
        return run_id, rerender(places, configure(shop.catalogue, config), run_id=run_id)

    return begun


@pytest.fixture
def made(ask, browser, places, shop, config):
    """Ask for a try in another preset, and make it as the DAG does; gives its run."""
    assert ask(settings={"preset": "standard-grounded"}).status_code == 200
    ((dag_id, run_id, conf),) = browser.started
    assert (dag_id, conf) == ("rerender", {"catalogue": "shop"})
    for shard in rerender(places, configure(shop.catalogue, config), run_id=run_id):
        run = open_run(places, run_id)
        render_shard(run, shard)
        check_shard(run, shard)
    return run_id


def test_the_try_is_shown_beside_the_first(made, browser, pictures):
    first = pictures["SMALL-1"]

    assert browser.get(RUN).text.count('data-status="ready"') == 1
    assert f'href="{RUN}?status=ready,waiting"' in browser.get("/").text
    page = browser.get(f"{RUN}/picture/{first.id}").text
    assert "preset standard-grounded" in page
    other = browser.get(f"{RUN}/picture/{first.id}?attempt={made}").text
    assert "Another attempt." in other
    assert f'{RUN}/image/{first.id}/result?{first.fingerprint}"' in other
    thumb = browser.get(f"{RUN}/image/{first.id}/thumb?attempt={made}")
    assert thumb.content != browser.get(f"{RUN}/image/{first.id}/thumb").content


@pytest.fixture
def approved(made, ask, browser, pictures) -> str:
    """The try's fingerprint, approved."""
    page = browser.get(f"{RUN}/picture/{pictures['SMALL-1'].id}?attempt={made}").text
    fingerprint = page.split('data-fingerprint="')[1].split('"')[0]
    assert fingerprint != pictures["SMALL-1"].fingerprint
    assert ask(action="approve", attempt=made, fingerprint=fingerprint).status_code == 200
    assert browser.get(RUN).text.count('data-status="approved"') == 1
    return fingerprint


def test_an_approved_try_goes_out_in_place_of_the_first(approved, browser, places, shop, config):
    summary = publish_approved(places, "shop", run_id="reviewed-1")

    assert summary.counts.published == 1
    row = next(r for r in shop.read_published().manifest.to_pylist() if r["sku"] == "SMALL-1")
    assert (row["rendition"], row["preset"]) == (approved, "standard-grounded")
    assert row["cutout"] == "u2netp"
    assert browser.get(RUN).text.count('data-status="published"') == 3
    again = run_catalogue(configure(shop.catalogue, config), progress=Silent())
    assert again.ending == "unchanged", "the next night leaves it alone"


@pytest.mark.usefixtures("made")
def test_a_try_is_no_run_of_its_own(shop):
    assert [run.run_id for run in shop.runs()] == ["night-1"]


def test_settings_that_the_preset_does_not_know_are_refused(ask, browser, shop, pictures):
    answer = ask(settings={"strength": 0.4})

    assert answer.status_code == 422
    assert "diffusion model" in answer.json()["detail"]
    assert ask().status_code == 422, "nothing would be different"
    assert ask(settings={"preset": "../x"}).status_code == 422
    assert ask(settings={"preset": "nonesuch"}).status_code == 422
    assert browser.started == []
    assert ReviewLog(shop.work).refresh().about(pictures["SMALL-1"].fingerprint) == []


def test_another_model_is_asked_where_it_fits(ask, begun, browser, places, pictures):
    assert ask(settings={"preset": "winter", "model": "sdxl"}).status_code == 200

    run_id, _ = begun()

    assert open_run(places, run_id).look("standard").checkpoint.name == "sdxl"
    page = browser.get(f"{RUN}/picture/{pictures['SMALL-1'].id}").text
    assert "preset winter, model sdxl" in page


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"model": "sdxl"}, "asks no diffusion model"),
        ({"preset": "winter", "model": "flux-kontext"}, "models that fit it"),
        ({"preset": "winter", "model": "nonesuch"}, "no 'nonesuch'"),
    ],
)
def test_a_model_that_the_preset_cannot_ask_is_refused(ask, browser, settings, why):
    answer = ask(settings=settings)

    assert answer.status_code == 422
    assert why in answer.json()["detail"]
    assert browser.started == []


def test_a_try_that_could_not_be_made_says_why(ask, begun, browser, places, pictures):
    ask(settings={"seed": 7})
    run_id, (shard,) = begun()
    (job,) = read_records(places.work, shard_key(run_id, "jobs", shard), RenderJob)
    failed = Rendition(**job.model_dump(), reason="black", message="The model gave <black>.")
    write_records(places.work, shard_key(run_id, "renditions", shard), [failed], Rendition)
    check_shard(open_run(places, run_id), shard)

    page = browser.get(f"{RUN}/picture/{pictures['SMALL-1'].id}").text

    assert "seed 7: could not be made." in page
    assert "The model gave &lt;black&gt;." in page
    assert browser.get(RUN).text.count('data-status="stuck"') == 1


def test_a_model_that_does_not_fit_when_the_run_begins_is_told_on_the_page(
    ask, browser, pictures, shop, config
):
    """The presets have changed since somebody asked."""
    ask(settings={"preset": "winter", "model": "sdxl"})
    first = pictures["SMALL-1"]
    (asked,) = ReviewLog(shop.work).refresh().about(first.fingerprint)
    other = {"number": 2, "model": "flux-kontext", "retry_run": "again-misfit"}
    record_decision(shop.work, asked.model_copy(update=other))
    shop.log.refresh(at_once=True)

    places, configuration = open_places(shop.catalogue), configure(shop.catalogue, config)
    with pytest.raises(ConfigError, match="preset winter cannot ask flux-kontext: "):
        rerender(places, configuration, run_id="again-misfit")

    page = browser.get(f"{RUN}/picture/{first.id}").text
    assert "model flux-kontext: could not be made." in page
    assert "preset winter cannot ask flux-kontext" in page


def test_weights_that_are_missing_where_pictures_are_made_are_told_on_the_page(
    ask, begun, browser, places, pictures
):
    ask(settings={"preset": "winter", "model": "sdxl"})
    run_id, _ = begun()

    with pytest.raises(ModelError, match="packshot models fetch sdxl"):
        refuse_unmade(open_run(places, run_id))

    page = browser.get(f"{RUN}/picture/{pictures['SMALL-1'].id}").text
    assert "model sdxl: could not be made." in page
    assert "packshot models fetch sdxl" in page


def test_a_try_whose_run_ended_without_it_is_not_waited_for(ask, browser, pictures):
    ask(settings={"seed": 7})
    run_id = browser.started[0][1]
    path = f"{RUN}/picture/{pictures['SMALL-1'].id}"
    assert "not made yet" in browser.get(path).text

    started = SchedulerRun("editor", "rerender", run_id, ended=True)
    browser.app.state.scheduler_runs = lambda _: {run_id: started}

    page = browser.get(path).text
    assert "could not be made" in page
    assert "not made yet" not in page


def test_where_the_dag_does_not_start_the_decision_is_taken_back(
    ask, browser, shop, pictures, monkeypatch
):
    async def refuse(*_):
        raise StartError("Airflow did not start rerender: it is paused")

    monkeypatch.setattr("tests.plugins.conftest.Somebody.start", refuse)

    answer = ask(settings={"seed": 7})

    assert answer.status_code == 502
    assert "it is paused" in answer.json()["detail"]
    recorded = ReviewLog(shop.work).refresh().about(pictures["SMALL-1"].fingerprint)
    assert [each.action for each in recorded] == ["retry", "undo"]
    assert browser.get(RUN).text.count('data-status="waiting"') == 3


def test_a_try_that_was_taken_back_is_not_made(ask, browser, places, shop, config):
    ask(settings={"seed": 7})
    ask(action="undo", number=1)

    configuration = configure(shop.catalogue, config)
    assert rerender(places, configuration, run_id=browser.started[0][1]) == []


@pytest.mark.parametrize("attempt", ["night-1", "../../x", "again-x"])
def test_an_attempt_that_nobody_asked_for_is_not_there(browser, pictures, attempt):
    first = pictures["SMALL-1"].id

    assert browser.get(f"{RUN}/picture/{first}?attempt={attempt}").status_code == 404
    assert browser.get(f"{RUN}/image/{first}/thumb?attempt={attempt}").status_code == 404
