"""# A season, or another look

Makes one further variant of a catalogue's pictures: the same products in winter, in a kitchen, as
a drawing. It is published beside the others, all at once, and comes down when its season ends.

## The form
* **Catalogue**, and the **variant**: a season of the catalogue, or any preset.
* **Products**: skus, one a line; `*` stands for anything (`MUG-*`). Empty: what the season's entry
  says, or all. Other products keep the pictures that they have.
* **Strength** and **candidates**: for presets that ask a diffusion model. Empty: the preset's.
* **Last day**: after it the pictures come down. Empty: as it was chosen before, else the season's.
* **Only plan**: says how many pictures would be made, how long it takes and what it costs. Nothing
  is made.

Products that are new, or photographed again, get their seasonal picture without a form:
`season_calendar` starts this DAG while a season is on.

## When a task is red
As in the catalogue's night: clearing a task is always safe. *another run published meanwhile*: the
same pictures were made twice at once; start it again, finished work is found. `release` waits for a
person when too much went wrong. `models`: weights that
the preset asks for are not on the machine that renders; nothing was begun.
"""

from typing import Any

from airflow.sdk import Asset, Param, dag, get_current_context, task
from catalogue_files import catalogue_param, choice, variant_choices
from picture_pipeline import pipeline
from pipeline_wiring import (
    DEFAULT_ARGS,
    GPU,
    hand_on,
    open_places,
    read_configuration,
    storage_run_id,
)

SEASONAL = Asset(name="packshot/seasonal/published", group="packshot")
"""Its events tell a seasonal run's summary. Another asset than a night's, which starts seasons."""

VARIANTS = variant_choices()
PARAMS = {
    "catalogue": catalogue_param(),
    "variant": choice(
        VARIANTS,
        title="Season or preset",
        description="Seasons first, then presets. What each does: `packshot presets list`.",
    ),
    "products": Param(
        [],
        type="array",
        items={"type": "string"},
        title="Products",
        description="Skus or patterns such as MUG-*, one a line. Empty: all of the season.",
    ),
    "strength": Param(
        None,
        type=["null", "number"],
        minimum=0.05,
        maximum=1,
        title="Strength",
        description="0.2-0.4 touches up, 0.45-0.55 keeps the product recognisable.",
    ),
    "candidates": Param(
        None, type=["null", "integer"], minimum=1, maximum=8, title="Candidates for each picture"
    ),
    "ends": Param(None, type=["null", "string"], format="date", title="Last day"),
    "limit": Param(
        None,
        type=["null", "integer"],
        minimum=1,
        title="At most so many pictures",
        description="For a trial.",
    ),
    "redo": Param(
        default=True,
        type="boolean",
        title="Make again what another preset or brand would change",
        description="Off: new and changed photographs alone, as the calendar does it.",
    ),
    "dry_run": Param(default=False, type="boolean", title="Only plan"),
}
CATALOGUE = "{{ params.catalogue }}"


@task(doc_md="Counts what would be made, and says what it takes. Its output is the plan.")
def estimate() -> dict[str, Any]:
    """Plan and price; writes nothing."""
    from transforms.estimate import estimate as count

    configuration, scope = _asked()
    told = count(open_places(configuration.catalogue), configuration, scope=scope)
    return told.model_dump(mode="json")


@task(
    pool=GPU,
    queue=GPU,
    doc_md="Looks whether the diffusion models are at hand on the machine that renders.",
)
def models() -> None:
    """Fail before any work where a checkpoint is missing."""
    from transforms.rendition.engine_cache import refuse_missing

    refuse_missing(_asked()[0].looks)


@task.short_circuit(doc_md="Ends the run here when the form asked for a plan only.")
def go_ahead() -> bool:
    """Whether pictures are to be made."""
    return not get_current_context()["params"]["dry_run"]


@task(doc_md="Lists the source and finds what has to be made in this variant.")
def ingest() -> list[int]:
    """Begin a run; the shards to measure."""
    from transforms.stages.ingest import ingest as begin

    configuration, scope = _asked()
    hand_on(configuration.catalogue)
    places = open_places(configuration.catalogue)
    return begin(places, configuration, run_id=storage_run_id(), scope=scope)


def _asked() -> tuple[Any, Any]:
    """Configuration and scope as the form says."""
    from transforms.presets.scope import Overrides, Scope

    form = get_current_context()["params"]
    variant = form["variant"]
    overrides = Overrides(strength=form["strength"], candidates=form["candidates"])
    configuration = read_configuration(form["catalogue"], variants=(variant,), overrides=overrides)
    season = configuration.catalogue.seasons.get(variant)
    products = form["products"] or (season.products if season else ("*",))
    scope = Scope(
        products=tuple(products), limit=form["limit"], redo=form["redo"], ends=form["ends"]
    )
    return configuration, scope


@dag(
    dag_display_name="Season or other look",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    params=PARAMS,
    doc_md=__doc__,
    tags=["packshot"],
)
def seasonal_variants() -> None:
    """Make the DAG."""
    listed = ingest()
    [estimate(), models()] >> go_ahead() >> listed
    pipeline(CATALOGUE, listed, SEASONAL)


seasonal_variants()
