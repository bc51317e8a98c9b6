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
* **publish**: the audit held this night back, or another run published first. **Shops still see
  the pictures of the last night.** The report says what was wrong. Mend the source, then trigger
  again.
* **account**: the night is published, but some pictures failed. The log says how many, the report
  says which.

Clearing a task is always safe: finished work is found again, and not repeated. When nothing
changed since the last night, everything after `anything_to_do` is skipped, and the night is green.
"""

from collections.abc import Iterator
from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset, Metadata, Param, TriggerRule, dag, get_current_context, task
from pipeline_wiring import (
    DEFAULT_ARGS,
    GPU,
    by_cron,
    has_begun,
    night_deadline,
    open_night,
    open_places,
    published_asset,
    read_catalogues,
    read_configuration,
    refuse_failures,
    storage_run_id,
    work_on,
)

from transforms.presets.catalogue import Catalogue

LIMIT = Param(
    None,
    type=["null", "integer"],
    minimum=1,
    title="At most so many pictures",
    description="For a trial. Empty: all that are new or changed.",
)
NAMED = "{{ pictures }}"


@task(doc_md="Lists the source and finds what is new, changed or removed.")
def ingest(catalogue: str) -> list[int]:
    """Begin a run; the shards to measure."""
    from transforms.stages.ingest import ingest as begin

    configuration = read_configuration(catalogue)
    return begin(
        open_places(configuration.catalogue),
        configuration,
        run_id=storage_run_id(),
        limit=get_current_context()["params"]["limit"],
    )


@task.short_circuit(doc_md="Ends the night here when nothing changed since the last one.")
def anything_to_do(catalogue: str) -> bool:
    """Whether the run has begun; skips all that follows when not."""
    return has_begun(catalogue)


@task(map_index_template=NAMED, doc_md="Decodes and measures one shard of photographs.")
def measure(shard: int, catalogue: str) -> int:
    """Measure a shard."""
    from transforms.stages.measure import measure_shard

    return work_on(shard, catalogue, stage=measure_shard)


@task(doc_md="Decides which photographs can be used, and says why the others cannot.")
def validate(catalogue: str) -> list[int]:
    """Accept or quarantine; the shards to prepare."""
    from transforms.stages.validate import validate as sort_out

    return sort_out(open_night(catalogue))


@task(map_index_template=NAMED, doc_md="Turns upright, cuts out and crops one shard.")
def prepare(shard: int, catalogue: str) -> int:
    """Prepare a shard."""
    from transforms.stages.prepare import prepare_shard

    return work_on(shard, catalogue, stage=prepare_shard)


@task(doc_md="Lists which picture is to be made in which look.")
def plan(catalogue: str) -> list[int]:
    """Plan; the shards to render."""
    from transforms.stages.plan import plan as list_jobs

    return list_jobs(open_night(catalogue))


@task(
    map_index_template=NAMED,
    pool=GPU,
    queue=GPU,
    doc_md="Makes the pictures of one shard in their looks.",
)
def render(shard: int, catalogue: str) -> int:
    """Render a shard."""
    from transforms.stages.render import render_shard

    return work_on(shard, catalogue, stage=render_shard)


@task(
    map_index_template=NAMED,
    trigger_rule=TriggerRule.ALL_DONE,  # gets the shards that were rendered, also if some were not
    doc_md="Measures the finished pictures of one shard and judges them.",
)
def check(shard: int, catalogue: str) -> int:
    """Check a shard."""
    from transforms.stages.check import check_shard

    return work_on(shard, catalogue, stage=check_shard)


@task(doc_md="Counts every picture, audits the night, and makes all of it visible at once.")
def publish(catalogue: str) -> str:
    """Publish; the key of the outcomes."""
    from transforms.stages.publish import publish as make_visible

    return make_visible(open_night(catalogue))


@task(doc_md="Writes what the catalogue team reads. Its output is the summary.")
def report(catalogue: str) -> dict[str, Any]:
    """Report; the summary."""
    from transforms.stages.report import report as tell

    return tell(open_night(catalogue)).document()


@task(doc_md="Tells other DAGs what was published.")
def announce(summary: dict[str, Any], asset: Asset) -> Iterator[Metadata]:
    """Attach the summary to the asset's event."""
    yield Metadata(asset, extra=summary)


@task(doc_md="Turns red when pictures failed, so that such a night does not look all right.")
def account(summary: dict[str, Any]) -> None:
    """Fail when pictures failed."""
    refuse_failures(summary)


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
        this = {"catalogue": catalogue.name}
        # A joint is done when all that leads to it is, failed or not. What follows waits for the
        # joint, and for the task that listed the shards: when that one failed, the night stops.
        measured, prepared, checked, decided = (
            EmptyOperator(task_id=joint, trigger_rule=TriggerRule.ALL_DONE)
            for joint in ("measured", "prepared", "checked", "decided")
        )
        listed, to_do = ingest(**this), anything_to_do(**this)
        accepted, planned = validate(**this), plan(**this)
        outcomes, summary = publish(**this), report(**this)
        rendered = render.partial(**this).expand(shard=planned)

        listed >> to_do >> measure.partial(**this).expand(shard=listed) >> measured
        [to_do, measured] >> accepted
        prepare.partial(**this).expand(shard=accepted) >> prepared
        [accepted, prepared] >> planned
        check.partial(**this).expand(shard=rendered) >> checked
        [planned, checked] >> outcomes >> decided
        [planned, decided] >> summary  # a night that was held back needs its report most
        told = announce.override(outlets=[published])(summary, published)
        outcomes >> [told, account(summary)]

    return night()


for each in read_catalogues()[0]:
    nightly(each)
