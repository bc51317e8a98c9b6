"""Masks that people put beside pictures, through real stages over a folder."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.product_pictures import COLOURS, jpeg, png, vase
from transforms.presets.configuration import Configuration, load_configuration
from transforms.records.fingerprint import sha256
from transforms.records.parquet import read_records, read_table, to_bytes
from transforms.records.pictures import AcceptedImage, MeasuredImage, QuarantinedImage
from transforms.runs.run import Places, Run, open_run
from transforms.runs.summary import Summary
from transforms.stages.ingest import ingest, look_ahead
from transforms.stages.measure import measure_shard
from transforms.stages.publish import publish
from transforms.stages.report import report
from transforms.stages.validate import validate
from transforms.storage.folder import FolderStorage

ROOT = Path(__file__).parents[3]
SIDE = 640


def mask(size: tuple[int, int] = (SIDE, SIDE)) -> bytes:
    picture = Image.new("L", size)
    picture.paste(255, (30, 40, size[0] // 2, size[1] // 2))
    return png(picture)


class Shop:
    """A source folder with the storages of its nights."""

    def __init__(self, folder: Path, configuration: Configuration) -> None:
        self.source = folder / "source"
        self.source.mkdir()
        self.configuration = configuration
        self.places = Places(*(FolderStorage(folder / n) for n in ("source", "work", "published")))
        self.nights = 0

    def put(self, key: str, data: bytes) -> None:
        path = self.source / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def begin(self) -> tuple[Run, list[int]]:
        """A night that has listed and compared."""
        self.nights += 1
        run_id = f"2026010{self.nights}T000000Z-0000"
        shards = ingest(self.places, self.configuration, run_id=run_id)
        return open_run(self.places, run_id), shards

    def end(self, run: Run, shards: list[int]) -> Summary:
        """Up to validation, and then what became of every picture; none is prepared."""
        for shard in shards:
            measure_shard(run, shard)
        validate(run)
        publish(run)
        return report(run)

    def changes(self) -> dict[str, str]:
        night = look_ahead(self.places, self.configuration, run_id="look")
        inventory = night.comparison.inventory
        return dict(zip(*(inventory[n].to_pylist() for n in ("key", "change")), strict=True))


@pytest.fixture
def shop(tmp_path) -> Shop:
    """Three pictures, none with a mask."""
    configuration = load_configuration(
        ROOT / "config" / "catalogues" / "samples.yaml", ROOT / "config"
    )
    gate = configuration.gate.model_copy(
        update={"audit": configuration.gate.audit.model_copy(update={"min_pictures": 1000})}
    )
    shop = Shop(tmp_path, configuration.model_copy(update={"gate": gate}))
    for number, sku in enumerate(("BALL", "CUP", "DISH")):
        shop.put(f"{sku}/front.jpg", jpeg(vase(COLOURS[number], side=SIDE, lean=number)))
    return shop


def records(run: Run, name: str, record):
    return {row.key: row for row in read_records(run.places.work, run.key(name), record)}


def told(run: Run) -> dict[str, tuple[str, str]]:
    outcomes = read_table(run.places.work, run.key("outcomes.parquet")).to_pylist()
    return {row["key"]: (row["state"], row["reason"]) for row in outcomes}


def message(run: Run, key: str) -> str:
    outcomes = read_table(run.places.work, run.key("outcomes.parquet")).to_pylist()
    return next(row["message"] for row in outcomes if row["key"] == key)


def test_a_mask_is_read_checked_and_recorded(shop):
    shop.put("CUP/front.mask.png", mask())
    run, shards = shop.begin()
    summary = shop.end(run, shards)

    accepted = records(run, "accepted.parquet", AcceptedImage)
    assert {key: (row.mask, row.mask_sha256) for key, row in accepted.items()} == {
        "BALL/front.jpg": ("", ""),
        "CUP/front.jpg": ("CUP/front.mask.png", sha256(mask())),
        "DISH/front.jpg": ("", ""),
    }
    assert accepted["CUP/front.jpg"].sha256 == sha256((shop.source / "CUP/front.jpg").read_bytes())
    assert summary.counts.listed == 3
    assert summary.counts.adds_up()


def test_every_listed_object_has_one_end(shop):
    shop.put("BALL/front.mask.png", mask((SIDE, SIDE // 2)))
    shop.put("CUP/frnt.mask.png", mask())
    shop.put("CUP/front.png", png(vase(COLOURS[5], side=SIDE)))
    shop.put("CUP/front.mask.png", mask())
    shop.put("EGG/front.jpg", jpeg(vase(COLOURS[4], side=SIDE, lean=-4)))
    shop.put("EGG/front.mask.png", mask())
    shop.put("EGG/front.Mask.png", mask())
    shop.put("notes.mask.png", b"")
    run, shards = shop.begin()
    summary = shop.end(run, shards)

    assert told(run) == {
        "BALL/front.jpg": ("quarantined", "bad_mask"),
        "CUP/frnt.mask.png": ("quarantined", "mask_without_picture"),
        "CUP/front.jpg": ("quarantined", "same_sku_view"),
        "CUP/front.png": ("quarantined", "same_sku_view"),
        "DISH/front.jpg": ("failed", "unfinished"),  # accepted; nothing prepared it
        "EGG/front.Mask.png": ("quarantined", "several_masks"),
        "EGG/front.jpg": ("quarantined", "several_masks"),
        "EGG/front.mask.png": ("quarantined", "several_masks"),
        "notes.mask.png": ("quarantined", "mask_without_picture"),
    }
    assert summary.counts.listed == 9
    assert summary.counts.adds_up()
    assert summary.counts.quarantined == 8
    assert "640 x 320 px and the picture 640 x 640" in message(run, "BALL/front.jpg")
    assert "CUP/frnt.jpg" in message(run, "CUP/frnt.mask.png")
    assert "Keep EGG/front.mask.png" in message(run, "EGG/front.jpg")


def test_pictures_wait_for_better_masks_and_are_never_cut_out_without(shop):
    bad = {
        "empty": b"",
        "page": b"<html>404</html>",
        "broken": mask()[:200],
        "black": png(Image.new("L", (SIDE, SIDE))),
        "photo": png(vase(COLOURS[1], side=SIDE)),
    }
    for number, (view, data) in enumerate(bad.items()):
        shop.put(f"EGG/{view}.jpg", jpeg(vase(COLOURS[3 + number], side=SIDE, lean=number)))
        shop.put(f"EGG/{view}.mask.png", data)
    run, shards = shop.begin()
    shop.end(run, shards)

    set_aside = records(run, "quarantined.parquet", QuarantinedImage)
    assert {key: row.reason for key, row in set_aside.items()} == {
        f"EGG/{view}.jpg": "bad_mask" for view in bad
    }
    assert list(records(run, "accepted.parquet", AcceptedImage)) == [
        "BALL/front.jpg",
        "CUP/front.jpg",
        "DISH/front.jpg",
    ]
    assert {shop.changes()[key] for key in set_aside} == {"unchanged"}

    shop.put("EGG/page.mask.png", mask())
    assert shop.changes()["EGG/page.jpg"] == "changed"


def test_a_mask_added_replaced_and_removed_changes_its_picture(shop):
    shop.end(*shop.begin())
    assert set(shop.changes().values()) == {"redo"}  # accepted, but nothing prepared them

    seen = []
    for data in (mask(), mask((SIDE, SIDE - 1)), None):
        path = shop.source / "CUP/front.mask.png"
        path.unlink() if data is None else path.write_bytes(data)
        seen.append(shop.changes())
        shop.end(*shop.begin())

    assert [each.pop("CUP/front.jpg") for each in seen] == ["changed"] * 3
    assert [set(each.values()) for each in seen] == [{"redo"}] * 3


def test_masks_without_pictures_alone_give_no_night_after_the_first(shop):
    for path in shop.source.rglob("*.jpg"):
        path.unlink()
    shop.put("CUP/front.mask.png", mask())
    shop.end(*shop.begin())

    assert look_ahead(shop.places, shop.configuration, run_id="look").nothing_to_do
    shop.put("CUP/front.mask.png", mask((50, 50)))
    assert not look_ahead(shop.places, shop.configuration, run_id="look").nothing_to_do


def test_a_mask_replaced_or_removed_under_way_waits_for_the_next_night(shop):
    for sku in ("BALL", "CUP", "DISH"):
        shop.put(f"{sku}/front.mask.png", mask())
    run, shards = shop.begin()
    shop.put("BALL/front.mask.png", mask((SIDE, 30)))
    (shop.source / "CUP/front.mask.png").unlink()
    shop.end(run, shards)

    assert told(run) == {
        "BALL/front.jpg": ("quarantined", "replaced"),
        "CUP/front.jpg": ("quarantined", "vanished"),
        "DISH/front.jpg": ("failed", "unfinished"),
    }
    assert shop.changes()["BALL/front.jpg"] == "changed"
    assert shop.changes()["CUP/front.jpg"] == "changed"


def test_a_night_killed_before_its_work_goes_on_with_the_masks_it_listed(shop):
    shop.put("CUP/front.mask.png", mask())
    run, shards = shop.begin()
    shop.put("DISH/front.mask.png", mask())  # comes too late for this night
    assert ingest(shop.places, shop.configuration, run_id=run.plan.run_id) == shards
    shop.end(run, shards)

    measured = records(run, "measured/0000.parquet", MeasuredImage)
    assert {key: row.mask for key, row in measured.items() if row.mask} == {
        "CUP/front.jpg": "CUP/front.mask.png"
    }
    assert shop.changes()["DISH/front.jpg"] == "changed"


def test_a_night_that_an_older_version_began_is_finished(shop):
    """Its inventory has no columns of masks."""
    run, shards = shop.begin()
    for name in ("inventory.parquet", "inventory/0000.parquet"):
        table = read_table(shop.places.work, run.key(name))
        shop.places.work.delete([run.key(name)])
        older = table.drop_columns(["mask", "mask_size_bytes"])
        shop.places.work.create(run.key(name), to_bytes(older))
    summary = shop.end(run, shards)

    assert len(records(run, "accepted.parquet", AcceptedImage)) == 3
    assert summary.counts.adds_up()


def test_a_huge_mask_is_refused_unread(shop, monkeypatch):
    monkeypatch.setattr("transforms.stages.measure.MAX_BYTES", 200_000)
    noise = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    shop.put("CUP/front.mask.png", png(Image.fromarray(noise)))
    run, shards = shop.begin()
    measure_shard(run, shards[0])

    row = records(run, "measured/0000.parquet", MeasuredImage)["CUP/front.jpg"]
    assert (row.reason, row.mask_sha256) == ("bad_mask", "")
    assert "export it smaller" in row.message


def test_a_mask_of_a_picture_lying_on_its_side_may_lie_so_too(shop):
    stored = vase(COLOURS[6], side=900).crop((0, 0, 900, 700))
    exif = Image.Exif()
    exif[0x0112] = 8
    buffer = io.BytesIO()
    stored.save(buffer, "JPEG", quality=92, exif=exif)
    for sku, size in (("FORK", (900, 700)), ("GLUE", (700, 900))):
        shop.put(f"{sku}/front.jpg", buffer.getvalue() + sku.encode())
        shop.put(f"{sku}/front.mask.png", mask(size))
    run, shards = shop.begin()
    measure_shard(run, shards[0])

    found = records(run, "measured/0000.parquet", MeasuredImage)
    assert {row.reason for row in found.values()} == {""}
    assert (found["FORK/front.jpg"].width_px, found["FORK/front.jpg"].height_px) == (700, 900)
