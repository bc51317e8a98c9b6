"""`packshot runs`: look at past runs, and go back to an older version."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from transforms.cli.catalogue import open_place
from transforms.cli.console import AsJson, out, print_json
from transforms.errors import NotFoundError
from transforms.publishing.publication import roll_back
from transforms.runs.summary import ended_runs, read_summary

app = typer.Typer(help="Look at past runs, and go back to an older version.", no_args_is_help=True)

CatalogueFile = Annotated[
    Path | None,
    typer.Option(
        "--catalogue", metavar="FILE", help="Whose runs; may be left out where there is one only."
    ),
]
Work = Annotated[str | None, typer.Option(metavar="URI", help="Instead of the catalogue's.")]
Published = Annotated[str | None, typer.Option(metavar="URI", help="Instead of the catalogue's.")]


@app.command("list")
def list_runs(catalogue: CatalogueFile = None, work: Work = None, as_json: AsJson = False) -> None:
    """List the runs that ended, newest first."""
    summaries = ended_runs(open_place("work", catalogue, work))
    if as_json:
        print_json([each.document() for each in summaries])
        return
    table = Table("run", "catalogue", "ending", "listed", "published", "review", "quarantined",
                  "failed", "seconds", "version", box=None)  # fmt: skip
    for each in summaries:
        counts = each.counts
        numbers = (counts.listed, counts.published, counts.review, counts.quarantined,
                   counts.failed, f"{each.seconds:.0f}")  # fmt: skip
        table.add_row(each.run_id, each.catalogue, each.ending, *map(str, numbers), each.version)
    out.print(table if summaries else "No run has ended yet.")


@app.command("show")
def show(
    run_id: str, catalogue: CatalogueFile = None, work: Work = None, as_json: AsJson = False
) -> None:
    """Show one run's summary."""
    storage = open_place("work", catalogue, work)
    try:
        summary = read_summary(storage, run_id)
    except NotFoundError as error:
        raise NotFoundError(
            f"{storage.uri}: no run {run_id!r} has ended; see: runs list"
        ) from error
    document = summary.document()
    if as_json:
        print_json(document)
        return
    for field, value in document.items():
        out.print(f"{field:>10}  {value}", soft_wrap=True)


@app.command("rollback")
def rollback(
    version: str,
    catalogue: CatalogueFile = None,
    published: Published = None,
    as_json: AsJson = False,
) -> None:
    """Make an older version the current one.

    Its files are all there still. The next run publishes what the sources and presets say then:
    mend these first, or pause the catalogue's DAG.
    """
    storage = open_place("published", catalogue, published)
    swap = roll_back(storage, version)
    replaced = (swap.before or swap.after).version
    if as_json:
        print_json({"version": version, "replaced": replaced})
    else:
        out.print(f"{version} is current; it was {replaced}.")
