"""What is published, in columns that shop systems may rely on. Described in docs/channels.md."""

import json
from collections import Counter
from typing import Literal
from urllib.parse import quote, urlsplit

import pyarrow as pa

from transforms.errors import ConfigError
from transforms.records.parquet import Record, schema_of, to_table
from transforms.records.renditions import Verdict

_LINEAGE = (
    "source_key", "source_sha256", "preset", "brand", "engine", "checkpoint", "strength", "seed",
    "cutout", "recipe", "prepared", "rendition",
)  # fmt: skip
PictureKey = tuple[str, str, str, str]
"""Sku, view, variant and channel."""

_ADDED = ("approved_by", "format", "source_type", "signed")
"""Columns of a row that came later: in a delta, too, they stand at the end."""


class ExportedFile(Record):
    """One published file. Columns are only ever added, at the end."""

    sku: str
    view: str
    variant: str
    channel: str
    key: str
    """In the published storage. It holds the content's hash: another picture has another key."""
    url: str
    """Empty where no base address was given."""
    width: int
    """Pixels."""
    height: int
    bytes: int
    sha256: str
    verdict: Verdict
    source_present: bool
    """False: the photograph is gone; the picture stays until housekeeping ends it."""
    ends: str
    """Last day (`2027-02-28`) of a season's picture; empty: it stays."""
    lineage: str
    """JSON object: the source's key and hash, preset, brand, engine, checkpoint, strength, seed,
    cut-out, and the fingerprints `recipe`, `prepared` and `rendition`."""
    approved_by: str
    """Who approved it on the review page; empty: it passed the gate by itself."""
    format: str
    """Ending of the file: `jpg`, `png`, `webp`, `avif`, `tif`."""
    source_type: str
    """Name of the IPTC digital source type that the file claims; empty: none."""
    signed: bool
    """The file carries C2PA content credentials."""


Change = Literal["added", "changed", "removed"]


class ChangedFile(ExportedFile):
    """How one picture of one channel differs between two versions; of a removed one the old row."""

    change: Change
    previous_key: str
    """Empty where it was added."""
    previous_sha256: str


def export_rows(manifest: pa.Table, base_url: str = "") -> list[ExportedFile]:
    """The manifest's rows, sorted by sku, view, variant, channel, format and width.

    Args:
        manifest: In today's columns (`transforms.publishing.version.read_manifest`).
        base_url: Address under which the published storage is served; empty: `url` stays empty.

    Raises:
        ConfigError: `base_url` is no address of a web server.
    """
    address = check_base_url(base_url)
    exported = (_export_row(row, address) for row in manifest.drop_columns(["checks"]).to_pylist())
    return sorted(exported, key=lambda row: (*picture_key(row), row.format, row.width))


def picture_key(row: ExportedFile) -> PictureKey:
    """A picture as one channel has it: of several files where it takes widths or formats."""
    return row.sku, row.view, row.variant, row.channel


def _by_identity(
    exported: list[ExportedFile], several: set[PictureKey]
) -> dict[tuple[str, ...], ExportedFile]:
    """Rows by what makes them the same file in another version.

    Where a channel has one file of a picture, that is the picture, whatever its size. Of several
    each is told by its format and width.
    """
    return {
        (
            *picture_key(row),
            *((row.format, f"{row.width:06}") if picture_key(row) in several else ()),
        ): row
        for row in exported
    }


def compare_versions(old: list[ExportedFile], new: list[ExportedFile]) -> list[ChangedFile]:
    """What a shop has to take over to go from one version to another.

    Args:
        old: Rows of the version that the shop has.
        new: Rows of the version that it wants.

    Returns:
        Sorted as `rows`; files that are the same bytes are not in it.
    """
    counts = [Counter(map(picture_key, each)) for each in (old, new)]
    several = {name for counted in counts for name, count in counted.items() if count > 1}
    before, after = (_by_identity(each, several) for each in (old, new))
    changes = []
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if was is None and now is not None:
            changes.append(_change_row(now, "added", None))
        elif now is None and was is not None:
            changes.append(_change_row(was, "removed", was))
        elif was is not None and now is not None and was.sha256 != now.sha256:
            changes.append(_change_row(now, "changed", was))
    return changes


def table_of(exported: list[ExportedFile]) -> pa.Table:
    """Rows as a table, with their columns also where there are none."""
    return to_table(exported, ExportedFile)


def table_of_changes(changes: list[ChangedFile]) -> pa.Table:
    """Changes as a table: `change`, a row's first columns, what was before, then later columns."""
    moved = ("change", *_ADDED)
    names = [name for name in schema_of(ChangedFile).names if name not in moved]
    return to_table(changes, ChangedFile).select(["change", *names, *_ADDED])


def check_base_url(base_url: str) -> str:
    """A base address that ends with a slash; empty stays empty.

    Raises:
        ConfigError: It is not `http(s)://host/...`, or has a query or fragment.
    """
    if not base_url:
        return ""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ConfigError(
            f"--base-url {base_url}: must be an address like https://images.example.com/shop"
        )
    return base_url.rstrip("/") + "/"


def _export_row(row: dict[str, object], base_url: str) -> ExportedFile:
    key = str(row["key"])
    lineage = {name: row[name] for name in _LINEAGE}
    lineage["code_versions"] = json.loads(str(row["code_versions"]))
    return ExportedFile.model_validate(
        {name: row[name] for name in ("sku", "view", "variant", "channel", "sha256", "verdict")}
        | {name: row[name] for name in ("source_present", "ends", "approved_by")}
        | {"key": key}
        | {"width": row["width_px"], "height": row["height_px"], "bytes": row["size_bytes"]}
        # Commas part addresses in feeds, so that none may be within one.
        | {"url": base_url + quote(key, safe="/") if base_url else ""}
        | {"format": row["extension"] or key.rpartition(".")[2]}
        | {"source_type": row["source_type"], "signed": row["signed"]}
        | {"lineage": json.dumps(lineage, sort_keys=True, ensure_ascii=False)}
    )


def _change_row(row: ExportedFile, change: Change, was: ExportedFile | None) -> ChangedFile:
    return ChangedFile(
        **row.model_dump(),
        change=change,
        previous_key=was.key if was else "",
        previous_sha256=was.sha256 if was else "",
    )
