"""Work is cut into pieces that together are the whole, and never too many."""

from datetime import UTC, datetime

import pytest

from transforms.errors import StorageError
from transforms.records.renditions import QualityReport, RenderJob
from transforms.runs.run import Run, RunPlan
from transforms.runs.shards import MAX_SHARDS, cut


def begun(places, configuration) -> Run:
    plan = RunPlan(
        run_id="r",
        started=datetime.now(UTC),
        configuration=configuration,
        base=None,
        base_etag=None,
        previous_outcomes=None,
    )
    return Run(plan, places)


def job(number: int) -> RenderJob:
    return RenderJob(
        key=f"{number}/front.jpg",
        sku=str(number),
        view="front",
        sha256="0" * 64,
        prepared="p",
        variant="standard",
        fingerprint=f"r-{number}",
    )


@pytest.mark.parametrize(
    ("count", "size", "shards"),
    [(0, 8, 0), (1, 8, 1), (8, 8, 1), (9, 8, 2), (100_000, 32, MAX_SHARDS), (1_000_001, 1, 1000)],
)
def test_shards_are_the_whole_without_overlap(count, size, shards):
    parts = cut(count, size)

    assert len(parts) == shards
    assert [n for part in parts for n in range(count)[part]] == list(range(count))


def test_rows_and_columns_of_all_shards_come_in_order(places, configuration):
    run = begun(places, configuration)
    rows = [job(number) for number in range(40)]
    for shard, part in enumerate(cut(len(rows), 1)):
        run.write_shard("jobs", shard, rows[part], RenderJob)

    assert list(run.rows("jobs", RenderJob)) == rows
    assert run.columns("jobs", ["variant", "key"]).to_pylist() == [
        {"variant": "standard", "key": row.key} for row in rows
    ]
    assert run.shard_numbers("jobs") == list(range(40))
    assert run.read_shard("jobs", 7, RenderJob) == [rows[7]]


def test_a_stage_that_wrote_nothing_has_no_rows_and_its_columns_all_the_same(places, configuration):
    run = begun(places, configuration)

    assert list(run.rows("quality", QualityReport)) == []
    table = run.columns("quality", ["reasons", "key"])
    assert (table.column_names, len(table)) == (["reasons", "key"], 0)


def test_a_shard_that_is_not_parquet_is_named(places, configuration):
    run = begun(places, configuration)
    run.places.work.create("runs/r/jobs/0000.parquet", b"torn")

    with pytest.raises(StorageError, match=r"runs/r/jobs/0000\.parquet: not a readable manifest"):
        list(run.rows("jobs", RenderJob))
