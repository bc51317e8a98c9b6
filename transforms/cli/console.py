"""What the commands print: JSON for machines, and progress bars on a terminal."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def print_json(document: Any) -> None:
    """Print one JSON document, and nothing else, on standard output."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


class Bars:
    """Tells a run's progress: bars on a terminal, nothing elsewhere."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def begin(self, stage: str, shards: int) -> None:
        """Add the stage's bar."""
        self._tasks[stage] = self._progress.add_task(stage, total=shards)

    def advance(self, stage: str) -> None:
        """Move the stage's bar on by a shard."""
        self._progress.advance(self._tasks[stage])


@contextmanager
def bars(unit: str = "shards") -> Iterator[Bars]:
    """Show bars on standard error while a run goes on, if that is a terminal."""
    progress = Progress(
        TextColumn("{task.description:<9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        Elapsed(),
        console=err,
        disable=not err.is_terminal,
    )
    with progress:
        yield Bars(progress)
