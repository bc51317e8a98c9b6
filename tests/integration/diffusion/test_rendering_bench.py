"""The ways that are compared do the same work; no test asserts a time."""

import json
from dataclasses import asdict

import cv2
import numpy as np
import pytest

from benchmarks.model_speed import bench_model_speed
from benchmarks.render_ways import Setting, by_bare, by_engine, by_script
from benchmarks.rendering import WAYS, main
from tests.support.random_checkpoints import save_sd15
from transforms.images.codec import decode_png, encode_png
from transforms.storage.folder import FolderStorage

SETTING = Setting("tiny", pictures=3, steps=4, batch=2, compile=False, device="cpu", canvas_px=200)
KEYS = ["0000.png", "0001.png", "0002.png"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    save_sd15(folder / "checkpoint", "tiny")
    (folder / "setting.json").write_text(json.dumps(asdict(SETTING)))
    source = FolderStorage(folder / "source")
    for number, key in enumerate(KEYS):
        blobs = np.random.default_rng(number).integers(0, 256, (6, 6, 3), np.uint8)
        source.create(key, encode_png(cv2.resize(blobs, (SETTING.canvas_px, SETTING.canvas_px))))
    return folder


def test_the_engine_and_the_script_keep_the_same_pictures(folder):
    by_script(folder, SETTING)(KEYS, "by-script")
    by_engine(folder, SETTING)(KEYS, "by-engine")

    for key in KEYS:
        one, other = (
            decode_png((folder / kept / key).read_bytes()).astype(int)
            for kept in ("by-script", "by-engine")
        )
        assert one.shape == other.shape == (SETTING.canvas_px, SETTING.canvas_px, 3)
        assert np.abs(one - other).mean() < 2


def test_the_bare_model_keeps_nothing(folder):
    by_bare(folder, SETTING)(KEYS, "by-bare")

    assert not (folder / "by-bare").exists()


@pytest.mark.parametrize("way", WAYS)
def test_each_way_tells_its_time_and_memory(folder, capsys, way):
    main(way, folder)

    found = json.loads(capsys.readouterr().out)
    assert found["seconds"] > 0
    assert found["peak_mb"] > 100


def test_the_first_step_is_seen(folder, capsys):
    main("start", folder)

    assert json.loads(capsys.readouterr().out)["first_step"] > 0


@pytest.mark.parametrize("shape", ["sdxl-tiny", "flux-tiny"])
def test_large_models_classes_are_timed_in_batches(shape):
    rows = bench_model_speed([shape], ["float32"], [1, 2], "cpu", steps=2)

    assert [row["batch"] for row in rows] == [1, 2]
    assert all(row["seconds_a_picture"] > 0 for row in rows)
