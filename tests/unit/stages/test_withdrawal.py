"""Pictures come down by manifest alone, and what people decided about a season is kept."""

from datetime import UTC, date, datetime

import pytest

from tests.support.interrupted import Garbling, folder_of, interrupt
from tests.unit.export.published import manifest, row
from transforms.errors import AuditError
from transforms.publishing.publication import make_visible
from transforms.publishing.seasons import LastDay, decide_last_day, read_last_day
from transforms.publishing.version import read_pointer, read_published
from transforms.runs.run import Places
from transforms.stages.withdrawal import withdraw_ended, withdraw_variant
from transforms.storage.folder import FolderStorage

NOON = datetime(2026, 12, 10, 12, tzinfo=UTC)


@pytest.fixture
def places(tmp_path) -> Places:
    """A shop that shows its standard pictures and two seasons."""
    places = Places(*(FolderStorage(tmp_path / name) for name in ("source", "work", "published")))
    rows = [
        row(sku, variant=variant, ends=ends)
        for sku in ("A", "B")
        for variant, ends in (("standard", ""), ("winter", "2026-12-31"), ("festive", ""))
    ]
    make_visible(places.published, lambda _: manifest(*rows))
    return places


def shown(places) -> set[str]:
    return set(read_published(places.published)["variant"].to_pylist())


def test_a_season_stays_on_its_last_day_and_is_gone_on_the_next(places):
    assert withdraw_ended(places, date(2026, 12, 31)) == 0
    assert read_pointer(places.published)[0].sequence == 1

    assert withdraw_ended(places, date(2027, 1, 1)) == 2
    assert shown(places) == {"standard", "festive"}
    assert withdraw_ended(places, date(2027, 1, 1)) == 0


def test_what_somebody_else_takes_down_at_the_same_moment_stays_down(places):
    meanwhile = interrupt(places, lambda: withdraw_ended(places, date(2027, 1, 1)))

    assert withdraw_variant(meanwhile, "festive", decided=NOON) == 2

    assert shown(places) == {"standard"}
    assert read_pointer(places.published)[0].sequence == 3


def test_a_manifest_that_does_not_read_back_takes_nothing_down(places):
    garbling = Places(places.source, places.work, Garbling(folder_of(places.published)))

    with pytest.raises(AuditError, match="did not read back as written"):
        withdraw_ended(garbling, date(2027, 1, 1))

    assert shown(places) == {"standard", "winter", "festive"}


def test_where_nothing_is_published_nothing_is_taken_down(tmp_path):
    empty = Places(*(FolderStorage(tmp_path / f"new-{n}") for n in range(3)))

    assert withdraw_ended(empty, date(2027, 1, 1)) == 0
    assert read_pointer(empty.published) == (None, None)


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
