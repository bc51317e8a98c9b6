"""`packshot run` and `packshot plan`."""

from pathlib import Path
from typing import Annotated

import typer

from transforms.cli.console import bars, out, print_json
from transforms.errors import ConfigError
from transforms.manifest.summary import Summary
from transforms.presets.catalogue import Catalogue, Place
from transforms.presets.configuration import Configuration, configure
from transforms.presets.loading import config_folder, load

CatalogueFile = Annotated[
    Path | None,
    typer.Option("--catalogue", metavar="FILE", help="A file as in config/catalogues."),
]
Source = Annotated[
    str | None, typer.Option(metavar="URI", help="Where the photographs lie: file:// or s3://.")
]
Published = Annotated[str | None, typer.Option(metavar="URI", help="Where the pictures go.")]
Work = Annotated[str | None, typer.Option(metavar="URI", help="Where intermediate files lie.")]
Variants = Annotated[
    list[str] | None,
    typer.Option("--variant", metavar="NAME", help="Only this variant; may be repeated."),
]
Limit = Annotated[int | None, typer.Option(min=1, help="Work on at most so many pictures.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

ANY_FOLDER = ("{sku}/{view}.{ext}", "{sku}.{ext}")
"""How keys are read where no catalogue says it."""


def run(
    catalogue: CatalogueFile = None,
    source: Source = None,
    published: Published = None,
    work: Work = None,
    variant: Variants = None,
    limit: Limit = None,
    dry_run: Annotated[bool, typer.Option(help="Only tell what a run would do.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes side by side.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Run all stages over a catalogue, or over any folder of pictures named by sku."""
    from transforms.runner import run_catalogue

    if dry_run:
        plan(catalogue, source, published, work, variant, limit, as_json=as_json)
        return
    configuration = read_configuration(catalogue, source, published, work, variant)
    with bars() as progress:
        summary = run_catalogue(configuration, progress=progress, limit=limit, workers=workers)
    if as_json:
        print_json(summary.document())
    else:
        _print_summary(summary)
    raise typer.Exit(1 if summary.needs_a_person else 0)


def plan(
    catalogue: CatalogueFile = None,
    source: Source = None,
    published: Published = None,
    work: Work = None,
    variant: Variants = None,
    limit: Limit = None,
    as_json: AsJson = False,
) -> None:
    """Tell what a run would do, and write nothing."""
    from transforms.runner import new_run_id, open_places
    from transforms.stages.ingest import look_ahead

    configuration = read_configuration(catalogue, source, published, work, variant)
    places = open_places(configuration.catalogue)
    night = look_ahead(places, configuration, run_id=new_run_id(), limit=limit)
    changes = night.comparison.counts()
    pictures = len(night.comparison.keys("new", "changed", "redo"))
    told = {
        "nothing_to_do": night.nothing_to_do,
        "listed": len(night.comparison.inventory),
        "changes": changes,
        "pictures": pictures,
        "renditions": pictures * len(configuration.looks),
        "builds_on": night.plan.base.version if night.plan.base else None,
    }
    if as_json:
        print_json(told)
        return
    if night.nothing_to_do:
        out.print(f"Nothing to do: {told['listed']} pictures listed, none is new or changed.")
        return
    for change, count in changes.items():
        out.print(f"{count:8} {change}")
    out.print(f"A run would work on {pictures} pictures and make {told['renditions']} renditions.")


def read_configuration(
    catalogue_file: Path | None,
    source: str | None,
    published: str | None,
    work: str | None,
    variants: list[str] | None,
) -> Configuration:
    """The configuration that the options name.

    Raises:
        ConfigError: They name none, or a wrong one.
    """
    given = {"source": source, "published": published, "work": work}
    places = {name: Place(uri=uri) for name, uri in given.items() if uri is not None}
    if catalogue_file is not None:
        catalogue = load(catalogue_file, Catalogue).located(catalogue_file.resolve().parent)
        catalogue = catalogue.model_copy(update=places)
    elif len(places) == len(given):
        catalogue = Catalogue(
            name="folder",
            keys=ANY_FOLDER,
            variants={"standard": "standard"},
            channels=("shop",),
            shard_size=8,  # small, so that the bars move
            **places,
        )
    else:
        missing = ", ".join(f"--{name}" for name in given if name not in places)
        raise ConfigError(f"give --catalogue FILE, or also {missing}")
    located = catalogue.located(Path.cwd())
    return configure(located, config_folder(), variants=tuple(variants or ()))


def _print_summary(summary: Summary) -> None:
    out.print(summary.message)
    for state, count in summary.counts.model_dump().items():
        if count or state == "listed":
            out.print(f"{count:8} {state}")
    for reason, count in summary.reasons.items():
        out.print(f"         {count} x {reason.replace('_', ' ')}", style="dim")
    out.print(f"Report:   {summary.report}", soft_wrap=True)
    out.print(f"Manifest: {summary.manifest}", soft_wrap=True)
    out.print(f"Took {summary.seconds:.1f} s.")
