"""The published manifest: its rows, what a run changes in it, proof that it is whole."""

import json
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import ReconciliationError
from transforms.presets.look import Look
from transforms.records.fingerprint import steps_of
from transforms.records.layout import published_key
from transforms.records.outcomes import PublishedFile
from transforms.records.parquet import schema_of
from transforms.records.renditions import EncodedFile, QualityReport

MANIFEST = schema_of(PublishedFile)

ORDER = [(column, "ascending") for column in ("sku", "view", "variant", "channel", "key")]
NUL = "\x00"
"""Between the parts of such a text; no name holds it."""


def replace_pictures(manifest: pa.Table, pictures: pa.Table) -> pa.Table:
    """A manifest in which rows replace those of the same sku, view and variant.

    Pictures that were not made anew keep their rows, so a broken upload or a picture that waits
    for review never takes the published one down.

    Args:
        manifest: The current one, in the columns of PublishedFile, as are `pictures`.
        pictures: Rows of whole pictures: of all their channels.
    """
    new = pc.unique(name_pictures(pictures))
    kept = manifest.filter(pc.invert(pc.is_in(name_pictures(manifest), value_set=new)))
    return pa.concat_tables([kept, pictures]).sort_by(ORDER).combine_chunks()


def mark_removed(manifest: pa.Table, listed: pa.ChunkedArray) -> pa.Table:
    """A manifest in which `source_present` says which photographs are still there.

    Args:
        manifest: In the columns of PublishedFile.
        listed: All keys at the source.
    """
    present = pc.is_in(manifest["source_key"], value_set=pc.unique(listed))
    field = MANIFEST.field("source_present")
    place = MANIFEST.get_field_index(field.name)
    return manifest.set_column(place, field, present).combine_chunks()


def select_variants(manifest: pa.Table, variants: list[str]) -> pa.Table:
    """Rows of these variants."""
    return manifest.filter(pc.is_in(manifest["variant"], value_set=pa.array(variants, pa.string())))


def check_whole(manifest: pa.Table) -> None:
    """Prove that no picture and no file stands in the manifest twice.

    Raises:
        ReconciliationError: Naming what is doubled.
    """
    for what, values in (
        (
            "picture, channel, format and width",
            # A channel may have a picture in several formats and widths.
            _joined(manifest, "sku", "view", "variant", "channel", "extension", "width_px"),
        ),
        ("published file", manifest["key"]),
    ):
        counted = pc.value_counts(values)
        doubled = counted.filter(pc.greater(counted.field("counts"), 1)).field("values")
        if len(doubled):
            shown = doubled[0].as_py().replace(NUL, "/")
            raise ReconciliationError(f"manifest: {what} {shown} is listed more than once")


def name_pictures(table: pa.Table) -> pa.ChunkedArray:
    """One text for each row that tells its picture: sku, view and variant."""
    return _joined(table, "sku", "view", "variant")


def _joined(table: pa.Table, *columns: str) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*(table[c].cast(pa.string()) for c in columns), NUL)


def describe_file(
    report: QualityReport,
    file: EncodedFile,
    *,
    look: Look,
    recipe: str,
    cutout: str,
    ends: date | None,
    approved_by: str = "",
) -> PublishedFile:
    """The manifest's row of one file of a rendition.

    Args:
        report: The rendition's.
        file: One of the report's.
        look: What made it.
        recipe: Fingerprint of everything but the picture that decided the result.
        cutout: Where the matte came from.
        ends: Last day of a season's picture.
        approved_by: Who approved it; empty: it passed by itself.
    """
    return PublishedFile(
        sku=report.sku,
        view=report.view,
        variant=report.variant,
        channel=file.channel,
        key=published_key(
            report.sku,
            report.view,
            report.variant,
            channel=file.channel,
            digest=file.sha256,
            extension=file.extension,
        ),
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        width_px=file.width_px,
        height_px=file.height_px,
        source_key=report.key,
        source_sha256=report.sha256,
        source_present=True,
        preset=look.preset.name,
        brand=look.brand.name,
        recipe=recipe,
        prepared=report.prepared,
        rendition=report.fingerprint,
        verdict=report.verdict,
        checks=report.rules,
        code_versions=json.dumps(steps_of(look), sort_keys=True),
        cutout=cutout,
        engine=look.preset.engine,
        checkpoint=report.checkpoint,
        strength=report.strength,
        seed=report.seed,
        ends=ends.isoformat() if ends else "",
        approved_by=approved_by,
        extension=file.extension,
        source_type=file.source_type,
        signed=file.signed,
    )
