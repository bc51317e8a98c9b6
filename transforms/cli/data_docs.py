"""`packshot data-docs`: a run's validation results as Great Expectations' own pages."""

from pathlib import Path
from typing import Annotated

import typer

from transforms.cli.catalogue import open_place
from transforms.cli.console import out
from transforms.cli.runs import CatalogueFile, Work
from transforms.errors import NotFoundError
from transforms.records.validation import read_validations


def data_docs(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="As `packshot runs list` names it.")],
    to: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where the pages go.", file_okay=False)
    ] = Path("out/data-docs"),
    catalogue: CatalogueFile = None,
    work: Work = None,
) -> None:
    """Render a run's validation results as Great Expectations' Data Docs.

    The report and the review page show the same results. These pages load scripts and styles from
    other hosts when they are opened: without a network they are plain, and whole all the same.
    """
    from transforms.quality.data_docs import render_data_docs

    storage = open_place("work", catalogue, work)
    validations = read_validations(storage, run_id)
    if not validations:
        raise NotFoundError(
            f"{storage.uri}: no validation results of a run {run_id!r}; see: packshot runs list"
        )
    out.print(str(render_data_docs(validations, to)), soft_wrap=True)
