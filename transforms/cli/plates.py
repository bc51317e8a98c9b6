"""`packshot plates`: the backdrop photographs that scenes may use, with their notes."""

from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.table import Table

from transforms.cli.console import AsJson, err, out, print_json
from transforms.errors import ConfigError
from transforms.presets.loading import config_folder, load
from transforms.presets.preset import Preset


def plates(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Or a folder of your own.", show_default="config/plates"),
    ] = None,
    notes: Annotated[
        bool, typer.Option("--notes", help="Print what was estimated as YAML, to be corrected.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List plates: what they show, how they are seen and lit, and which presets use them."""
    from transforms.scenes.plates import stock_plates
    from transforms.storage.opening import open_storage

    where = (folder or config_folder() / "plates").resolve()
    if not where.is_dir():
        raise ConfigError(f"{where}: no such folder; put plates there, or name one")
    found = stock_plates(open_storage(where.as_uri()))
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
        return
    if notes:
        for each in found:
            if each.estimated:
                out.print(f"# {Path(each.key).with_suffix('.yaml')}", markup=False)
                shown = each.plate.model_dump(mode="json", exclude_defaults=True)
                out.print(yaml.safe_dump(shown, sort_keys=False), markup=False)
        return
    users = _users()
    table = Table("plate", "kind", "view", "ground ends", "light from", "presets", box=None)
    for each in found:
        plate = each.plate
        table.add_row(
            plate.name,
            plate.kind,
            plate.view,
            f"{plate.horizon:.2f}" + (" (estimated)" if each.estimated else ""),
            f"{plate.light.azimuth_deg:+.0f}°, {plate.light.elevation_deg:.0f}° high",
            ", ".join(users.get(plate.kind, ())) or "none",
        )
    out.print(table)
    unused = sorted({each.plate.kind for each in found} - set(users))
    if unused:
        err.print(f"No preset asks for plates of the kinds {', '.join(unused)}.", style="yellow")


def _users() -> dict[str, list[str]]:
    """Presets by the kinds of plates that they ask for."""
    users: dict[str, list[str]] = {}
    for path in sorted((config_folder() / "presets").glob("*.yaml")):
        preset = load(path, Preset)
        for kind in preset.backdrop.plates if preset.backdrop else ():
            users.setdefault(kind, []).append(preset.name)
    return users
