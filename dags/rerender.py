"""# Try again

Makes another attempt at pictures that a person was not content with, with the preset, seed or
strength that they chose on the review page (*Packshot* in the navigation). The page starts it.

What comes of it is measured as in a night, and published by nobody: it waits on the page beside the
picture in whose place it would go out.

## When it is red
* **begin**: the settings do not fit the preset, or what they build on is no longer kept. The log
  says which. Take the decision back on the page and ask for something else.
* **render, check**: as in the catalogue's night. Clearing a task is always safe.
"""

from typing import Any

from airflow.sdk import dag, get_current_context, task
from picture_pipeline import check, render
from pipeline_wiring import (
    DEFAULT_ARGS,
    catalogue_param,
    open_places,
    read_configuration,
    storage_run_id,
)

CATALOGUE = "{{ params.catalogue }}"


@task(doc_md="Lists what the decisions that name this run ask for.")
def begin() -> list[int]:
    """Begin; the shards to render."""
    from transforms.stages.rerender import rerender as plan_another_try

    params: Any = get_current_context()["params"]
    configuration = read_configuration(params["catalogue"])
    places = open_places(configuration.catalogue)
    return plan_another_try(places, configuration, run_id=storage_run_id())


@dag(
    dag_display_name="Try again",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    params={"catalogue": catalogue_param()},
    doc_md=__doc__,
    tags=["packshot"],
)
def rerender() -> None:
    """Make the DAG."""
    made = render.partial(catalogue=CATALOGUE).expand(shard=begin())
    check.override(trigger_rule="all_success").partial(catalogue=CATALOGUE).expand(shard=made)


rerender()
