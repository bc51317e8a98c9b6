"""Compares a listing with what is known, column by column: made for millions of keys."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from transforms.presets.catalogue import Catalogue
from transforms.presets.scope import EVERYTHING, Scope
from transforms.records.outcomes import Outcome
from transforms.records.parquet import schema_of
from transforms.records.pictures import SourceImage
from transforms.runs.masks import ALONE, SEVERAL, attach_masks

INVENTORY = schema_of(SourceImage)

CLASH, MISFIT = "same_sku_view", "key_does_not_fit"
DUPLICATE = "duplicate_picture"
"""Reason of a picture that is there already under another name: which product does it show?"""
ALSO_USED, NEAR_DUPLICATE = "also_used_by", "near_duplicate"
"""Warnings on a picture that another one repeats, or that looks like another one."""
RUN_HELD = "run_held"
"""Reason of pictures that passed while their run did not: no verdict on them, so made again."""

REFUSED = {"clash": CLASH, "misfit": MISFIT, "mask_alone": ALONE, "several_masks": SEVERAL}
"""Changes that keep a key out of the run, and the reason that its outcome gives."""

CLASH_MESSAGE = "Two files claim sku {sku}, view {view}. Keep one and remove or rename the others."
MISFIT_MESSAGE = (
    "The file's name does not say which product and view it shows. "
    "Name it like {patterns}, with an ending such as .jpg, .png, .webp or .tif."
)
MASK_ALONE_MESSAGE = (
    "By its name this is a mask, but no picture that can be used is called {stem}.jpg (or .png, "
    ".webp, .tif): upload that picture, or name the mask like its picture."
)
SEVERAL_MASKS_MESSAGE = (
    "There are several masks for one picture. Keep {stem}.mask.png and remove the others."
)
REFUSED_MESSAGES = {
    "clash": CLASH_MESSAGE,
    "misfit": MISFIT_MESSAGE,
    "mask_alone": MASK_ALONE_MESSAGE,
    "several_masks": SEVERAL_MASKS_MESSAGE,
}
"""By change, what is wrong and what to do, in words; names in braces are filled in."""

NOT_FINAL = (*REFUSED.values(), RUN_HELD, "vanished", "replaced", "changed_meanwhile")
"""Reasons that say nothing about the picture as it is now."""

_NUL = "\x00"  # no key of a picture holds it, so joined columns stay apart
_BATCH = 65_536


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a listing says against the last inventory."""

    inventory: pa.Table
    """Every listed key in the columns of SourceImage, sorted by key; a mask that belongs to a
    picture is part of its row and has none."""
    removed: pa.Array
    """Keys of the last inventory that this one does not hold."""

    def counts(self) -> dict[str, int]:
        """How many keys there are of each change."""
        counted = pc.value_counts(self.inventory["change"]).to_pylist()
        counts = {each["values"]: each["counts"] for each in counted}
        return {**dict(sorted(counts.items())), "removed": len(self.removed)}

    def keys(self, *changes: str) -> pa.Table:
        """Rows with one of these changes."""
        return self.inventory.filter(pc.is_in(self.inventory["change"], pa.array(changes)))


def compare(
    listing: pa.Table,
    previous: pa.Table | None,
    published: pa.Table | None,
    *,
    catalogue: Catalogue,
    recipes: dict[str, str],
    scope: Scope = EVERYTHING,
) -> Comparison:
    """Tell what has to be done.

    A key is unchanged if its last outcome, under the same recipe, was final: set aside or
    waiting for review, or published and still in the manifest. The manifest is the truth: after
    a rollback, or a run that was killed, what it lacks is made again.

    Args:
        listing: Columns of `storage.protocol.LISTING`.
        previous: Last outcomes in the columns of Outcome; None: there are none.
        published: Current manifest in the columns of PublishedFile; None: there is none.
        catalogue: Says how a key gives sku and view.
        recipes: Variant to the fingerprint of how it is made now.
        scope: What the run is asked to do. Of products outside, what is known stays as it is;
            the others, and those beyond its limit, are `deferred`.
    """
    listing = listing.select(["key", "etag", "size_bytes"]).sort_by("key")
    names = _read_names(listing["key"], catalogue)
    for name, column in zip(("sku", "view"), names, strict=True):
        listing = listing.append_column(name, column)
    listing = attach_masks(listing)
    refused = _find_refusals(listing)

    if previous is None:
        previous = schema_of(Outcome).empty_table()
    seen = _join_columns(listing["key"], listing["etag"], listing["size_bytes"])
    removed = _distinct(previous["key"].filter(_is_not_among(previous["key"], listing["key"])))
    change = pc.if_else(
        _is_among(seen, _identity(previous)),
        "redo",
        pc.if_else(_is_among(listing["key"], previous["key"]), "changed", "new"),
    )
    settled = _find_settled(seen, previous, published, recipes, redo=scope.redo)
    todo = pc.invert(pc.or_(settled, pc.is_valid(refused)))
    if pc.any(todo).as_py() or len(removed):
        # What a duplicate repeated may be gone or changed, so duplicates are looked at again.
        duplicates = previous.filter(pc.equal(previous["reason"], DUPLICATE))
        settled = pc.and_(settled, pc.invert(_is_among(seen, _identity(duplicates))))
    change = pc.if_else(settled, "unchanged", change)
    if not scope.all_products:
        outside = pc.invert(_takes(scope, listing["sku"]))
        known = _known_in_all(listing["key"], previous, recipes)
        left = pc.if_else(known, "unchanged", "deferred")
        change = pc.if_else(outside, left, change)
    change = pc.coalesce(refused, change)
    inventory = pa.table(
        {
            "key": listing["key"],
            "sku": pc.fill_null(listing["sku"], ""),
            "view": pc.fill_null(listing["view"], ""),
            "etag": listing["etag"],
            "size_bytes": listing["size_bytes"],
            "change": change,
            "mask": listing["mask"],
            "mask_size_bytes": listing["mask_size_bytes"],
        },
        schema=INVENTORY,
    )
    return Comparison(_defer_beyond(inventory, scope.limit), removed)


def _takes(scope: Scope, skus: pa.ChunkedArray) -> pa.ChunkedArray:
    """Which rows are of products that the run is asked to take up."""
    taken = [sku for sku in pc.unique(skus).drop_null().to_pylist() if scope.takes(sku)]
    return pc.is_in(skus, value_set=pa.array(taken, pa.string()))


def _known_in_all(
    keys: pa.ChunkedArray, previous: pa.Table, recipes: dict[str, str]
) -> pa.ChunkedArray:
    """Which keys have an outcome in every variant, so that it can be carried over."""
    known = pa.chunked_array([pa.repeat(True, len(keys))])
    for variant in recipes:
        of_variant = previous.filter(pc.equal(previous["variant"], variant))
        known = pc.and_(known, _is_among(keys, of_variant["key"]))
    return known


def _find_refusals(listing: pa.Table) -> pa.ChunkedArray:
    """Change of each key that must not be worked on; null of the others."""
    misfit = pc.is_null(listing["sku"])
    clash = pc.and_(
        pc.invert(misfit), _find_repeated(_join_columns(listing["sku"], listing["view"]))
    )
    fault = listing["mask_fault"]
    return pc.case_when(
        pc.make_struct(clash, pc.equal(fault, SEVERAL), pc.equal(fault, ALONE), misfit),
        "clash",
        "several_masks",
        "mask_alone",
        "misfit",
    )


def _find_settled(
    seen: pa.ChunkedArray,
    previous: pa.Table,
    published: pa.Table | None,
    recipes: dict[str, str],
    *,
    redo: bool,
) -> pa.ChunkedArray:
    """Which listed objects need no work in any variant; without `redo`, whatever their recipe."""
    settled = pa.chunked_array([pa.repeat(True, len(seen))])
    for variant, recipe in recipes.items():
        known = previous.filter(pc.equal(previous["variant"], variant))
        if redo:
            known = known.filter(pc.equal(known["recipe"], recipe))
        waiting = known.filter(
            pc.and_(
                pc.is_in(known["state"], pa.array(["review", "quarantined"])),
                pc.invert(pc.is_in(known["reason"], pa.array(NOT_FINAL))),
            )
        )
        shown = known.filter(pc.is_in(known["state"], pa.array(["published", "unchanged"])))
        if published is None:
            shown = shown.slice(0, 0)
        else:
            # The prepared image tells apart what was made of one photograph with other masks.
            columns = ("sku", "view", "variant", "recipe", "prepared")
            held = _join_columns(*(published[c] for c in (*columns, "source_sha256", "source_key")))
            mine = _join_columns(*(shown[c] for c in (*columns, "sha256", "key")))
            shown = shown.filter(_is_among(mine, held))
        final = pa.chunked_array(
            [*_identity(waiting).chunks, *_identity(shown).chunks], type=pa.string()
        )
        settled = pc.and_(settled, _is_among(seen, final))
    return settled


def _read_names(
    keys: pa.ChunkedArray, catalogue: Catalogue
) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Sku and view of each key, null for a misfit; in batches, so that memory stays small."""
    skus, views = [], []
    for start in range(0, len(keys), _BATCH):
        names = [
            catalogue.sku_and_view(key) or (None, None)
            for key in keys.slice(start, _BATCH).to_pylist()
        ]
        skus.append(pa.array([sku for sku, _ in names], pa.string()))
        views.append(pa.array([view for _, view in names], pa.string()))
    return pa.chunked_array(skus, pa.string()), pa.chunked_array(views, pa.string())


def _defer_beyond(inventory: pa.Table, limit: int | None) -> pa.Table:
    if limit is None:
        return inventory
    todo = pc.is_in(inventory["change"], pa.array(["new", "changed", "redo"]))
    rank = pc.cumulative_sum(pc.cast(todo, pa.int64()))
    late = pc.and_(todo, pc.greater(rank, limit))
    change = pc.if_else(late, "deferred", inventory["change"])
    return inventory.set_column(
        INVENTORY.get_field_index("change"), INVENTORY.field("change"), change
    )


def _identity(outcomes: pa.Table) -> pa.ChunkedArray:
    return _join_columns(outcomes["key"], outcomes["etag"], outcomes["size_bytes"])


def _join_columns(*columns: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*(pc.cast(c, pa.string()) for c in columns), _NUL)


def _is_among(values: pa.ChunkedArray, among: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.is_in(values, value_set=_distinct(among), skip_nulls=True)


def _is_not_among(values: pa.ChunkedArray, among: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.invert(_is_among(values, among))


def _distinct(values: pa.ChunkedArray) -> pa.Array:
    distinct = pc.unique(values)
    return distinct.combine_chunks() if isinstance(distinct, pa.ChunkedArray) else distinct


def _find_repeated(values: pa.ChunkedArray) -> pa.ChunkedArray:
    counted = pc.value_counts(values.drop_null())
    several = counted.filter(pc.greater(counted.field("counts"), 1)).field("values")
    return _is_among(values, several)
