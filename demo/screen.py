"""What the demo shows: progress while a night runs, then what became of every picture."""

import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from demo.night import BAD, Progress
from transforms.manifest.records import Outcome
from transforms.manifest.run import Places
from transforms.manifest.summary import Summary

console = Console(highlight=False, soft_wrap=True)
STATES = {
    "published": "green",
    "unchanged": "green",
    "review": "yellow",
    "quarantined": "magenta",
    "failed": "red",
    "deferred": "blue",
}
ENDED = ("success", "skipped", *BAD)


class Steps:
    """Steps before the night: each on a line, with the time it took."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def say(self, text: str) -> None:
        """Print a line with the seconds since the start."""
        console.print(f"[dim]{time.monotonic() - self._started:5.0f} s[/dim]  {text}")


def show_progress(progress: Iterable[Progress], steps: Steps) -> Progress:
    """Show a night's progress until it is over; gives the last state.

    On a terminal one table is kept up to date; elsewhere each task gets a line when it ends.
    """
    last = Progress("queued", {})
    if not console.is_terminal:
        told: set[str] = set()
        for last in progress:
            for task, states in last.tasks.items():
                if task not in told and set(states) <= set(ENDED):
                    told.add(task)
                    steps.say(f"{task:<16}{_counted(states)}")
        return last
    with Live(console=console, refresh_per_second=8, transient=False) as live:
        for last in progress:
            live.update(_picture(last))
    return last


def _counted(states: Counter[str]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items()))


def _picture(progress: Progress) -> Group:
    table = Table(box=None, pad_edge=False, show_header=False)
    for task, states in progress.tasks.items():
        done = sum(states[state] for state in ENDED)
        bad = sum(states[state] for state in BAD)
        style = "red" if bad else "green" if done == states.total() else "dim"
        if states["running"]:
            style = "bold"
        bar = (
            "█" * done + "▒" * states["running"] + "·" * (states.total() - done - states["running"])
        )
        table.add_row(Text(task, style), Text(bar[:60], style), Text(_counted(states), style))
    line = Spinner("dots", f" The night is {progress.state}") if progress.state == "running" else ""
    return Group(table, line)


def show_outcomes(
    summary: Summary, outcomes: list[Outcome], places: Places, *, all_rows: bool
) -> None:
    """Print what became of every picture, and where everything lies.

    Args:
        summary: Of the run.
        outcomes: Of the run.
        places: Storages of the catalogue.
        all_rows: Also those of which there is nothing to tell.
    """
    table = Table(title=summary.message, title_justify="left", title_style="bold", box=None)
    for column in ("sku", "view", "state", "reason"):
        table.add_column(column, no_wrap=column != "reason", overflow="fold")
    for each in outcomes:
        if all_rows or each.state not in ("published", "unchanged"):
            state = Text(each.state, STATES[each.state])
            table.add_row(each.sku or each.key, each.view, state, _why(each))
    console.print()
    console.print(table)
    counts = summary.counts.model_dump()
    listed = counts.pop("listed")
    parts = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    console.print(f"\n{listed} pictures: {parts}.")
    console.print(f"Published:  {_readable(places.published.uri)}")
    if summary.report:
        console.print(f"Report:     {_readable(summary.report)}")


def _why(outcome: Outcome) -> str:
    return f"{outcome.reason}: {outcome.message}" if outcome.message else outcome.reason


def _readable(uri: str) -> str:
    """A path where the URI names a file, so that it can be pasted into a shell."""
    if not uri.startswith("file://"):
        return uri
    return str(Path(unquote(urlsplit(uri).path)))
