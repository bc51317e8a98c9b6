"""The last runs as a drawing: one column a run, by what became of the pictures it worked on."""

from dataclasses import dataclass

from packshot_review.runs import EndedRun

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


def trend(runs: list[EndedRun]) -> Trend:
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
