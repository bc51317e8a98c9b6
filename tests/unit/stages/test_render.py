"""A shard is made in every frame that the channels ask for, and a killed one is finished."""

from datetime import UTC, datetime

import pytest

from tests.support.product_pictures import COLOURS, png, vase
from transforms.errors import StorageError
from transforms.images.codec import decode_png, encode_png
from transforms.preparation.sequence import prepare
from transforms.presets.catalogue import Preparation
from transforms.presets.channel import Channel
from transforms.presets.configuration import load_configuration
from transforms.presets.frame import Frame
from transforms.presets.loading import config_folder
from transforms.presets.look import load_look
from transforms.records.artefact import (
    FRAMED_RENDITION,
    PREPARED_IMAGE,
    RENDITION,
    find_artefact,
    read_artefact,
    write_artefact,
)
from transforms.records.facts import NotFramed
from transforms.records.fingerprint import rendition_fingerprint
from transforms.records.layout import shard_key
from transforms.records.parquet import read_records, write_records
from transforms.records.renditions import RenderJob, Rendition
from transforms.rendition.composing import compose_plain
from transforms.runs.run import Places, Run, RunPlan
from transforms.stages.render import render_shard
from transforms.storage.folder import FolderStorage

TALL, WHITE = (
    Frame(aspect=(4, 5), longest_px=500),
    Frame(longest_px=400, fill=0.9, shadow="none"),
)
CHANNELS = {"shop": None, "tall": TALL, "white": WHITE, "white-too": WHITE}
SIDES = {"LARGE": 700, "SMALL": 200}
"""Of photographs: of the small one 4:5 would have too few pixels, without enlarging it."""


class FullAt(FolderStorage):
    """A folder whose disk is full when a key with this ending is written."""

    full_at = ".none"

    def create(self, key: str, data: bytes) -> bool:
        if key.endswith(self.full_at):
            raise StorageError(f"{key}: no space left")
        return super().create(key, data)


@pytest.fixture
def run(tmp_path) -> Run:
    catalogue = config_folder() / "catalogues" / "samples.yaml"
    configuration = load_configuration(catalogue, config_folder())
    look = configuration.looks[0]
    brand = look.brand.model_copy(update={"canvas_px": 320})
    channels = tuple(
        Channel(name=name, purpose="A channel of this test.", frame=frame)
        for name, frame in CHANNELS.items()
    )
    plan = RunPlan(
        run_id="r",
        started=datetime(2026, 1, 1, tzinfo=UTC),
        configuration=configuration.model_copy(
            update={"looks": (look.model_copy(update={"brand": brand}),), "channels": channels}
        ),
        base=None,
        base_etag=None,
        previous_outcomes=None,
    )
    run = Run(plan, Places(*(FullAt(tmp_path / name) for name in ("source", "work", "out"))))
    jobs = [_job(run, number, sku) for number, sku in enumerate(SIDES)]
    write_records(run.places.work, shard_key("r", "jobs", 0), jobs, RenderJob)
    return run


def _job(run: Run, number: int, sku: str) -> RenderJob:
    look, work, fingerprint = run.plan.configuration.looks[0], run.places.work, f"{number:024d}"
    quick = Preparation(find_text=False, find_faces=False, tone=None, straighten=False)
    picture = png(vase(COLOURS[number], side=SIDES[sku], cut_out=True))
    prepared = prepare(picture, quick, digest="")
    files = {"image.png": encode_png(prepared.image), "matte.png": encode_png(prepared.matte)}
    write_artefact(work, PREPARED_IMAGE, fingerprint, prepared.facts, files)
    return RenderJob(
        key=f"{sku}/front.png",
        sku=sku,
        view="front",
        sha256="",
        prepared=fingerprint,
        variant=look.variant,
        fingerprint=rendition_fingerprint(fingerprint, look, sku=sku),
    )


def masters(run: Run, sku: str) -> dict[str, str]:
    """Fingerprint of the master that each channel's files come from."""
    jobs = read_records(run.places.work, shard_key("r", "jobs", 0), RenderJob)
    (job,) = (each for each in jobs if each.sku == sku)
    configuration = run.plan.configuration
    return {
        channel.name: rendition_fingerprint(job.prepared, framed.look, sku=sku)
        for framed in configuration.frames(configuration.looks[0])
        for channel in framed.channels
    }


def written(run: Run) -> dict[str, bytes]:
    keys = run.places.work.listing("renditions/")["key"].to_pylist()
    return {key: run.places.work.read(key) for key in keys}


def test_each_picture_is_made_in_each_different_frame(run):
    work = run.places.work

    render_shard(run, 0)

    found = masters(run, "LARGE")
    shapes = {
        name: decode_png(read_artefact(work, RENDITION, made).read("image.png")).shape[1::-1]
        for name, made in found.items()
    }
    assert shapes == {"shop": (320, 320), "tall": (400, 500), "white": (400, 400),
                      "white-too": (400, 400)}  # fmt: skip
    assert len(set(found.values())) == 3
    rows = read_records(work, shard_key("r", "renditions", 0), Rendition)
    assert [row.reason for row in rows] == ["", ""]
    reviewed = {key.split("/")[1] for key in written(run) if "/thumb-" in key}
    assert reviewed == {row.fingerprint for row in rows}


def test_a_frame_that_cannot_be_had_is_told_and_the_others_are_made(run):
    work = run.places.work

    render_shard(run, 0)

    found = masters(run, "SMALL")
    told = read_artefact(work, FRAMED_RENDITION, found["tall"])
    assert isinstance(told.facts, NotFramed)
    assert "without enlarging it" in told.facts.message
    assert told.files == {}
    assert read_artefact(work, RENDITION, found["shop"]).facts.enlarged


@pytest.mark.parametrize("sku", list(SIDES))
def test_a_shard_that_ended_within_a_picture_makes_only_what_is_missing(run, tmp_path, sku):
    made = masters(run, sku)["tall" if sku == "LARGE" else "shop"]
    FullAt.full_at = f"{made}/facts.json"
    try:
        with pytest.raises(StorageError):
            render_shard(run, 0)
    finally:
        FullAt.full_at = ".none"
    folder = tmp_path / "work" / "renditions"
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*/*.*")}

    render_shard(run, 0)

    assert set(before) < set(folder.glob("*/*.*"))
    assert all(path.stat().st_mtime_ns == when for path, when in before.items())
    for name in SIDES:
        for made in masters(run, name).values():
            assert find_artefact(run.places.work, FRAMED_RENDITION, made)


def test_frames_that_a_catalogue_adds_are_made_for_finished_pictures(run):
    render_shard(run, 0)
    before = written(run)
    added = Channel(name="new", purpose="A channel of this test.", frame=Frame(longest_px=350))
    configuration = run.plan.configuration
    more = configuration.model_copy(update={"channels": (*configuration.channels, added)})
    plan = run.plan.model_copy(update={"configuration": more, "run_id": "r2"})
    later = Run(plan, run.places)
    jobs = read_records(run.places.work, shard_key("r", "jobs", 0), RenderJob)
    write_records(run.places.work, shard_key("r2", "jobs", 0), jobs, RenderJob)

    render_shard(later, 0)

    new = {key: data for key, data in written(later).items() if key not in before}
    assert len([key for key in new if "/image-" in key]) == 1
    assert plan.recipe(more.looks[0]) != run.plan.recipe(more.looks[0])
    assert {key: data for key, data in written(later).items() if key in before} == before


def test_the_same_pictures_come_out_again(run, tmp_path):
    render_shard(run, 0)
    first = written(run)
    for key in first:
        (tmp_path / "work" / key).unlink()
    (tmp_path / "work" / shard_key("r", "renditions", 0)).unlink()

    render_shard(run, 0)

    assert written(run) == first


def test_a_finished_picture_that_a_model_made_is_reduced_without_the_model(run):
    """No checkpoint is at hand: asking for it would be an error."""
    work, configuration = run.places.work, run.plan.configuration
    look = load_look("standard", "watercolour", config_folder())
    look = look.model_copy(update={"brand": configuration.looks[0].brand, "checkpoint": None})
    plan = run.plan.model_copy(
        update={"configuration": configuration.model_copy(update={"looks": (look,)})}
    )
    later = Run(plan, run.places)
    (job,) = (
        each.model_copy(
            update={"fingerprint": rendition_fingerprint(each.prepared, look, sku=each.sku)}
        )
        for each in read_records(work, shard_key("r", "jobs", 0), RenderJob)
        if each.sku == "LARGE"
    )
    work.delete([shard_key("r", "jobs", 0)])
    write_records(work, shard_key("r", "jobs", 0), [job], RenderJob)
    plain = configuration.looks[0]
    stored = read_artefact(work, PREPARED_IMAGE, job.prepared)
    image, matte = (decode_png(stored.read(name)) for name in ("image.png", "matte.png"))
    made = compose_plain(image, matte, plain)
    files = {"image.png": encode_png(made.pixels)}
    write_artefact(work, RENDITION, job.fingerprint, made.facts, files)

    render_shard(later, 0)

    small, tall = (
        rendition_fingerprint(job.prepared, look.in_frame(frame), sku=job.sku)
        for frame in (WHITE, TALL)
    )
    reduced = decode_png(read_artefact(work, RENDITION, small).read("image.png"))
    assert reduced.shape == (320, 320, 3)
    told = read_artefact(work, FRAMED_RENDITION, tall).facts
    assert isinstance(told, NotFramed)
    assert "A model made the whole picture, 320 x 320 px" in told.message
