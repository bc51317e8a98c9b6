"""From accepted photographs to judged files, with the real network, in a folder."""

import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from transforms.images.codec import decode, decode_png, encode_png
from transforms.presets.configuration import load_configuration
from transforms.presets.loading import config_folder
from transforms.records.artefact import (
    PREPARED_IMAGE,
    RENDITION,
    read_artefact,
    write_artefact,
)
from transforms.records.fingerprint import sha256
from transforms.records.layout import shard_key
from transforms.records.parquet import read_records, write_records
from transforms.records.pictures import AcceptedImage, PreparedImage
from transforms.records.renditions import QualityReport, Rendition
from transforms.runs.run import Places, Run, RunPlan
from transforms.stages.check import check_shard
from transforms.stages.plan import plan
from transforms.stages.prepare import prepare_shard
from transforms.stages.render import render_shard
from transforms.storage.folder import FolderStorage

RUN_ID = "r1"


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def box_picture(mode="RGB", *, size=(420, 420), box=(130, 150, 290, 350)):
    """A striped box on a sweep; with alpha, cut out already."""
    image = Image.new("RGB", size, (216, 214, 210))
    draw = ImageDraw.Draw(image)
    draw.rectangle(box, fill=(40, 90, 150))
    for x in range(box[0] + 10, box[2] - 10, 12):
        draw.line((x, box[1] + 40, x, box[1] + 90), fill=(235, 225, 60), width=4)
    if mode == "RGBA":
        alpha = Image.new("L", size, 0)
        ImageDraw.Draw(alpha).rectangle(box, fill=255)
        image.putalpha(alpha)
    return image


def sideways():
    """The box as a camera held upright stores it: turned, with a note to turn it back."""
    image = box_picture(size=(420, 480)).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[274] = 6
    return encoded(image, "JPEG", quality=95, exif=exif)


PICTURES = {
    "box/front.jpg": encoded(box_picture(), "JPEG", quality=95),
    "cut/front.png": encoded(box_picture("RGBA")),
    "empty/front.png": encoded(Image.new("RGB", (300, 300), (230, 230, 230))),
    "side/front.jpg": sideways(),
}

TWO = {key: PICTURES[key] for key in ("box/front.jpg", "cut/front.png")}


@pytest.fixture
def make_run(tmp_path):
    def make(pictures, *, run_id=RUN_ID, canvas_px=400, masks=None):
        catalogue = config_folder() / "catalogues" / "samples.yaml"
        configuration = load_configuration(catalogue, config_folder())
        looks = tuple(
            look.model_copy(
                update={"brand": look.brand.model_copy(update={"canvas_px": canvas_px})}
            )
            for look in configuration.looks
        )
        configured = RunPlan(
            run_id=run_id,
            started=datetime(2026, 1, 1, tzinfo=UTC),
            configuration=configuration.model_copy(
                update={"looks": looks, "channels": configuration.channels[:1]}
            ),
            base=None,
            base_etag=None,
            previous_outcomes=None,
        )
        places = Places(*(FolderStorage(tmp_path / name) for name in ("source", "work", "out")))
        run = Run(configured, places)
        rows = []
        for key, data in pictures.items():
            places.source.create(key, data)
            sku = key.split("/")[0]
            mask = (masks or {}).get(key, b"")
            if mask:
                places.source.create(f"{sku}/front.mask.png", mask)
            rows.append(
                AcceptedImage(
                    key=key,
                    sku=sku,
                    view="front",
                    sha256=sha256(data),
                    phash="",
                    width_px=1,
                    height_px=1,
                    mask=f"{sku}/front.mask.png" if mask else "",
                    mask_sha256=sha256(mask) if mask else "",
                )
            )
        write_records(places.work, shard_key(run_id, "accepted", 0), rows, AcceptedImage)
        return run

    return make


def through(run):
    prepare_shard(run, 0)
    for shard in plan(run):
        render_shard(run, shard)
        check_shard(run, shard)


def rows(run, stage, record):
    return read_records(run.places.work, shard_key(run.plan.run_id, stage, 0), record)


def test_a_night_of_pixels(make_run):
    run = make_run(PICTURES)
    work = run.places.work

    through(run)

    reasons = {row.sku: row.reason for row in rows(run, "prepared", PreparedImage)}
    assert reasons == {"box": "", "cut": "", "empty": "no_subject", "side": ""}
    reports = rows(run, "quality", QualityReport)
    for report in reports:
        values = {rule.rule: rule.value for rule in report.rules}
        assert report.verdict == "PASS", (report.sku, report.reasons)
        assert values["product_lock_differing_pixels"] == 0
        assert values["background_exact_share"] == 1
        (file,) = report.files
        stored = work.read(file.key)
        assert (sha256(stored), len(stored)) == (file.sha256, file.size_bytes)
        pixels = decode(stored)
        assert pixels.shape == (400, 400, 3)
        assert (pixels[0] == 255).all()
        dark = np.flatnonzero((pixels.astype(int).sum(axis=2) < 500).any(axis=1))
        assert dark[0] == pytest.approx(28, abs=3)  # 400 * (0.93 - 0.86)
    facts = read_artefact(work, RENDITION, reports[0].fingerprint).facts
    assert facts.preset == "standard"
    assert facts.shadow


def test_a_picture_that_lies_on_its_side_stands_up(make_run):
    run = make_run({key: PICTURES[key] for key in ("side/front.jpg",)})

    prepare_shard(run, 0)

    (row,) = rows(run, "prepared", PreparedImage)
    facts = read_artefact(run.places.work, PREPARED_IMAGE, row.fingerprint).facts
    assert facts.orientation == 6
    assert (facts.width_px, facts.height_px) == (420, 480)
    assert row.height_px > row.width_px


def test_doing_it_again_writes_nothing(make_run, tmp_path):
    through(make_run(TWO))
    before = run_files(tmp_path)

    through(make_run(TWO))
    through(make_run(TWO, run_id="r2"))

    after = run_files(tmp_path)
    new = {path for path in after if path not in before}
    assert {path: after[path] for path in before} == before
    assert {path.parts[0] for path in new} == {"runs"}


def test_preparing_twice_gives_the_same_bytes(make_run, tmp_path):
    run = make_run(TWO)
    through(run)
    first = run_files(tmp_path, with_times=False)
    run.places.work.delete([str(path) for path in first])

    through(make_run(TWO))

    assert run_files(tmp_path, with_times=False) == first


def run_files(folder: Path, *, with_times=True):
    work = folder / "work"
    return {
        path.relative_to(work): (sha256(path.read_bytes()), with_times and path.stat().st_mtime_ns)
        for path in sorted(work.rglob("*"))
        if path.is_file()
    }


def test_bytes_that_changed_meanwhile_are_refused(make_run):
    run = make_run({"box/front.jpg": PICTURES["box/front.jpg"]})
    etag = run.places.source.stat("box/front.jpg").etag
    run.places.source.swap("box/front.jpg", PICTURES["cut/front.png"], expected_etag=etag)

    prepare_shard(run, 0)

    (row,) = rows(run, "prepared", PreparedImage)
    assert row.reason == "changed_meanwhile"
    assert run.places.work.listing("prepared/").num_rows == 0


def test_a_picture_that_vanished_is_recorded(make_run):
    run = make_run({"box/front.jpg": PICTURES["box/front.jpg"]})
    run.places.source.delete(["box/front.jpg"])

    prepare_shard(run, 0)

    assert rows(run, "prepared", PreparedImage)[0].reason == "vanished"


BOX = "box/front.jpg"


def mask_picture(box=(130, 150, 290, 350)):
    mask = Image.new("L", (420, 420))
    ImageDraw.Draw(mask).rectangle(box, fill=255)
    return encoded(mask)


def only_row(run):
    prepare_shard(run, 0)
    (row,) = rows(run, "prepared", PreparedImage)
    return row


def stored(run, row, name):
    return read_artefact(run.places.work, PREPARED_IMAGE, row.fingerprint).read(name)


def test_another_mask_is_another_picture_and_the_same_mask_the_same(make_run, tmp_path):
    pictures, whole, half = {BOX: PICTURES[BOX]}, mask_picture(), mask_picture((130, 150, 290, 250))
    first = make_run(pictures, masks={BOX: whole})
    row = only_row(first)
    again = only_row(make_run(pictures, masks={BOX: whole}, run_id="r2"))
    first.places.source.delete(["box/front.mask.png"])
    changed = only_row(make_run(pictures, masks={BOX: half}, run_id="r3"))
    first.places.source.delete(["box/front.mask.png"])
    without = only_row(make_run(pictures, run_id="r4"))

    assert [row.cutout, again.cutout, changed.cutout, without.cutout] == [*["mask"] * 3, "u2netp"]
    assert row.fingerprint == again.fingerprint
    assert len({row.fingerprint, changed.fingerprint, without.fingerprint}) == 3
    heights = [(decode_png(stored(first, each, "matte.png")) == 255).any(axis=1).sum()
               for each in (row, changed)]  # fmt: skip
    assert heights == [201, 101]
    assert len(list((tmp_path / "work" / "prepared").iterdir())) == 3


def test_a_mask_replaced_under_way_is_told_and_nothing_is_kept(make_run):
    run = make_run({BOX: PICTURES[BOX]}, masks={BOX: mask_picture()})
    etag = run.places.source.stat("box/front.mask.png").etag
    run.places.source.swap("box/front.mask.png", mask_picture((0, 0, 9, 9)), expected_etag=etag)

    row = only_row(run)

    assert (row.reason, row.cutout) == ("changed_meanwhile", "")
    assert run.places.work.listing("prepared/").num_rows == 0


def test_a_mask_that_vanished_is_told_and_the_network_not_asked_instead(make_run):
    run = make_run({BOX: PICTURES[BOX]}, masks={BOX: mask_picture()})
    run.places.source.delete(["box/front.mask.png"])

    row = only_row(run)

    assert (row.reason, row.cutout) == ("vanished", "")


def test_a_mask_that_does_not_fit_sets_its_picture_aside(make_run):
    small = encoded(Image.new("L", (20, 20), 255))

    row = only_row(make_run({BOX: PICTURES[BOX]}, masks={BOX: small}))

    assert row.reason == "bad_mask"
    assert "20 x 20" in row.message


def test_a_row_tells_what_was_done_and_the_backdrop_before_and_after(make_run):
    dark = Image.eval(box_picture(), lambda level: level * 3 // 4)  # L* of its paper: 66
    data = encoded(dark, "JPEG", quality=95)

    row = only_row(run := make_run({BOX: data}, masks={BOX: mask_picture()}))

    (said,) = row.steps
    assert said.startswith("Exposure +")
    assert len(row.backdrop) == 6
    assert row.backdrop[0] == pytest.approx(66.0, abs=1)
    assert row.backdrop[3] > row.backdrop[0] + 10
    facts = read_artefact(run.places.work, PREPARED_IMAGE, row.fingerprint).facts
    assert said in [step.said for step in facts.steps]
    before = decode(stored(run, row, "before.jpg"))
    assert np.abs(before[5, 5].astype(int) - dark.getpixel((5, 5))).max() <= 3
    grey = decode(stored(run, row, "cutout.jpg"))
    assert np.abs(grey[0, 0].astype(int) - 119).max() <= 6  # JPEG


def test_a_row_of_a_picture_that_came_cut_out_tells_no_backdrop(make_run):
    row = only_row(make_run({"cut/front.png": PICTURES["cut/front.png"]}))

    assert (row.cutout, row.backdrop) == ("alpha", [])


def test_nothing_prepared_plans_nothing(make_run):
    run = make_run({"empty/front.png": PICTURES["empty/front.png"]})

    through(run)

    assert plan(run) == []


def test_a_master_that_was_touched_fails(make_run):
    run = make_run({"box/front.jpg": PICTURES["box/front.jpg"]})
    prepare_shard(run, 0)
    plan(run)
    render_shard(run, 0)
    (row,) = rows(run, "renditions", Rendition)
    work = run.places.work
    master = read_artefact(work, RENDITION, row.fingerprint)
    pixels = decode_png(master.read("image.png"))
    pixels[250, 200, 0] ^= 1
    work.delete([f"renditions/{row.fingerprint}/facts.json"])
    touched = {"image.png": encode_png(pixels), "thumb.jpg": master.read("thumb.jpg")}
    write_artefact(work, RENDITION, row.fingerprint, master.facts, touched)

    check_shard(run, 0)

    (report,) = rows(run, "quality", QualityReport)
    assert report.verdict == "FAIL"
    assert report.reasons[0] == "product_lock_differing_pixels"


@pytest.mark.parametrize("harm", ["altered", "gone"])
@pytest.mark.parametrize("of", ["prepared", "renditions"])
def test_what_was_damaged_before_the_check_fails_alone_and_is_made_anew(make_run, of, harm):
    run = make_run(TWO)
    prepare_shard(run, 0)
    plan(run)
    render_shard(run, 0)
    work = run.places.work
    first, second = rows(run, "renditions", Rendition)
    mark, kind = {
        "prepared": (first.prepared, PREPARED_IMAGE), "renditions": (first.fingerprint, RENDITION)
    }[of]  # fmt: skip
    whole = read_artefact(work, kind, mark)
    key, pixels = whole.key("image.png"), whole.read("image.png")
    work.delete([key])
    if harm == "altered":
        work.create(key, pixels[:-9] + b"different")

    check_shard(run, 0)

    failed, passed = rows(run, "quality", QualityReport)
    assert (failed.verdict, failed.reason) == ("FAIL", "vanished_meanwhile")
    assert mark in failed.message
    assert (passed.key, passed.reason) == (second.key, "")
    for folder in ("prepared", "renditions", "quality"):
        work.delete([shard_key(run.plan.run_id, folder, 0)])
    prepare_shard(run, 0)
    render_shard(run, 0)
    check_shard(run, 0)
    assert [each.reason for each in rows(run, "quality", QualityReport)] == ["", ""]
    assert read_artefact(work, kind, mark).read("image.png") == pixels


def test_a_prepared_image_that_is_gone_when_it_is_rendered_is_made_again(make_run):
    run = make_run({BOX: PICTURES[BOX]}, masks={BOX: mask_picture()})
    row = only_row(run)
    plan(run)
    work = run.places.work
    keys = work.listing("prepared/")["key"].to_pylist()
    before = {key: work.read(key) for key in keys}
    work.delete(keys)

    render_shard(run, 0)
    check_shard(run, 0)

    assert {key: work.read(key) for key in keys} == before
    (report,) = rows(run, "quality", QualityReport)
    assert (report.prepared, report.reason) == (row.fingerprint, "")


def test_a_rendition_that_failed_is_reported_as_failed(make_run):
    run = make_run({"cut/front.png": PICTURES["cut/front.png"]})
    failed = Rendition(
        key="k", sku="s", view="v", sha256="", prepared="p", variant="standard", fingerprint="f",
        reason="not_rendered", message="Why.",
    )  # fmt: skip
    write_records(run.places.work, shard_key(RUN_ID, "renditions", 0), [failed], Rendition)

    check_shard(run, 0)

    (report,) = rows(run, "quality", QualityReport)
    assert (report.verdict, report.reason, report.message) == ("FAIL", "not_rendered", "Why.")
    assert report.reasons == ["not_rendered"]
