"""`packshot channels`: what outlets demand, and whether pictures are so."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import yaml
from rich.table import Table
from rich.text import Text

from transforms.cli.console import AsJson, err, out, print_json
from transforms.errors import ConfigError
from transforms.presets.channel import Channel
from transforms.presets.loading import config_folder, load, load_named

if TYPE_CHECKING:
    from transforms.channels.findings import Finding

app = typer.Typer(
    help="Look at what outlets demand, and check pictures against it.", no_args_is_help=True
)

_COLOURS = {"PASS": "green", "WARN": "yellow", "FAIL": "red", "NOT_MEASURED": "dim"}


@app.command("list")
def list_channels(as_json: AsJson = False) -> None:
    """List the channels; warns of rules that were read more than a year ago."""
    folder = config_folder() / "channels"
    channels = [load(path, Channel) for path in sorted(folder.glob("*.yaml"))]
    today = datetime.now(UTC).date()
    rows = [
        {
            "name": channel.name,
            "formats": ", ".join(channel.written),
            "rules": len(channel.rules),
            "demanded": sum(rule.severity == "fail" for rule in channel.rules),
            "oldest_reading": min((r.read.isoformat() for r in channel.rules), default=""),
            "outdated": [rule.rule for rule in channel.outdated(today)],
            "purpose": channel.purpose,
        }
        for channel in channels
    ]
    for row in rows:
        if row["outdated"]:
            names = ", ".join(map(str, dict.fromkeys(row["outdated"])))  # type: ignore[call-overload]
            err.print(
                f"{folder / row['name']}.yaml: {names}: read more than a year ago; read the "  # type: ignore[operator]
                "source again and set `read`",
                style="yellow",
                markup=False,
                soft_wrap=True,
            )
    if as_json:
        print_json(rows)
        return
    table = Table("channel", "writes", "rules", "demanded", "oldest reading", "purpose", box=None)
    for row in rows:
        cells = ("name", "formats", "rules", "demanded", "oldest_reading", "purpose")
        table.add_row(*(str(row[cell]) for cell in cells))
    out.print(table)


@app.command("show")
def show(name: str, as_json: AsJson = False) -> None:
    """Show one channel's rules with their sources."""
    channel = load_named(config_folder() / "channels", name, Channel)
    shown = channel.model_dump(mode="json", exclude_defaults=True)
    if as_json:
        print_json(shown)
    else:
        out.print(
            yaml.safe_dump(shown, sort_keys=False, allow_unicode=True).rstrip(),
            markup=False,
            soft_wrap=True,
        )


@app.command("check")
def check(
    name: str,
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Any pictures.")],
    generated: Annotated[
        bool | None,
        typer.Option(
            "--generated/--not-generated",
            help="A model made the pictures or a part of them; else what they say is believed.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check pictures, whoever made them, against a channel's rules.

    Exit code 0: nothing that was measured would be refused. 1: something would. What only a
    person can judge, or what cannot be measured on such a picture, is listed and never passes.
    """
    from transforms.channels.checking import check as findings_on
    from transforms.channels.checking import has_failed

    channel = load_named(config_folder() / "channels", name, Channel)
    if not channel.rules:
        raise ConfigError(f"channel {name} has no rules, so there is nothing to check")
    missing = [str(path) for path in images if not path.is_file()]
    if missing:
        raise ConfigError(f"{', '.join(missing)}: no such file")
    documents: list[dict[str, object]] = []
    refused = False
    for path in images:
        findings = findings_on(path.read_bytes(), channel, generated=generated)
        bad = has_failed(findings)
        refused |= bad
        if as_json:
            documents.append(_document(path, findings, refused=bad))
        else:
            _print(path, name, findings, refused=bad)
    if as_json:
        print_json({"channel": name, "refused": refused, "pictures": documents})
    if refused:
        raise typer.Exit(1)


def _document(path: Path, findings: "tuple[Finding, ...]", *, refused: bool) -> dict[str, object]:
    rules = [json.loads(finding.model_dump_json()) for finding in findings]
    return {"picture": str(path), "refused": refused, "rules": rules}


def _print(path: Path, name: str, findings: "tuple[Finding, ...]", *, refused: bool) -> None:
    counts = Counter(finding.state for finding in findings)
    told = ", ".join(f"{n} {state.lower().replace('_', ' ')}" for state, n in counts.items())
    out.print(
        f"{path}: {name} {'would refuse it' if refused else 'has nothing against it'} ({told})",
        style="red" if refused else "green",
        markup=False,
        soft_wrap=True,
    )
    table = Table("", "rule", "found", "wanted", "source", box=None, padding=(0, 1))
    for finding in findings:
        state = Text(finding.state.lower().replace("_", " "), style=_COLOURS[finding.state])
        # As text: a stranger's picture may say `[red]`.
        table.add_row(
            state, finding.rule, Text(finding.found), Text(finding.wanted), finding.source
        )
    out.print(table)
