"""What a stage has read is passed on: no manifest is read twice, whatever their number."""

from collections import Counter

import pytest

from tests.support.counting_storage import CountingStorage
from tests.unit.stages.nights import begin, finish_stages
from transforms.publishing.version import read_pointer
from transforms.runs.run import Places
from transforms.stages.publish import publish
from transforms.stages.report import report


@pytest.fixture
def counted(places) -> Places:
    return Places(
        *(CountingStorage(each) for each in (places.source, places.work, places.published))
    )


def manifests(places: Places) -> Counter:
    """How often each Parquet file was read since this was asked last."""
    found = Counter(
        {
            key: count
            for storage in (places.work, places.published)
            for key, count in storage.reads.items()
            if key.endswith(".parquet")
        }
    )
    for storage in (places.work, places.published):
        storage.reads.clear()
    return found


def test_a_night_reads_each_manifest_once_a_stage(counted, configuration):
    run = begin(counted, configuration, "run-1", A="a", B="b")
    finish_stages(run, {"A": "PASS", "B": "REVIEW"})
    publish(run)
    report(run)
    manifests(counted)
    base = read_pointer(counted.published)[0].manifest

    run = begin(counted, configuration, "run-2", C="c")
    listed = manifests(counted)
    finish_stages(run, {"C": "PASS"})
    counted.work.reads.clear()
    publish(run)
    published = manifests(counted)
    report(run)
    reported = manifests(counted)

    assert set(listed.values()) == {1}
    assert set(reported.values()) == {1}
    # Shards tell first which pictures pass, and then which files these have: a whole night's rules
    # would not fit into memory. The base of the run, and what is current when the pointer is
    # swapped, may be two versions.
    twice = {key for key, count in published.items() if count > 1}
    assert twice == {"runs/run-2/prepared/0000.parquet", "runs/run-2/quality/0000.parquet", base}
    assert max(published.values()) == 2
