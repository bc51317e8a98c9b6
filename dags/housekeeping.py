"""# Housekeeping

Every day, for each catalogue: removes what old runs left in the work storage, and makes sure that
every published picture is there and unaltered. Originals and published files are never deleted.

## By hand
A product that is gone at the source stays published, marked as removed. *Trigger* with *Withdraw
removed products* publishes a version without all of these; a rollback brings them back.

## When it is red
* `verify`: a published file is missing or altered; the log names it. Put it back from a backup, or
  delete it and upload its photograph again: the next night writes the same file anew. Somebody or
  something else writes into the published storage: find out who.
* `retain`: the storage did not answer. It tries again by itself tomorrow. Where its result says
  `stopped`, a run was choosing its pictures or began meanwhile; the rest goes tomorrow.
"""

from typing import Any

from airflow.sdk import Param, TriggerRule, dag, get_current_context, task
from catalogue_files import read_catalogues
from pipeline_wiring import DEFAULT_ARGS, by_cron, open_places, read_catalogue, run_time

KEEP_DAYS = Param(
    30,
    type="integer",
    minimum=1,
    title="Days to keep",
    description="Files of runs that are older, and that nothing published needs, are removed.",
)
WITHDRAW = Param(
    default=False,
    type="boolean",
    title="Withdraw removed products",
    description="Publish a version without the products that are gone at the source.",
)
NAMED = "{{ catalogue }}"


@dag(
    dag_display_name="Housekeeping",
    schedule=by_cron("30 5 * * *"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    params={"keep_days": KEEP_DAYS, "withdraw_removed": WITHDRAW},
    doc_md=__doc__,
    tags=["packshot"],
)
def housekeeping() -> None:
    """Make the DAG."""

    @task(map_index_template=NAMED, doc_md="Removes what old runs left in the work storage.")
    def retain(catalogue: str) -> dict[str, Any]:
        from dataclasses import asdict

        from transforms.stages.retention import retain as remove_old

        context = get_current_context()
        context["catalogue"] = catalogue  # type: ignore[typeddict-unknown-key]
        places = open_places(read_catalogue(catalogue))
        keep_days = context["params"]["keep_days"]
        return asdict(remove_old(places, keep_days=keep_days, now=run_time(context)))

    @task(map_index_template=NAMED, doc_md="Compares what is published with its manifest.")
    def verify(catalogue: str) -> dict[str, Any]:
        from transforms.stages.housekeeping import verify_published

        get_current_context()["catalogue"] = catalogue  # type: ignore[typeddict-unknown-key]
        return verify_published(open_places(read_catalogue(catalogue)))

    @task(map_index_template=NAMED, doc_md="Takes removed products down, when asked to.")
    def withdraw(catalogue: str) -> int:
        from airflow.sdk.exceptions import AirflowSkipException

        from transforms.stages.withdrawal import withdraw_removed

        context = get_current_context()
        context["catalogue"] = catalogue  # type: ignore[typeddict-unknown-key]
        if not context["params"]["withdraw_removed"]:
            raise AirflowSkipException("not asked for")
        return withdraw_removed(open_places(read_catalogue(catalogue)))

    names = [catalogue.name for catalogue in read_catalogues()[0]]
    retain.expand(catalogue=names)
    withdraw.expand(catalogue=names) >> verify.override(
        trigger_rule=TriggerRule.NONE_FAILED
    ).expand(catalogue=names)


housekeeping()
