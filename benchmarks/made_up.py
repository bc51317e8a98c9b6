"""Made-up catalogues and nights, for measuring what comes after them."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from transforms.presets.catalogue import Catalogue, Place
from transforms.presets.configuration import Configuration
from transforms.records.layout import run_key
from transforms.records.parquet import to_bytes
from transforms.runs.run import RunPlan
from transforms.runs.summary import Counts, Summary, describe_looks
from transforms.storage.protocol import Storage


def made_up_catalogue(root: Path) -> Catalogue:
    """One with a standard look, whose storages are folders in `root`."""
    return Catalogue(
        name="bench",
        source=Place(uri=(root / "source").as_uri()),
        work=Place(uri=(root / "work").as_uri()),
        published=Place(uri=(root / "published").as_uri()),
        variants={"standard": "standard"},
        channels=("shop",),
    )


def first_plan(configuration: Configuration, run_id: str) -> RunPlan:
    """Plan of a run before which nothing was published."""
    return RunPlan(
        run_id=run_id,
        started=datetime.now(UTC),
        configuration=configuration,
        base=None,
        base_etag=None,
        previous_outcomes=None,
    )


def leave_ended(
    work: Storage, plan: RunPlan, variant: str, outcomes: pa.Table, counts: Counts
) -> None:
    """Leave the outcomes and the summary of a run that published, as `report` does.

    Args:
        work: The catalogue's work storage.
        plan: Of the run.
        variant: What it made.
        outcomes: Columns of Outcome.
        counts: Of these.
    """
    key = run_key(plan.run_id, "outcomes.parquet")
    work.create(key, to_bytes(outcomes))
    summary = Summary(
        run_id=plan.run_id,
        catalogue=plan.configuration.catalogue.name,
        variants=(variant,),
        ending="published",
        message="Made up for a benchmark.",
        counts=counts,
        changes={},
        reasons={},
        warnings={},
        version=None,
        manifest=None,
        report=None,
        outcomes=key,
        started=plan.started,
        ended=plan.started,
        seconds=0.0,
        looks=describe_looks(plan),
    )
    work.create(run_key(plan.run_id, "summary.json"), summary.model_dump_json().encode())
