"""A night of which too much went wrong waits for a person, whom Airflow's own question asks."""

import threading
import time
from contextlib import contextmanager

import pytest
import yaml
from fastapi.testclient import TestClient

from tests.dags.editing import change
from tests.dags.shop import FIRST, Shop, asset_events, states
from tests.support.product_pictures import products
from transforms.publishing.release import released_run_id
from transforms.publishing.version import read_pointer
from transforms.runs.summary import read_summary

NASTY = "<script>alert(1)"
PATIENCE_SECONDS = 60


@pytest.fixture
def shop(config, parse, tmp_path) -> Shop:
    """One whose photographer's upload broke: one picture of three, and one in ten is too many."""
    gate = yaml.safe_load((config / "gate.yaml").read_text())
    change(
        config / "gate.yaml",
        audit={**gate["audit"], "max_quarantined_share": 0.1, "min_pictures": 1},
    )
    shop = Shop(tmp_path, parse)
    shop.photograph(**products(2), **{NASTY: b"<html>not a picture</html>"})
    return shop


@pytest.fixture(scope="module")
def api(airflow_database):
    """Airflow's REST API in this process: gives a function that asks it as a user with a role."""
    from airflow.api_fastapi.app import create_app, get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    client = TestClient(create_app())

    def ask(method: str, path: str, role: str, **options):
        token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=role, role=role))
        headers = {"Authorization": f"Bearer {token}"}
        return client.request(method, f"/api/v2{path}", headers=headers, **options)

    assert ask("GET", "/version", "viewer").status_code == 200, "a thread's error would come late"
    return ask


@contextmanager
def beside(act):
    """Do something in a thread while a DAG runs in this one; its error is ours."""
    errors = []

    def guarded():
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)
            ask_no_more()

    thread = threading.Thread(target=guarded, daemon=True)
    thread.start()
    yield
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()
    if errors:
        raise errors[0]


def ask_no_more() -> None:
    """Fail what waits, so that its DAG run ends."""
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import update

    with create_session() as session:
        waits = update(TaskInstance).where(TaskInstance.task_id == "release")
        session.execute(waits.values(state="failed"))


def question_of(api) -> tuple[str, dict]:
    """Path of the question that waits, and the question."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = api("GET", "/dags/~/dagRuns/~/hitlDetails?response_received=false", "viewer").json()
        for each in found["hitl_details"]:
            if each["task_instance"]["state"] == "awaiting_input":
                task = each["task_instance"]
                run = f"/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}"
                return f"{run}/taskInstances/{task['task_id']}/-1/hitlDetails", each
        time.sleep(0.2)
    raise AssertionError("nobody was asked")


def answer(api, option: str, seen: dict) -> None:
    path, seen["question"] = question_of(api)
    said = {"chosen_options": [option], "params_input": {}}
    seen["viewer"] = api("PATCH", path, "viewer", json=said).status_code
    seen["user"] = api("PATCH", path, "user", json=said).status_code


def let_time_pass() -> None:
    """What the scheduler does all the time: look for questions that nobody answered in time."""
    from airflow.jobs.job import Job
    from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import select

    runner = SchedulerJobRunner(job=Job())
    deadline = time.monotonic() + PATIENCE_SECONDS
    waits = select(TaskInstance.state).where(TaskInstance.task_id == "release")
    while time.monotonic() < deadline:
        runner.check_awaiting_input_timeouts()
        with create_session() as session:
            if set(session.scalars(waits)) & {"success", "failed"}:
                return
        time.sleep(0.2)


def test_a_held_night_goes_out_by_a_persons_word_and_by_nothing_else(shop, config, api):
    change(config / "catalogues" / "samples.yaml", release_hours=0.0001)
    with beside(let_time_pass):
        ignored = shop.night(FIRST)

    assert ignored.state == "failed"
    assert states(ignored)["release"] == {"success": 1}
    assert states(ignored)["publish_held"] == {"failed": 1}
    assert states(ignored)["announce"] == states(ignored)["account"] == {"upstream_failed": 1}
    assert read_pointer(shop.published) == (None, None)
    assert shop.summary(FIRST).ending == "held"

    # The same night, cleared: what is finished is found, and the question is asked again.
    change(config / "catalogues" / "samples.yaml", release_hours=12)
    seen: dict = {}
    with beside(lambda: answer(api, "Reject", seen)):
        rejected = shop.night(FIRST)

    assert rejected.state == "failed"
    assert states(rejected)["publish_held"] == {"failed": 1}
    assert read_pointer(shop.published) == (None, None)

    with beside(lambda: answer(api, "Approve", seen)):
        approved = shop.night(FIRST)

    assert (seen["viewer"], seen["user"]) == (403, 200)
    assert approved.state == "success"
    assert shop.published_skus() == {"VASE-0", "VASE-1"}
    told = read_summary(shop.work, released_run_id(shop.run_id(FIRST)))
    assert told.released.by == "user"
    assert "1 of 3 pictures quarantined" in told.hold[0]
    assert asset_events()[-1]["released"]["by"] == "user"
    assert asset_events()[-1]["version"] == shop.pointer().version
    body = seen["question"]["body"]
    assert f"` {NASTY}/front.jpg `" in body
    assert "- 2 published" in body
    assert "/dags/nightly_standardise/runs/" in body
    assert "/plugin/packshot-run)" in body
