"""What a local Airflow is told: its settings, and the secrets that are made at its first start."""

import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from demo.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
USER = "admin"
PRELOAD = (
    "airflow.executors.local_executor,airflow.sdk.execution_time.task_runner,"
    "airflow.sdk.execution_time.supervisor,airflow.sdk.definitions.decorators,"
    "pyarrow.parquet,pyarrow.compute,PIL.Image,cv2,onnxruntime,rapidocr.main,"
    "transforms.presets.loading"
)
"""What every task would import again; forked from a process that has it, a task has it too."""


@dataclass(frozen=True, slots=True)
class Login:
    """Secrets of one Airflow home, made at its first start."""

    password: str
    jwt_secret: str
    fernet_key: str


def inherit_environment() -> dict[str, str]:
    """This environment without settings of another Airflow; connections stay.

    Without bytecode, Airflow takes twice as long to start.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AIRFLOW__") and name != "PYTHONDONTWRITEBYTECODE"
    }


def login_of(home: Path) -> Login:
    """The secrets of a home, made where there are none."""
    path = home / "login.json"
    if not path.exists():
        made = Login(
            password=secrets.token_urlsafe(12),
            jwt_secret=secrets.token_urlsafe(48),
            fernet_key=secrets.token_urlsafe(32).ljust(44, "=")[:44],
        )
        _write_private(path, {name: getattr(made, name) for name in Login.__slots__})
    login = Login(**json.loads(path.read_text()))
    _write_private(home / "passwords.json", {USER: login.password})
    return login


def settings_of(home: Path, dags: Path, port: int, login: Login) -> dict[str, str]:
    """Environment of all components, as was measured to hold on two cores."""
    url = f"http://127.0.0.1:{port}"
    database = home / "airflow.db"
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__SECRET_KEY": login.jwt_secret,
        "AIRFLOW__API_AUTH__JWT_SECRET": login.jwt_secret,
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "5",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__FERNET_KEY": login.fernet_key,
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__MP_FORKSERVER_PRELOAD": PRELOAD,
        # With the default of 32, SQLite locks up and the scheduler dies.
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{database}",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_MAX_OVERFLOW": "20",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE": "20",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
        "AIRFLOW__SCHEDULER__MP_START_METHOD": "forkserver",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
        "GX_ANALYTICS_ENABLED": "False",
        # Tasks run one a core: threads of their own would wait for each other, five times as long.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PACKSHOT_CONFIG": os.environ.get("PACKSHOT_CONFIG", str(ROOT / "config")),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        # Without this, processes that rename themselves lose the mark that ends them.
        "SPT_NOENV": "1",
    }


def _write_private(path: Path, content: dict[str, str]) -> None:
    """Write a file that only this user can read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
