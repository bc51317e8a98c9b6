"""# The calendar of seasons

Every morning, and after every night: takes down the pictures of seasons that are over, all at once,
and starts `seasonal_variants` for each season that is on, where products are new or photographed
again. When a season is on, and which products it is for, stands under `seasons` in the catalogue's
file.

## By hand
A season that has no last day or shall end early, or another look that was made by form: *Trigger*
with *End now*. The calendar does not begin it again this year; the form of `seasonal_variants`
does, and a rollback (`packshot runs rollback`) brings the very pictures back.

## When it is red
* `take_down`: others published at the same moment, again and again, or the storage did not
  answer. Clear it.
* `due`: a catalogue's file or preset is wrong; the log names file and field.
"""

from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import AssetAny, AssetOrTimeSchedule, Param, dag, get_current_context, task
from catalogue_files import read_catalogues, variant_choices
from pipeline_wiring import (
    DEFAULT_ARGS,
    by_cron,
    open_places,
    published_asset,
    read_catalogue,
    read_configuration,
    run_time,
)

CATALOGUES, _ = read_catalogues()
NIGHTLY = {name for catalogue in CATALOGUES for name in catalogue.variants}
END_NOW = Param(
    None,
    type=["null", "string"],
    enum=[None, *(name for name in variant_choices() if name not in NIGHTLY)],
    title="End now",
    description="A season, or another look. Takes its pictures down in every catalogue.",
)


@task(map_index_template="{{ catalogue }}", doc_md="Takes down what is over.")
def take_down(catalogue: str) -> int:
    """End seasons; how many files the published version lists less."""
    from transforms.stages.withdrawal import withdraw_ended, withdraw_variant

    context = get_current_context()
    context["catalogue"] = catalogue  # type: ignore[typeddict-unknown-key]
    places = open_places(read_catalogue(catalogue))
    gone = withdraw_ended(places, run_time(context).date())
    ended = context["params"]["end_now"]
    if ended:
        gone += withdraw_variant(places, ended, decided=run_time(context))
    return gone


@task(doc_md="Lists the seasons that are on and have new or changed photographs.")
def due(catalogues: list[str]) -> list[dict[str, Any]]:
    """Forms of the seasonal runs to start."""
    from transforms.estimate import estimate
    from transforms.presets.scope import Scope
    from transforms.publishing.seasons import read_last_day

    today = run_time(get_current_context()).date()
    forms = []
    for name in catalogues:
        catalogue = read_catalogue(name)
        places = open_places(catalogue)
        for variant, season in catalogue.seasons.items():
            if not season.is_on(today):
                continue
            chosen = read_last_day(places.work, variant, since=season.first_day(today))
            if chosen and chosen.last_day and chosen.last_day < today:
                continue  # a person ended it before its time
            configuration = read_configuration(name, variants=(variant,))
            scope = Scope(products=season.products, redo=False)
            if estimate(places, configuration, scope=scope).pictures:
                forms.append({"catalogue": name, "variant": variant, "redo": False})
    return forms


@dag(
    dag_display_name="Calendar of seasons",
    schedule=AssetOrTimeSchedule(
        timetable=by_cron("30 4 * * *"),
        assets=AssetAny(*(published_asset(catalogue) for catalogue in CATALOGUES)),
    )
    if CATALOGUES
    else None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    params={"end_now": END_NOW},
    doc_md=__doc__,
    tags=["packshot"],
)
def season_calendar() -> None:
    """Make the DAG."""
    names = [catalogue.name for catalogue in CATALOGUES]
    forms = due(names)
    take_down.expand(catalogue=names) >> forms
    TriggerDagRunOperator.partial(task_id="start", trigger_dag_id="seasonal_variants").expand(
        conf=forms
    )


season_calendar()
