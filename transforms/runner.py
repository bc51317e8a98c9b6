"""A run in this process and its workers: the same stages that the DAGs call, in the same order."""

import logging
import multiprocessing
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib import import_module
from typing import Protocol

from transforms.errors import AuditError, ConfigError, ModelError, NotFoundError, StaleRunError
from transforms.presets.catalogue import Catalogue
from transforms.presets.configuration import Configuration
from transforms.presets.scope import EVERYTHING, Scope
from transforms.rendition.engine_cache import refuse_missing
from transforms.runs.run import Places, Run, read_plan
from transforms.runs.summary import Summary, read_summary
from transforms.stages.ingest import ingest, look_ahead
from transforms.stages.plan import plan
from transforms.stages.publish import publish
from transforms.stages.report import report
from transforms.stages.validate import validate
from transforms.storage.opening import open_storage
from transforms.storage.protocol import Storage

_log = logging.getLogger(__name__)

_SHARD_STAGES = {
    "measure": "transforms.stages.measure:measure_shard",
    "prepare": "transforms.stages.prepare:prepare_shard",
    "render": "transforms.stages.render:render_shard",
    "check": "transforms.stages.check:check_shard",
}


class Progress(Protocol):
    """Is told how a run goes on."""

    def begin(self, stage: str, shards: int) -> None:
        """A stage begins, with so many shards to work on."""
        ...

    def advance(self, stage: str) -> None:
        """One more shard of the stage is done."""
        ...


def new_run_id() -> str:
    """An identifier that sorts by time and that no other run has."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def open_places(catalogue: Catalogue) -> Places:
    """Storages of a catalogue, with credentials from the usual AWS environment."""
    return Places(
        source=open_storage(catalogue.source.uri),
        work=open_storage(catalogue.work.uri),
        published=open_storage(catalogue.published.uri),
        plates=open_storage(catalogue.plates.uri) if catalogue.plates else None,
    )


def open_planned(work: Storage, run_id: str) -> Run:
    """Open a run by its plan alone: its storages are those that it began with.

    Raises:
        NotFoundError: It did not begin, or found nothing to do.
        StorageError: Its plan was written by another version of the code.
    """
    plan = read_plan(work, run_id)
    return Run(plan, open_places(plan.configuration.catalogue))


def nothing_to_do(places: Places, configuration: Configuration) -> bool:
    """Whether a run would find nothing new. Writes nothing."""
    return look_ahead(places, configuration, run_id=new_run_id()).nothing_to_do


def run_catalogue(
    configuration: Configuration,
    *,
    progress: Progress,
    run_id: str | None = None,
    scope: Scope = EVERYTHING,
    workers: int = 1,
) -> Summary:
    """Run all stages.

    Args:
        configuration: The catalogue with all that it refers to.
        progress: Is told how far the run is.
        run_id: None: a new one. The one of a run that was interrupted: that run goes on.
        scope: Which pictures it takes up.
        workers: Processes that work on shards side by side.

    Returns:
        The summary; also of a run that was held or came too late.

    Raises:
        StorageError: Storage did not answer; run again, what is finished is not made twice. Of one
            shard it is told in the log, as any other error is, and the other shards go on: the
            shard's pictures are `failed`, and the next run takes them.
        ModelError: The cut-out model is missing, or a diffusion model; of those nothing was begun.
        ReconciliationError: Pictures would be lost or doubled.
    """
    refuse_missing(configuration.looks)
    places = open_places(configuration.catalogue)
    run_id = run_id or new_run_id()
    progress.begin("ingest", 1)
    shards = ingest(places, configuration, run_id=run_id, scope=scope)
    progress.advance("ingest")
    try:
        run = open_planned(places.work, run_id)
    except NotFoundError:  # nothing to do: ingest told so in the summary
        return read_summary(places.work, run_id)

    with _workers(run.plan.configuration.catalogue, run_id, workers) as work_on:

        def work_through(stage: str, shards: list[int]) -> list[int]:
            """Work on shards of a stage; those that came through."""
            progress.begin(stage, len(shards))
            done = []
            for shard, error in work_on(stage, shards):
                if isinstance(error, _FOR_A_PERSON):
                    raise error
                if error is None:
                    done.append(shard)
                else:
                    _log.error("%s, shard %d of run %s", stage, shard, run_id, exc_info=error)
                progress.advance(stage)
            return done

        work_through("measure", shards)
        work_through("prepare", validate(run))
        work_through("check", work_through("render", plan(run)))

    progress.begin("publish", 1)
    with suppress(AuditError, StaleRunError):  # the outcomes hold them, and the summary tells
        publish(run)
    summary = report(run)
    progress.advance("publish")
    return summary


WorkOn = Callable[[str, list[int]], Iterator[tuple[int, Exception | None]]]
"""Works on shards of a stage, and yields each with what went wrong; None: nothing did."""

_FOR_A_PERSON = (ConfigError, ModelError, BrokenExecutor)
"""Every other shard would end with the same, so nothing more is begun."""


@contextmanager
def _workers(catalogue: Catalogue, run_id: str, count: int) -> Iterator[WorkOn]:
    """Give a function that works on shards, in this process or in several."""
    if count == 1:
        yield lambda stage, shards: (
            (shard, _try_to_work(catalogue, run_id, stage, shard)) for shard in shards
        )
        return
    pool = ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin_worker,
        initargs=(os.getpid(),),
    )

    def work_on(stage: str, shards: list[int]) -> Iterator[tuple[int, Exception | None]]:
        tasks = {pool.submit(_work, catalogue, run_id, stage, shard): shard for shard in shards}
        for task in as_completed(tasks):
            error = task.exception()
            if error is not None and not isinstance(error, Exception):
                raise error  # the worker was told to end
            yield tasks[task], error

    try:
        yield work_on
    finally:
        pool.shutdown(cancel_futures=True)


def _try_to_work(catalogue: Catalogue, run_id: str, stage: str, shard: int) -> Exception | None:
    """Work on a shard here; what went wrong."""
    try:
        _work(catalogue, run_id, stage, shard)
    except Exception as error:  # noqa: BLE001 - told by the caller; the other shards go on
        return error
    return None


def _work(catalogue: Catalogue, run_id: str, stage: str, shard: int) -> None:
    # Imported by name, so that a worker loads only what its stage needs.
    module, _, function = _SHARD_STAGES[stage].partition(":")
    run = open_planned(open_storage(catalogue.work.uri), run_id)
    getattr(import_module(module), function)(run, shard)


def _begin_worker(parent: int) -> None:
    """Let a worker end with its parent, also when that one is killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()
