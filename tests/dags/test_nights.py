"""Whole nights through the DAG, in this process, over small photographs in a folder."""

import shutil
import time
from threading import Thread

import pytest

from tests.dags.downstream import downstream_dag
from tests.dags.shop import FIRST, SECOND, THIRD, Shop, asset_events, states
from tests.support.product_pictures import products
from transforms.publishing.version import read_pointer
from transforms.storage.protocol import exists


@pytest.fixture
def shop(config, parse, tmp_path) -> Shop:
    shop = Shop(tmp_path, parse)
    shop.photograph(**products(4), BROKEN=b"<html>not a picture</html>")
    return shop


def test_a_night_publishes_and_the_next_one_finds_nothing_to_do(shop, capsys):
    first = shop.night(FIRST)

    assert first.state == "success"
    counts = shop.summary(FIRST).counts
    assert counts.adds_up()
    assert (counts.listed, counts.quarantined, counts.failed) == (5, 1, 0)
    made = {f"VASE-{number}" for number in range(4)}
    assert shop.published_skus() <= made
    assert len(shop.published_skus()) == counts.published >= 1
    assert states(first)["measure"] == {"success": 3}
    named = {i.rendered_map_index for i in first.get_task_instances() if i.task_id == "measure"}
    assert "shard 0: BROKEN … VASE-0 (2 pictures)" in named
    extra = asset_events()[-1]
    assert extra["counts"]["published"] == counts.published
    assert extra["run_id"] == shop.run_id(FIRST)
    assert states(first)["release"] == states(first)["publish_held"] == {"skipped": 1}

    capsys.readouterr()
    tell_downstream()
    version, new, key = capsys.readouterr().out.split()
    assert (version, int(new)) == (shop.pointer().version, counts.published)
    assert shop.published.read(key)

    before = shop.published.listing().to_pylist()
    second = shop.night(SECOND)

    assert second.state == "success"
    ended = states(second)
    assert ended.pop("ingest") == ended.pop("anything_to_do") == {"success": 1}
    assert set().union(*ended.values()) == {"skipped"}
    assert shop.summary(SECOND).ending == "unchanged"
    assert shop.published.listing().to_pylist() == before


def tell_downstream() -> None:
    """Give the last event to the task of the downstream DAG that the README shows."""
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    task = downstream_dag().get_task("take_over")
    with create_session() as session:
        event = session.scalars(select(AssetEvent).order_by(AssetEvent.id.desc())).first()
        task.python_callable(triggering_asset_events={event.asset: [event]})


def test_a_night_of_removals_alone_ends_in_publish(shop):
    shop.night(FIRST)
    shutil.rmtree(shop.source / "VASE-3")

    run = shop.night(SECOND)

    assert run.state == "success"
    ended = states(run)
    assert ended["measure"] == ended["render"] == ended["check"] == {"skipped": 1}
    assert ended["publish"] == ended["report"] == ended["account"] == {"success": 1}
    assert shop.summary(SECOND).changes["removed"] == 1
    before = read_pointer(shop.published)[0]
    tidied = shop.night(THIRD, dag_id="housekeeping", withdraw_removed=True)
    assert states(tidied)["withdraw"] == {"success": 1}
    assert read_pointer(shop.published)[0].previous == before.version


def test_a_failing_shard_stops_neither_the_others_nor_the_night_and_turns_it_red(shop):
    unreadable = f"runs/{shop.run_id(FIRST)}/inventory/0001.parquet"
    shop.work.create(unreadable, b"not a manifest")

    run = shop.night(FIRST)

    assert run.state == "failed"
    ended = states(run)
    assert ended["measure"] == {"success": 2, "failed": 1}
    assert ended["publish"] == ended["report"] == ended["announce"] == {"success": 1}
    assert ended["account"] == {"failed": 1}
    counts = shop.summary(FIRST).counts
    assert counts.adds_up()
    assert counts.failed == 2
    assert "VASE-0" in shop.published_skus()

    assert shop.night(SECOND).state == "success", "the next night takes them again"
    assert shop.summary(SECOND).counts.failed == 0
    assert {"VASE-1", "VASE-2"} <= shop.published_skus()


def test_a_wrong_preset_fails_the_night_at_once_and_runs_nothing_else(shop, config):
    (config / "presets" / "standard.yaml").write_text("name: standard\n")

    run = shop.night(FIRST)

    assert run.state == "failed"
    ended = states(run)
    assert ended.pop("ingest") == {"failed": 1}
    (ingest,) = (each for each in run.get_task_instances() if each.task_id == "ingest")
    assert ingest.try_number == 1
    joints = {
        ended.pop(joint)["success"] for joint in ("measured", "prepared", "checked", "decided")
    }
    assert joints == {1}
    assert set().union(*ended.values()) == {"upstream_failed"}
    assert read_pointer(shop.published)[0] is None


def test_files_half_saved_after_ingest_harm_only_the_next_night(shop, config):
    plan = f"runs/{shop.run_id(FIRST)}/run.json"
    catalogue = config / "catalogues" / "samples.yaml"
    whole = catalogue.read_text()

    def break_all_files() -> None:
        while not exists(shop.work, plan):
            time.sleep(0.002)
        for file in config.rglob("*.yaml"):
            file.write_text("dag_id: nightly_standardise\nname: [")

    editing = Thread(target=break_all_files, daemon=True)
    editing.start()
    run = shop.night(FIRST)
    editing.join(1)

    assert not editing.is_alive()
    assert run.state == "success"
    counts = shop.summary(FIRST).counts
    assert (counts.listed, counts.quarantined, counts.failed) == (5, 1, 0)
    assert counts.published >= 1
    before = shop.pointer()

    catalogue.write_text(whole)  # the DAG stays as it is: this Airflow's database knows one
    shop.photograph(**products(5))
    run = shop.night(SECOND)

    assert run.state == "failed"
    assert states(run)["ingest"] == {"failed": 1}
    assert shop.pointer() == before


def test_a_trial_takes_only_so_many_pictures(shop):
    run = shop.night(FIRST, limit=2)

    assert run.state == "success"
    assert shop.summary(FIRST).counts.deferred == 3


def test_housekeeping_proves_what_is_published(shop):
    shop.night(FIRST)

    assert shop.night(SECOND, dag_id="housekeeping").state == "success"

    (picture,) = [
        path for path in shop.source.parent.glob("published/VASE-1/**/*") if path.is_file()
    ]
    picture.chmod(0o644)
    picture.write_bytes(b"altered")
    run = shop.night(THIRD, dag_id="housekeeping")
    assert run.state == "failed"
    assert states(run) == {
        "retain": {"success": 1},
        "withdraw": {"skipped": 1},
        "verify": {"failed": 1},
    }
