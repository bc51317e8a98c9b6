"""Where every picture of a run ended: carried over, counted, and reconciled with the listing."""

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import ReconciliationError
from transforms.records.outcomes import Outcome, State
from transforms.records.parquet import schema_of
from transforms.runs.summary import Counts

OUTCOMES = schema_of(Outcome)

_NAMED_IN_ERRORS = 5

_WORST_LAST = ("unchanged", "published", "deferred", "review", "quarantined", "failed")
"""A picture made in several variants is counted once, in the state that needs most attention."""


def carried(previous: pa.Table, keys: pa.ChunkedArray, variants: list[str]) -> pa.Table:
    """Last outcomes of pictures that this run need not touch: published ones are unchanged now."""
    kept = previous.filter(
        pc.and_(
            pc.is_in(previous["key"], value_set=pc.unique(keys)),
            pc.is_in(previous["variant"], value_set=pa.array(variants, pa.string())),
        )
    )
    state = pc.if_else(pc.equal(kept["state"], "published"), "unchanged", kept["state"])
    return kept.set_column(OUTCOMES.get_field_index("state"), OUTCOMES.field("state"), state)


def as_approved(outcomes: pa.Table, manifest: pa.Table, *, state: State) -> pa.Table:
    """Outcomes in which pictures that people let out meanwhile wait no more.

    The manifest says which, so that nothing depends on which of two runs ended first.

    Args:
        outcomes: Columns of Outcome.
        manifest: What is published now, in the columns of PublishedFile.
        state: What such pictures get: `unchanged` where another run published them.
    """
    out = manifest.filter(pc.not_equal(manifest["approved_by"], ""))
    if not len(out):
        return outcomes
    made = ("sku", "view", "variant", "recipe", "prepared")
    place = pc.index_in(
        _joined(outcomes, *made, "sha256"), value_set=_joined(out, *made, "source_sha256")
    )
    waits = pc.is_in(outcomes["state"], value_set=pa.array(["review", "failed"]))
    met = pc.and_(waits, pc.is_valid(place))
    shown = pc.take(out["rendition"], place)
    for name, value in (("state", state), ("reason", ""), ("message", ""), ("fingerprint", shown)):
        column = pc.if_else(met, value, outcomes[name])
        field = OUTCOMES.field(name)
        outcomes = outcomes.set_column(OUTCOMES.get_field_index(name), field, column)
    return outcomes


def _joined(table: pa.Table, *columns: str) -> pa.Array:
    text = pc.binary_join_element_wise(*(table[name] for name in columns), "\x00")
    return text.combine_chunks()


def of_other_variants(previous: pa.Table, listed: pa.ChunkedArray, variants: list[str]) -> pa.Table:
    """Last outcomes, of keys still listed, in variants that this run does not make."""
    return previous.filter(
        pc.and_(
            pc.is_in(previous["key"], value_set=pc.unique(listed)),
            pc.invert(pc.is_in(previous["variant"], value_set=pa.array(variants, pa.string()))),
        )
    )


def tally(outcomes: pa.Table) -> tuple[Counts, dict[str, int]]:
    """Count pictures by state, and those that are not published by reason.

    Args:
        outcomes: Rows of the variants to count, in the columns of Outcome.
    """
    rank = pc.index_in(outcomes["state"], pa.array(_WORST_LAST))
    table = pa.table({"key": outcomes["key"], "rank": rank, "reason": outcomes["reason"]})
    worst = table.group_by("key").aggregate([("rank", "max")])
    counted = pc.value_counts(worst["rank_max"]).to_pylist()
    states = {_WORST_LAST[each["values"]]: each["counts"] for each in counted}
    told = table.filter(pc.not_equal(table["reason"], "")).select(["key", "reason"])
    distinct = told.group_by(["key", "reason"]).aggregate([])
    reasons = {
        each["values"]: each["counts"] for each in pc.value_counts(distinct["reason"]).to_pylist()
    }
    by_count = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return Counts(listed=len(worst), **states), dict(by_count)


def reconcile(outcomes: pa.Table, listed: pa.ChunkedArray, variants: list[str]) -> None:
    """Prove that every listed picture has exactly one outcome in every variant.

    Raises:
        ReconciliationError: Naming pictures that would be lost, doubled or made up.
    """
    for variant in variants:
        keys = outcomes["key"].filter(pc.equal(outcomes["variant"], variant))
        lost = listed.filter(pc.invert(pc.is_in(listed, value_set=pc.unique(keys))))
        made_up = keys.filter(pc.invert(pc.is_in(keys, value_set=pc.unique(listed))))
        doubled = len(keys) - len(pc.unique(keys))
        if len(lost) or len(made_up) or doubled:
            raise ReconciliationError(
                f"variant {variant}: {len(listed)} pictures listed, {len(keys)} outcomes; "
                f"lost: {_named(lost)}; not listed: {_named(made_up)}; doubled: {doubled}"
            )


def _named(keys: pa.ChunkedArray) -> str:
    return f"{len(keys)} {keys.slice(0, _NAMED_IN_ERRORS).to_pylist()}"
