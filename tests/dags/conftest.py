"""An Airflow of these tests' own: home, database and settings lie in a temporary folder."""

import atexit
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from tests.dags.editing import change

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "dags"

# Airflow reads these when it is imported, so they are set before any test module is.
_home = Path(tempfile.mkdtemp(prefix="packshot-airflow-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("AIRFLOW_")]:
    del os.environ[_name]
os.environ.update(
    AIRFLOW_HOME=str(_home),
    AIRFLOW__API_AUTH__JWT_SECRET=secrets.token_hex(64),
    AIRFLOW__CORE__DAGS_FOLDER=str(DAGS),
    AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY="1",
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__CORE__UNIT_TEST_MODE="False",
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{_home}/airflow.db",
    AIRFLOW__LOGGING__BASE_LOG_FOLDER=str(_home / "logs"),
    AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED="False",
    GX_ANALYTICS_ENABLED="False",
    OMP_NUM_THREADS="1",
)
sys.path.append(str(DAGS))  # as Airflow does


@pytest.fixture(scope="session")
def airflow_database():
    """Airflow's database with the project's pools."""
    from airflow.utils.db import initdb

    from demo.database import create_pools

    initdb()
    create_pools(2)


@pytest.fixture
def config(tmp_path, monkeypatch) -> Path:
    """The project's configuration, with a small canvas, shards of two, and folders in tmp_path."""
    folder = tmp_path / "config"
    shutil.copytree(ROOT / "config", folder)
    change(folder / "brands" / "house.yaml", canvas_px=400)
    change(
        folder / "catalogues" / "samples.yaml",
        source={"uri": (tmp_path / "source").as_uri()},
        work={"uri": (tmp_path / "work").as_uri()},
        published={"uri": (tmp_path / "published").as_uri()},
        channels=["shop"],
        shard_size=2,
    )
    monkeypatch.setenv("PACKSHOT_CONFIG", str(folder))
    return folder


@pytest.fixture
def parse(airflow_database):
    """Parse the DAG folder as the DAG processor does."""
    from airflow.dag_processing.dagbag import BundleDagBag

    return lambda: BundleDagBag(DAGS, bundle_path=DAGS, bundle_name="dags-folder")
