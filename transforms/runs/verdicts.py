"""Verdicts of a run in one small table: a page of thousands of pictures needs no single rules.

`check` writes a shard of whole reports for each task; `report` sums them up. A run that has not
ended, or that an earlier version of the code made, is read from its shards.
"""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from transforms.errors import NotFoundError, StorageError
from transforms.records.layout import run_key
from transforms.records.parquet import Record, open_parquet, read_table, schema_of, to_bytes
from transforms.records.renditions import QualityReport, Verdict
from transforms.runs.shards import read_shards
from transforms.storage.protocol import Storage

VERDICTS = "verdicts.parquet"


class Judged(Record):
    """A QualityReport in short."""

    key: str
    variant: str
    fingerprint: str
    """Of the rendition."""
    verdict: Verdict
    reasons: list[str]
    """Rules that did not pass, worst first."""
    reason: str = ""
    """Code of what prevented rendering or checking; empty: nothing did."""
    message: str = ""
    """The same in words."""
    checkpoint: str = ""
    """Identity of the diffusion model that ran; empty: none did."""
    withheld: list[str]
    """Channels that do not get it, by their names."""
    report: str
    """Key of the shard that holds it all."""


JUDGED = schema_of(Judged)
_AS_THEY_ARE = [name for name in JUDGED.names if name not in ("withheld", "report")]


def write_verdicts(work: Storage, run_id: str, shards: Iterable[pa.Table] | None = None) -> None:
    """Sum up a run whose checks have ended. Raises as `read_verdicts` does.

    Args:
        work: Where the run lies.
        run_id: Its name.
        shards: Of whoever read the shards already, what `summarise_shard` made of each.
    """
    shards = _shards(work, run_id) if shards is None else shards
    table = pa.concat_tables([JUDGED.empty_table(), *shards])
    work.create(run_key(run_id, VERDICTS), to_bytes(table))


def read_verdicts(work: Storage, run_id: str) -> pa.Table:
    """Verdicts on the pictures that a run made so far, in the columns of Judged.

    Raises:
        StorageError: Storage does not answer, or a manifest is not readable.
    """
    try:
        table = read_table(work, run_key(run_id, VERDICTS))
    except NotFoundError:
        return _of_shards(work, run_id)
    return table if table.column_names == JUDGED.names else _of_shards(work, run_id)


def _of_shards(work: Storage, run_id: str) -> pa.Table:
    return pa.concat_tables([JUDGED.empty_table(), *_shards(work, run_id)])


def _shards(work: Storage, run_id: str) -> Iterator[pa.Table]:
    for key, data in read_shards(work, run_id, "quality"):
        try:
            yield summarise_shard(data, key)
        except pa.ArrowException as error:
            raise StorageError(f"{work.uri}/{key}: not a readable manifest") from error


def summarise_shard(shard: bytes, key: str) -> pa.Table:
    """Verdicts of a shard that `check` wrote, in the columns of Judged.

    What an earlier version of the code did not write gets its default. Raises
    `pyarrow.ArrowException`.

    Args:
        shard: Its content.
        key: Its key, told in the column `report`.
    """
    file = open_parquet(shard)
    there = file.schema_arrow.names
    known = file.read([name for name in _AS_THEY_ARE if name in there])
    columns = {
        name: known[name] if name in there else [_default(name)] * len(known)
        for name in _AS_THEY_ARE
    }
    columns["withheld"] = [[]] * len(known)
    if "withheld" in there:
        rows = file.read(["withheld"])["withheld"].to_pylist()
        columns["withheld"] = [sorted({each["channel"] for each in row or ()}) for row in rows]
    columns["report"] = [key] * len(known)
    return pa.table({name: columns[name] for name in JUDGED.names}).cast(JUDGED)


def _default(name: str) -> object:
    return QualityReport.model_fields[name].get_default(call_default_factory=True)
