"""The page in a real Airflow: its permissions, and a morning's work in a real browser."""

import json
import os
import re
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import yaml
from playwright.sync_api import expect

from demo.airflow_server import airflow_server
from demo.server import Server
from tests.plugins.browsing import browser as real_browser
from tests.plugins.conftest import OWN

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
USERS = "admin:admin,viewer:viewer"


@pytest.fixture(scope="module")
def places(night, config, tmp_path_factory) -> Path:
    """Storages after a night, and a configuration whose only catalogue has them."""
    root, catalogue = night
    home = tmp_path_factory.mktemp("review-airflow")
    for name in ("source", "work", "published"):
        shutil.copytree(root / name, home / name)
    shutil.copytree(config, home / "config")
    for file in (home / "config" / "catalogues").glob("*.yaml"):
        file.unlink()
    told = json.loads(catalogue.model_dump_json(exclude_unset=True))
    told |= {name: {"uri": (home / name).as_uri()} for name in ("source", "work", "published")}
    (home / "config" / "catalogues" / "shop.yaml").write_text(yaml.safe_dump(told))
    return home


@pytest.fixture(scope="module")
def airflow(places):
    """An Airflow with an admin and a viewer."""
    settings = {
        "PACKSHOT_CONFIG": str(places / "config"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": USERS,
    }
    with airflow_server(places / "airflow", settings=settings) as server:
        yield server


@pytest.fixture(scope="module")
def shots(tmp_path_factory) -> Path:
    """Where screenshots are kept."""
    kept = os.environ.get("PACKSHOT_SCREENSHOTS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def signed_in(server: Server, user: str):
    """A client that uses the API as one user."""
    passwords = json.loads((server.home / "passwords.json").read_text())
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
        login = {"username": user, "password": passwords[user]}
        answer = client.post("/auth/token", json=login).raise_for_status()
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


def test_airflow_says_who_may_look_and_who_may_decide(airflow):
    body = {"action": "undo", "pictures": [{"id": "0" * 16, "fingerprint": "0" * 24, "number": 0}]}
    answers = {}
    with (
        httpx.Client(base_url=airflow.url, timeout=60, trust_env=False) as stranger,
        signed_in(airflow, "viewer") as viewer,
        signed_in(airflow, "admin") as admin,
    ):
        for who, client in (
            ("stranger", stranger),
            ("viewer", viewer),
            ("admin", admin),
        ):
            answers[who] = (
                client.get("/packshot/c/shop/r/night-1").status_code,
                client.post(
                    "/packshot/c/shop/r/night-1/decisions", json=body, headers=OWN
                ).status_code,
                client.post("/packshot/c/shop/publish", json={}).status_code,
            )

    assert answers == {
        "stranger": (401, 401, 401),
        "viewer": (200, 403, 403),
        "admin": (200, 409, 403),  # there is no such picture; and without the page's own header
    }


def test_a_mornings_work(airflow, places, shots):
    for dag_id in ("publish_reviewed", "rerender"):
        airflow.wait_for_dag(dag_id)
    with real_browser() as chromium:
        context = chromium.new_context(viewport={"width": 1480, "height": 920})
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("request", lambda asked: broken.extend(elsewhere(asked.url, airflow)))
        sign_in(page, airflow)
        inside = page.frame_locator("iframe[title=Packshot]")

        inside.locator(".hero-card.waits").click()
        expect(inside.locator(".card")).to_have_count(3)
        page.screenshot(path=shots / "gallery-light.png")
        assert nameless(inside) == []
        page.keyboard.press("j")
        ring = "el => getComputedStyle(el, '::after').boxShadow"
        assert "0px 0px 0px 3px" in inside.locator(".frame:focus").evaluate(ring)
        inside.get_by_label("Rule").select_option("enlargement")
        expect(inside.locator(".card")).to_have_count(3)
        approve_the_first(page, inside, shots)
        reject_one_and_try_the_other_again(page, inside)
        assert len(list((places / "work" / "reviews").glob("*/0001.json"))) == 3
        finished(airflow, "rerender")
        approve_the_attempt(page, inside, shots)

        expect(inside.locator(".chip", has_text="Published")).to_contain_text("2")
        inside.locator("[data-publish]").click()
        expect(inside.locator(".toast")).to_contain_text("begun")
        run_id = finished(airflow, "publish_reviewed")
        page.reload()
        expect(inside.locator(".chip", has_text="Published")).to_contain_text("4")
        read_expectations(inside)

        page.evaluate("localStorage.setItem('theme', 'dark')")
        page.goto(f"{airflow.url}/dags/publish_reviewed/runs/{run_id}/plugin/packshot-run")
        tab = page.frame_locator("iframe[title=Pictures]")
        expect(tab.locator(".chip", has_text="Published")).to_contain_text("2")
        expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
        page.screenshot(path=shots / "tab-dark.png")
        assert broken == []


def elsewhere(address: str, server: Server) -> list[str]:
    """The address, where another host than ours is asked for the page."""
    ours = (server.url, f"blob:{server.url}", "data:")
    return [] if address.startswith(ours) else [address]


def nameless(inside) -> list[str]:
    """What a person could use, and a screen reader would not call by any name."""
    used = "link|button|checkbox|combobox|searchbox|slider|img|table|region"
    tree = inside.locator("body").aria_snapshot().splitlines()
    return [line for line in tree if re.match(rf"\s*- ({used})(?! \")", line)]


def sign_in(page, server: Server) -> None:
    """Sign in through Airflow's form, and open the page from its navigation."""
    page.goto(f"{server.url}/")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", server.password)
    page.click("button[type=submit]")
    page.get_by_role("link", name="Packshot").click()


def approve_the_first(page, inside, shots: Path) -> None:
    """Open a picture, move its slider with the mouse, approve with the keyboard."""
    inside.locator(".card .frame").first.click()
    name = inside.locator("h1").inner_text()
    split = inside.locator("#split rect")
    before = float(split.get_attribute("x"))
    box = inside.locator(".stage svg").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + box["width"] / 4, middle[1], steps=4)
    page.mouse.up()
    assert float(split.get_attribute("x")) > before + 20
    page.screenshot(path=shots / "picture-light.png")
    page.keyboard.press("a")
    expect(inside.locator(".toast")).to_contain_text("Approved")
    expect(inside.locator("h1")).not_to_have_text(name)


def reject_one_and_try_the_other_again(page, inside) -> None:
    """Go back to the gallery; select with mouse and keyboard; give a reason, and other settings."""
    page.keyboard.press("Escape")
    waiting = inside.locator(".card[data-status=waiting]")
    expect(waiting).to_have_count(2)
    waiting.first.locator(".pick").click()
    expect(inside.locator("[data-selected]")).to_have_text("1 selected")
    inside.locator(".tray [data-act=reject]").click()
    inside.get_by_text("Edge is not clean").click()
    inside.locator("dialog[open] button[value=go]").click()
    expect(inside.locator(".chip", has_text="Rejected")).to_contain_text("1")

    waiting.first.locator(".frame").focus()
    page.keyboard.press("t")
    dialog = inside.locator("dialog[open]")
    dialog.get_by_label("Preset").select_option("standard-grounded")
    expect(dialog.get_by_label("Model")).to_be_disabled()
    dialog.locator("button[value=go]").click()
    expect(inside.locator(".chip", has_text="Trying again")).to_contain_text("1")


def approve_the_attempt(page, inside, shots: Path) -> None:
    """See the new attempt beside the first, open it, and approve it."""
    page.reload()
    inside.locator(".chip", has_text="New attempt").click()
    inside.locator(".card .frame").click()
    inside.locator(".tries a", has_text="preset standard-grounded").click()
    expect(inside.get_by_text("Another attempt.")).to_be_visible()
    page.screenshot(path=shots / "attempt-light.png")
    page.keyboard.press("a")
    expect(inside.locator(".facts .status").first).to_contain_text("Approved")
    inside.locator("a[data-up]").click()
    inside.get_by_role("link", name="Clear").click()
    expect(inside.locator(".chip", has_text="Approved")).to_contain_text("2")


def read_expectations(inside) -> None:
    """Open what the suites found, and go back."""
    inside.get_by_role("link", name="Expectations").click()
    expect(inside.get_by_role("heading", name="Source images")).to_be_visible()
    inside.locator(".crumbs a").last.click()
    expect(inside.locator(".gallery")).to_be_visible()


def finished(server: Server, dag_id: str) -> str:
    """Wait until a DAG's last run has ended well; gives its id."""
    deadline = time.monotonic() + PATIENCE_MS / 1000 * 3
    while time.monotonic() < deadline:
        runs = server.call("GET", f"/dags/{dag_id}/dagRuns", params={"order_by": "-id"})
        last = next(iter(runs["dag_runs"]), None)
        if last and last["state"] in ("success", "failed"):
            assert last["state"] == "success"
            assert last["triggering_user_name"] == "admin"
            return last["dag_run_id"]
        time.sleep(0.5)
    raise AssertionError(f"{dag_id} did not end")
