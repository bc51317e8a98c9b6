"""Masks that people supply: `front.mask.png` beside `front.jpg` says which pixels are product."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from transforms.presets.catalogue import MASK_ENDING

ALONE, SEVERAL = "mask_without_picture", "several_masks"

_EXTENSION = r"\.[^./]*$"


def attach_masks(listing: pa.Table) -> pa.Table:
    """Give every picture its mask; masks that belong to a picture are rows no more.

    A mask belongs to each picture whose key, but for the extension, is its own: clashing ones
    share it. It becomes part of their identity, so whoever adds, replaces or removes a mask
    changes the picture, and no other.

    Args:
        listing: Columns key, etag, size_bytes and sku; sku is null where the key is of no picture
            that can be used.

    Returns:
        The columns of `listing`, with the mask's identity joined to `etag`, and beside them
        `mask` (its key; empty: none), `mask_size_bytes` and `mask_fault`: `ALONE` of a mask
        without a picture, `SEVERAL` of a picture with more than one mask and of these masks,
        else empty. Sorted by key if `listing` is.
    """
    is_mask = pc.ends_with(listing["key"], MASK_ENDING, ignore_case=True)
    if not pc.any(is_mask).as_py():
        return _add_columns(listing, mask="", mask_size_bytes=0, mask_fault="")
    masks, others = listing.filter(is_mask), listing.filter(pc.invert(is_mask))
    of_masks = pc.utf8_slice_codeunits(masks["key"], 0, -len(MASK_ENDING))
    stems = pc.list_element(pc.split_pattern(others["key"], ".", max_splits=1, reverse=True), 0)
    stems = pc.if_else(pc.is_valid(others["sku"]), stems, None)

    counted = pc.value_counts(of_masks)
    at = pc.index_in(stems, value_set=counted.field("values"), skip_nulls=True)
    repeated = counted.filter(pc.greater(counted.field("counts"), 1)).field("values")
    several = pc.is_in(of_masks, value_set=repeated)
    belongs = pc.is_in(of_masks, value_set=stems.filter(pc.is_valid(at)).combine_chunks())
    fault = pc.if_else(belongs, pc.if_else(several, SEVERAL, ""), ALONE)
    left = _add_columns(masks, mask="", mask_size_bytes=0, mask_fault=fault)

    single = masks.filter(pc.invert(several))
    stems_of_single = of_masks.filter(pc.invert(several)).combine_chunks()
    mine = single.take(pc.index_in(stems, value_set=stems_of_single, skip_nulls=True))
    joined = _join_identities(others["etag"], mine["etag"], mine["size_bytes"])
    pictures = _add_columns(
        others.set_column(
            others.schema.get_field_index("etag"), "etag", pc.coalesce(joined, others["etag"])
        ),
        mask=pc.coalesce(mine["key"], pa.scalar("")),
        mask_size_bytes=pc.coalesce(mine["size_bytes"], pa.scalar(0)),
        mask_fault=pc.if_else(pc.is_in(stems, value_set=repeated, skip_nulls=True), SEVERAL, ""),
    )
    left = left.filter(pc.not_equal(left["mask_fault"], ""))
    return pa.concat_tables([pictures, left.cast(pictures.schema)]).sort_by("key")


def stem(key: str) -> str:
    """What a picture's key and its mask's have in common."""
    if key.lower().endswith(MASK_ENDING):
        return key[: -len(MASK_ENDING)]
    return re.sub(_EXTENSION, "", key)


def _join_identities(
    etag: pa.ChunkedArray, mask_etag: pa.ChunkedArray, mask_size_bytes: pa.ChunkedArray
) -> pa.ChunkedArray:
    """Identity of pictures with their masks; null where there is no mask."""
    size = pc.cast(mask_size_bytes, pa.string())
    return pc.binary_join_element_wise(etag, "mask", mask_etag, size, " ")


def _add_columns(table: pa.Table, **columns: pa.ChunkedArray | str | int) -> pa.Table:
    """The table with more columns; a plain value is every row's."""
    for name, values in columns.items():
        plain = isinstance(values, str | int)
        table = table.append_column(name, pa.repeat(values, len(table)) if plain else values)
    return table
