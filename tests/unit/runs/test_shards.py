"""Work is cut into pieces that together are the whole, and never too many."""

import pytest

from transforms.runs.shards import MAX_SHARDS, cut


@pytest.mark.parametrize(
    ("count", "size", "shards"),
    [(0, 8, 0), (1, 8, 1), (8, 8, 1), (9, 8, 2), (100_000, 32, MAX_SHARDS), (1_000_001, 1, 1000)],
)
def test_shards_are_the_whole_without_overlap(count, size, shards):
    parts = cut(count, size)

    assert len(parts) == shards
    assert [n for part in parts for n in range(count)[part]] == list(range(count))
