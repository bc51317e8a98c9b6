"""The benchmark of the page asks a real server for every card of a made-up run."""

from benchmarks.review import bench_review


def test_every_picture_of_a_large_run_comes():
    told = bench_review(130, browse=False)

    assert told["server"]["all_cards"] == 130
    assert told["browser"] is None
