"""Records to Parquet and back. Equal records give equal bytes.

A file says its format in its schema's metadata; one without is of format 1, the only one so far.
Columns may be added, with defaults, and go without another format: rows that outlive a release are
read by `read_lasting`, which knows both.
"""

import io
import types
import typing
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from transforms.errors import StorageError
from transforms.storage.protocol import Storage


class Record(BaseModel):
    """A row. Flat: text, numbers, booleans, lists of text; structures are JSON text."""

    model_config = ConfigDict(frozen=True, extra="forbid")


R = TypeVar("R", bound=Record)

FORMAT, NEWEST = b"packshot.format", 1
"""Name of the metadata, and the newest format that this code reads."""

_ARROW: dict[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
}


def arrow_type(annotation: Any) -> pa.DataType:
    """The Arrow type that holds a field of a record."""
    origin = typing.get_origin(annotation)
    if origin is typing.Literal:
        return pa.string()
    if origin is list:
        return pa.list_(arrow_type(typing.get_args(annotation)[0]))
    if origin in (typing.Union, types.UnionType):
        (inner,) = (each for each in typing.get_args(annotation) if each is not type(None))
        return arrow_type(inner)
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return pa.struct(schema_of(annotation))
    return _ARROW[annotation]


def schema_of(record: type[Record]) -> pa.Schema:
    """The Parquet schema of a record class."""
    return pa.schema([(n, arrow_type(f.annotation)) for n, f in record.model_fields.items()])


def to_bytes(table: pa.Table) -> bytes:
    """Encode a table as Parquet with Zstandard."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def open_parquet(data: bytes) -> pq.ParquetFile:
    """Parquet, opened from memory that is Arrow's own. Raises `pyarrow.ArrowException`.

    Arrow's threads may hold a file a moment longer than its reader. Were it Python's bytes, one
    that lets them go while the interpreter ends would abort a process whose work is done.
    Source: https://github.com/apache/arrow/issues/34314
    """
    owned = pa.BufferOutputStream()
    owned.write(data)
    return pq.ParquetFile(pa.BufferReader(owned.getvalue()))


def from_bytes(data: bytes, columns: list[str] | None = None) -> pa.Table:
    """Decode Parquet; only `columns` where given. Raises `pyarrow.ArrowException`.

    Read as one file: as a dataset of one it would take twice as long, and import pandas.
    """
    file = open_parquet(data)
    _refuse_newer(file.schema_arrow)
    missing = set(columns or ()) - set(file.schema_arrow.names)
    if missing:
        raise pa.ArrowInvalid(f"no column {', '.join(sorted(missing))}")
    table = file.read(columns)
    return table if columns is None else table.select(columns)


def _refuse_newer(schema: pa.Schema) -> None:
    written = int((schema.metadata or {}).get(FORMAT, b"1"))
    if written > NEWEST:
        raise pa.ArrowInvalid(
            f"written by a newer Packshot (format {written}, this one reads up to {NEWEST}): "
            "upgrade, nothing was changed"
        )


def conform(table: pa.Table, record: type[Record], columns: Sequence[str] = ()) -> pa.Table:
    """A table in a record's columns, also if another release wrote it.

    Columns that it does not have get their defaults; others that the record does not have go. It
    is cast, since Parquet gives lists back with another name for their elements, and equal work
    must be equal bytes.

    Args:
        table: Rows of the record, as they were written.
        record: Today's record.
        columns: Only these; empty: all.

    Raises:
        pyarrow.ArrowInvalid: It lacks a column that has no default.
    """
    schema = schema_of(record)
    wanted = [schema.field(name) for name in columns or schema.names]
    for field in wanted:
        if field.name not in table.column_names:
            known = record.model_fields[field.name]
            if known.is_required():
                raise pa.ArrowInvalid(f"no column {field.name}")
            default = known.get_default(call_default_factory=True)
            table = table.append_column(field, pa.array([default] * len(table), field.type))
    return table.select([field.name for field in wanted]).cast(pa.schema(wanted))


def to_table(records: Iterable[R], record: type[R]) -> pa.Table:
    """Records as a table, also when there are none."""
    return pa.Table.from_pylist([r.model_dump() for r in records], schema=schema_of(record))


def write_records(storage: Storage, key: str, records: Sequence[R], record: type[R]) -> str:
    """Write a manifest unless its key is taken, and give the key back.

    The first writer wins: a retried task finds what it did before.
    """
    storage.create(key, to_bytes(to_table(records, record)))
    return key


def read_table(storage: Storage, key: str, columns: list[str] | None = None) -> pa.Table:
    """Read a manifest as a table; only `columns` where given.

    Raises:
        NotFoundError: There is none.
        StorageError: It is not Parquet, or lacks a column.
    """
    return parse_table(storage.read(key), f"{storage.uri}/{key}", columns)


def parse_table(data: bytes, uri: str, columns: list[str] | None = None) -> pa.Table:
    """A manifest that was read already, as a table; only `columns` where given.

    Args:
        data: Content of the object.
        uri: Names it where it cannot be read.
        columns: Which to decode; None: all.

    Raises:
        StorageError: It is not Parquet, or lacks a column.
    """
    try:
        return from_bytes(data, columns)
    except pa.ArrowException as error:
        raise StorageError(f"{uri}: not a readable manifest: {error}") from error


def parse_lasting(
    data: bytes, uri: str, record: type[Record], columns: Sequence[str] = ()
) -> pa.Table:
    """Rows that this or an earlier release wrote, in a record's columns.

    Args:
        data: Content of the object.
        uri: Names it where it cannot be read.
        record: What the rows are.
        columns: Only these; empty: all.

    Raises:
        StorageError: It is not Parquet, a newer Packshot wrote it, or it lacks a column that has
            no default.
    """
    try:
        file = open_parquet(data)
        _refuse_newer(file.schema_arrow)
        wanted = columns or list(record.model_fields)
        there = [name for name in file.schema_arrow.names if name in wanted]
        return conform(file.read(there), record, columns)
    except pa.ArrowException as error:
        raise StorageError(f"{uri}: not a readable manifest: {error}") from error


def read_lasting(
    storage: Storage, key: str, record: type[Record], columns: Sequence[str] = ()
) -> pa.Table:
    """Read rows that outlive releases; see `parse_lasting`. Raises NotFoundError, too."""
    return parse_lasting(storage.read(key), f"{storage.uri}/{key}", record, columns)


def from_table(table: pa.Table, record: type[R]) -> list[R]:
    """Rows of a table as records; what another release wrote besides is passed over."""
    return [record.model_validate(row, extra="ignore") for row in table.to_pylist()]


def read_records(storage: Storage, key: str, record: type[R]) -> list[R]:
    """Read a manifest. Raises as `read_table` does."""
    return from_table(read_table(storage, key), record)
