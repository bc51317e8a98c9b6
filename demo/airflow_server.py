"""A real Airflow on this machine, for as long as a `with` block lasts.

API server, scheduler and DAG processor on 127.0.0.1, with SQLite; the settings are those that
were measured to hold on two cores. Nothing here defers or waits for a person, so no triggerer runs.
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from demo.processes import MARK, end, mark, of_home, of_start

ROOT = Path(__file__).resolve().parents[1]
COMPONENTS = {
    "api-server": ["api-server", "--workers", "1"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
}
PRELOAD = (
    "airflow.executors.local_executor,airflow.sdk.execution_time.task_runner,"
    "airflow.sdk.execution_time.supervisor,airflow.sdk.definitions.decorators,"
    "pyarrow.parquet,pyarrow.compute,PIL.Image,cv2,onnxruntime,rapidocr.main,"
    "transforms.presets.loading"
)
"""What every task would import again; forked from a process that has it, a task has it too."""

START_SECONDS = 180.0
SILENCE_SECONDS = 90.0
"""A component without a heartbeat for so long has hung. A busy machine delays them."""

USER = "admin"


class AirflowServerError(Exception):
    """The local Airflow did not start, or one of its components died; says where its log lies."""


@dataclass(frozen=True, slots=True)
class Login:
    """Secrets of one Airflow home, made at its first start."""

    password: str
    jwt_secret: str
    fernet_key: str


class Server:
    """A running Airflow."""

    def __init__(self, home: Path, url: str, password: str) -> None:
        self.home = home
        self.url = url
        self.password = password
        self.started = time.time()
        self._components: dict[str, subprocess.Popen[bytes]] = {}
        self._client = httpx.Client(base_url=url, timeout=60, trust_env=False)
        self._silent_since: dict[str, float] = {}

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Call the REST API (`/dags/…`) and give its JSON back.

        Raises:
            AirflowServerError: It refused, or does not answer.
        """
        for patience in (0.5, 1.0, 2.0, None):
            try:
                answer = self._client.request(method, f"/api/v2{path}", **options)
            except httpx.TransportError as error:
                self.watch_processes()
                if patience is None or method != "GET":
                    raise AirflowServerError(f"{self.url}{path}: no answer: {error}") from error
                time.sleep(patience)
                continue
            break
        if answer.is_error:
            raise AirflowServerError(f"{method} {path}: {answer.status_code}: {answer.text[:500]}")
        return answer.json() if answer.content else None

    def watch(self) -> None:
        """Look whether all components live.

        Raises:
            AirflowServerError: One died or hangs: nothing would ever come of waiting.
        """
        self.watch_processes()
        health = self.call("GET", "/monitor/health")
        now = time.monotonic()
        for name in ("metadatabase", "scheduler", "dag_processor"):
            if (health.get(name) or {}).get("status") == "healthy":
                self._silent_since.pop(name, None)
            elif now - self._silent_since.setdefault(name, now) > SILENCE_SECONDS:
                raise AirflowServerError(
                    f"Airflow's {name} has not given a sign of life for {SILENCE_SECONDS:.0f} s; "
                    f"its log: {self.log_of(name.replace('_', '-'))}"
                )

    def watch_processes(self) -> None:
        """Raise AirflowServerError when a component's process has ended."""
        for name, process in self._components.items():
            if process.poll() is not None:
                raise AirflowServerError(
                    f"Airflow's {name} ended with code {process.returncode}; its log, "
                    f"{self.log_of(name)}, ends with:\n{_tail(self.log_of(name))}"
                )

    def log_of(self, component: str) -> Path:
        """Where a component writes its log."""
        return self.home / f"{component}.log"

    def start(self, environment: dict[str, str]) -> None:
        """Start the components."""
        for name, arguments in COMPONENTS.items():
            with self.log_of(name).open("wb") as log:
                self._components[name] = subprocess.Popen(  # noqa: S603  # our own command
                    [sys.executable, "-m", "airflow", *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=environment,
                    cwd=self.home,
                    start_new_session=True,  # Ctrl-C is ours to handle, in order
                )

    def wait_until_healthy(self) -> None:
        """Wait until every component has given a sign of life, and sign in."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            self.watch_processes()
            with contextlib.suppress(httpx.TransportError, KeyError, ValueError):
                health = self._client.get("/api/v2/monitor/health").json()
                names = ("metadatabase", "scheduler", "dag_processor")
                if all(health[name]["status"] == "healthy" for name in names):
                    break
            if time.monotonic() > deadline:
                raise AirflowServerError(
                    f"Airflow did not get ready within {START_SECONDS:.0f} s; logs: {self.home}"
                )
            time.sleep(0.25)
        login = {"username": USER, "password": self.password}
        answer = self._client.post("/auth/token", json=login).raise_for_status()
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def wait_for_dag(self, dag_id: str) -> None:
        """Wait until a DAG's file was parsed since this start.

        Raises:
            AirflowServerError: It has a mistake, told as in the UI.
        """
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.watch()
            found = self.call("GET", "/dags", params={"dag_id_pattern": dag_id, "limit": 100})
            for each in found["dags"]:
                parsed = each["last_parsed_time"]
                if each["dag_id"] == dag_id and parsed and _seconds(parsed) >= self.started:
                    return
            mistakes = self.call("GET", "/importErrors")["import_errors"]
            fresh = [each for each in mistakes if _seconds(each["timestamp"]) >= self.started]
            if fresh:
                said = fresh[0]["stack_trace"].strip().splitlines()[-1]
                raise AirflowServerError(f"{fresh[0]['filename']}: {said}")
            time.sleep(0.25)
        raise AirflowServerError(f"no DAG {dag_id} within {START_SECONDS:.0f} s")

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
        for process in self._components.values():
            process.wait()


@contextlib.contextmanager
def airflow_server(
    home: Path, *, dags: Path = ROOT / "dags", settings: dict[str, str] | None = None
) -> Iterator[Server]:
    """Run an Airflow whose files lie in `home`; when the block ends, none of it is left running.

    Args:
        home: Database, logs and secrets; kept for the next start.
        dags: Folder of DAG files.
        settings: Further environment of all components.

    Raises:
        AirflowServerError: It did not start, or another one runs in `home`.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with _only_one(home):
        end(of_home(home))  # left by one that was killed together with its keeper
        token = secrets.token_hex(8)
        login = _login(home)
        port = _free_port(8080)
        environment = {
            **_inherited(),
            **_settings(home, dags, port, login),
            **(settings or {}),
            MARK: mark(home, token),
        }
        server = Server(home, f"http://127.0.0.1:{port}", login.password)
        with _kept(home, token):
            try:
                _prepare_database(home, environment)
                server.start(environment)
                server.wait_until_healthy()
                yield server
            finally:
                with _uninterrupted():
                    end(of_start(home, token))
                    server.close()


@contextlib.contextmanager
def _only_one(home: Path) -> Iterator[None]:
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AirflowServerError(
                f"an Airflow already runs in {home}; end it first (Ctrl-C where it was started)"
            ) from None
        yield


@contextlib.contextmanager
def _kept(home: Path, token: str) -> Iterator[None]:
    """Have a keeper end that start should this process be killed."""
    keeper = subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "demo.keeper", str(home), token],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        yield
    finally:
        with _uninterrupted():
            keeper.communicate()


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let an impatient second Ctrl-C not leave processes behind; the end is bounded in time."""
    before = {}
    with contextlib.suppress(ValueError):  # not the main thread: no signal comes here anyway
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            before[number] = signal.signal(number, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _inherited() -> dict[str, str]:
    """This environment without settings of another Airflow; connections stay.

    Without bytecode, Airflow takes twice as long to start.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AIRFLOW__") and name != "PYTHONDONTWRITEBYTECODE"
    }


def _login(home: Path) -> Login:
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


def _write_private(path: Path, content: dict[str, str]) -> None:
    """Write a file that only this user can read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)


def _settings(home: Path, dags: Path, port: int, login: Login) -> dict[str, str]:
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
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(_free_port()),
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(_free_port()),
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


def _prepare_database(home: Path, environment: dict[str, str]) -> None:
    """Create or migrate the database, unless this version of Airflow and of us did so before."""
    known = hashlib.sha256(
        (Path(__file__).with_name("database.py").read_text()).encode()
        + importlib.metadata.version("apache-airflow-core").encode()
    ).hexdigest()
    done = home / "database.done"
    if done.exists() and (home / "airflow.db").exists() and done.read_text() == known:
        return
    log = home / "database.log"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    with log.open("wb") as output:
        code = subprocess.run(  # noqa: S603  # our own command
            [sys.executable, "-m", "demo.database", str(cores or 2)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=ROOT,
            check=False,
        ).returncode
    if code:
        raise AirflowServerError(f"Airflow's database was not made; {log} ends with:\n{_tail(log)}")
    done.write_text(known)


def _free_port(wanted: int = 0) -> int:
    """Find a free port on 127.0.0.1: `wanted`, or another where that is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise AirflowServerError("no free port on 127.0.0.1")


def _tail(path: Path, lines: int = 15) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
