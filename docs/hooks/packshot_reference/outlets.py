"""A page of each channel's rules, from the files under `config/channels`."""

from pathlib import Path
from typing import Any

from packshot_reference.markdown import cell, code, heading, page, table
from transforms.channels.findings import describe_demand
from transforms.presets.channel import Channel
from transforms.presets.loading import load

_ROOT = Path(__file__).resolve().parents[3]
_OWN = {"name", "purpose", "rules"}


def pages() -> dict[str, str]:
    """Pages by address."""
    folder = _ROOT / "config" / "channels"
    channels = [load(path, Channel) for path in sorted(folder.glob("*.yaml"))]
    about = (
        "Made from `config/channels/*.yaml`. *Refuses*: the outlet refuses a picture that is "
        "otherwise, and so it is not published there. *Advises*: it is told. Most sources are "
        "secondary; read the outlet's own page before you rely on a rule."
    )
    overview = table(
        ("channel", "writes", "rules", "oldest reading", "purpose"),
        [
            (
                f"[{each.name}](#{each.name})",
                ", ".join(each.written),
                len(each.rules) or "",
                min((rule.read.isoformat() for rule in each.rules), default=""),
                each.purpose,
            )
            for each in channels
        ],
    )
    return {
        "reference/channels.md": page(
            heading(1, "Channels"), about, overview, *map(_section, channels)
        )
    }


def _section(channel: Channel) -> str:
    shown: dict[str, Any] = channel.model_dump(mode="json", exclude=_OWN, exclude_defaults=True)
    settings = [(code(name), _told(value)) for name, value in shown.items()]
    return page(
        heading(2, channel.name, channel.name),
        channel.purpose,
        table(("setting", "value"), settings) if settings else "",
        table(
            ("rule", "wants", "", "source", "read", "note"),
            [
                (
                    code(rule.rule),
                    describe_demand(rule),
                    "refuses" if rule.severity == "fail" else "advises",
                    _source(rule.source),
                    rule.read,
                    rule.note,
                )
                for rule in channel.rules
            ],
        )
        if channel.rules
        else "",
    )


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_told(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_told, value))
    return cell(value)


def _source(source: str) -> str:
    if source.startswith("docs/channels.md"):
        return "[house rules](../channels.md#house-rules)"
    if not source.startswith("http"):
        return source
    host = source.split("/")[2].removeprefix("www.")
    return f"[{host}]({source})"
