"""Shards: how work is cut into pieces that one mapped task each can do."""

from transforms.runs.run import Run

MAX_SHARDS = 1000
"""Airflow maps at most 1024 tasks (`core.max_map_length`)."""


def cut(count: int, shard_size: int) -> list[slice]:
    """Cut `count` items into shards of `shard_size`, or into larger ones if they were too many."""
    size = max(shard_size, -(-count // MAX_SHARDS))
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def shard_keys(run: Run, folder: str) -> list[str]:
    """Keys of the shards that a stage wrote in this run, in order: `prepared/`."""
    return list(run.places.work.listing(run.key(folder))["key"].to_pylist())
