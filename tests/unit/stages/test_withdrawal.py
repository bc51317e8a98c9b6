"""Pictures come down by manifest alone, and what people decided about a season is kept."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from transforms.publishing.manifest import MANIFEST
from transforms.publishing.seasons import LastDay, decide_last_day, read_last_day
from transforms.publishing.version import next_pointer, read_pointer, read_version, swap_pointer
from transforms.records.parquet import from_bytes, to_bytes
from transforms.runs.run import Places
from transforms.stages.withdrawal import withdraw_ended, withdraw_variant
from transforms.storage.folder import FolderStorage

NOON = datetime(2026, 12, 10, 12, tzinfo=UTC)


@pytest.fixture
def places(tmp_path) -> Places:
    """A shop that shows its standard pictures and two seasons."""
    places = Places(*(FolderStorage(tmp_path / name) for name in ("source", "work", "published")))
    rows = [
        {"sku": sku, "variant": variant, "ends": ends}
        for sku in ("A", "B")
        for variant, ends in (("standard", ""), ("winter", "2026-12-31"), ("festive", ""))
    ]
    whole = [{field.name: row.get(field.name) for field in MANIFEST} for row in rows]
    nullable = pa.schema([field.with_nullable(True) for field in MANIFEST])
    data = to_bytes(pa.Table.from_pylist(whole, schema=nullable))
    pointer = next_pointer(None, data)
    places.published.create(pointer.manifest, data)
    swap_pointer(places.published, pointer, expected_etag=None)
    return places


def shown(places) -> set[str]:
    pointer, _ = read_pointer(places.published)
    return set(from_bytes(read_version(places.published, pointer.version))["variant"].to_pylist())


def test_a_season_stays_on_its_last_day_and_is_gone_on_the_next(places):
    assert withdraw_ended(places, date(2026, 12, 31)) == 0
    assert read_pointer(places.published)[0].sequence == 1

    assert withdraw_ended(places, date(2027, 1, 1)) == 2
    assert shown(places) == {"standard", "festive"}
    assert withdraw_ended(places, date(2027, 1, 1)) == 0


def test_ending_a_season_is_written_down_once_also_when_it_is_tried_again(places):
    assert withdraw_variant(places, "festive", decided=NOON) == 2
    assert withdraw_variant(places, "festive", decided=NOON) == 0

    assert shown(places) == {"standard", "winter"}
    assert read_last_day(places.work, "festive").last_day == date(2026, 12, 9)
    assert len(places.work.listing("last-days/")) == 1
    assert read_last_day(places.work, "winter") is None


def test_the_newest_decision_holds_and_those_on_an_older_season_say_nothing(places):
    for day, last_day in ((8, date(2026, 12, 20)), (9, None), (7, date(2026, 12, 7))):
        decision = LastDay(variant="winter", decided=NOON.replace(day=day), last_day=last_day)
        decide_last_day(places.work, decision)

    newest = read_last_day(places.work, "winter", since=date(2026, 12, 1))

    assert newest.decided.day == 9
    assert newest.last_day is None
    assert read_last_day(places.work, "winter", since=date(2027, 12, 1)) is None
