"""Stage: list the source, compare with the last inventory, split what is to do into shards."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import NotFoundError
from transforms.presets.configuration import Configuration
from transforms.presets.scope import EVERYTHING, Scope
from transforms.publishing.seasons import read_last_day
from transforms.publishing.version import read_pointer
from transforms.records.layout import run_key, shard_key
from transforms.records.outcomes import Outcome, PublishedFile
from transforms.records.parquet import read_lasting, to_bytes
from transforms.records.pointer import Pointer
from transforms.runs.inventory import REFUSED, Comparison, compare
from transforms.runs.outcomes import carry_over, mark_approved, tally
from transforms.runs.run import Places, Run, RunPlan, open_run
from transforms.runs.shards import cut
from transforms.runs.summary import Summary, describe_looks, ended_runs, licences_not_for_shops
from transforms.scenes.plates import stock_plates


@dataclass(frozen=True, slots=True)
class Night:
    """What a run would do, before anything is written."""

    plan: RunPlan
    comparison: Comparison
    last: Summary | None
    previous: pa.Table | None
    """Outcomes that the listing was compared with."""
    nothing_to_do: bool


def look_ahead(
    places: Places, configuration: Configuration, *, run_id: str, scope: Scope = EVERYTHING
) -> Night:
    """List the source and compare it with what is known. Writes nothing.

    Raises:
        StorageError: Source, work or published storage does not answer.
    """
    started = datetime.now(UTC)
    if places.plates is not None and any(look.preset.backdrop for look in configuration.looks):
        configuration = configuration.with_plates(stock_plates(places.plates))
    last = _find_last(ended_runs(places.work, configuration.catalogue.name), configuration)
    pointer, etag = read_pointer(places.published)
    plan = RunPlan(
        run_id=run_id,
        started=started,
        configuration=configuration,
        base=pointer,
        base_etag=etag,
        previous_outcomes=last.outcomes if last else None,
        scope=scope,
        ends=_decide_last_days(places, configuration, scope, started.date()),
    )
    published = _read_published(places, pointer)
    previous = _read_previous(places, plan, published)
    comparison = compare(
        places.source.listing(),
        previous,
        published,
        catalogue=configuration.catalogue,
        recipes={look.variant: plan.recipe(look) for look in configuration.looks},
        scope=scope,
    )
    idle = _is_idle(comparison, previous, published)
    return Night(plan, comparison, last, previous, idle)


def ingest(
    places: Places, configuration: Configuration, *, run_id: str, scope: Scope = EVERYTHING
) -> list[int]:
    """Begin a run.

    Writes `run.json`, `inventory.parquet` and the shards `inventory/NNNN.parquet`. A run that
    has nothing to do writes its summary and no other object. Begun again (a retry), a run goes
    on with the plan that it has.

    Returns:
        Numbers of the shards to measure.

    Raises:
        StorageError: Source, work or published storage does not answer.
    """
    try:
        return _shard_numbers(open_run(places, run_id))
    except NotFoundError:
        night = look_ahead(places, configuration, run_id=run_id, scope=scope)
    if night.nothing_to_do:
        summary = _idle_summary(night, places).model_dump_json(indent=2)
        places.work.create(run_key(run_id, "summary.json"), summary.encode())
        return []
    run = Run(night.plan, places)
    todo = night.comparison.keys("new", "changed", "redo")
    for shard, part in enumerate(cut(len(todo), configuration.catalogue.shard_size)):
        key = shard_key(run_id, "inventory", shard)
        places.work.create(key, to_bytes(todo[part]))
    places.work.create(run.key("inventory.parquet"), to_bytes(night.comparison.inventory))
    # The plan comes last: with it the run has begun, and a retry finds all that it names.
    places.work.create(run.key("run.json"), night.plan.model_dump_json(indent=2).encode())
    return _shard_numbers(run)


def _find_last(ended: list[Summary], configuration: Configuration) -> Summary | None:
    """The newest run that made these variants; of another one, if none did."""
    variants = {look.variant for look in configuration.looks}
    mine = (each for each in ended if variants <= set(each.variants))
    return next(mine, next(iter(ended), None))


def _decide_last_days(
    places: Places, configuration: Configuration, scope: Scope, today: date
) -> dict[str, date]:
    """Last day of each variant that comes down by itself: as asked, as decided, as in the file."""
    found = {}
    for variant in (look.variant for look in configuration.looks):
        season, before = (
            configuration.catalogue.seasons.get(variant),
            read_last_day(places.work, variant),
        )
        chosen = before.last_day if before else None
        if chosen is not None and chosen < today:
            chosen = None  # it was over, and begins again
        day = scope.ends or chosen or (season.last_day(today) if season else None)
        if day is not None:
            found[variant] = day
    return found


def _shard_numbers(run: Run) -> list[int]:
    return run.shard_numbers("inventory")


def _read_previous(places: Places, plan: RunPlan, published: pa.Table | None) -> pa.Table | None:
    if plan.previous_outcomes is None:
        return None
    previous = read_lasting(places.work, plan.previous_outcomes, Outcome)
    if published is None:
        return previous
    # People may have let pictures out when that run had written its outcomes and not ended.
    return mark_approved(previous, published, state="published")


def _read_published(places: Places, pointer: Pointer | None) -> pa.Table | None:
    if pointer is None:
        return None
    made = ["sku", "view", "variant", "recipe", "prepared", "rendition"]
    source = ["source_sha256", "source_key", "source_present"]
    columns = [*made, *source, "approved_by"]
    return read_lasting(places.published, pointer.manifest, PublishedFile, columns)


def _is_idle(comparison: Comparison, previous: pa.Table | None, published: pa.Table | None) -> bool:
    """Whether the last outcomes still say all there is to say."""
    if previous is None or len(comparison.removed):
        return False
    if len(comparison.keys("new", "changed", "redo", "deferred")):
        return False
    if published is not None:
        listed = pc.is_in(published["source_key"], comparison.inventory["key"].combine_chunks())
        if not pc.all(pc.equal(listed, published["source_present"]), min_count=0).as_py():
            return False
    now = {
        (row["key"], row["etag"], REFUSED[row["change"]])
        for row in comparison.keys(*REFUSED).to_pylist()
    }
    told = previous.filter(pc.is_in(previous["reason"], pa.array([*REFUSED.values()])))
    return now == {(row["key"], row["etag"], row["reason"]) for row in told.to_pylist()}


def _idle_summary(night: Night, places: Places) -> Summary:
    """The summary of a run that found nothing to do: the last one's state, told again."""
    variants = [look.variant for look in night.plan.configuration.looks]
    listed = night.comparison.inventory["key"]
    if night.last is None or night.previous is None:
        raise NotFoundError(f"{places.work.uri}: no run ended yet, so there is no state to tell")
    counts, reasons = tally(carry_over(night.previous, listed, variants))
    ended = datetime.now(UTC)
    return night.last.model_copy(
        update={
            "run_id": night.plan.run_id,
            "variants": tuple(variants),
            "looks": describe_looks(night.plan),
            "licences": licences_not_for_shops(night.plan),
            "ending": "unchanged",
            "message": "Nothing has changed since the last run.",
            "counts": counts,
            "reasons": reasons,
            "changes": night.comparison.counts(),
            "hold": (),
            "released": None,
            "started": night.plan.started,
            "ended": ended,
            "seconds": round((ended - night.plan.started).total_seconds(), 3),
        }
    )
