"""A night on a running Airflow: triggered, watched, and told, failures with their logs."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from demo.server import Server

OVER = ("success", "failed")
BAD = ("failed", "upstream_failed")
AT_REST = ("success", "skipped", *BAD, "awaiting_input", "waiting")
"""States in which Airflow does nothing by itself; `waiting` is what has no state yet."""
POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a night is."""

    state: str
    """Airflow's state of the DAG run."""
    tasks: dict[str, Counter[str]]
    """States of each task's instances, in the order of the first appearance."""

    @property
    def asks(self) -> str:
        """The task that waits for a person, when nothing else goes on; empty: none does."""
        asking = [name for name, states in self.tasks.items() if states["awaiting_input"]]
        still = all(state in AT_REST for states in self.tasks.values() for state in states)
        return asking[0] if asking and still else ""


def trigger(server: Server, dag_id: str, **conf: Any) -> str:
    """Start a DAG run with what its form would hold; gives its id."""
    body = {"logical_date": None, "conf": conf}
    run_id: str = server.call("POST", f"/dags/{dag_id}/dagRuns", json=body)["dag_run_id"]
    return run_id


def follow(server: Server, dag_id: str, run_id: str) -> Iterator[Progress]:
    """Say again and again how far the night is, until it is over or waits for a person.

    Raises:
        AirflowServerError: A component of Airflow died.
    """
    while True:
        state = server.call("GET", f"/dags/{dag_id}/dagRuns/{run_id}")["state"]
        tasks: dict[str, Counter[str]] = {}
        for instance in instances(server, dag_id, run_id):
            counted = tasks.setdefault(instance["task_id"], Counter())
            counted[instance["state"] or "waiting"] += 1
        progress = Progress(state, tasks)
        yield progress
        if state in OVER or progress.asks:
            return
        server.watch()
        time.sleep(POLL_SECONDS)


def instances(server: Server, dag_id: str, run_id: str) -> list[dict[str, Any]]:
    """All task instances of a DAG run."""
    found: list[dict[str, Any]] = []
    while True:
        page = server.call(
            "GET",
            f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances",
            params={"limit": 100, "offset": len(found), "order_by": "id"},
        )
        found += page["task_instances"]
        if len(found) >= page["total_entries"] or not page["task_instances"]:
            return found


def failures(server: Server, dag_id: str, run_id: str, *, lines: int = 12) -> list[str]:
    """Say which tasks failed, each with the last lines of its log."""
    told = []
    for instance in instances(server, dag_id, run_id):
        if instance["state"] == "failed":
            name = instance["task_id"]
            if instance["map_index"] >= 0:
                name += f" ({instance['rendered_map_index'] or instance['map_index']})"
            log = "\n".join(f"    {line}" for line in _log(server, instance)[-lines:])
            told.append(f"Task {name} failed. Its log ends with:\n{log}")
    return told


def _log(server: Server, instance: dict[str, Any]) -> list[str]:
    path = (
        f"/dags/{instance['dag_id']}/dagRuns/{instance['dag_run_id']}"
        f"/taskInstances/{instance['task_id']}/logs/{instance['try_number']}"
    )
    wanted = {"map_index": instance["map_index"], "full_content": True}
    content = server.call("GET", path, params=wanted)["content"]
    lines: list[str] = []
    for event in content if isinstance(content, list) else content.splitlines():
        lines += _lines_of(event) if isinstance(event, dict) else [str(event)]
    return [line for line in lines if line.strip()]


def _lines_of(event: dict[str, Any]) -> list[str]:
    """Lines of one log event: its text, and what was raised."""
    lines = str(event.get("event", "")).splitlines()
    for each in event.get("error_detail") or []:
        lines.append(f"{each.get('exc_type')}: {each.get('exc_value')}")
    return lines
