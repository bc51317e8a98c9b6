"""A night is held against those before it, by the summaries that their runs left."""

from datetime import timedelta

import pytest

from tests.unit.stages.nights import night
from transforms.errors import HeldRunError
from transforms.records.layout import run_key
from transforms.runs.summary import Counts, ended_runs

PICTURES = 60


def nightly(places, configuration, name, reviews):
    """A real night in which every picture is new, and so many wait for a person."""
    skus = [f"S{each:02}" for each in range(PICTURES)]
    verdicts = dict.fromkeys(skus[:reviews], "REVIEW") | dict.fromkeys(skus[reviews:], "PASS")
    return night(places, configuration, name, verdicts, **{sku: sku + name for sku in skus})


def followed_by(places, first, reviews):
    """Leave the summaries of more nights like the first, each with its own count."""
    for number, count in enumerate(reviews, start=1):
        counts = Counts(listed=PICTURES, published=PICTURES - count, review=count)
        named = {"run_id": f"{first.run_id}-{number:02}", "counts": counts}
        later = first.model_copy(update=named | {"ended": first.ended + timedelta(days=number)})
        key = run_key(later.run_id, "summary.json")
        places.work.create(key, later.model_dump_json().encode())


def test_three_times_as_many_reviews_as_on_ten_nights_hold_the_next(places, configuration):
    first = nightly(places, configuration, "run", 6)
    followed_by(places, first, [5, 7, 6, 8, 5, 6, 7, 6, 6])
    assert len(ended_runs(places.work)) == 10

    with pytest.raises(HeldRunError, match=r"30% of the pictures do not pass, and 10% did not"):
        nightly(places, configuration, "later", 18)
