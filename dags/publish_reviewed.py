"""# Publish what was approved

Publishes the pictures of one catalogue that people approved on the review page (*Packshot* in the
navigation), all at once. The page starts it: *Publish approved*.

What goes out are exactly the files that were measured and looked at: each is read, compared by its
hash, copied and read back, before the pointer is swapped. Where a picture has other pixels by now,
because its photograph or preset changed, the approval says nothing and the new picture waits.

## When it is red
* *is under way*: a night or season is making these very pictures anew. Start this again when it has
  ended. Others that were approved go out at once.
* *not the files that were approved*, *no longer kept*: take that decision back on the page.
* *another run published meanwhile*: start it again.

When nothing is approved, everything after `publish` is skipped, and the run is green.
"""

from collections.abc import Iterator
from typing import Any

from airflow.sdk import Asset, Metadata, dag, get_current_context, task
from catalogue_files import catalogue_param
from pipeline_wiring import DEFAULT_ARGS, open_places, read_catalogue, storage_run_id

REVIEWED = Asset(name="packshot/reviewed/published", group="packshot")
"""Its events carry what people approved. Another asset than a night's, which starts seasons."""


@task(doc_md="Copies, audits and publishes what was approved. Its output is the summary.")
def publish() -> dict[str, Any]:
    """Publish; skipped where nothing is approved."""
    from airflow.sdk.exceptions import AirflowSkipException

    from transforms.stages.publish_approved import publish_approved

    catalogue = get_current_context()["params"]["catalogue"]
    places = open_places(read_catalogue(catalogue))
    summary = publish_approved(places, catalogue, run_id=storage_run_id())
    if summary is None:
        raise AirflowSkipException("nothing that waits is approved")
    return summary.document()


@task(doc_md="Tells other DAGs what was published.", outlets=[REVIEWED])
def announce(summary: dict[str, Any]) -> Iterator[Metadata]:
    """Attach the summary to the asset's event."""
    yield Metadata(REVIEWED, extra=summary)


@dag(
    dag_display_name="Publish what was approved",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    params={"catalogue": catalogue_param()},
    doc_md=__doc__,
    tags=["packshot"],
)
def publish_reviewed() -> None:
    """Make the DAG."""
    announce(publish())


publish_reviewed()
