"""A season of the calendar: when it is on, and which of its days are meant."""

from datetime import date

import pytest
from pydantic import ValidationError

from transforms.presets.catalogue import Season

WINTER = Season(preset="winter", starts="12-01", ends="02-29")
SUMMER = Season(preset="summer", starts="06-01", ends="08-31")


@pytest.mark.parametrize(
    ("season", "today", "on"),
    [
        (SUMMER, "2026-05-31", False),
        (SUMMER, "2026-06-01", True),
        (SUMMER, "2026-08-31", True),
        (SUMMER, "2026-09-01", False),
        (WINTER, "2026-12-31", True),
        (WINTER, "2027-01-01", True),
        (WINTER, "2027-03-01", False),
        (WINTER, "2026-11-30", False),
    ],
)
def test_both_days_count_and_a_season_may_span_new_year(season, today, on):
    assert season.is_on(date.fromisoformat(today)) is on


@pytest.mark.parametrize(
    ("season", "today", "first", "last"),
    [
        (SUMMER, "2026-07-01", "2026-06-01", "2026-08-31"),
        (SUMMER, "2026-08-31", "2026-06-01", "2026-08-31"),
        (SUMMER, "2026-09-01", "2026-06-01", "2027-08-31"),
        (SUMMER, "2026-05-31", "2025-06-01", "2026-08-31"),
        (WINTER, "2026-12-31", "2026-12-01", "2027-02-28"),
        (WINTER, "2028-01-15", "2027-12-01", "2028-02-29"),
    ],
)
def test_its_days_are_those_of_the_season_that_is_on_or_next(season, today, first, last):
    day = date.fromisoformat(today)

    assert season.first_day(day) == date.fromisoformat(first)
    assert season.last_day(day) == date.fromisoformat(last)


def test_a_season_without_days_is_begun_and_ended_by_people():
    season = Season(preset="winter")

    today = date(2026, 7, 1)
    assert not season.is_on(today)
    assert (season.first_day(today), season.last_day(today)) == (None, None)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        pytest.param({"ends": "02-30"}, "ends: 02-30: there is no such day", id="no such day"),
        pytest.param({"starts": "06-01"}, "needs `ends`", id="never ends"),
        pytest.param({"ends": "31-12"}, "there is no such day", id="the other way round"),
    ],
)
def test_days_that_cannot_be_are_told(days, said):
    with pytest.raises(ValidationError, match=said):
        Season(preset="winter", **days)
