"""DAG files parse as in production, quickly, and keep the project's conventions."""

import subprocess
import sys
from pathlib import Path

import pytest
from airflow.sdk import AssetAny

from tests.dags.editing import change

DAGS = Path(__file__).resolve().parents[2] / "dags"
SHARED = {"housekeeping", "publish_reviewed", "rerender", "seasonal_variants", "season_calendar"}
"""DAGs that serve every catalogue."""
HEAVY = {"torch", "PIL", "cv2", "onnxruntime", "pandas", "pyarrow", "great_expectations", "boto3"}
FILES = sorted(DAGS.glob("*.py"))


@pytest.fixture
def dags(parse, config):
    bag = parse()
    assert bag.import_errors == {}
    return bag.dags


def test_there_is_a_night_for_the_sample_catalogue_beside_what_all_share(dags):
    assert set(dags) == {"nightly_standardise", *SHARED}


def test_every_task_keeps_the_conventions(dags):
    for dag in dags.values():
        assert dag.doc_md.startswith("# ")
        assert dag.max_active_runs == 1
        assert not dag.catchup
        for task in dag.tasks:
            assert task.has_retry_policy, task.task_id
            assert task.pool in ("cpu", "gpu"), task.task_id
            assert task.queue == task.pool, task.task_id
            assert task.retries == 3, task.task_id


def test_only_what_needs_the_models_takes_a_slot_of_the_gpu(dags):
    tasks = [task for dag in dags.values() for task in dag.tasks if task.pool == "gpu"]

    assert {(task.dag_id, task.task_id) for task in tasks} == {
        ("nightly_standardise", "render"),
        ("seasonal_variants", "render"),
        ("seasonal_variants", "models"),
        ("rerender", "render"),
        ("rerender", "models"),
    }


@pytest.mark.parametrize("dag_id", ["nightly_standardise", "seasonal_variants"])
def test_what_a_red_run_looks_like_is_decided_by_leaves_that_can_fail(dags, dag_id):
    leaves = dags[dag_id].leaves

    assert {leaf.task_id for leaf in leaves} == {"account", "announce"}
    assert {leaf.trigger_rule.value for leaf in leaves} == {"none_failed"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_parsing_imports_nothing_heavy(path, config):
    probe = (
        f"import runpy, sys; sys.path.append({str(DAGS)!r}); runpy.run_path({str(path)!r}); "
        "print('modules', *sys.modules)"
    )
    printed = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    ).stdout

    assert HEAVY.isdisjoint(printed.rpartition("modules ")[2].split())


class TestBrokenConfiguration:
    def test_a_broken_catalogue_is_told_and_leaves_the_others_alone(self, parse, config):
        broken = config / "catalogues" / "broken.yaml"
        broken.write_text((config / "catalogues" / "samples.yaml").read_text())
        change(broken, name="broken", shard_size="many")

        bag = parse()

        assert set(bag.dags) == {"nightly_standardise", *SHARED}
        (said,) = bag.import_errors.values()
        assert f"{broken}: shard_size = 'many'" in said

    def test_a_schedule_that_is_none_is_told(self, parse, config):
        change(config / "catalogues" / "samples.yaml", schedule="every night")

        bag = parse()

        assert bag.dags["nightly_standardise"].timetable.can_be_scheduled is False
        (said,) = bag.import_errors.values()
        assert "samples.yaml: schedule = 'every night': must be a cron expression" in said

    @pytest.mark.parametrize(
        "half_saved",
        [
            "name: samples\ndag_id: nightly_standardise\nsource: {uri: ",
            "dag_id: 'nightly_standardise'",
        ],
    )
    def test_a_half_saved_catalogue_keeps_the_dag_whose_night_is_under_way(
        self, parse, config, half_saved
    ):
        (config / "catalogues" / "samples.yaml").write_text(half_saved)

        bag = parse()

        assert set(bag.dags) == {"nightly_standardise", *SHARED}
        assert bag.dags["nightly_standardise"].timetable.can_be_scheduled is False
        assert bag.import_errors

    def test_a_form_offers_what_there_is_and_a_run_that_has_begun_keeps_what_it_said(
        self, parse, config, monkeypatch
    ):
        (config / "catalogues" / "samples.yaml").write_text("name: [")
        form = parse().dags["seasonal_variants"].params
        assert "samples" not in form.get_param("catalogue").schema["enum"]

        monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "seasonal_variants")
        begun = parse().dags["seasonal_variants"].params

        assert begun.get_param("catalogue").resolve("samples") == "samples"
        assert begun.get_param("variant").resolve("winter") == "winter"

    def test_two_catalogues_cannot_share_a_dag(self, parse, config):
        second = config / "catalogues" / "second.yaml"
        second.write_text((config / "catalogues" / "samples.yaml").read_text())
        change(second, name="second")

        (said,) = parse().import_errors.values()

        assert "second.yaml: dag_id = 'nightly_standardise': used more than once" in said

    def test_the_calendar_looks_after_the_night_of_any_catalogue(self, parse, config):
        second = config / "catalogues" / "second.yaml"
        second.write_text((config / "catalogues" / "samples.yaml").read_text())
        change(second, name="second", dag_id=None)

        condition = parse().dags["season_calendar"].timetable.asset_condition

        assert isinstance(condition, AssetAny)
        assert [asset.name for asset in condition.objects] == [
            "packshot/samples/published",
            "packshot/second/published",
        ]

    def test_a_broken_preset_is_told_and_keeps_its_night(self, parse, config):
        change(config / "presets" / "standard.yaml", engine="magic")

        bag = parse()

        assert "nightly_standardise" in bag.dags
        (said,) = bag.import_errors.values()
        assert "standard.yaml: engine = 'magic'" in said

    def test_a_catalogue_without_dag_id_gets_one_from_its_name(self, parse, config):
        change(config / "catalogues" / "samples.yaml", dag_id=None)

        assert "nightly_standardise_samples" in parse().dags
