"""A running Airflow: its components, and what its API says."""

import contextlib
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from demo.airflow_settings import USER
from demo.errors import AirflowServerError

COMPONENTS = {
    "api-server": ["api-server", "--workers", "1"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
}

START_SECONDS = 180.0
SILENCE_SECONDS = 90.0
"""A component without a heartbeat for so long has hung. A busy machine delays them."""


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
                    f"{self.log_of(name)}, ends with:\n{tail_of(self.log_of(name))}"
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


def tail_of(path: Path, lines: int = 15) -> str:
    """The end of a log."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
