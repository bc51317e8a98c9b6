"""Benchmarks run, and what they report is about the work they name. No test asserts a time."""

import json

from tests.product_pictures import products
from transforms.bench.comparison import bench_comparison
from transforms.bench.decoding import bench_decoding
from transforms.bench.night import bench_night
from transforms.bench.pixels import bench_pixels


def test_pixels_name_every_step_beside_the_floor():
    results = bench_pixels(list(products(1, side=700).values()))

    assert results["pictures"] == 1
    assert {"decode", "matte", "shadow", "encode channel", "metrics"} <= set(results["steps_ms"])
    assert abs(sum(results["steps_share"].values()) - 1) < 0.01
    assert results["floor_ms"] < results["total_ms"]


def test_decoding_has_a_price():
    results = bench_decoding(list(products(2).values()))

    assert results["sandbox_ms"] > 0
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
