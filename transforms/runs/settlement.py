"""Says what became of every picture a run worked on, by what its stages wrote down."""

import pyarrow as pa

from transforms.errors import NotFoundError
from transforms.records.outcomes import Outcome, State
from transforms.records.parquet import read_table
from transforms.records.pictures import Change
from transforms.runs.inventory import REFUSED
from transforms.runs.masks import stem
from transforms.runs.run import Run

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
_REFUSED_MESSAGES = {
    "clash": CLASH_MESSAGE,
    "misfit": MISFIT_MESSAGE,
    "mask_alone": MASK_ALONE_MESSAGE,
    "several_masks": SEVERAL_MASKS_MESSAGE,
}
UNFINISHED = "unfinished"
UNFINISHED_MESSAGE = "A task ended before it came to this picture; the next run takes it up again."

_Row = dict[str, str]
_KNOWN = ("key", "sku", "view", "etag", "size_bytes")


def settle(run: Run, inventory: pa.Table) -> list[Outcome]:
    """Outcomes of all pictures that need one from this run, sorted by key and variant.

    A picture of which no stage wrote anything, because its task was killed or ran out of
    retries, is `failed`: nothing is lost silently.

    Args:
        run: The run; its stages have ended.
        inventory: Columns of SourceImage; rows that are `unchanged` are passed over.
    """
    quarantined = _by_key(
        run, "quarantined.parquet", ["key", "sha256", "phash", "reason", "message"]
    )
    accepted = _by_key(run, "accepted.parquet", ["key", "sha256", "phash"])
    prepared = run.columns("prepared", ["key", "fingerprint", "reason", "message"]).to_pylist()
    refused = {row["key"]: row for row in prepared if row["reason"]}
    made = {row["key"]: row["fingerprint"] for row in prepared}
    columns = ["key", "variant", "fingerprint", "verdict", "reasons", "reason", "message"]
    verdicts = run.columns("quality", columns).to_pylist()
    checked = {(row["key"], row["variant"]): row for row in verdicts}

    outcomes = []
    for image in inventory.to_pylist():
        key, change = image["key"], image.pop("change")
        if change == "unchanged":
            continue
        known = {name: image[name] for name in _KNOWN}
        source = accepted.get(key) or quarantined.get(key) or {"sha256": "", "phash": ""}
        for look in run.plan.configuration.looks:
            verdict = checked.get((key, look.variant))
            state, reason, message = (
                _before_work(run, image, change)
                or _set_aside(quarantined.get(key) or refused.get(key))
                or _judged(verdict)
            )
            outcomes.append(
                Outcome(
                    **known,
                    sha256=source["sha256"],
                    phash=source["phash"],
                    variant=look.variant,
                    recipe=run.plan.recipe(look),
                    state=state,
                    reason=reason,
                    message=message,
                    fingerprint=verdict["fingerprint"] if verdict else "",
                    prepared=made.get(key, ""),
                )
            )
    return sorted(outcomes, key=lambda outcome: (outcome.key, outcome.variant))


def _before_work(run: Run, image: _Row, change: Change) -> tuple[State, str, str] | None:
    if change == "deferred":
        return "deferred", "", ""
    if change not in REFUSED:
        return None
    message = _REFUSED_MESSAGES[change].format(
        sku=image["sku"],
        view=image["view"],
        patterns=" or ".join(run.plan.configuration.catalogue.keys),
        stem=stem(image["key"]),
    )
    return "quarantined", REFUSED[change], message


def _set_aside(row: _Row | None) -> tuple[State, str, str] | None:
    return ("quarantined", row["reason"], row["message"]) if row else None


def _judged(row: dict[str, str] | None) -> tuple[State, str, str]:
    if row is None:
        return "failed", UNFINISHED, UNFINISHED_MESSAGE
    if row["reason"]:
        return "failed", row["reason"], row["message"]
    if row["verdict"] == "PASS":
        return "published", "", ""
    state: State = "review" if row["verdict"] == "REVIEW" else "failed"
    return state, row["reasons"][0], f"The gate's rules: {', '.join(row['reasons'])}."


def _by_key(run: Run, name: str, columns: list[str]) -> dict[str, _Row]:
    try:
        rows = read_table(run.places.work, run.key(name), columns).to_pylist()
    except NotFoundError:
        return {}  # validation did not end: its pictures come out as unfinished
    return {row["key"]: row for row in rows}
