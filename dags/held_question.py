"""The words of the question about a held run. Imports nothing heavy: DAG files import this."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transforms.publishing.release import HeldRun

_EXAMPLES = 5
_REASONS = 5
_STATES = ("published", "unchanged", "review", "quarantined", "failed", "deferred")


def word_question(held: "HeldRun", *, page: str, until: datetime) -> tuple[str, str]:
    """The question about a held run: its subject in one line, and its body in Markdown.

    Names come from files and may be anything, so they stand as code, which no viewer obeys.

    Args:
        held: The run.
        page: Address of its pictures.
        until: When the question is closed, in UTC.

    Returns:
        Subject and body.
    """
    summary = held.summary
    counts, reasons = held.count_as_released()
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
    frequent = [f"{count} of {_code(code)}" for code, count in [*reasons.items()][:_REASONS]]
    if frequent:
        lines += [f"Most frequent reasons: {', '.join(frequent)}.", ""]
    lines += [f"- {line}" for line in _name_failures(held)]
    consequences = (
        f"**Approve** publishes the {held.going} that passed, exactly as they were measured; those "
        "that somebody rejected on that page stay out. **Reject**, or no answer until "
        f"{until:%d %B, %H:%M} UTC, publishes nothing: shops keep what they have, and the next run "
        "makes these pictures again."
    )
    lines += ["", f"[Look at the pictures]({page})", "", consequences]
    return subject, "\n".join(lines)


def _name_failures(held: "HeldRun") -> list[str]:
    failures = held.failures()
    lines = [
        f"{_code(each.key)} {each.state}: {_code(each.reason)}" for each in failures[:_EXAMPLES]
    ]
    left = len(failures) - len(lines)
    return [*lines, f"and {left} more"] if left else lines


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
