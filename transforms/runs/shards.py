"""Shards: work cut into pieces that one mapped task each can do, and read back as one."""

from collections.abc import Iterator

import pyarrow as pa

from transforms.errors import StorageError
from transforms.records.layout import Stage, shards_folder
from transforms.records.parquet import Record, parse_table, schema_of
from transforms.records.pictures import AcceptedImage, MeasuredImage, PreparedImage, SourceImage
from transforms.records.renditions import QualityReport, RenderJob, Rendition
from transforms.storage.protocol import Storage
from transforms.storage.transfer import read_each

MAX_SHARDS = 1000
"""Airflow maps at most 1024 tasks (`core.max_map_length`)."""

ROW_OF: dict[Stage, type[Record]] = {
    "inventory": SourceImage,
    "measured": MeasuredImage,
    "accepted": AcceptedImage,
    "prepared": PreparedImage,
    "jobs": RenderJob,
    "renditions": Rendition,
    "quality": QualityReport,
}
"""What a row of each stage's shards is."""


def cut(count: int, shard_size: int) -> list[slice]:
    """Cut `count` items into shards of `shard_size`, or into larger ones if they were too many."""
    size = max(shard_size, -(-count // MAX_SHARDS))
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def shard_keys(work: Storage, run_id: str, stage: Stage) -> list[str]:
    """Keys of the shards that a stage wrote in a run, in order; empty: none yet."""
    return list(work.listing(shards_folder(run_id, stage))["key"].to_pylist())


def read_shards(work: Storage, run_id: str, stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Key and bytes of every shard that a stage wrote in a run, in order, a few read ahead.

    Raises:
        StorageError: A shard cannot be read.
    """
    for key, data in read_each(work, shard_keys(work, run_id, stage)):
        if isinstance(data, StorageError):
            raise data
        yield key, data


def read_columns(work: Storage, run_id: str, stage: Stage, columns: list[str]) -> pa.Table:
    """Some columns of all rows that a stage wrote in a run, in the order of its shards.

    Raises:
        StorageError: A shard cannot be read, is not Parquet, or lacks a column.
    """
    schema = schema_of(ROW_OF[stage])
    empty = schema.empty_table().select(columns)
    shards = (
        parse_table(data, f"{work.uri}/{key}", columns)
        for key, data in read_shards(work, run_id, stage)
    )
    return pa.concat_tables([empty, *shards])
