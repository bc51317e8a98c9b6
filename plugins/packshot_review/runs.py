"""A run that ended, as its row on the page needs it, and the scheduler's run that made it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from transforms.errors import StorageError
from transforms.presets.catalogue import Catalogue
from transforms.records.layout import run_key
from transforms.runs.summary import Consistency, Counts, Ending, LookFacts, Release, Summary

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EndedRun:
    """What is kept in memory of each run."""

    run_id: str
    catalogue: str
    variants: tuple[str, ...]
    presets: dict[str, str]
    """Variant to the preset that made it."""
    recipes: dict[str, str]
    """Variant to the fingerprint of all settings that decided its pictures."""
    engines: dict[str, str]
    """Variant to what makes its pictures, in words."""
    ending: Ending
    message: str
    counts: Counts
    changes: dict[str, int]
    reasons: dict[str, int]
    consistency: dict[str, Consistency]
    """By variant: how alike photographs were and pictures are."""
    hold: tuple[str, ...]
    """Why it was held, a sentence each; of a run that lets a held one out, why that one was."""
    released: Release | None
    """Of a run that lets a held one out: who said so."""
    outcomes: str | None
    version: str | None
    started: datetime
    ended: datetime
    seconds: float

    @property
    def idle(self) -> bool:
        """Whether it found nothing to do, and tells an earlier run's outcomes."""
        return self.outcomes != run_key(self.run_id, "outcomes.parquet")

    @property
    def worked_on(self) -> int:
        """Pictures that this run took up."""
        return self.counts.listed - self.counts.unchanged - self.counts.deferred


def ended_run(summary: bytes, uri: str) -> EndedRun | None:
    """Read a run's `summary.json`; None: it cannot be read, as the log says."""
    try:
        found = Summary.parse(summary, uri)
    except StorageError as error:
        _log.warning("a run is left out: %s", error)
        return None
    return EndedRun(
        run_id=found.run_id,
        catalogue=found.catalogue,
        variants=found.variants,
        presets={variant: look.preset for variant, look in found.looks.items()},
        recipes={variant: look.recipe for variant, look in found.looks.items()},
        engines={variant: engine(look) for variant, look in found.looks.items()},
        ending=found.ending,
        message=found.message,
        counts=found.counts,
        changes=found.changes,
        reasons=found.reasons,
        consistency=found.consistency,
        hold=found.hold,
        released=found.released,
        outcomes=found.outcomes,
        version=found.version,
        started=found.started,
        ended=found.ended,
        seconds=found.seconds,
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run came from."""

    who: str
    """A person's name, or `schedule`."""
    dag_id: str
    run_id: str
    """As the scheduler calls it."""
    ended: bool = False
    """Whether the scheduler's run has ended: then nothing of it waits for a person any more."""


Origins = Callable[[Catalogue], dict[str, Origin]]
"""Origin of the runs of a catalogue, by the name that a run has in the storage."""


def nothing_known(catalogue: Catalogue) -> dict[str, Origin]:
    """Origins where nobody can be asked."""
    del catalogue
    return {}


_ENGINES = {"standardise": "standardised", "scene": "scene", "edit": "edit"}


def engine(look: LookFacts) -> str:
    """What makes a look's pictures: `standardised`, `scene`, `scene, sdxl`, `edit, sdxl`."""
    return ", ".join(filter(None, (_ENGINES[look.engine], look.checkpoint)))
