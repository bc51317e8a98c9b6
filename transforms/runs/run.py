"""A run: its name, its three storages, and the plan that it obeys from start to end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import pyarrow as pa
from pydantic import Field, ValidationError

from transforms.errors import StorageError
from transforms.presets.configuration import Configuration
from transforms.presets.look import Look
from transforms.presets.scope import EVERYTHING, Scope
from transforms.presets.strict import Strict
from transforms.records.fingerprint import fingerprint, steps_of
from transforms.records.layout import RunFile, Stage, run_key, shard_key
from transforms.records.parquet import (
    Record,
    from_table,
    parse_table,
    read_records,
    read_table,
    write_records,
)
from transforms.records.pointer import Pointer
from transforms.runs.shards import read_columns, read_shards, shard_keys
from transforms.storage.protocol import Storage

R = TypeVar("R", bound=Record)


class RunPlan(Strict):
    """`run.json`: frozen when a run begins, so that editing a preset cannot split a night."""

    run_id: str
    started: datetime
    configuration: Configuration
    base: Pointer | None
    """What was published when the run began; None: nothing yet."""
    base_etag: str | None
    """The pointer's etag at that moment: the run may only replace that one."""
    previous_outcomes: str | None
    """Key of the last run's outcomes, with which the listing is compared."""
    scope: Scope = EVERYTHING
    ends: dict[str, date] = Field(default_factory=dict)
    """Last day of each variant that comes down by itself."""

    @property
    def variants(self) -> list[str]:
        """Names of what the run makes of each picture."""
        return [look.variant for look in self.configuration.looks]

    def recipe(self, look: Look) -> str:
        """Fingerprint of everything but the picture that decides what becomes of it."""
        return fingerprint(
            look.identity,
            self.configuration.catalogue.preparation,
            *(channel.identity for channel in self.configuration.channels),
            *look.brand.discloses,
            self.configuration.gate,
            self.configuration.suite,
            *self.configuration.recognisers(),
            *(f"{step}={version}" for step, version in steps_of(look).items()),
        )


@dataclass(frozen=True, slots=True)
class Places:
    """The storages of one catalogue."""

    source: Storage
    """Read only: originals are never written, moved or deleted."""
    work: Storage
    published: Storage
    plates: Storage | None = None
    """The brand's backdrop photographs; read only. None: there are none."""


@dataclass(frozen=True, slots=True)
class Run:
    """What every stage is given."""

    plan: RunPlan
    places: Places

    def key(self, name: RunFile | str) -> str:
        """Key of a file of this run in the work storage."""
        return run_key(self.plan.run_id, name)

    def table(self, file: RunFile, columns: list[str] | None = None) -> pa.Table:
        """A whole file of this run as a table; only `columns` where given.

        Raises:
            NotFoundError: It is not written.
            StorageError: It cannot be read, or lacks a column.
        """
        return read_table(self.places.work, self.key(file), columns)

    def records(self, file: RunFile, record: type[R]) -> list[R]:
        """Rows of a whole file of this run. Raises as `table` does."""
        return from_table(self.table(file), record)

    def rows(self, stage: Stage, record: type[R]) -> Iterator[R]:
        """All rows that a stage wrote in this run, in order; a shard is decoded at a time.

        Raises:
            StorageError: A shard cannot be read, or is not one of `record`.
        """
        for shard in self.shards(stage, record):
            yield from shard

    def shards(self, stage: Stage, record: type[R]) -> Iterator[list[R]]:
        """The same rows, a shard at a time."""
        work = self.places.work
        for key, data in read_shards(work, self.plan.run_id, stage):
            yield from_table(parse_table(data, f"{work.uri}/{key}"), record)

    def columns(self, stage: Stage, names: list[str]) -> pa.Table:
        """Some columns of all rows that a stage wrote in this run, in order.

        Raises:
            StorageError: A shard cannot be read, or lacks a column.
        """
        return read_columns(self.places.work, self.plan.run_id, stage, names)

    def shard_numbers(self, stage: Stage) -> list[int]:
        """Numbers of the shards that a stage wrote in this run, from 0."""
        return list(range(len(shard_keys(self.places.work, self.plan.run_id, stage))))

    def shard_key(self, stage: Stage, shard: int) -> str:
        """Key of one shard in the work storage."""
        return shard_key(self.plan.run_id, stage, shard)

    def read_shard(self, stage: Stage, shard: int, record: type[R]) -> list[R]:
        """Rows of one shard.

        Raises:
            NotFoundError: It was not written.
            StorageError: It cannot be read.
        """
        return read_records(self.places.work, self.shard_key(stage, shard), record)

    def write_shard(self, stage: Stage, shard: int, rows: Sequence[R], record: type[R]) -> str:
        """Write one shard unless it is there already, and give its key back."""
        return write_records(self.places.work, self.shard_key(stage, shard), rows, record)

    def look(self, variant: str) -> Look:
        """The look that makes a variant."""
        return next(look for look in self.plan.configuration.looks if look.variant == variant)


def read_plan(work: Storage, run_id: str) -> RunPlan:
    """Read the plan of a run that `ingest` began, be it under way or ended.

    Raises:
        NotFoundError: It did not begin; one that found nothing to do leaves only its summary.
        StorageError: It was written by another version of the code.
    """
    key = run_key(run_id, "run.json")
    data = work.read(key)
    try:
        return RunPlan.model_validate_json(data)
    except ValidationError as error:
        raise StorageError(
            f"{work.uri}/{key}: written by another version of Packshot; start a new run"
        ) from error


def open_run(places: Places, run_id: str) -> Run:
    """Open a run whose storages are open. Raises as `read_plan` does."""
    return Run(read_plan(places.work, run_id), places)
