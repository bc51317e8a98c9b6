"""The way of a picture as Airflow tasks: what a night and a season share. No DAG is made here."""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import Asset, Metadata, TriggerRule, task
from held_run import ReleaseOperator
from pipeline_wiring import (
    GPU,
    has_begun,
    last_summary,
    open_night,
    read_release,
    refuse_failures,
    storage_run_id,
    work_on,
)

if TYPE_CHECKING:
    from airflow.sdk.definitions.xcom_arg import XComArg

NAMED = "{{ pictures }}"

log = logging.getLogger(__name__)


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
    """Publish; the key of the outcomes. A run that is held ends here with nothing visible."""
    from transforms.errors import HeldRunError
    from transforms.stages.publish import publish as make_visible

    run = open_night(catalogue)
    try:
        return make_visible(run)
    except HeldRunError as error:
        log.warning("%s. A person may release it: see the task `release`.", error)
        return run.key("outcomes.parquet")


@task(doc_md="Writes what the catalogue team reads. Its output is the summary.")
def report(catalogue: str) -> dict[str, Any]:
    """Report; the summary."""
    from transforms.stages.report import report as tell

    return tell(open_night(catalogue)).document()


@task(doc_md="Publishes a run that was held, when a person released it. Red when nobody did.")
def publish_held(catalogue: str, answer: dict[str, Any]) -> dict[str, Any]:
    """Publish; the summary of the run that published it."""
    from transforms.stages.publish_held import publish_held as publish_released

    places = open_night(catalogue).places
    return publish_released(places, read_release(storage_run_id(), answer)).document()


@task(
    trigger_rule=TriggerRule.NONE_FAILED,  # a run that was not held skips what releases it
    doc_md="Tells other DAGs what was published.",
)
def announce(catalogue: str, asset: Asset) -> Iterator[Metadata]:
    """Attach the summary to the asset's event."""
    yield Metadata(asset, extra=last_summary(catalogue))


@task(
    trigger_rule=TriggerRule.NONE_FAILED,
    doc_md="Turns red when pictures failed, so that such a night does not look all right.",
)
def account(catalogue: str) -> None:
    """Fail when pictures failed."""
    refuse_failures(last_summary(catalogue))


def pipeline(catalogue: str, listed: "XComArg", announced: Asset) -> "XComArg":
    """Lay out all stages after `ingest`.

    Args:
        catalogue: Name of the catalogue, or a template that gives it.
        listed: The shards that `ingest` listed.
        announced: Gets an event with the summary when the run has published.

    Returns:
        The run's summary.
    """
    this = {"catalogue": catalogue}
    # A joint is done when all that leads to it is, failed or not. What follows waits for the
    # joint, and for the task that listed the shards: when that one failed, the run stops.
    measured, prepared, checked, decided = (
        EmptyOperator(task_id=joint, trigger_rule=TriggerRule.ALL_DONE)
        for joint in ("measured", "prepared", "checked", "decided")
    )
    to_do = anything_to_do(**this)
    accepted, planned = validate(**this), plan(**this)
    outcomes, summary = publish(**this), report(**this)
    rendered = render.partial(**this).expand(shard=planned)

    listed >> to_do >> measure.partial(**this).expand(shard=listed) >> measured
    [to_do, measured] >> accepted
    prepare.partial(**this).expand(shard=accepted) >> prepared
    [accepted, prepared] >> planned
    check.partial(**this).expand(shard=rendered) >> checked
    [planned, checked] >> outcomes >> decided
    [planned, decided] >> summary  # a run that was held back needs its report most
    answer = ReleaseOperator(
        task_id="release", doc_md="Asks whether a run that is held goes out all the same.", **this
    )
    summary >> answer
    released = publish_held(answer=answer.output, **this)
    told = announce.override(outlets=[announced])(asset=announced, **this)
    [outcomes, released] >> told
    [outcomes, released] >> account(**this)
    return summary
