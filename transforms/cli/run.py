"""`packshot run` and `packshot plan`."""

from pathlib import Path
from typing import Annotated

import typer

from transforms.cli.catalogue import read_catalogue
from transforms.cli.console import AsJson, bars, err, out, print_json
from transforms.errors import ConfigError
from transforms.presets.catalogue import Catalogue, Place
from transforms.presets.configuration import Configuration, configure
from transforms.presets.loading import config_folder
from transforms.presets.scope import UNCHANGED, Overrides, Scope
from transforms.runs.summary import Summary

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
    typer.Option(
        "--variant",
        metavar="NAME",
        help="Only this nightly variant, season or preset; may be repeated.",
    ),
]
Products = Annotated[
    list[str] | None,
    typer.Option(
        "--product", metavar="SKU", help="Only this product, or a pattern like MUG-*; repeatable."
    ),
]
RunStrength = Annotated[
    float | None, typer.Option(min=0.01, max=1, help="In place of the preset's.")
]
RunCandidates = Annotated[
    int | None, typer.Option(min=1, max=8, help="Tries for each picture, in place of the preset's.")
]
Limit = Annotated[int | None, typer.Option(min=1, help="Work on at most so many pictures.")]

ANY_FOLDER = ("{sku}/{view}.{ext}", "{sku}.{ext}")
"""How keys are read where no catalogue says it."""


def run(
    catalogue: CatalogueFile = None,
    source: Source = None,
    published: Published = None,
    work: Work = None,
    variant: Variants = None,
    product: Products = None,
    strength: RunStrength = None,
    candidates: RunCandidates = None,
    limit: Limit = None,
    dry_run: Annotated[bool, typer.Option(help="Only tell what a run would do.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes side by side.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Run all stages over a catalogue, or over any folder of pictures named by sku."""
    from transforms.runner import run_catalogue

    overrides = Overrides(strength=strength, candidates=candidates)
    configuration = read_configuration(catalogue, source, published, work, variant, overrides)
    scope = _scope(configuration, product, limit)
    if dry_run:
        _tell_plan(configuration, scope, as_json=as_json)
        return
    with bars() as progress:
        summary = run_catalogue(configuration, progress=progress, scope=scope, workers=workers)
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
    product: Products = None,
    strength: RunStrength = None,
    candidates: RunCandidates = None,
    limit: Limit = None,
    as_json: AsJson = False,
) -> None:
    """Tell what a run would do and what it takes, and write nothing."""
    overrides = Overrides(strength=strength, candidates=candidates)
    configuration = read_configuration(catalogue, source, published, work, variant, overrides)
    _tell_plan(configuration, _scope(configuration, product, limit), as_json=as_json)


def _scope(configuration: Configuration, products: list[str] | None, limit: int | None) -> Scope:
    """What the options ask for; without products, those of the seasons that are made."""
    seasons = configuration.catalogue.seasons
    asked = [seasons.get(look.variant) for look in configuration.looks]
    of_seasons = {pattern for season in asked for pattern in (season.products if season else "*")}
    return Scope(products=tuple(products or sorted(of_seasons)), limit=limit)


def _tell_plan(configuration: Configuration, scope: Scope, *, as_json: bool) -> None:
    from transforms.estimate import estimate
    from transforms.runner import open_places

    told = estimate(open_places(configuration.catalogue), configuration, scope=scope)
    if as_json:
        print_json(told.model_dump(mode="json"))
        return
    for line in told.missing:
        err.print(f"Not at hand: {line}", soft_wrap=True, markup=False)
    if told.nothing_to_do:
        out.print(f"Nothing to do: {told.listed} pictures listed, none is new or changed.")
        return
    for change, count in told.changes.items():
        out.print(f"{count:8} {change}")
    out.print(
        f"A run would work on {told.pictures} pictures and make {told.renditions} renditions."
    )
    if told.attempts:
        out.print(f"It would ask the diffusion model {told.attempts} times or more.")
    if told.seconds is None:
        out.print("How long it takes is not known: these variants were not made before.")
    else:
        cost = "" if told.price is None else f", and costs {told.price:g}"
        out.print(f"By the last such run it takes {told.seconds:.0f} s of one worker{cost}.")


def read_configuration(
    catalogue_file: Path | None,
    source: str | None,
    published: str | None,
    work: str | None,
    variants: list[str] | None,
    overrides: Overrides = UNCHANGED,
) -> Configuration:
    """The configuration that the options name.

    Raises:
        ConfigError: They name none, or a wrong one.
    """
    given = {"source": source, "published": published, "work": work}
    places = {name: Place(uri=uri) for name, uri in given.items() if uri is not None}
    if catalogue_file is not None:
        catalogue = read_catalogue(catalogue_file).model_copy(update=places)
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
    located = catalogue.resolve(Path.cwd())
    return configure(located, config_folder(), variants=tuple(variants or ()), overrides=overrides)


def _print_summary(summary: Summary) -> None:
    out.print(summary.message)
    for state, count in summary.counts.model_dump().items():
        if count or state == "listed":
            out.print(f"{count:8} {state}")
    for reason, count in summary.reasons.items():
        out.print(f"         {count} x {reason.replace('_', ' ')}", style="dim")
    for channel, rules in summary.withheld.items():
        told = ", ".join(f"{count} x {rule.replace('_', ' ')}" for rule, count in rules.items())
        out.print(f"         not for {channel}: {told}", style="dim", soft_wrap=True)
    for licence in summary.licences:
        out.print(f"Warning: {licence}.", style="yellow", soft_wrap=True)
    for note in summary.notes:
        out.print(note, style="dim", markup=False, soft_wrap=True)
    out.print(f"Report:   {summary.report}", soft_wrap=True)
    out.print(f"Manifest: {summary.manifest}", soft_wrap=True)
    out.print(f"Took {summary.seconds:.1f} s.")
