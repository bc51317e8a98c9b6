"""# Try again

Makes another attempt at pictures that a person was not content with, with the preset, seed or
strength that they chose on the review page (*Packshot* in the navigation). The page starts it.

What comes of it is measured as in a night, and published by nobody: it waits on the page beside the
picture in whose place it would go out.

## When it is red
* **begin**: the settings do not fit the preset, or what they build on is no longer kept. The log
  and the page say which. Take the decision back on the page and ask for something else.
* **models**: weights that were asked for are not on the machine that renders; the same.
* **render, check**: as in the catalogue's night. Clearing a task is always safe.
"""

from typing import Any

from airflow.sdk import dag, get_current_context, task
from catalogue_files import catalogue_param
from picture_pipeline import check, render
from pipeline_wiring import (
    DEFAULT_ARGS,
    GPU,
    hand_on,
    open_night,
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
    hand_on(configuration.catalogue)
    places = open_places(configuration.catalogue)
    return plan_another_try(places, configuration, run_id=storage_run_id())


@task(
    pool=GPU,
    queue=GPU,
    doc_md="Looks whether the diffusion models are at hand on the machine that renders.",
)
def models(shards: list[int], catalogue: str) -> list[int]:
    """Fail before any work where a checkpoint is missing; the shards to render."""
    from transforms.stages.rerender import refuse_unmade

    if shards:
        refuse_unmade(open_night(catalogue))
    return shards


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
    made = render.partial(catalogue=CATALOGUE).expand(shard=models(begin(), CATALOGUE))
    check.override(trigger_rule="all_success").partial(catalogue=CATALOGUE).expand(shard=made)


rerender()
