"""# A catalogue's night

Takes every new or changed photograph of the catalogue's source, cuts the product out, puts it on
the brand's canvas, measures the result and publishes it. What did not change is not done again.

Each photograph ends in one state: **published**, **unchanged**, **review** (a person decides),
**quarantined** (the photograph cannot be used, and why) or **failed** (an error here). Where the
report lies is in the output of the task `report`. The originals are never touched.

## By hand
*Trigger* starts a night at once. *At most so many pictures* makes it a trial: the rest waits for
the next night.

## When a task is red
* **ingest**: the configuration is wrong, or the source does not answer. Nothing was done. The
  task's log names file and field, or address. Mend it, then clear the task.
* **measure, prepare, render, check**: one group of pictures failed; the others went on. The log of
  the red square says why. Clear it, or wait: the next night takes these pictures again.
* **publish**: another run published these pictures first, or a file was altered. **Shops still see
  the pictures of the last night.** Trigger again.
* **publish_held**: the audit held this night back, and nobody released it. **Shops still see the
  pictures of the last night.** The report says what was wrong. Mend the source, then trigger again.
* **account**: the night is published, but some pictures failed. The log says how many, the report
  says which.

## When it waits
Too many pictures failed, or fewer pass than usually: then the task `release` asks whether the night
goes out all the same (*Browse, Required Actions*; who may trigger the night may answer). *Approve*
publishes what passed; *Reject*, or no answer within the catalogue's `release_hours`, publishes
nothing. To be asked again, clear `release`.

Clearing a task is always safe: finished work is found again, and not repeated. When nothing
changed since the last night, everything after `anything_to_do` is skipped, and the night is green.
"""

from airflow.sdk import DAG, Param, dag, get_current_context, task
from catalogue_files import read_catalogues, read_unusable
from picture_pipeline import pipeline
from pipeline_wiring import (
    DEFAULT_ARGS,
    by_cron,
    hand_on,
    night_deadline,
    open_places,
    published_asset,
    read_configuration,
    storage_run_id,
)

from transforms.presets.catalogue import Catalogue
from transforms.presets.scope import Scope

LIMIT = Param(
    None,
    type=["null", "integer"],
    minimum=1,
    title="At most so many pictures",
    description="For a trial. Empty: all that are new or changed.",
)


@task(doc_md="Lists the source and finds what is new, changed or removed.")
def ingest(catalogue: str) -> list[int]:
    """Begin a run; the shards to measure."""
    from transforms.stages.ingest import ingest as begin

    configuration = read_configuration(catalogue)
    hand_on(configuration.catalogue)
    return begin(
        open_places(configuration.catalogue),
        configuration,
        run_id=storage_run_id(),
        scope=Scope(limit=get_current_context()["params"]["limit"]),
    )


def nightly(catalogue: Catalogue) -> DAG:
    """Make the DAG of one catalogue."""
    published = published_asset(catalogue)

    @dag(
        dag_id=catalogue.nightly_dag_id,
        dag_display_name=f"Night: {catalogue.title or catalogue.name}",
        schedule=by_cron(catalogue.schedule) if catalogue.schedule else None,
        catchup=False,
        max_active_runs=1,
        default_args=DEFAULT_ARGS,
        params={"limit": LIMIT},
        deadline=night_deadline(catalogue),
        doc_md=__doc__,
        tags=["packshot", catalogue.name],
    )
    def night() -> None:
        pipeline(catalogue.name, ingest(catalogue.name), published)

    return night()


for each in (*read_catalogues()[0], *read_unusable()):
    nightly(each)
