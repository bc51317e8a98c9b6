"""Prints what the DAG folder given as argument declares, as JSON: run in a process of its own.

Airflow reads its home and its settings when it is imported, and must find none of somebody's.
"""

import json
import sys
from pathlib import Path
from typing import Any


def declared(folder: Path) -> list[dict[str, Any]]:
    """Every DAG with its form and its tasks, in the order in which they run.

    Raises:
        RuntimeError: A file cannot be imported.
    """
    from airflow.dag_processing.dagbag import BundleDagBag  # noqa: PLC0415 - see above

    sys.path.append(str(folder))  # as Airflow does
    bag = BundleDagBag(folder, bundle_path=folder, bundle_name="dags")
    if bag.import_errors:
        raise RuntimeError(str(bag.import_errors))
    return [
        {
            "dag_id": dag.dag_id,
            "name": dag.dag_display_name,
            "schedule": _when(dag.timetable),
            "doc": dag.doc_md,
            "form": [_field(name, dag.params.get_param(name)) for name in dag.params],
            "tasks": [
                {
                    "task_id": task.task_id,
                    "doc": task.doc_md or "",
                    "pool": task.pool,
                    "mapped": bool(getattr(task, "is_mapped", False)),
                    "joint": task.task_type == "EmptyOperator",
                    "assets": [asset.name for asset in task.outlets],
                }
                for task in dag.topological_sort()
            ],
        }
        for dag in bag.dags.values()
    ]


def _when(timetable: Any) -> str:
    inner = getattr(timetable, "timetable", timetable)
    expression = getattr(inner, "expression", None)
    assets = getattr(timetable, "asset_condition", None)
    named = sorted(asset.name for asset in assets.objects) if assets else []
    said = [f"at `{expression}` UTC"] if expression else []
    said += [f"after each event of `{name}`" for name in named]
    return ", and ".join(said) or "by hand, or by the review page"


def _field(name: str, param: Any) -> dict[str, Any]:
    return {"name": name, "default": param.value, "says": param.description or "", **param.schema}


if __name__ == "__main__":
    json.dump(declared(Path(sys.argv[1]).resolve()), sys.stdout)
