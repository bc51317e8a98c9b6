"""`packshot export`: what is published, for shop systems."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transforms.cli.catalogue import open_place
from transforms.cli.console import AsJson, out, print_json
from transforms.cli.runs import CatalogueFile, Published
from transforms.errors import ConfigError

if TYPE_CHECKING:
    import pyarrow as pa

    from transforms.export.rows import ExportedFile
    from transforms.storage.protocol import Storage

app = typer.Typer(
    help="Write what is published as files that shop systems take over.", no_args_is_help=True
)

Output = Annotated[
    Path, typer.Option("--output", metavar="FILE", help="Its ending says how it is written.")
]
Version = Annotated[
    str | None, typer.Option(metavar="VERSION", help="Instead of what is published now.")
]
BaseUrl = Annotated[
    str, typer.Option(metavar="URL", help="Where the published storage is served: https://...")
]
OfChannel = Annotated[
    str | None, typer.Option("--channel", metavar="NAME", help="Whose pictures, of several.")
]


@app.command("manifest")
def manifest(
    output: Output,
    catalogue: CatalogueFile = None,
    published: Published = None,
    version: Version = None,
    base_url: BaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Write a row for every published file: .csv, .tsv, .jsonl or .parquet."""
    from transforms.export.rows import current, manifest_of, rows, table_of
    from transforms.export.writing import checked_ending

    checked_ending(output)
    storage = open_place("published", catalogue, published)
    version = version or current(storage).version
    _written(
        output, table_of(rows(manifest_of(storage, version), base_url)), version, as_json=as_json
    )


@app.command("delta")
def delta(
    output: Output,
    catalogue: CatalogueFile = None,
    published: Published = None,
    version: Version = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION", help="What the shop has; the one before --version if left out."
        ),
    ] = None,
    base_url: BaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Write what was added, changed and removed between two versions, in either direction."""
    from transforms.export.rows import current, manifest_of, rows, table_of_changes
    from transforms.export.rows import delta as changes_between
    from transforms.export.writing import checked_ending

    checked_ending(output)
    storage = open_place("published", catalogue, published)
    pointer = current(storage)
    if version not in (None, pointer.version) and since is None:
        raise ConfigError(
            "--since: must be given with --version: only what is published now says what was "
            "before it"
        )
    since, version = since or pointer.previous, version or pointer.version
    old, new = (rows(manifest_of(storage, each), base_url) for each in (since, version))
    _written(
        output, table_of_changes(changes_between(old, new)), version, as_json=as_json, since=since
    )


@app.command("google")
def google(
    output: Output,
    base_url: BaseUrl,
    catalogue: CatalogueFile = None,
    published: Published = None,
    version: Version = None,
    channel: OfChannel = None,
    as_json: AsJson = False,
) -> None:
    """Write a supplemental feed for Google Merchant Center: .csv or .tsv."""
    from transforms.export.feeds import google_feed
    from transforms.export.writing import checked_ending

    checked_ending(output, (".csv", ".tsv"))
    storage = open_place("published", catalogue, published)
    exported, version = _addressed(storage, version, base_url, channel, "google-merchant")
    _written(output, google_feed(exported), version, as_json=as_json)


@app.command("shopify")
def shopify(
    output: Output,
    base_url: BaseUrl,
    catalogue: CatalogueFile = None,
    published: Published = None,
    version: Version = None,
    channel: OfChannel = None,
    as_json: AsJson = False,
) -> None:
    """Write Shopify's product CSV, pictures only."""
    from transforms.export.feeds import shopify_feed
    from transforms.export.writing import checked_ending

    checked_ending(output, (".csv",))
    storage = open_place("published", catalogue, published)
    exported, version = _addressed(storage, version, base_url, channel, "shopify")
    _written(output, shopify_feed(exported), version, as_json=as_json)


def _addressed(
    storage: "Storage", version: str | None, base_url: str, channel: str | None, usual: str
) -> "tuple[list[ExportedFile], str]":
    """Rows for a feed, each with its address, and the version that they are of."""
    from transforms.export.feeds import of_channel
    from transforms.export.rows import current, manifest_of, rows

    version = version or current(storage).version
    manifest = manifest_of(storage, version)
    if not base_url:
        raise ConfigError("--base-url: must be given: a feed is nothing without addresses")
    return of_channel(rows(manifest, base_url), channel, usual), version


def _written(
    output: Path, table: "pa.Table", version: str, *, as_json: bool, since: str | None = None
) -> None:
    from transforms.export.writing import encoded, write

    write(output, encoded(table, output.suffix.lower()))
    if as_json:
        told: dict[str, object] = {"output": str(output), "rows": len(table), "version": version}
        print_json(told | ({"since": since} if since else {}))
    else:
        span = f"{since} to {version}" if since else version
        out.print(f"{output}: {len(table)} rows of {span}", soft_wrap=True, markup=False)
