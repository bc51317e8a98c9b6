"""Stage: take pictures down. Their files stay, so a rollback brings them back."""

from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from transforms.publishing.publication import take_down
from transforms.publishing.seasons import LastDay, decide_last_day
from transforms.runs.run import Places


def withdraw_removed(places: Places) -> int:
    """Publish a version without the products that are gone at the source.

    Returns:
        How many files the new version lists less; 0: nothing was to withdraw.

    Raises:
        StaleRunError: Others published at the same moment, again and again; do it again.
    """
    return take_down(places.published, lambda manifest: manifest["source_present"])


def withdraw_ended(places: Places, today: date) -> int:
    """Publish a version without the pictures of seasons whose last day is over: all at once.

    Args:
        places: Of one catalogue.
        today: A season that ends today stays until tomorrow.

    Returns:
        How many files the new version lists less; 0: no season has ended.

    Raises:
        StaleRunError: Others published at the same moment, again and again; do it again.
    """

    def stays(manifest: pa.Table) -> pa.ChunkedArray:
        ends = manifest["ends"]
        return pc.or_(pc.equal(ends, ""), pc.greater_equal(ends, today.isoformat()))

    return take_down(places.published, stays)


def withdraw_variant(places: Places, variant: str, *, decided: datetime) -> int:
    """Publish a version without one variant: a season that a person ends before its time.

    That is written down, so that the calendar does not begin it again; a person can.

    Args:
        places: Of one catalogue.
        variant: By its name.
        decided: When the person said so, with a time zone.

    Returns:
        How many files the new version lists less; 0: nothing of it was published.

    Raises:
        StaleRunError: Others published at the same moment, again and again; do it again.
    """
    over = decided.date() - timedelta(days=1)
    decide_last_day(places.work, LastDay(variant=variant, decided=decided, last_day=over))
    return take_down(places.published, lambda manifest: pc.not_equal(manifest["variant"], variant))
