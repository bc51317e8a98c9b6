"""What people decided about a season's last day, where the catalogue's file says another.

The calendar would begin a season again that a person ended before its time, were that not written
down. Decisions are only ever added; the newest holds.
"""

from datetime import UTC, date, datetime

from transforms.records.lasting import LastingRecord
from transforms.records.layout import last_day_key, last_days_folder
from transforms.runs.run import RunPlan
from transforms.storage.protocol import Storage


class LastDay(LastingRecord):
    """One decision on one variant."""

    variant: str
    decided: datetime
    """With a time zone."""
    last_day: date | None
    """Before the day of the decision: it was ended at once. None: it stays until it is ended."""


def decide_last_day(work: Storage, decision: LastDay) -> None:
    """Write a decision down; the same one again changes nothing."""
    moment = f"{decision.decided.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"
    work.create(last_day_key(decision.variant, moment), decision.model_dump_json(indent=2).encode())


def read_last_day(work: Storage, variant: str, *, since: date | None = None) -> LastDay | None:
    """The newest decision on a variant.

    Args:
        work: Of the catalogue.
        variant: By its name.
        since: First day of the season that is on. What was decided before it about a day before it
            was about an earlier one, and says nothing. None: all count.
    """
    moments = work.folders(last_days_folder(variant))
    if not moments:
        return None
    key = last_day_key(variant, moments[-1])
    newest = LastDay.parse(work.read(key), f"{work.uri}/{key}")
    about = max(newest.decided.date(), newest.last_day or date.min)
    return newest if since is None or about >= since else None


def keep_last_days(work: Storage, plan: RunPlan) -> None:
    """Write down the last day that a person chose for a run, and that what was over began again.

    Args:
        work: Of the catalogue.
        plan: Of a run that has published.
    """
    for variant in plan.variants:
        last_day, before = plan.ends.get(variant), read_last_day(work, variant)
        was_over = before and before.last_day and before.last_day < plan.started.date()
        if plan.scope.ends is not None or was_over:
            decide_last_day(work, LastDay(variant=variant, decided=plan.started, last_day=last_day))


def ended_since(work: Storage, variant: str, moment: datetime) -> bool:
    """Whether a person ended a season since a moment; its newest decision says so."""
    said = read_last_day(work, variant)
    if said is None or said.last_day is None or said.decided < moment:
        return False
    return said.last_day < said.decided.date()
