"""What the demo shows: progress while a run goes on, then what became of the pictures."""

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
from transforms.presets.gate import Gate
from transforms.records.outcomes import Outcome
from transforms.runs.run import Places
from transforms.runs.summary import Summary

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
    """Show a run's progress until it is over; gives the last state.

    On a terminal one table is kept up to date; elsewhere each task gets a line when it ends.
    """
    last = Progress("queued", {})
    if not console.is_terminal:
        told: set[str] = set()
        for last in progress:
            for task, states in last.tasks.items():
                if task not in told and set(states) <= set(ENDED):
                    told.add(task)
                    steps.say(f"{task:<16}{_count(states)}")
        return last
    with Live(console=console, refresh_per_second=8, transient=False) as live:
        for last in progress:
            live.update(_picture(last))
    return last


def _count(states: Counter[str]) -> str:
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
        table.add_row(Text(task, style), Text(bar[:60], style), Text(_count(states), style))
    line = Spinner("dots", f" The run is {progress.state}") if progress.state == "running" else ""
    return Group(table, line)


def show_outcomes(
    summary: Summary, outcomes: list[Outcome], gate: Gate, *, before: set[str]
) -> None:
    """Print what became of a run's pictures: each that is not published, and why.

    Args:
        summary: Of the run.
        outcomes: Of its variants.
        gate: Says what its rules mean.
        before: Keys that were not published before either, for a reason of the photograph: told
            once is enough.
    """
    open_ = [each for each in outcomes if each.state not in ("published", "unchanged")]
    told = [each for each in open_ if each.key not in before or each.state != "quarantined"]
    console.print(f"\n[bold]{summary.message}[/bold]")
    if told:
        table = Table(box=None, pad_edge=False)
        for column in ("not published", "view", "state", "why"):
            table.add_column(column, no_wrap=column != "why", overflow="fold")
        for each in told:
            state = Text(each.state, STATES[each.state])
            table.add_row(each.sku or each.key, each.view, state, _why(each, gate))
        console.print(table)
    counts = summary.counts.model_dump()
    listed = counts.pop("listed")
    parts = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    same = len(open_) - len(told)
    again = f" ({same} cannot be used, as told above)" if same else ""
    console.print(f"{listed} pictures: {parts}{again}.")
    if summary.report:
        console.print(f"Report: {readable(summary.report)}\n")


def show_catalogue(
    variants: dict[str, Counter[str]], places: Places, example: str | None, sheet: Path | None
) -> None:
    """Print what there is now: each variant's pictures by state, and where everything lies.

    Args:
        variants: Name to its pictures' states.
        places: Storages of the catalogue.
        example: Key of a published file.
        sheet: Where pictures are shown side by side; None: nowhere.
    """
    states = [state for state in STATES if any(counted[state] for counted in variants.values())]
    table = Table(box=None, pad_edge=False)
    table.add_column("variant", no_wrap=True)
    for state in states:
        table.add_column(Text(state, STATES[state]), justify="right")
    for name, counted in variants.items():
        table.add_row(name, *(str(counted[state]) for state in states))
    console.print("\n[bold]The catalogue now[/bold]")
    console.print(table)
    published = readable(places.published.uri)
    if sheet:
        console.print(f"Look at:      {sheet}")
    console.print(f"Published:    {published}/<sku>/<view>/<variant>/")
    if example:
        console.print(f"for example:  {published}/{example}")


def _why(outcome: Outcome, gate: Gate) -> str:
    """The worst rule that it broke, or the refusal, in words."""
    if outcome.reason in gate.rules:
        return gate.rules[outcome.reason].why
    return outcome.message or outcome.reason.replace("_", " ")


def readable(uri: str) -> str:
    """A path where the URI names a file, so that it can be pasted into a shell."""
    if not uri.startswith("file://"):
        return uri
    return str(Path(unquote(urlsplit(uri).path)))
