"""A real Airflow on this machine, for as long as a `with` block lasts.

API server, scheduler and DAG processor on 127.0.0.1, with SQLite. Nothing here defers, so no
triggerer runs: a question to a person takes none since Airflow 3.3.
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from demo.airflow_settings import ROOT, inherit_environment, login_of, settings_of
from demo.errors import AirflowServerError
from demo.ports import reserve_port
from demo.processes import MARK, end, mark, of_home, of_start
from demo.server import Server, tail_of


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
    with _only_one(home), reserve_port(8080) as port:
        end(of_home(home))  # left by one that was killed together with its keeper
        token = secrets.token_hex(8)
        login = login_of(home)
        environment = {
            **inherit_environment(),
            **settings_of(home, dags, port, login),
            **(settings or {}),
            MARK: mark(home, token),
        }
        server = Server(home, f"http://127.0.0.1:{port}", login.password)
        with _keep_ending(home, token):
            try:
                _prepare_database(home, environment)
                server.start(environment)
                server.wait_until_healthy()
                yield server
            finally:
                with _ignore_interrupts():
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
def _keep_ending(home: Path, token: str) -> Iterator[None]:
    """Have a keeper end that start should this process be killed."""
    keeper = subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "demo.processes", str(home), token],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        yield
    finally:
        with _ignore_interrupts():
            keeper.communicate()


@contextlib.contextmanager
def _ignore_interrupts() -> Iterator[None]:
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
        raise AirflowServerError(
            f"Airflow's database was not made; {log} ends with:\n{tail_of(log)}"
        )
    done.write_text(known)
