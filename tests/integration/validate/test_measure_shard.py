"""Every picture of a shard gets a row: its measures, or why there are none."""

import pytest

from transforms.errors import StorageError
from transforms.records.fingerprint import sha256
from transforms.records.parquet import read_records, write_records
from transforms.records.pictures import MeasuredImage, SourceImage
from transforms.stages import measure
from transforms.stages.measure import measure_shard


def rows(run, key):
    return {row.key: row for row in read_records(run.places.work, key, MeasuredImage)}


def test_measures_or_reasons_for_every_row(shop):
    shop.put("MUG/front.jpg", shop.jpeg(shop.photo(1)))
    shop.put("MUG/side.jpg", b"")
    shop.put("TOY/front.jpg", b"%PDF-1.7")
    shop.put("TOY/side.jpg", shop.jpeg(shop.photo(2))[:2000])
    run, _ = shop.begin()

    found = rows(run, measure_shard(run, 0))

    assert {key: row.reason for key, row in found.items()} == {
        "MUG/front.jpg": "",
        "MUG/side.jpg": "empty",
        "TOY/front.jpg": "not_an_image",
        "TOY/side.jpg": "unreadable",
    }
    good = found["MUG/front.jpg"]
    assert good.sha256 == sha256(shop.jpeg(shop.photo(1)))
    assert (good.width_px, good.jpeg_quality, good.format) == (640, 92, "JPEG")


def test_retry_finds_the_work_done(shop):
    shop.put("MUG/front.jpg", shop.jpeg(shop.photo(1)))
    run, _ = shop.begin()
    key = measure_shard(run, 0)
    before = run.places.work.read(key)
    shop.put("MUG/front.jpg", b"gone bad")

    assert measure_shard(run, 0) == key
    assert run.places.work.read(key) == before


def test_vanished_and_replaced_files_are_told_apart(shop):
    for name in ("gone", "new", "stays"):
        shop.put(f"MUG/{name}.jpg", shop.jpeg(shop.photo(1)))
    run, _ = shop.begin()
    (shop.source / "MUG/gone.jpg").unlink()
    shop.put("MUG/new.jpg", shop.jpeg(shop.photo(2, side=700)))

    found = rows(run, measure_shard(run, 0))

    assert [found[f"MUG/{name}.jpg"].reason for name in ("gone", "new", "stays")] == [
        "vanished",
        "replaced",
        "",
    ]


def test_huge_files_are_refused_unread(shop, monkeypatch):
    monkeypatch.setattr(measure, "MAX_BYTES", 5000)
    shop.put("MUG/a.jpg", b"x" * 5001)
    shop.put("MUG/b.jpg", shop.jpeg(shop.photo(1, side=64)))
    run, _ = shop.begin()

    found = rows(run, measure_shard(run, 0))

    assert [row.reason for row in found.values()] == ["too_large", ""]


def test_storage_that_does_not_answer_is_no_fault_of_the_picture(shop):
    shop.put("MUG/front.jpg", shop.jpeg(shop.photo(1)))
    run, _ = shop.begin()
    inventory = read_records(run.places.work, run.key("inventory/0000.parquet"), SourceImage)
    too_long = inventory[0].model_copy(update={"key": "x" * 300})  # the file system refuses it
    write_records(run.places.work, run.key("inventory/0001.parquet"), [too_long], SourceImage)

    with pytest.raises(StorageError):
        measure_shard(run, 1)
    assert len(run.places.work.listing(run.key("measured/"))) == 0
