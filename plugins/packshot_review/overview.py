"""The first page: what waits for a person, runs that are held, and the last runs as a drawing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from packshot_review.runs import EndedRun, SchedulerRun
from packshot_review.shop import Shop
from packshot_review.status import StatusSnapshot
from transforms.publishing.release import released_run_id

_MOST = 6
_OPEN = ("stuck", "ready", "waiting")
"""Where a person has the next word."""


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run of which too much went wrong: nothing of it went out by itself."""

    run: EndedRun
    until: datetime
    """A person is asked until about then; the scheduler knows the second."""
    release_run: EndedRun | None
    """The run that let it out, by a person's word; None: nobody gave it yet."""
    closed: bool
    """The scheduler asks no more: somebody said no, or nobody anything in time."""

    @property
    def waits(self) -> bool:
        """Whether a person may still release it."""
        return self.release_run is None and not self.closed and datetime.now(UTC) < self.until

    @staticmethod
    def answer_at(scheduler_run: SchedulerRun) -> str:
        """Path of the scheduler's own page on which it is released, or not."""
        run_id = quote(scheduler_run.run_id, safe="")
        return f"/dags/{quote(scheduler_run.dag_id)}/runs/{run_id}/required_actions"


@dataclass(frozen=True, slots=True)
class WaitingRun:
    """What the newest run of some variants left to decide."""

    run: EndedRun
    open: dict[str, int]
    """Pictures by status, of those where a person has the next word."""
    approved: int
    held: HeldRun | None

    @property
    def waiting(self) -> int:
        """Pictures that wait for a person."""
        return sum(self.open.values())


def find_hold(shop: Shop, run: EndedRun, scheduler_run: SchedulerRun | None) -> HeldRun | None:
    """How a held run stands; None: it is not held."""
    if run.ending != "held":
        return None
    until = run.ended + timedelta(hours=shop.catalogue.release_hours)
    release_run = shop.run(released_run_id(run.run_id))
    return HeldRun(
        run, until, release_run, closed=scheduler_run is not None and scheduler_run.ended
    )


def list_waiting(
    shop: Shop, ended: list[EndedRun], scheduler_runs: Mapping[str, SchedulerRun]
) -> list[WaitingRun]:
    """For each variant that was made, its newest run.

    Args:
        shop: The catalogue.
        ended: Its runs, newest first.
        scheduler_runs: Where they came from, by their names.
    """
    snapshot, seen, found = StatusSnapshot(shop), set[str](), []
    for run in ended:
        if run.outcomes is None or set(run.variants) <= seen:
            continue
        seen |= set(run.variants)
        statuses = [snapshot.of(picture).status for picture in shop.index(run).pictures]
        left = {name: statuses.count(name) for name in _OPEN if name in statuses}
        found.append(
            WaitingRun(
                run,
                left,
                statuses.count("approved"),
                find_hold(shop, run, scheduler_runs.get(run.run_id)),
            )
        )
        if len(found) == _MOST:
            break
    return found


COLUMNS = 30
HEIGHT = 56
STEP, WIDTH = 14, 10
_LEAST = 2.0
KINDS = ("published", "review", "quarantined", "failed")
"""From the bottom up."""


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of a column, in units of the drawing."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One run."""

    run: EndedRun
    x: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """The drawing."""

    columns: tuple[Column, ...]
    width: int
    most: int
    """Pictures that the highest column stands for."""


def draw_trend(runs: list[EndedRun]) -> Trend:
    """Draw the last runs that worked on something, oldest left.

    Args:
        runs: Newest first.
    """
    worked = [run for run in runs if not run.idle and _worked(run)][:COLUMNS][::-1]
    most = max((_worked(run) for run in worked), default=1)
    columns = tuple(
        Column(run, place * STEP, _parts(run, most)) for place, run in enumerate(worked)
    )
    return Trend(columns, max(1, len(columns)) * STEP - (STEP - WIDTH), most)


def _worked(run: EndedRun) -> int:
    return sum(getattr(run.counts, kind) for kind in KINDS)


def _parts(run: EndedRun, most: int) -> tuple[Part, ...]:
    parts, top = [], float(HEIGHT)
    for kind in KINDS:
        count = getattr(run.counts, kind)
        if count:
            height = max(_LEAST, round(HEIGHT * count / most, 1))
            top -= height
            parts.append(Part(kind, round(max(0.0, top), 1), height))
    return tuple(parts)
