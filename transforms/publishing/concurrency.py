"""Runs that overlap in time: what one may publish when another published, or is about to."""

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import StaleRunError
from transforms.publishing.manifest import NUL, ORDER, name_pictures, select_variants
from transforms.publishing.seasons import ended_since
from transforms.records.layout import run_key
from transforms.records.parquet import read_table
from transforms.runs.under_way import runs_under_way
from transforms.storage.protocol import Storage

_NAMED_IN_ERRORS = 5
_WORKED_ON = pa.array(["new", "changed", "redo"])

Rows = dict[str, list[dict[str, object]]]
"""Rows of a manifest by picture."""


def refuse_if_touched(
    planned: pa.Table,
    current: pa.Table,
    new: pa.Table,
    *,
    mine: pa.Table,
    approvals_count: bool = True,
) -> None:
    """Refuse to publish pictures that somebody else published, or took down, since this was begun.

    Of other pictures others may have done what they like: these stay as they are. Pictures that
    stand as planned, or already as they are to be, were not touched.

    Args:
        planned: What was published when this was begun, in the columns of PublishedFile, as are
            `current`, what is published now, and `new`, what is to be.
        current: See above.
        new: See above.
        mine: The pictures to look at, in the columns sku, view and variant.
        approvals_count: Whether a picture counts as touched that people approved on the review page
            meanwhile. Not for a night: what it made is newer than what they looked at.

    Raises:
        StaleRunError: Naming some that were touched; or a variant of theirs was taken down.
    """
    for variant in pc.unique(mine["variant"]).to_pylist():
        was_there, is_there = (len(select_variants(each, [variant])) for each in (planned, current))
        if was_there and not is_there:
            raise StaleRunError(
                f"variant {variant} was taken down meanwhile, so nothing of this run became visible"
            )
    names = pc.unique(name_pictures(mine))
    tables = [_of_pictures(each, names) for each in (planned, current, new)]
    if tables[1].equals(tables[0]):
        return
    was, now, shall = (_by_picture(each) for each in tables)
    touched = sorted(
        picture
        for picture in was.keys() | now.keys()
        if now.get(picture) not in (was.get(picture), shall.get(picture))
        and (approvals_count or not any(row["approved_by"] for row in now.get(picture, ())))
    )
    if touched:
        named = "; ".join(each.replace(NUL, " ") for each in touched[:_NAMED_IN_ERRORS])
        raise StaleRunError(
            f"another run published meanwhile, {len(touched)} of these very pictures ({named}), so "
            "nothing of this one became visible; run again (what is finished is not made twice)"
        )


def _of_pictures(manifest: pa.Table, names: pa.Array) -> pa.Table:
    """Rows of some pictures, without what a listing says of them."""
    rows = manifest.filter(pc.is_in(name_pictures(manifest), value_set=names)).sort_by(ORDER)
    return rows.drop_columns("source_present").combine_chunks()


def _by_picture(rows: pa.Table) -> Rows:
    found: Rows = {}
    for picture, row in zip(name_pictures(rows).to_pylist(), rows.to_pylist(), strict=True):
        found.setdefault(picture, []).append(row)
    return found


def refuse_if_ended(work: Storage, began: Mapping[str, datetime]) -> None:
    """Refuse to publish a season that a person ended while it was worked on.

    Args:
        work: Of the catalogue.
        began: Variant to when the work on it began.

    Raises:
        StaleRunError: Naming the variant.
    """
    for variant, moment in began.items():
        if ended_since(work, variant, moment):
            raise StaleRunError(
                f"variant {variant} was ended meanwhile, so nothing of this run became visible"
            )


def find_pictures_under_way(
    work: Storage, catalogue: str, now: datetime
) -> dict[tuple[str, str], str]:
    """Pictures that runs are working on, by key and variant: the run's id.

    Another try is left out: it publishes nothing.

    Args:
        work: The catalogue's work storage.
        catalogue: Its name.
        now: The moment, with a time zone.

    Raises:
        StorageError: Storage does not answer.
    """
    found: dict[tuple[str, str], str] = {}
    for run in runs_under_way(work, now):
        # Without a plan it has not begun, or another version of the code began it.
        if run.another_try or run.plan is None:
            continue
        configuration = run.plan.configuration
        if configuration.catalogue.name != catalogue:
            continue
        inventory = read_table(work, run_key(run.run_id, "inventory.parquet"), ["key", "change"])
        keys = inventory["key"].filter(pc.is_in(inventory["change"], value_set=_WORKED_ON))
        variants = [look.variant for look in configuration.looks]
        found |= {(key, variant): run.run_id for key in keys.to_pylist() for variant in variants}
    return found
