"""A shard that is killed at half is finished by the next try, which makes little twice."""

import multiprocessing
import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image
from torch.nn.modules.module import register_module_forward_pre_hook

from tests.support.product_pictures import COLOURS, png, vase
from transforms.images.codec import encode_png
from transforms.presets.configuration import load_configuration
from transforms.records.artefact import PREPARED_IMAGE, write_artefact
from transforms.records.facts import MatteFacts, PreparedFacts
from transforms.records.layout import shard_key
from transforms.records.parquet import read_records, write_records
from transforms.records.pictures import PreparedImage
from transforms.records.renditions import Rendition
from transforms.runs.run import Places, open_run
from transforms.stages.ingest import ingest
from transforms.stages.plan import plan
from transforms.stages.render import render_shard
from transforms.storage.folder import FolderStorage

ROOT = Path(__file__).resolve().parents[3]
PICTURES, BATCH, DIES_AT = 8, 2, 3
ASKED_TWICE = 2
"""A picture with its prompt, and with the negative one."""
RUN = "20260101T000000Z-test"


@pytest.fixture
def planned(tmp_path, checkpoint_of):
    """A run with one shard of jobs for a tiny checkpoint, nothing of it rendered."""
    checkpoint = checkpoint_of("sd21")
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    change(config / "brands" / "house.yaml", canvas_px=256)
    change(
        config / "models.yaml",
        checkpoints={
            "tiny": checkpoint.model_dump(mode="json", exclude={"name"}, exclude_defaults=True)
            | {"options": {"batch": BATCH}}
        },
    )
    ink = {"name": "ink", "purpose": "Made for a test.", "brand": "house", "engine": "edit"}
    asked = {"model": "tiny", "strength": 0.25, "steps": 4, "prompt": {"style": "ink"}}
    (config / "presets" / "ink.yaml").write_text(
        yaml.safe_dump({**ink, "preserve": "structure", "diffusion": asked})
    )
    catalogue = config / "catalogues" / "samples.yaml"
    places = Places(*(FolderStorage(tmp_path / name) for name in ("source", "work", "published")))
    change(
        catalogue,
        variants={"ink": "ink"},
        channels=["shop"],
        seasons={},
        scene_model=None,
        **{name: {"uri": (tmp_path / name).as_uri()} for name in ("source", "work", "published")},
    )
    for number in range(PICTURES):
        places.source.create(f"VASE-{number}/front.png", png(cut_out(number)))
    ingest(places, load_configuration(catalogue, config), run_id=RUN)
    run = open_run(places, RUN)
    rows = [prepared(places, number) for number in range(PICTURES)]
    write_records(places.work, shard_key(RUN, "prepared", 0), rows, PreparedImage)
    assert plan(run) == [0]
    return places


def cut_out(number: int) -> Image.Image:
    return vase(COLOURS[number], side=160, cut_out=True)


def prepared(places: Places, number: int) -> PreparedImage:
    """As the stage before leaves a picture, without the networks that look for text and faces."""
    picture, fingerprint = np.asarray(cut_out(number)), f"{number:024d}"
    facts = PreparedFacts(
        source_sha256="0" * 64,
        orientation=1,
        colour_profile="sRGB",
        width_px=160,
        height_px=160,
        crop=(0, 0, 160, 160),
        matte=MatteFacts(
            origin="alpha",
            model="",
            passes=0,
            joined=False,
            area_share=0.3,
            border_share=0.0,
            body_alpha=1.0,
            parts=1,
        ),
        versions={},
    )
    files = {
        "image.png": encode_png(np.ascontiguousarray(picture[..., :3])),
        "matte.png": encode_png(np.ascontiguousarray(picture[..., 3])),
    }
    write_artefact(places.work, PREPARED_IMAGE, fingerprint, facts, files)
    return PreparedImage(
        key=f"VASE-{number}/front.png",
        sku=f"VASE-{number}",
        view="front",
        sha256="0" * 64,
        fingerprint=fingerprint,
    )


def change(path: Path, **fields) -> None:
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **fields}))


def rendered(places: Places, noted: Path, *, dies_at: int) -> int | None:
    """Render the shard in a process of its own; its exit status.

    Forked, so that what takes seconds to import is there: none of our threads runs meanwhile.
    """
    process = multiprocessing.get_context("fork").Process(
        target=render_noting, args=(places, noted, dies_at)
    )
    process.start()
    process.join()
    return process.exitcode


def render_noting(places: Places, noted: Path, dies_at: int) -> None:
    """Note the pictures of each batch that begins; die without warning as `dies_at` does."""
    batches = 0

    def note(module, given) -> None:
        nonlocal batches
        if type(module).__name__ != "UNet2DConditionModel":
            return
        batches += 1
        with noted.open("a") as stream:
            stream.write(f"{given[0].shape[0] // ASKED_TWICE}\n")
        if batches == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    register_module_forward_pre_hook(note)
    render_shard(open_run(places, RUN), 0)


def written(places: Places) -> set[str]:
    """Keys of the facts of finished renditions."""
    keys = places.work.listing("renditions/")["key"].to_pylist()
    return {key for key in keys if key.endswith("/facts.json")}


def test_a_killed_shard_goes_on_where_it_was(planned, tmp_path):
    killed, again = tmp_path / "killed", tmp_path / "again"

    assert rendered(planned, killed, dies_at=DIES_AT) == -9
    finished = written(planned)
    contents = {key: planned.work.read(key) for key in finished}
    assert rendered(planned, again, dies_at=0) == 0

    begun, repeated = (sum(map(int, noted.read_text().split())) for noted in (killed, again))
    assert begun == DIES_AT * BATCH
    assert repeated == PICTURES - len(finished)
    # What was on the device, and what came off it and was still being written.
    assert BATCH <= begun + repeated - PICTURES <= 2 * BATCH
    assert {key: planned.work.read(key) for key in finished} == contents

    rows = read_records(planned.work, shard_key(RUN, "renditions", 0), Rendition)
    assert len(rows) == PICTURES
    assert {row.reason for row in rows} == {""}
    assert len(written(planned)) == PICTURES
