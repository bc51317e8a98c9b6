"""Benchmarks run, and what they report is about the work they name. No test asserts a time."""

import json

import numpy as np
import pytest
import yaml
from PIL import Image

from benchmarks.comparison import bench_comparison
from benchmarks.cutout import bench_cutout
from benchmarks.decoding import bench_decoding
from benchmarks.large import bench_large
from benchmarks.night import bench_night
from benchmarks.pixels import bench_pixels
from benchmarks.throughput import bench_throughput
from benchmarks.tone import DAMAGES, bench_tone
from tests.support.product_pictures import COLOURS, jpeg, png, products, vase
from tests.support.tiny_onnx import mean_of_channels
from transforms.errors import ConfigError
from transforms.models.networks import cached_session
from transforms.records.fingerprint import sha256


def test_pixels_name_every_step_beside_the_floor():
    results = bench_pixels(list(products(1, side=700).values()))

    assert results["pictures"] == 1
    assert {"decode", "matte", "shadow", "encode channel", "metrics"} <= set(results["steps_ms"])
    assert abs(sum(results["steps_share"].values()) - 1) < 0.01
    assert results["floor_ms"] < results["total_ms"]


def test_decoding_tells_its_price():
    results = bench_decoding(list(products(2).values()))

    assert results["start_ms"] > results["in_process_ms"] > 0  # a child loads libraries first
    json.dumps(results)


def test_comparison_finds_the_new_one_percent():
    (result,) = bench_comparison([1000])

    assert result["changes"] == {"new": 10, "unchanged": 990, "removed": 0}


def test_the_second_night_renders_nothing_and_writes_its_summary(
    small_config, monkeypatch, tmp_path
):
    monkeypatch.setenv("PACKSHOT_CONFIG", str(small_config))
    (picture,) = products(1, side=700).values()
    (tmp_path / "vase.jpg").write_bytes(picture)

    results = bench_night([tmp_path / "vase.jpg"], 2)

    assert results["first"]["counts"]["listed"] == 2
    assert results["second"]["renders"] == 0
    (written,) = results["second"]["objects_written"]
    assert "summary.json" in written
    assert results["memory_mb_after_each_shard"]["prepare"]


@pytest.fixture
def bright(monkeypatch, tmp_path):
    """A network of a few hundred bytes that takes whatever is bright for the product."""
    weights = mean_of_channels(side=64)
    (tmp_path / "bright.onnx").write_bytes(weights)
    entry = {
        "task": "cutout",
        "purpose": "Answers the mean of the channels that it is shown.",
        "licence": "none",
        "bring": "written by this test",
        "sha256": sha256(weights),
        "size_bytes": len(weights),
        "sight": {"input_px": 64, "scaling": "imagenet", "answer": "logit"},
    }
    (tmp_path / "models.yaml").write_text(yaml.safe_dump({"models": {"bright": entry}}))
    monkeypatch.setenv("PACKSHOT_CONFIG", str(tmp_path))
    monkeypatch.setenv("PACKSHOT_MODELS", str(tmp_path))
    cached_session.cache_clear()
    yield "bright"
    cached_session.cache_clear()


def test_cutout_tells_how_wrong_a_network_is_on_each_background(bright):
    slab = np.zeros((300, 300, 4), np.uint8)
    slab[60:240, 100:200] = 255

    results = bench_cutout({"slab": slab}, [bright], looks=[1])

    (summary,) = results["models"].values()
    overlap = {row["background"]: row["iou"] for row in summary["each"]}
    assert len(summary["each"]) == len(overlap) > 10
    assert overlap["white"] == pytest.approx(180 * 100 / 300**2, abs=0.01)  # all of it was taken
    assert overlap["dark"] > 0.95
    assert summary["worst_iou"] == min(overlap.values()) == overlap["white"]
    assert summary["iou"] == pytest.approx(sum(overlap.values()) / len(overlap), abs=1e-4)
    assert results["rim"]["slab"]["true matte"] < 1 < results["rim"]["slab"][bright]
    json.dumps(results)


def test_tone_is_measured_against_the_truth_on_every_backdrop():
    results = bench_tone({"vase": png(vase(COLOURS[0], side=200, cut_out=True))})

    backdrops = results["by_backdrop"]
    assert {"white paper", "beige paper", "wood"} <= set(backdrops)
    assert results["pictures"] == len(backdrops) * len(DAMAGES)
    assert results["damaged"]["after"] < results["damaged"]["before"]
    assert results["undamaged"]["largest_rise"] <= 0.5
    assert results["demands"]["undamaged_no_worse"]
    json.dumps(results)


def test_large_pictures_have_a_peak_in_each_step(tmp_path):
    (tmp_path / "vase.jpg").write_bytes(jpeg(vase(COLOURS[0])))

    results = bench_large(tmp_path / "vase.jpg", 4)

    peaks = {step: results[step]["peak_mb"] for step in ("idle", "measure", "prepare", "render")}
    assert peaks["idle"] + 4 * 3 * 2 < peaks["measure"] < peaks["prepare"]  # pixels, twice at least
    assert peaks["render"] >= peaks["idle"]
    json.dumps(results)


def test_throughput_times_the_command_and_all_of_prepare(tmp_path):
    pictures = [tmp_path / f"{number}.png" for number in range(3)]
    for number, path in enumerate(pictures):
        vase(COLOURS[number], side=200, cut_out=True).save(path)

    results = bench_throughput(pictures, None)

    assert (results["pictures"], results["rembg"]) == (3, None)
    assert results["cutout"] > 0
    assert results["prepare"] > 0
    json.dumps(results, allow_nan=False)


def test_throughput_tells_no_rate_of_pictures_that_were_not_cut_out(tmp_path):
    pictures = [tmp_path / "empty.png", tmp_path / "vase.png"]
    Image.new("RGBA", (90, 90)).save(pictures[0])
    vase(COLOURS[0], side=200, cut_out=True).save(pictures[1])

    with pytest.raises(ConfigError, match=r"made 0 cut-outs only.*transparent all over"):
        bench_throughput(pictures, None)
