"""What DAGs share: run ids, names of mapped tasks, retries, storages."""

import json
import re

import pytest
from pipeline_wiring import (
    RETRY_POLICY,
    name_pictures,
    open_places,
    read_release,
    refuse_failures,
    safe_run_id,
)

from transforms.errors import (
    AuditError,
    ConfigError,
    HeldRunError,
    ModelError,
    NotFoundError,
    PackshotError,
    ReconciliationError,
    StaleRunError,
    StorageError,
)
from transforms.presets.catalogue import Catalogue


@pytest.mark.parametrize(
    "run_id",
    [
        pytest.param("scheduled__2026-11-22T02:00:00+00:00", id="by schedule"),
        pytest.param("manual__2026-11-22T02:00:00.123456+00:00_aB3", id="by hand"),
        pytest.param("../../etc", id="a way out of the folder"),
        pytest.param("x" * 250, id="too long for a name"),
        pytest.param("Nacht für Ü", id="not ASCII"),
    ],
)
def test_run_ids_become_safe_names(run_id):
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}", safe_run_id(run_id))


def test_run_ids_that_look_alike_stay_apart():
    assert len({safe_run_id(run_id) for run_id in ("a:b", "a+b", "a-b", "a b", "a:b:")}) == 5


def test_a_safe_run_id_is_kept():
    assert safe_run_id("20261122T020000Z-ab12") == "20261122T020000Z-ab12"


@pytest.mark.parametrize(
    ("skus", "name"),
    [
        pytest.param([], "no picture", id="none"),
        pytest.param(["MUG"], "MUG (1 picture)", id="one"),
        pytest.param(["MUG", "MUG"], "MUG (2 pictures)", id="two views of one product"),
        pytest.param(["VASE", "MUG", "POT"], "MUG … VASE (3 pictures)", id="several"),
    ],
)
def test_a_shard_is_named_after_its_pictures(skus, name):
    assert name_pictures(skus) == name


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (ConfigError, "fail"),
        (ModelError, "fail"),
        (StaleRunError, "fail"),
        (AuditError, "fail"),
        (HeldRunError, "fail"),
        (ReconciliationError, "fail"),
        (StorageError, "retry"),
        (NotFoundError, "retry"),
        (MemoryError, "default"),
    ],
)
def test_the_error_decides_about_trying_again(error, action):
    decision = RETRY_POLICY.evaluate(error("said"), try_number=1, max_tries=3)

    assert decision.action.value == action


def test_failed_pictures_are_refused_with_their_number_and_the_report():
    counts = {"listed": 40, "failed": 3}

    with pytest.raises(PackshotError, match=r"3 of 40 pictures failed.*file:///r\.html"):
        refuse_failures({"counts": counts, "report": "file:///r.html"})
    refuse_failures({"counts": {**counts, "failed": 0}, "report": None})


@pytest.mark.parametrize(
    ("by", "said"), [("berta", "berta rejected it"), ("", "nobody released it in time")]
)
def test_without_a_persons_yes_a_held_run_stays_held(by, said):
    answer = {"approved": False, "by": by, "at": "2026-03-01T09:00:00Z", "shown": "abc"}

    with pytest.raises(HeldRunError, match=f"run night-1 stays held: {said}"):
        read_release("night-1", answer)
    assert read_release("night-1", {**answer, "approved": True, "by": "berta"}).by == "berta"


def test_a_connection_gives_endpoint_and_credentials(s3_server, monkeypatch, airflow_database):
    connection = {
        "conn_type": "aws",
        "login": s3_server.access_key,
        "password": s3_server.secret_key,
        "extra": {"endpoint_url": s3_server.endpoint_url, "region_name": "us-east-1"},
    }
    monkeypatch.setenv("AIRFLOW_CONN_SHOP_S3", json.dumps(connection))
    place = {"uri": f"s3://{s3_server.bucket}/wired", "connection": "shop_s3"}
    catalogue = Catalogue(
        name="shop", source=place, work=place, published=place,
        variants={"standard": "standard"}, channels=("shop",),
    )  # fmt: skip

    places = open_places(catalogue)

    assert places.work.create("a", b"1")
    assert places.source.read("a") == b"1"
