"""What a run would make, how long that takes, and what it costs. Writes nothing."""

from typing import get_args

from transforms.presets.configuration import Configuration
from transforms.presets.preset import Preset
from transforms.presets.scope import EVERYTHING, Scope
from transforms.presets.strict import Strict
from transforms.rendition.engine_cache import missing_checkpoints
from transforms.runs.run import Places
from transforms.runs.summary import Summary, ended_runs
from transforms.scenes.scene import View
from transforms.stages.ingest import look_ahead

_PLANNED = "estimate"
"""Stands for a run id: nothing is written under it."""


class Estimate(Strict):
    """A run that has not begun."""

    listed: int
    changes: dict[str, int]
    """Listed pictures by how they compare with the last run."""
    pictures: int
    """To be worked on."""
    renditions: int
    attempts: int
    """Times that a diffusion model is asked at least; for backdrops, at most."""
    seconds: float | None
    """Of one worker, by the last run that made these variants; None: there was none."""
    price: float | None
    """Of `seconds`, by the catalogue's `worker_hour_price`; None: time or price is not known."""
    missing: tuple[str, ...]
    """Checkpoints that are not at hand here: without them no run begins."""
    builds_on: str | None
    """Version that is published now."""
    nothing_to_do: bool


def estimate(
    places: Places, configuration: Configuration, *, scope: Scope = EVERYTHING
) -> Estimate:
    """Compare the source with what is known, and count.

    Raises:
        StorageError: Source, work or published storage does not answer.
    """
    night = look_ahead(places, configuration, run_id=_PLANNED, scope=scope)
    pictures = len(night.comparison.keys("new", "changed", "redo"))
    renditions = pictures * len(configuration.looks)
    each = _seconds_each(places, configuration)
    seconds = None if each is None else round(each * renditions, 1)
    hourly = configuration.catalogue.worker_hour_price
    price = None if None in (seconds, hourly) else round((seconds or 0) / 3600 * (hourly or 0), 2)
    return Estimate(
        listed=len(night.comparison.inventory),
        changes=night.comparison.counts(),
        pictures=pictures,
        renditions=renditions,
        attempts=sum(
            _attempts(look.preset, pictures) for look in configuration.looks if look.diffusion
        ),
        seconds=seconds,
        price=price,
        missing=tuple(missing_checkpoints(configuration.looks)),
        builds_on=night.plan.base.version if night.plan.base else None,
        nothing_to_do=night.nothing_to_do,
    )


def _attempts(preset: Preset, pictures: int) -> int:
    if preset.engine == "scene" and preset.backdrop:
        backdrops = preset.backdrop.variations * len(get_args(View))
        return min(pictures, backdrops) * preset.candidates
    return pictures * preset.candidates


def _seconds_each(places: Places, configuration: Configuration) -> float | None:
    """Seconds of one rendition in the last run that made these variants."""
    variants = {look.variant for look in configuration.looks}
    for summary in ended_runs(places.work, configuration.catalogue.name):
        made = _count_made(summary)
        # Publishing what people approved makes no picture, and leaves no report.
        if set(summary.variants) == variants and made and summary.report:
            return summary.seconds / made
    return None


def _count_made(summary: Summary) -> int:
    counts = summary.counts
    return (counts.published + counts.review + counts.failed) * len(summary.variants)
