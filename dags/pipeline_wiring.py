"""What all DAGs share: storages, retry policy, pools, assets. No DAG is made here.

A DAG file imports this at parse time, so this imports nothing heavy: configuration models, the
Airflow SDK, and the rest inside functions, which only tasks call.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import (
    Asset,
    CronTriggerTimetable,
    DeadlineAlert,
    DeadlineReference,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
    SyncCallback,
    conf,
    get_current_context,
)

from transforms.errors import (
    AuditError,
    ConfigError,
    HeldRunError,
    ModelError,
    NotFoundError,
    PackshotError,
    ReconciliationError,
    StaleRunError,
    StorageError,
)
from transforms.presets.catalogue import Catalogue, Place
from transforms.presets.configuration import load_configuration
from transforms.presets.loading import config_folder, load
from transforms.presets.scope import UNCHANGED, Overrides
from transforms.records.layout import safe_run_id

if TYPE_CHECKING:
    from transforms.presets.configuration import Configuration
    from transforms.runs.run import Places, Run
    from transforms.runs.summary import Release
    from transforms.storage.protocol import Storage

CPU, GPU = "cpu", "gpu"
"""Pools, and Celery queues of the same names."""

RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            [ConfigError, ModelError, StaleRunError, AuditError, ReconciliationError],
            RetryAction.FAIL,
            reason="A person has to act; trying again changes nothing.",
        ),
        RetryRule(StorageError, RetryAction.RETRY, reason="Storage may answer next time."),
    ]
)

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "packshot",
    "retries": 3,
    "retry_delay": timedelta(seconds=conf.getint("core", "default_task_retry_delay")),
    "retry_policy": RETRY_POLICY,
    "execution_timeout": timedelta(hours=2),
    "pool": CPU,
    "queue": CPU,
}

log = logging.getLogger(__name__)


def by_cron(expression: str) -> CronTriggerTimetable:
    """Run at these times in UTC, and not at once for one that passed before the DAG was there.

    That needs a DAG without start date: with one, Airflow makes up for the last time that passed.
    """
    return CronTriggerTimetable(expression, timezone="UTC", run_immediately=timedelta(seconds=1))


def published_asset(catalogue: Catalogue) -> Asset:
    """What a catalogue publishes; its events carry the run's summary.

    Its URI is its name: a scheme would make Airflow load the S3 hook and boto3 at every parse.
    """
    return Asset(name=f"packshot/{catalogue.name}/published", group="packshot")


def night_deadline(catalogue: Catalogue) -> DeadlineAlert:
    """Say so in the scheduler's log and in the UI when a night takes longer than six hours."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=6),
        callback=SyncCallback(tell_lateness, kwargs={"catalogue": catalogue.name}),
        name="The night ends in time",
    )


def tell_lateness(catalogue: str, **_: object) -> None:
    """Log that a night is late."""
    log.error("The night of catalogue %s is late: look at its running tasks.", catalogue)


def storage_run_id() -> str:
    """This task's run id, in the form that the storage gets."""
    return safe_run_id(get_current_context()["run_id"])


def read_configuration(
    catalogue: str, *, variants: tuple[str, ...] = (), overrides: Overrides = UNCHANGED
) -> "Configuration":
    """Read a catalogue and all it refers to, in a task.

    Args:
        catalogue: Its name.
        variants: What to make; empty: what is made every night.
        overrides: What a person changed for this run.

    Raises:
        ConfigError: Naming file, field, value and what is allowed.
    """
    config = config_folder()
    path = config / "catalogues" / f"{catalogue}.yaml"
    return load_configuration(path, config, variants=variants, overrides=overrides)


def read_catalogue(name: str) -> Catalogue:
    """Read a catalogue's file, and nothing that it refers to.

    Raises:
        ConfigError: Naming file, field, value and what is allowed.
    """
    file = config_folder() / "catalogues" / f"{name}.yaml"
    return load(file, Catalogue).resolve(file.resolve().parent)


def open_places(catalogue: Catalogue) -> "Places":
    """Open a catalogue's storages, with the credentials of its Airflow connections."""
    from transforms.runs.run import Places

    return Places(
        source=_open(catalogue.source),
        work=_open(catalogue.work),
        published=_open(catalogue.published),
        plates=_open(catalogue.plates) if catalogue.plates else None,
    )


def _open(place: Place) -> "Storage":
    from transforms.storage.opening import open_storage

    if place.connection is None:
        return open_storage(place.uri)
    from airflow.providers.amazon.aws.hooks.base_aws import AwsGenericHook

    hook = AwsGenericHook(aws_conn_id=place.connection, client_type="s3")
    endpoint = hook.conn_config.get_service_endpoint_url("s3")
    return open_storage(place.uri, session=hook.get_session(), endpoint_url=endpoint)


WORK = "work"
"""XCom of the task that begins a run: where its work storage is, as in the catalogue's file."""
_BEGINNERS = ("ingest", "begin")
"""Tasks that begin a run, by their ids."""


def hand_on(catalogue: Catalogue) -> None:
    """Tell the tasks after this one where the run's plan will lie.

    With it they need no file under `config/`: whoever edits one harms the next run only.
    """
    get_current_context()["ti"].xcom_push(key=WORK, value=catalogue.work.model_dump(mode="json"))


def open_work(catalogue: str) -> "Storage":
    """Open the work storage of this DAG run, where its first task said that it is.

    Args:
        catalogue: Name of the catalogue, whose file is read only where that task said nothing:
            Airflow has forgotten it, or there is no such task.
    """
    found = get_current_context()["ti"].xcom_pull(task_ids=_BEGINNERS, key=WORK)
    handed = [each for each in found or () if each]
    if handed:
        return _open(Place.model_validate(handed[0]))
    return _open(read_catalogue(catalogue).work)


def open_night(catalogue: str) -> "Run":
    """Open the run that this DAG run began, with the storages that its plan names.

    Raises:
        NotFoundError: It did not begin, or found nothing to do.
    """
    from transforms.runs.run import Run, read_plan

    plan = read_plan(open_work(catalogue), storage_run_id())
    return Run(plan, open_places(plan.configuration.catalogue))


def has_begun(catalogue: str) -> bool:
    """Whether this DAG run's `ingest` found something to do."""
    try:
        open_night(catalogue)
    except NotFoundError:
        return False
    return True


def work_on(shard: int, catalogue: str, *, stage: Callable[["Run", int], str]) -> int:
    """Run a stage on one shard, and name the mapped task after its pictures.

    Args:
        shard: Number of the shard.
        catalogue: Name of the catalogue.
        stage: Writes a manifest with a column `sku` and gives its key back.

    Returns:
        The shard's number, so that the next stage gets the shards that came through.
    """
    from transforms.records.parquet import read_table

    context: Any = get_current_context()
    context["pictures"] = f"shard {shard}"
    run = open_night(catalogue)
    manifest = read_table(run.places.work, stage(run, shard), ["sku"])
    context["pictures"] = f"shard {shard}: {name_pictures(manifest['sku'].to_pylist())}"
    return shard


def name_pictures(skus: Iterable[str]) -> str:
    """Say which pictures a shard holds: `MUG-BLUE … VASE-7 (8 pictures)`."""
    listed = sorted(skus)
    if not listed:
        return "no picture"
    ends = listed[0] if listed[0] == listed[-1] else f"{listed[0]} … {listed[-1]}"
    return f"{ends} ({len(listed)} picture{'s' if len(listed) > 1 else ''})"


def refuse_failures(summary: dict[str, Any]) -> None:
    """Fail when pictures failed, so that a night with errors does not look green.

    Raises:
        PackshotError: Some pictures failed; all others are published.
    """
    failed = summary["counts"]["failed"]
    if failed:
        raise PackshotError(
            f"{failed} of {summary['counts']['listed']} pictures failed; the others are published. "
            f"Which and why: {summary['report']}"
        )


def read_release(run_id: str, answer: dict[str, Any]) -> "Release":
    """What a person said about a run that is held.

    Args:
        run_id: The run's, as the storage has it.
        answer: Output of `ReleaseOperator`.

    Raises:
        HeldRunError: They said no, or nobody said anything in time.
    """
    from transforms.runs.summary import Release

    if not answer["approved"]:
        who = f"{answer['by']} rejected it" if answer["by"] else "nobody released it in time"
        raise HeldRunError(
            f"run {run_id} stays held: {who}. Nothing was published; the next run makes these "
            "pictures again"
        )
    told = {name: answer[name] for name in ("by", "at", "shown")}
    return Release(run_id=run_id, **told)


def last_summary(catalogue: str) -> dict[str, Any]:
    """What this DAG run came to: the summary of its release, or else its own."""
    from transforms.publishing.release import released_run_id
    from transforms.runs.summary import read_summary

    work, run_id = open_work(catalogue), storage_run_id()
    try:
        return read_summary(work, released_run_id(run_id)).document()
    except NotFoundError:
        return read_summary(work, run_id).document()


def run_time(context: Any) -> datetime:
    """When this DAG run was due: the same in a retry, unlike the clock."""
    moment: datetime = context["dag_run"].run_after
    return moment
