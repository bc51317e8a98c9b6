"""Records that outlive a release: those of this format and of the one before are read.

`tests/data/records/format-*` holds what real nights of the sample pictures wrote.
"""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from transforms.errors import StorageError
from transforms.publishing.decisions import ReviewDecision
from transforms.publishing.manifest import MANIFEST
from transforms.publishing.seasons import LastDay
from transforms.records import fingerprint
from transforms.records.outcomes import Outcome, PublishedFile
from transforms.records.parquet import (
    FORMAT,
    conform,
    from_table,
    parse_lasting,
    to_bytes,
    to_table,
)
from transforms.records.pointer import Pointer
from transforms.runs.outcomes import OUTCOMES
from transforms.runs.summary import Summary, ended_runs
from transforms.storage.folder import FolderStorage

RECORDS = Path(__file__).parents[2] / "data" / "records"
FIRST = RECORDS / "format-1"
JSON = {
    "summary.json": Summary,
    "current.json": Pointer,
    "decision.json": ReviewDecision,
    "last-day.json": LastDay,
}
FORMATS = [path.name for path in sorted(RECORDS.iterdir())]
STORED = [
    (written, name) for written in FORMATS for name in JSON if (RECORDS / written / name).exists()
]
"""Of a record whose format is still the first, later folders hold none."""


@pytest.mark.parametrize(("written", "name"), STORED)
def test_every_stored_record_is_read_and_written_again_says_the_same(written, name):
    file = RECORDS / written / name
    found = JSON[name].parse(file.read_bytes(), name)

    again = JSON[name].parse(found.model_dump_json().encode(), name)
    assert again == found
    assert found.format == found.newest


@pytest.mark.parametrize("written", FORMATS)
def test_a_summary_says_the_same_in_every_format(written):
    found = Summary.parse((RECORDS / written / "summary.json").read_bytes(), "summary.json")

    assert (found.catalogue, found.variants, found.ending) == ("shop", ("winter",), "published")
    assert (found.counts.listed, found.counts.published, found.counts.quarantined) == (4, 3, 1)
    assert found.licences == ()
    look = found.looks["winter"]
    assert (look.preset, look.engine, look.checkpoint) == ("winter", "scene", "")


def test_a_recipe_of_the_first_format_is_what_its_pictures_were_made_with(monkeypatch):
    outcomes = parse_lasting((FIRST / "outcomes.parquet").read_bytes(), "outcomes", Outcome)
    manifest = parse_lasting((FIRST / "manifest.parquet").read_bytes(), "m", PublishedFile)
    versions = next(
        row["code_versions"] for row in manifest.to_pylist() if row["variant"] == "winter"
    )
    monkeypatch.setattr(
        fingerprint, "CODE_VERSIONS", fingerprint.CODE_VERSIONS | json.loads(versions)
    )

    found = Summary.parse((FIRST / "summary.json").read_bytes(), "summary.json")

    winter = outcomes.filter(pa.compute.equal(outcomes["variant"], "winter"))
    assert set(winter["recipe"].to_pylist()) == {found.looks["winter"].recipe}


def test_settings_that_nobody_knows_any_more_take_nothing_but_the_looks():
    raw = json.loads((FIRST / "summary.json").read_text())
    raw["plan"]["configuration"]["gate"] = "a gate of another time"

    found = Summary.parse(json.dumps(raw).encode(), "summary.json")

    assert found.looks == {}
    assert found.counts.published == 3


def test_keys_that_a_release_of_the_same_format_added_are_passed_over():
    raw = json.loads((FIRST / "summary.json").read_text())
    raw["plan"]["configuration"]["gate"]["added_later"] = 1
    raw["counts"]["added_later"] = 2
    raw["added_later"] = 3

    assert Summary.parse(json.dumps(raw).encode(), "summary.json") == Summary.parse(
        (FIRST / "summary.json").read_bytes(), "summary.json"
    )


@pytest.mark.parametrize("name", JSON)
def test_a_newer_record_is_refused_with_what_to_do(name):
    record = JSON[name]
    raw = json.loads((FIRST / name).read_text()) | {"format": record.newest + 1}
    said = (
        f"work/{name}: written by a newer Packshot (format {record.newest + 1}, this one reads up "
        f"to {record.newest}): upgrade, nothing was changed"
    )

    with pytest.raises(StorageError) as refused:
        record.parse(json.dumps(raw).encode(), f"work/{name}")

    assert str(refused.value) == said


@pytest.mark.parametrize("data", [b"", b"[]", b'{"format": "two"}', b"{}"])
def test_what_is_no_record_is_named_and_not_passed_over(tmp_path, data):
    work = FolderStorage(tmp_path)
    work.create("runs/night-1/summary.json", data)

    with pytest.raises(StorageError, match=r"runs/night-1/summary\.json: is not"):
        ended_runs(work)


@pytest.mark.parametrize(
    ("name", "record"), [("outcomes.parquet", Outcome), ("manifest.parquet", PublishedFile)]
)
def test_rows_of_the_first_format_are_read_in_todays_columns(name, record):
    table = parse_lasting((FIRST / name).read_bytes(), name, record)

    assert len(from_table(table, record)) == {"outcomes.parquet": 8, "manifest.parquet": 6}[name]
    assert {"standard", "winter"} == set(table["variant"].to_pylist())


def test_a_published_manifest_that_is_written_again_keeps_its_bytes():
    """Else an upgrade alone would publish a new version of an unchanged catalogue."""
    data = (FIRST / "manifest.parquet").read_bytes()
    pointer = Pointer.parse((FIRST / "current.json").read_bytes(), "current.json")

    again = to_bytes(parse_lasting(data, "manifest.parquet", PublishedFile))

    assert fingerprint.sha256(again) == pointer.manifest_sha256


def test_rows_of_an_older_release_get_defaults_and_of_another_one_lose_what_is_unknown():
    whole = parse_lasting((FIRST / "manifest.parquet").read_bytes(), "m", PublishedFile)
    foreign = whole.drop_columns(["extension", "signed"]).append_column(
        "added_later", pa.array([1] * len(whole))
    )

    found = parse_lasting(to_bytes(foreign), "manifest.parquet", PublishedFile)

    assert found.schema.equals(MANIFEST)
    assert set(found["extension"].to_pylist()) == {""}
    assert conform(foreign, PublishedFile).equals(found)


def test_rows_that_lack_what_has_no_default_are_refused():
    table = to_table([], Outcome).drop_columns(["recipe"])

    with pytest.raises(StorageError, match=r"work/outcomes: .*no column recipe"):
        parse_lasting(to_bytes(table), "work/outcomes", Outcome)


def test_rows_of_a_newer_format_are_refused_with_what_to_do():
    newer = OUTCOMES.empty_table().replace_schema_metadata({FORMAT: b"2"})

    with pytest.raises(StorageError, match=r"format 2, this one reads up to 1\): upgrade, nothing"):
        parse_lasting(to_bytes(newer), "work/outcomes", Outcome)
