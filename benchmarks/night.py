"""A whole night over many pictures, and the night after: memory, work done, objects written."""

import tempfile
from pathlib import Path
from typing import Any

import psutil

from benchmarks.made_up import made_up_catalogue
from transforms.presets.configuration import configure
from transforms.presets.loading import config_folder
from transforms.runner import open_places, run_catalogue
from transforms.runs.run import Places


class MemoryLog:
    """Progress that notes this process's memory after each shard."""

    def __init__(self) -> None:
        self.peak_mb: dict[str, list[int]] = {}
        self._process = psutil.Process()

    def begin(self, stage: str, shards: int) -> None:
        """Begin a stage's list."""
        del shards
        self.peak_mb[stage] = []

    def advance(self, stage: str) -> None:
        """Note the memory now, children included."""
        family = [self._process, *self._process.children(recursive=True)]
        used = sum(each.memory_info().rss for each in family)
        self.peak_mb[stage].append(round(used / 1e6))


def bench_night(pictures: list[Path], count: int) -> dict[str, Any]:
    """Run a night over `count` pictures, and another one over the same.

    Args:
        pictures: Photographs, taken in turn; each copy differs in a byte after its end, so that
            it is a picture of its own.
        count: How many.

    Returns:
        JSON-able: both summaries' counts and seconds, the memory in MB after each shard of each
        stage, and what the second night wrote.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for number in range(count):
            picture = pictures[number % len(pictures)]
            target = root / "source" / f"SKU-{number:05d}" / f"front{picture.suffix}"
            target.parent.mkdir(parents=True)
            target.write_bytes(picture.read_bytes() + b"\n%d" % number)
        shards = {"shard_size": max(1, count // 20)}
        catalogue = made_up_catalogue(root).model_copy(update=shards)
        configuration = configure(catalogue, config_folder())
        places = open_places(catalogue)
        memory = MemoryLog()
        first = run_catalogue(configuration, progress=memory)
        before = _objects(places)
        second = run_catalogue(configuration, progress=MemoryLog())
        written = sorted(_objects(places) - before)
    return {
        "first": {"counts": first.counts.model_dump(), "seconds": first.seconds},
        "memory_mb_after_each_shard": memory.peak_mb,
        "second": {
            "counts": second.counts.model_dump(),
            "seconds": second.seconds,
            "renders": sum("/renditions/" in key for key in written),
            "objects_written": written,
        },
    }


def _objects(places: Places) -> set[str]:
    return {
        f"{storage.uri}/{key} {etag}"
        for storage in (places.work, places.published)
        for key, etag in zip(*_columns(storage.listing()), strict=True)
    }


def _columns(listing: Any) -> tuple[list[str], list[str]]:
    return listing["key"].to_pylist(), listing["etag"].to_pylist()
