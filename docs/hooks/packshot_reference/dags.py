"""The page of all DAGs, from the DAG folder as Airflow reads it."""

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from packshot_reference.markdown import code, heading, nested, page, table

_ROOT = Path(__file__).resolve().parents[3]
_MANY = 12
"""A form's choices are listed up to so many; presets have a page of their own."""


def pages() -> dict[str, str]:
    """Pages by address."""
    about = (
        "As Airflow reads `dags/` with the sample catalogue. Every catalogue file makes a night of "
        "its own; the other DAGs serve all of them. Texts are those that Airflow's own pages show. "
        "Tasks marked *shards* run once for each group of pictures. Joints, which only wait, are "
        "left out."
    )
    return {"reference/dags.md": page(heading(1, "DAGs"), about, *map(_section, declared()))}


@cache
def declared(folder: Path = _ROOT / "dags") -> list[dict[str, Any]]:
    """What a DAG folder declares; see `dag_facts.declared`.

    Raises:
        RuntimeError: A file cannot be imported.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    with tempfile.TemporaryDirectory() as home:
        told = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, str(Path(__file__).with_name("dag_facts.py")), str(folder)],
            env=kept
            | {
                "AIRFLOW_HOME": home,
                "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
                "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
                "PACKSHOT_CONFIG": str(_ROOT / "config"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
    if told.returncode:
        raise RuntimeError(f"{folder} cannot be read: {told.stderr}")
    found: list[dict[str, Any]] = json.loads(told.stdout.splitlines()[-1])
    return found


def _section(dag: dict[str, Any]) -> str:
    doc = nested(dag["doc"].strip().partition("\n")[2], 1)
    return page(
        heading(2, dag["name"], dag["dag_id"]),
        f"`{dag['dag_id']}`, {dag['schedule']}.",
        doc,
        page(heading(3, "Its form", f"{dag['dag_id']}-form"), _form(dag)) if dag["form"] else "",
        heading(3, "Its tasks", f"{dag['dag_id']}-tasks"),
        _tasks(dag),
    )


def _form(dag: dict[str, Any]) -> str:
    rows = [
        (code(each["name"]), each.get("title", ""), _allowed(each), _shown(each), each["says"])
        for each in dag["form"]
    ]
    return table(("field", "title", "takes", "default", "meaning"), rows)


def _allowed(field: dict[str, Any]) -> str:
    if "enum" in field:
        choices = [each for each in field["enum"] if each is not None]
        listed = " or ".join(map(code, choices))
        return listed if len(choices) <= _MANY else "a season or a [preset](looks.md)"
    kinds = field.get("type", "anything")
    kind = " or ".join(
        each for each in ([kinds] if isinstance(kinds, str) else kinds) if each != "null"
    )
    low, high = field.get("minimum"), field.get("maximum")
    bounds = [f"at least {low}"] if low is not None else []
    bounds += [f"at most {high}"] if high is not None else []
    return ", ".join([field.get("format", kind), *bounds])


def _shown(field: dict[str, Any]) -> str:
    default = field["default"]
    return "empty" if default in (None, [], "") else code(json.dumps(default).strip('"'))


def _tasks(dag: dict[str, Any]) -> str:
    rows = [
        (
            code(each["task_id"]),
            each["doc"] + "".join(f" Updates the asset `{name}`." for name in each["assets"]),
            each["pool"],
            "shards" if each["mapped"] else "",
        )
        for each in dag["tasks"]
        if not each["joint"]
    ]
    return table(("task", "what it does", "pool", "runs for"), rows)
