"""Files are whole, equal for equal tables, and no spreadsheet runs what stands in them."""

import csv
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.errors import ConfigError
from transforms.export.writing import check_ending, encode_table, write

TABLE = pa.table({"sku": ["MUG", 'a,"b"\nc'], "width": [1, -2], "there": [True, False]})


@pytest.mark.parametrize("ending", [".csv", ".tsv"])
def test_text_tables_read_back(ending):
    text = encode_table(TABLE, ending).decode()

    read = list(csv.reader(io.StringIO(text), delimiter="," if ending == ".csv" else "\t"))

    assert read == [["sku", "width", "there"], ["MUG", "1", "true"], ['a,"b"\nc', "-2", "false"]]


@pytest.mark.parametrize("sku", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(sku):
    text = encode_table(pa.table({"sku": [sku]}), ".csv").decode()

    (_, (cell,)) = csv.reader(io.StringIO(text, newline=""))
    assert cell == f"'{sku}"


def test_json_lines_and_parquet_hold_what_is():
    odd = pa.table({"sku": ["=1+1", "ü"], "width": [1, 2]})

    lines = encode_table(odd, ".jsonl").decode().splitlines()
    assert [json.loads(line)["sku"] for line in lines] == ["=1+1", "ü"]
    assert pq.read_table(io.BytesIO(encode_table(odd, ".parquet"))).equals(odd)


@pytest.mark.parametrize("name", ["a.xlsx", "a", "missing/a.csv"])
def test_what_cannot_be_written_is_told_before_anything_is_read(name, tmp_path):
    with pytest.raises(ConfigError, match="--output"):
        check_ending(tmp_path / name)


def test_a_file_is_replaced_whole(tmp_path):
    file = tmp_path / "rows.csv"
    write(file, b"old")

    write(file, b"new")

    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path):
    (tmp_path / "rows.csv").mkdir()

    with pytest.raises(ConfigError, match="cannot be written"):
        write(tmp_path / "rows.csv", b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["rows.csv"]
