"""A run that is held as a whole: what a person is asked, and what they let out by saying yes."""

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import AuditError
from transforms.records.fingerprint import fingerprint, sha256
from transforms.records.layout import run_key, safe_run_id
from transforms.records.outcomes import Outcome
from transforms.records.parquet import from_table, parse_lasting
from transforms.runs.inventory import RUN_HELD
from transforms.runs.outcomes import OUTCOMES, tally
from transforms.runs.summary import Counts, Summary, read_summary
from transforms.storage.protocol import Storage

_EXAMPLES = 5
_REASONS = 5
_STATES = ("published", "unchanged", "review", "quarantined", "failed", "deferred")


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run of which too much went wrong. Nothing that is written about it changes any more."""

    summary: Summary
    outcomes: pa.Table
    """Of its own variants, in the columns of Outcome."""
    shown: str
    """Fingerprint of all that a person is told about it: their word is about exactly that."""

    @property
    def released(self) -> pa.Table:
        """Its outcomes as they are once it is released."""
        return mark_released(self.outcomes)

    @property
    def counts(self) -> Counts:
        """Its pictures by state, as they are once it is released."""
        return tally(self.released)[0]


def read_held_run(work: Storage, run_id: str) -> HeldRun | None:
    """A run that a person may release; None: it ended otherwise.

    Raises:
        NotFoundError: It has not ended, or is no longer kept.
        StorageError: Storage does not answer.
    """
    summary = read_summary(work, run_id)
    if summary.ending != "held" or not summary.hold:
        return None
    key = run_key(run_id, "outcomes.parquet")
    data = work.read(key)
    table = parse_lasting(data, f"{work.uri}/{key}", Outcome)
    mine = table.filter(pc.is_in(table["variant"], value_set=pa.array(summary.variants)))
    return HeldRun(summary, mine, fingerprint(sha256(data), *summary.hold))


def mark_released(outcomes: pa.Table) -> pa.Table:
    """Outcomes in which what passed, and waits because its run is held, is published."""
    waits = pc.and_(pc.equal(outcomes["state"], "review"), pc.equal(outcomes["reason"], RUN_HELD))
    for name, value in (("state", "published"), ("reason", ""), ("message", "")):
        column = pc.if_else(waits, value, outcomes[name])
        outcomes = outcomes.set_column(OUTCOMES.get_field_index(name), OUTCOMES.field(name), column)
    return outcomes


def released_run_id(run_id: str) -> str:
    """Name of the run that lets a held one out."""
    return safe_run_id(f"{run_id}-released")


def checked(held: HeldRun | None, run_id: str, shown: str) -> HeldRun:
    """A held run, if it is the one that a person was told about.

    Raises:
        AuditError: It is not held, or they were told something else.
    """
    if held is None:
        raise AuditError(f"run {run_id} is not held, so there is nothing to release")
    if held.shown != shown:
        raise AuditError(
            f"run {run_id} is not as it was when it was released; nothing was published: look again"
        )
    return held


def question(held: HeldRun, *, page: str, until: datetime) -> tuple[str, str]:
    """What a person is asked: a line, and Markdown.

    Names come from files and may be anything, so they are told as code, which no viewer obeys.

    Args:
        held: The run.
        page: Address of its pictures.
        until: When the question is closed.
    """
    summary, counts = held.summary, held.counts
    going = pc.sum(pc.equal(held.outcomes["reason"], RUN_HELD)).as_py() or 0
    subject = f"{summary.catalogue} ({', '.join(summary.variants)}) is held: {summary.hold[0]}"
    lines = [
        "**Nothing of this run is visible in the shop.** It is held, because",
        "",
        *(f"- {_plain(reason)}" for reason in summary.hold),
        "",
        "Its pictures, if you approve:",
        "",
        *(
            f"- {count} {state}"
            for state, count in ((name, getattr(counts, name)) for name in _STATES)
            if count
        ),
        "",
    ]
    reasons = [f"{count} of {_code(code)}" for code, count in _reasons(held)]
    if reasons:
        lines += [f"Most frequent reasons: {', '.join(reasons)}.", ""]
    lines += [f"- {told}" for told in _examples(held)]
    consequences = (
        f"**Approve** publishes the {going} that passed, exactly as they were measured; those that "
        "somebody rejected on that page stay out. **Reject**, or no answer until "
        f"{until:%d %B, %H:%M} UTC, publishes nothing: shops keep what they have, and the next run "
        "makes these pictures again."
    )
    lines += ["", f"[Look at the pictures]({page})", "", consequences]
    return subject, "\n".join(lines)


def _reasons(held: HeldRun) -> list[tuple[str, int]]:
    return list(tally(held.released)[1].items())[:_REASONS]


def _examples(held: HeldRun) -> list[str]:
    bad = held.outcomes.filter(
        pc.is_in(held.outcomes["state"], value_set=pa.array(["failed", "quarantined"]))
    )
    rows = from_table(bad.slice(0, _EXAMPLES), Outcome)
    told = [f"{_code(row.key)} {row.state}: {_code(row.reason)}" for row in rows]
    return [*told, f"and {len(bad) - len(rows)} more"] if len(bad) > len(rows) else told


def _plain(text: str) -> str:
    """Text of ours in which nothing is Markdown."""
    return "".join(f"\\{each}" if each in r"\`*_{}[]<>()#+-!|~&" else each for each in text)


def _code(text: str) -> str:
    """Any text as a span of code: no Markdown, no HTML and no address in it works."""
    flat = " ".join(text.split()) or " "
    longest, run = 0, 0
    for each in flat:
        run = run + 1 if each == "`" else 0
        longest = max(longest, run)
    fence = "`" * (longest + 1)
    return f"{fence} {flat} {fence}"
