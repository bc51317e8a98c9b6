"""Markdown that reference pages are put together from."""

import re
import textwrap
from collections.abc import Iterable, Sequence

_SECTIONS = re.compile(r"^(Args|Returns|Raises|Yields):$", re.MULTILINE)
_ENTRY = re.compile(r"^(\w+): (.*)$", re.DOTALL)


def cell(text: object) -> str:
    """Text that stays within its cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def code(text: object) -> str:
    """Text as code; empty stays empty."""
    shown = str(text)
    return f"`{shown}`" if shown else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table, without the columns that no row fills."""
    filled = [[cell(each) for each in row] for row in rows]
    kept = [n for n in range(len(heads)) if n == 0 or any(row[n] for row in filled)]
    lines = ["| " + " | ".join(heads[n] for n in kept) + " |", "|---" * len(kept) + "|"]
    lines += ["| " + " | ".join(row[n] for n in kept) + " |" for row in filled]
    return "\n".join(lines)


def heading(level: int, text: str, anchor: str | None = None) -> str:
    """A heading, with an anchor of its own where links must not depend on its words."""
    return f"{'#' * level} {text}" + (f" {{ #{anchor} }}" if anchor else "")


def nested(text: str, by: int) -> str:
    """Markdown with its headings moved down; those within blocks of code stay."""
    lines, fenced = [], False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        lines.append("#" * by + line if line.startswith("#") and not fenced else line)
    return "\n".join(lines)


def page(*parts: str) -> str:
    """A page of blocks; empty ones are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def prose(docstring: str | None, *, without: tuple[str, ...] = ()) -> str:
    """A docstring in Google's form as Markdown: its sections become small tables.

    Args:
        docstring: Without indentation.
        without: Names of sections that are left out.
    """
    if not docstring:
        return ""
    text, *sections = _SECTIONS.split(docstring)
    blocks = [text.strip()]
    for name, body in zip(sections[::2], sections[1::2], strict=True):
        if name in without:
            continue
        entries = _entries(textwrap.dedent(body))
        if name == "Returns" or not all(_ENTRY.match(each) for each in entries):
            blocks.append(f"**{name}:** " + " ".join(entries))
        else:
            found = [_ENTRY.match(each) for each in entries]
            rows = [(code(each[1]), each[2]) for each in found if each]
            blocks.append(table((name.lower(), ""), rows))
    return "\n\n".join(blocks)


def _entries(body: str) -> list[str]:
    """Entries of a section: a line that is indented goes on with the one above."""
    entries: list[str] = []
    for line in body.strip("\n").splitlines():
        if entries and (not line.strip() or line.startswith(" ")):
            entries[-1] += " " + line.strip()
        else:
            entries.append(line.strip())
    return [" ".join(each.split()) for each in entries if each.strip()]
