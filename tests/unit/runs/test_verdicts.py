"""A run's verdicts in short: the same from its one table as from the shards that it sums up."""

import pyarrow.parquet as pq

from transforms.records.layout import run_key, shard_key
from transforms.records.parquet import from_bytes, to_bytes, to_table, write_records
from transforms.records.renditions import QualityReport, Withheld
from transforms.runs.verdicts import VERDICTS, read_verdicts, write_verdicts
from transforms.storage.folder import FolderStorage


def report(number: int, **more) -> QualityReport:
    known = {"key": f"{number}.jpg", "sku": str(number), "view": "front", "variant": "standard"}
    made = {"sha256": "0", "prepared": "1", "fingerprint": f"made-{number}", "verdict": "PASS"}
    return QualityReport(**known, **made | more)


def test_the_table_says_what_the_shards_say(tmp_path):
    work = FolderStorage(tmp_path)
    waits = {"verdict": "REVIEW", "reasons": ["halo", "fill_deviation"], "checkpoint": "tiny@1"}
    kept = {"found": "0.7", "wanted": "at least 0.85"}
    rules = [("web", "fill"), ("market", "fill"), ("market", "background")]
    waits["withheld"] = [Withheld(channel=name, rule=rule, **kept) for name, rule in rules]
    for shard, part in enumerate([[report(1), report(2, **waits)], [report(3)]]):
        write_records(work, shard_key("night", "quality", shard), part, QualityReport)

    under_way = read_verdicts(work, "night")
    write_verdicts(work, "night")
    work.delete([shard_key("night", "quality", shard) for shard in (0, 1)])
    ended = read_verdicts(work, "night")

    assert ended.to_pylist() == under_way.to_pylist()
    assert under_way["key"].to_pylist() == ["1.jpg", "2.jpg", "3.jpg"]
    assert under_way["report"].to_pylist()[1:] == [
        shard_key("night", "quality", shard) for shard in (0, 1)
    ]
    assert under_way["reasons"].to_pylist()[1] == ["halo", "fill_deviation"]
    assert under_way["withheld"].to_pylist() == [[], ["market", "web"], []]
    assert under_way["checkpoint"].to_pylist() == ["", "tiny@1", ""]


def test_what_an_earlier_version_did_not_write_gets_its_default(tmp_path):
    work = FolderStorage(tmp_path)
    shard = to_table([report(1)], QualityReport).drop_columns(["checkpoint", "withheld"])
    work.create(shard_key("night", "quality", 0), to_bytes(shard))
    earlier = to_table([report(1)], QualityReport).select(["key", "verdict"])
    work.create(run_key("night", VERDICTS), to_bytes(earlier))

    (row,) = read_verdicts(work, "night").to_pylist()

    assert (row["key"], row["checkpoint"], row["withheld"]) == ("1.jpg", "", [])


def test_columns_come_as_asked(tmp_path):
    table = to_table([report(1)], QualityReport)
    pq.write_table(table, tmp_path / "one.parquet")

    read = from_bytes((tmp_path / "one.parquet").read_bytes(), ["verdict", "rules", "key"])

    assert read.column_names == ["verdict", "rules", "key"]
    assert read.equals(table.select(["verdict", "rules", "key"]))
