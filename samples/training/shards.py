"""Pictures as Parquet files under 16 MB, which are easy to carry to where a GPU is."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from samples.training.pictures import Taught

LARGEST_BYTES = 15_000_000


def write(folder: Path, pictures: Iterable[Taught]) -> int:
    """Add pictures to a folder in shards of their own; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[Taught] = []
    size = count = 0
    for picture in pictures:
        weight = len(picture.picture) + len(picture.drawn)
        if rows and size + weight > LARGEST_BYTES:
            _write(folder, rows)
            rows, size = [], 0
        rows.append(picture)
        size += weight
        count += 1
    if rows:
        _write(folder, rows)
    return count


def read(folder: Path) -> Iterator[Taught]:
    """All pictures of a folder, in the order in which they were written."""
    for path in sorted(folder.glob("*.parquet")):
        for row in pq.read_table(path).to_pylist():
            yield Taught(**row)


def names(folder: Path) -> set[str]:
    """Of all pictures in a folder."""
    return {
        name
        for path in folder.glob("*.parquet")
        for name in pq.read_table(path, columns=["name"])["name"].to_pylist()
    }


def _write(folder: Path, rows: list[Taught]) -> None:
    path = folder / f"{len(list(folder.glob('*.parquet'))):04d}.parquet"
    unfinished = path.with_suffix(".part")
    table = pa.Table.from_pylist([asdict(row) for row in rows])
    pq.write_table(table, unfinished, compression="none")  # JPEG does not shrink
    unfinished.rename(path)
