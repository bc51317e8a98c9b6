"""The page of all commands, from what the command line itself declares."""

from collections.abc import Iterator
from typing import Any

import typer

from packshot_reference.markdown import code, heading, page, table
from transforms.cli.app import __doc__ as about
from transforms.cli.app import app


def pages() -> dict[str, str]:
    """Pages by address."""
    parts = [_section(path, command, context) for path, command, context in walked()]
    said = (about or "").split("\n\n", 1)[1]
    return {"reference/commands.md": page(heading(1, "Commands"), said, *parts)}


def walked() -> Iterator[tuple[str, Any, Any]]:
    """Every command that does something, by its words, with its context."""
    root = typer.main.get_command(app)
    yield from _walk("packshot", root, root.context_class(root, info_name="packshot"))


def _walk(path: str, command: Any, context: Any) -> Iterator[tuple[str, Any, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command, context
        return
    for name, each in inner.items():
        child = each.context_class(each, info_name=name, parent=context)
        yield from _walk(f"{path} {name}", each, child)


def _section(path: str, command: Any, context: Any) -> str:
    options = [each for each in command.params if each.param_type_name == "option"]
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    usage = " ".join(
        (each.metavar or each.name.upper()) if each.required else f"[{each.name.upper()}]"
        for each in arguments
    )
    return page(
        heading(2, code(path), path.replace(" ", "-")),
        f"```text\n{path} [OPTIONS] {usage}".rstrip() + "\n```",
        _paragraphs(command.help or ""),
        _table("argument", arguments, context) if arguments else "",
        _table("option", options, context) if options else "",
    )


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(each.split()) for each in text.split("\n\n"))


def _table(kind: str, params: list[Any], context: Any) -> str:
    rows = [
        (_names(each, context), getattr(each, "help", None) or "", _default(each))
        for each in params
    ]
    return table((kind, "meaning", "default"), rows)


def _names(param: Any, context: Any) -> str:
    if param.param_type_name == "argument":
        return code(param.metavar or param.name.upper())
    names = "/".join([*param.opts, *param.secondary_opts])
    return code(names) if param.is_flag else code(f"{names} {_metavar(param, context)}")


def _metavar(param: Any, context: Any) -> str:
    """What an option takes: `NAME`, `int 1 to 8`."""
    if param.metavar:
        return str(param.metavar)
    shown = param.display_type_rich(ctx=context).partition(" ")[0].strip("<>")
    low, high = param.min, param.max
    if low is not None and high is not None:
        return f"{shown} {low} to {high}"
    return f"{shown} ≥ {low}" if low is not None else shown.upper()


def _default(param: Any) -> str:
    if param.required:
        return "**required**"
    default = getattr(param, "show_default", None)
    if isinstance(default, str):
        return code(default)
    value = param.default
    if value is None or value is False or callable(value) or value == "" or "UNSET" in repr(value):
        return ""
    return code(", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value)
