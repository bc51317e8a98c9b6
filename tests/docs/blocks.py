"""The fenced blocks of a page, with where they stand and what they say of themselves."""

import re
import shlex
import textwrap
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(
    r"^( *)```([\w-]*)(?: title=\"([^\"]+)\")?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL
)
_CODE = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
_SETTING = re.compile(r"[A-Z_]+=")
"""`OMP_NUM_THREADS=1` before a command."""
_INDENTED = re.compile(r"(?<=\n\n)    +(?:\.venv|packshot|make|\w+:).*")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block."""

    language: str
    title: str
    text: str
    line: int
    follows: str
    """Language of the block right above it, with nothing between; else empty."""


@dataclass(frozen=True, slots=True)
class Command:
    """One line of a shell block."""

    words: tuple[str, ...]
    remark: str
    """What the comment behind it says."""
    line: int

    def __str__(self) -> str:
        return shlex.join(self.words)


def blocks(page: Path) -> list[Block]:
    """All blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    end = 0
    for match in _FENCE.finditer(text):
        indent, language, title, body = match.groups()
        adjacent = bool(found) and not text[end : match.start()].strip()
        found.append(
            Block(
                language,
                title or "",
                textwrap.dedent(body) if indent else body,
                text[: match.start()].count("\n") + 2,
                found[-1].language if adjacent else "",
            )
        )
        end = match.end()
    return found


def commands(block: Block) -> list[Command]:
    """The commands of a shell block; one that ends with a backslash goes on in the next line."""
    found = []
    for number, line in enumerate(block.text.replace("\\\n", "  ").splitlines()):
        words = shlex.split(line, comments=True)
        while words and _SETTING.match(words[0]):
            del words[0]
        if words:
            remark = line.partition(" # ")[2].strip()
            found.append(Command(tuple(words), remark, block.line + number))
    return found


def indented_code(page: Path) -> list[str]:
    """Commands and YAML that their indentation alone marks as code, so that tests pass them by."""
    return _INDENTED.findall(_CODE.sub("", page.read_text(encoding="utf-8")))
