"""A run that is held says so first: why, where a person answers, and who released it."""

from datetime import UTC, datetime, timedelta

import pytest
from packshot_review.runs import SchedulerRun

from tests.plugins.conftest import Browser
from transforms.publishing.release import released_run_id
from transforms.runs.summary import Release, read_summary

RUN = "/c/shop/r/night-1"
WHY = "7 of 10 <pictures> failed; at most 2 may"


@pytest.fixture
def hold(shop):
    """Make the night a held one, as its summary tells it."""

    def hold(ended: datetime, **changes):
        summary = read_summary(shop.work, "night-1")
        told = {"ending": "held", "hold": (WHY,), "ended": ended, **changes}
        held = summary.model_copy(update=told)
        if held.run_id == "night-1":
            shop.work.delete(["runs/night-1/summary.json"])
        key = f"runs/{held.run_id}/summary.json"
        shop.work.create(key, held.model_dump_json().encode())

    return hold


def test_the_first_page_says_that_a_run_is_held(hold, browser):
    hold(datetime.now(UTC))

    page = browser.get("/").text

    assert "standard is held" in page
    assert "7 of 10 &lt;pictures&gt; failed" in page
    assert "pictures wait" not in page


def test_a_held_run_says_why_and_until_when(hold, browser):
    hold(datetime.now(UTC))

    page = browser.get(RUN).text

    assert "Nothing of this run is in the shop" in page
    assert "7 of 10 &lt;pictures&gt; failed" in page
    assert "It waits for a person" in page


def test_it_says_where_airflow_asks(hold, shop):
    hold(datetime.now(UTC))
    browser = Browser(shop)
    started = SchedulerRun("schedule", "nightly", "scheduled__2026-03-01T02:00:00+00:00")
    browser.app.state.scheduler_runs = lambda _: {"night-1": started}

    path = "/dags/nightly/runs/scheduled__2026-03-01T02%3A00%3A00%2B00%3A00/required_actions"
    assert path in browser.get(RUN).text


def test_after_its_time_it_says_that_nobody_released_it(hold, browser):
    hold(datetime.now(UTC) - timedelta(hours=13))

    assert "It was not released" in browser.get(RUN).text
    assert "is held" not in browser.get("/").text


def test_once_airflow_asks_no_more_it_was_not_released(hold, shop):
    hold(datetime.now(UTC))
    browser = Browser(shop)
    browser.app.state.scheduler_runs = lambda _: {
        "night-1": SchedulerRun("ann", "nightly", "n", ended=True)
    }

    assert "It was not released" in browser.get(RUN).text
    assert "is held" not in browser.get("/").text


def test_a_released_run_says_who_let_it_out(hold, browser):
    hold(datetime.now(UTC))
    when = datetime(2026, 3, 1, 7, 5, tzinfo=UTC)
    name = released_run_id("night-1")
    word = Release(run_id="night-1", shown="x", by="berta", at=when)
    hold(datetime.now(UTC), run_id=name, ending="published", released=word)

    page = browser.get(RUN).text

    assert "Released by berta, 1 March 2026, 07:05 UTC" in page
    assert f'href="/c/shop/r/{name}"' in page
    assert "It waits for a person" not in page

    runs = browser.get("/").text
    assert "released by berta" in runs
    assert runs.count("then released") == 1
