"""What became of every picture: decided, carried over, counted, reconciled with the listing.

`decide_state` decides one picture in one variant. `withhold` changes that where its run as a whole
does not go out, and `mark_approved` where people approved it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import NotFoundError, ReconciliationError
from transforms.presets.catalogue import Catalogue
from transforms.records.layout import RunFile
from transforms.records.outcomes import Outcome, State
from transforms.records.parquet import from_table, schema_of
from transforms.records.pictures import Change
from transforms.records.renditions import Judgement
from transforms.runs.inventory import REFUSED, REFUSED_MESSAGES, RUN_HELD
from transforms.runs.masks import stem
from transforms.runs.run import Run
from transforms.runs.summary import Counts

OUTCOMES = schema_of(Outcome)

UNFINISHED = "unfinished"
UNFINISHED_MESSAGE = "A task ended before it came to this picture; the next run takes it up again."
UNLIKE = "unlike_its_batch"
"""Reason of a picture that stands out from the others of its look in background, size, place or
light."""
ALREADY_PUBLISHED: RunFile = "already_published.parquet"
"""Of a run: outcomes of pictures that `validate` found published as they would be made now."""

Picture = tuple[str, str]
"""Key and variant."""
_Row = dict[str, Any]

_NAMED_IN_ERRORS = 5

_WORST_LAST = ("unchanged", "published", "deferred", "review", "quarantined", "failed")
"""A picture made in several variants is counted once, in the state that needs most attention."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What the stages of a run wrote down about one picture in one variant."""

    change: Change
    refused: str = ""
    """What is wrong with its name or its mask, in words; empty: nothing."""
    set_aside: tuple[str, str] | None = None
    """Reason and message of `validate`, or of `prepare`."""
    judgement: Judgement | None = None
    """What `check` says; None: it did not come to this picture."""
    unlike: str = ""
    """How it stands out from its batch, in words; empty: it does not."""


def decide_state(traces: Traces) -> tuple[State, str, str]:  # noqa: PLR0911 - one for each case
    """State, reason and message of a picture: the first of these that applies.

    A picture of which no stage wrote anything, because its task was killed or ran out of retries,
    is `failed`: nothing is lost silently.
    """
    if traces.change == "deferred":
        return "deferred", "", ""
    if traces.refused:
        return "quarantined", REFUSED[traces.change], traces.refused
    if traces.set_aside:
        return "quarantined", *traces.set_aside
    judgement = traces.judgement
    if judgement is None:
        return "failed", UNFINISHED, UNFINISHED_MESSAGE
    if judgement.reason:
        return "failed", judgement.reason, judgement.message
    if judgement.verdict == "PASS":
        return ("review", UNLIKE, traces.unlike) if traces.unlike else ("published", "", "")
    state: State = "review" if judgement.verdict == "REVIEW" else "failed"
    return state, judgement.reasons[0], f"The gate's rules: {', '.join(judgement.reasons)}."


def read_judgements(run: Run) -> list[Judgement]:
    """What `check` says of every rendition of a run; empty: it wrote nothing."""
    return from_table(run.columns("quality", list(Judgement.model_fields)), Judgement)


def settle(
    run: Run,
    inventory: pa.Table,
    judgements: Iterable[Judgement] = (),
    *,
    unlike: Mapping[Picture, str] | None = None,
) -> list[Outcome]:
    """Outcomes of all pictures that need one from this run, sorted by key and variant.

    Args:
        run: The run; its stages have ended.
        inventory: Columns of SourceImage; rows that are `unchanged` are passed over.
        judgements: As `read_judgements` gives them.
        unlike: What stands out from its batch, in words: `quality.batch.find_outliers`.
    """
    apart = _by_key(run, "quarantined.parquet", ["key", "sha256", "phash", "reason", "message"])
    sources = _by_key(run, "accepted.parquet", ["key", "sha256", "phash"])
    prepared = _rows(run.columns("prepared", ["key", "fingerprint", "reason", "message"]))
    refused = {key: row for key, row in prepared.items() if row["reason"]}
    judged = {(each.key, each.variant): each for each in judgements}
    recipes = {look.variant: run.plan.recipe(look) for look in run.plan.configuration.looks}
    catalogue = run.plan.configuration.catalogue

    outcomes = read_already_published(run)
    done = {outcome.key for outcome in outcomes}
    todo = inventory.filter(pc.not_equal(inventory["change"], "unchanged"))
    for image in todo.to_pylist():
        key = image["key"]
        if key in done:
            continue
        source = sources.get(key) or apart.get(key) or {"sha256": "", "phash": ""}
        away = apart.get(key) or refused.get(key)
        for variant, recipe in recipes.items():
            judgement = judged.get((key, variant))
            traces = Traces(
                change=image["change"],
                refused=_refusal(image, catalogue),
                set_aside=(away["reason"], away["message"]) if away else None,
                judgement=judgement,
                unlike=(unlike or {}).get((key, variant), ""),
            )
            state, reason, message = decide_state(traces)
            outcomes.append(
                Outcome(
                    **{name: image[name] for name in ("key", "sku", "view", "etag", "size_bytes")},
                    sha256=source["sha256"],
                    phash=source["phash"],
                    variant=variant,
                    recipe=recipe,
                    state=state,
                    reason=reason,
                    message=message,
                    fingerprint=judgement.fingerprint if judgement else "",
                    prepared=prepared[key]["fingerprint"] if key in prepared else "",
                )
            )
    return sorted(outcomes, key=lambda outcome: (outcome.key, outcome.variant))


def read_already_published(run: Run) -> list[Outcome]:
    """Outcomes of the pictures that this run need not make, since they are published."""
    try:
        return run.records(ALREADY_PUBLISHED, Outcome)
    except NotFoundError:
        return []


def withhold(outcomes: Iterable[Outcome], *, reason: str, message: str) -> list[Outcome]:
    """Outcomes of a run that does not go out: what passed waits, or is made by the next run.

    Args:
        outcomes: As `settle` gives them.
        reason: Of the run: `RUN_HELD`, and its pictures wait for a person; else they `failed`.
        message: Why, in words.
    """
    state: State = "review" if reason == RUN_HELD else "failed"
    changed = {"state": state, "reason": reason, "message": message}
    return [
        each.model_copy(update=changed) if each.state == "published" else each for each in outcomes
    ]


def _refusal(image: _Row, catalogue: Catalogue) -> str:
    """What is wrong with a picture's name or mask; empty: nothing."""
    if image["change"] not in REFUSED:
        return ""
    return REFUSED_MESSAGES[image["change"]].format(
        sku=image["sku"],
        view=image["view"],
        patterns=" or ".join(catalogue.keys),
        stem=stem(image["key"]),
    )


def _by_key(run: Run, name: RunFile, columns: list[str]) -> dict[str, _Row]:
    try:
        return _rows(run.table(name, columns))
    except NotFoundError:
        return {}  # validation did not end: its pictures come out as unfinished


def _rows(table: pa.Table) -> dict[str, _Row]:
    return {row["key"]: row for row in table.to_pylist()}


def carry_over(previous: pa.Table, keys: pa.ChunkedArray, variants: list[str]) -> pa.Table:
    """Last outcomes of pictures that this run need not touch: published ones are unchanged now."""
    kept = previous.filter(
        pc.and_(
            pc.is_in(previous["key"], value_set=pc.unique(keys)),
            pc.is_in(previous["variant"], value_set=pa.array(variants, pa.string())),
        )
    )
    state = pc.if_else(pc.equal(kept["state"], "published"), "unchanged", kept["state"])
    return kept.set_column(OUTCOMES.get_field_index("state"), OUTCOMES.field("state"), state)


def mark_approved(outcomes: pa.Table, manifest: pa.Table, *, state: State) -> pa.Table:
    """Outcomes in which pictures that people approved, and that are published, wait no more.

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
        _join_columns(outcomes, *made, "sha256"),
        value_set=_join_columns(out, *made, "source_sha256"),
    )
    waits = pc.is_in(outcomes["state"], value_set=pa.array(["review", "failed"]))
    met = pc.and_(waits, pc.is_valid(place))
    shown = pc.take(out["rendition"], place)
    for name, value in (("state", state), ("reason", ""), ("message", ""), ("fingerprint", shown)):
        column = pc.if_else(met, value, outcomes[name])
        field = OUTCOMES.field(name)
        outcomes = outcomes.set_column(OUTCOMES.get_field_index(name), field, column)
    return outcomes


def _join_columns(table: pa.Table, *columns: str) -> pa.Array:
    text = pc.binary_join_element_wise(*(table[name] for name in columns), "\x00")
    return text.combine_chunks()


def select_other_variants(
    previous: pa.Table, listed: pa.ChunkedArray, variants: list[str]
) -> pa.Table:
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
                f"lost: {_name_some(lost)}; not listed: {_name_some(made_up)}; doubled: {doubled}"
            )


def _name_some(keys: pa.ChunkedArray) -> str:
    return f"{len(keys)} {keys.slice(0, _NAMED_IN_ERRORS).to_pylist()}"
