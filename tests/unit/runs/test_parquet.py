"""Manifests as Parquet."""

import sys

import pyarrow as pa

from transforms.records.parquet import open_parquet, to_bytes


def test_an_open_file_holds_none_of_pythons_memory():
    """A thread of Arrow's that lets Python's bytes go at exit aborts the process."""
    data = to_bytes(pa.table({"key": ["A/front.jpg", "B/front.jpg"]}))
    before = sys.getrefcount(data)

    file = open_parquet(data)

    assert sys.getrefcount(data) == before
    assert file.read()["key"].to_pylist() == ["A/front.jpg", "B/front.jpg"]
