"""Tables as files: CSV, TSV, JSON Lines or Parquet, by the ending."""

import csv
import io
import json
import os
from pathlib import Path

import pyarrow as pa

from transforms.errors import ConfigError
from transforms.records.parquet import to_bytes

ENDINGS = (".csv", ".tsv", ".jsonl", ".parquet")

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV injection)."""


def encode_table(table: pa.Table, ending: str) -> bytes:
    """A table as a file's bytes; equal tables give equal bytes.

    Args:
        table: Columns of text, numbers and truth values.
        ending: One of `ENDINGS`.

    CSV and TSV are UTF-8 with a header line; lines end as RFC 4180 says. A text that a spreadsheet
    would take for a formula gets an apostrophe before it; the other kinds hold it as it is.
    """
    if ending == ".parquet":
        return to_bytes(table)
    if ending == ".jsonl":
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in table.to_pylist())
        return "".join(lines).encode()
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="," if ending == ".csv" else "\t", lineterminator="\r\n")
    writer.writerow(table.column_names)
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        writer.writerow([_cell(value) for value in row])
    return text.getvalue().encode()


def check_ending(output: Path, allowed: tuple[str, ...] = ENDINGS) -> str:
    """The ending that says how a file is written.

    Raises:
        ConfigError: It is none of `allowed`, or the folder is missing.
    """
    ending = output.suffix.lower()
    if ending not in allowed:
        raise ConfigError(f"--output {output}: must end in {', '.join(allowed)}")
    if not output.absolute().parent.is_dir():
        raise ConfigError(f"--output {output}: there is no folder {output.absolute().parent}")
    return ending


def write(output: Path, data: bytes) -> None:
    """Write a file whole or not at all: a shop may be reading the last one.

    Raises:
        ConfigError: It cannot be written.
    """
    partial = output.with_name(f".{output.name}.partial-{os.getpid()}")
    try:
        partial.write_bytes(data)
        partial.replace(output)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ConfigError(f"--output {output}: cannot be written: {error}") from error


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULAS):
        return f"'{value}"
    return value
