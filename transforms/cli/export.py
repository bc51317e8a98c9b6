"""`packshot export`: what is published, for shop systems."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transforms.cli.catalogue import open_place
from transforms.cli.console import AsJson, out, print_json
from transforms.cli.runs import CatalogueFile, Published
from transforms.errors import ConfigError
from transforms.publishing.version import read_manifest, require_pointer

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
    from transforms.export.rows import export_rows, table_of
    from transforms.export.writing import check_ending

    check_ending(output)
    storage = open_place("published", catalogue, published)
    version = version or require_pointer(storage).version
    _write_table(
        output,
        table_of(export_rows(read_manifest(storage, version), base_url)),
        version,
        as_json=as_json,
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
    from transforms.export.rows import compare_versions as changes_between
    from transforms.export.rows import export_rows, table_of_changes
    from transforms.export.writing import check_ending

    check_ending(output)
    storage = open_place("published", catalogue, published)
    pointer = require_pointer(storage)
    if version not in (None, pointer.version) and since is None:
        raise ConfigError(
            "--since: must be given with --version: only what is published now says what was "
            "before it"
        )
    since, version = since or pointer.previous, version or pointer.version
    old, new = (export_rows(read_manifest(storage, each), base_url) for each in (since, version))
    _write_table(
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
    from transforms.export.writing import check_ending

    check_ending(output, (".csv", ".tsv"))
    storage = open_place("published", catalogue, published)
    exported, version = _read_feed_rows(storage, version, base_url, channel, "google-merchant")
    _write_table(output, google_feed(exported), version, as_json=as_json)


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
    from transforms.export.writing import check_ending

    check_ending(output, (".csv",))
    storage = open_place("published", catalogue, published)
    exported, version = _read_feed_rows(storage, version, base_url, channel, "shopify")
    _write_table(output, shopify_feed(exported), version, as_json=as_json)


def _read_feed_rows(
    storage: "Storage", version: str | None, base_url: str, channel: str | None, usual: str
) -> "tuple[list[ExportedFile], str]":
    """Rows for a feed, each with its address, and the version that they are of."""
    from transforms.export.feeds import select_channel
    from transforms.export.rows import export_rows

    version = version or require_pointer(storage).version
    manifest = read_manifest(storage, version)
    if not base_url:
        raise ConfigError("--base-url: must be given: a feed is nothing without addresses")
    return select_channel(export_rows(manifest, base_url), channel, usual), version


def _write_table(
    output: Path, table: "pa.Table", version: str, *, as_json: bool, since: str | None = None
) -> None:
    from transforms.export.writing import encode_table, write

    write(output, encode_table(table, output.suffix.lower()))
    if as_json:
        told: dict[str, object] = {"output": str(output), "rows": len(table), "version": version}
        print_json(told | ({"since": since} if since else {}))
    else:
        span = f"{since} to {version}" if since else version
        out.print(f"{output}: {len(table)} rows of {span}", soft_wrap=True, markup=False)
