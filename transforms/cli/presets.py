"""`packshot presets`: what looks there are, and whether the configuration holds together."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.table import Table

from transforms.cli.console import AsJson, err, out, print_json
from transforms.errors import ConfigError
from transforms.models.checkpoints import missing_reason
from transforms.presets.advice import Advice, advise
from transforms.presets.brand import Brand
from transforms.presets.catalogue import Catalogue
from transforms.presets.channel import Channel
from transforms.presets.configuration import SOURCE_IMAGES, load_configuration
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load, load_named
from transforms.presets.model import load_checkpoint
from transforms.presets.preset import Preset
from transforms.presets.strict import Strict
from transforms.presets.suite import Suite

app = typer.Typer(help="Look at presets and check the configuration.", no_args_is_help=True)

_FOLDERS: dict[str, type[Strict]] = {"brands": Brand, "presets": Preset, "channels": Channel}


@app.command("list")
def list_presets(as_json: AsJson = False) -> None:
    """List the presets."""
    folder = config_folder() / "presets"
    presets = [load(path, Preset) for path in sorted(folder.glob("*.yaml"))]
    if as_json:
        print_json([preset.model_dump(mode="json") for preset in presets])
        return
    table = Table("preset", "engine", "preserves", "strength", "purpose", box=None)
    for preset in presets:
        strength = preset.diffusion.strength if preset.diffusion else None
        shown = f"{strength:g}" if strength else ""
        table.add_row(preset.name, preset.engine, preset.preserve, shown, preset.purpose)
    out.print(table)
    needed = {p.diffusion.model for p in presets if p.diffusion and p.diffusion.model}
    for name in sorted(needed):
        reason = missing_reason(load_checkpoint(name, config_folder()))
        if reason:
            users = ", ".join(p.name for p in presets if p.diffusion and p.diffusion.model == name)
            out.print(f"\nNot at hand: {name}, for {users}.\n  {reason}", soft_wrap=True)
            out.print(f"  To get it: packshot models fetch {name}")


@app.command("show")
def show(name: str, as_json: AsJson = False) -> None:
    """Show one preset with its brand, defaults filled in."""
    config = config_folder()
    preset = load_named(config / "presets", name, Preset)
    brand = load_named(config / "brands", preset.brand, Brand)
    shown = {"preset": preset.model_dump(mode="json"), "brand": brand.model_dump(mode="json")}
    if as_json:
        print_json(shown)
    else:
        out.print(yaml.safe_dump(shown, sort_keys=False).rstrip())


@app.command("check")
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Preset files; none: the whole configuration."),
    ] = None,
) -> None:
    """Check presets, or the whole configuration with all that it refers to."""
    mistakes = [_mistake(file) for file in files] if files else check_configuration()
    found = [mistake for mistake in mistakes if mistake]
    for mistake in found:
        err.print(mistake, soft_wrap=True, markup=False)
    if found:
        raise typer.Exit(2)
    out.print("The presets are right." if files else "The configuration is right.")


def check_configuration() -> list[str]:
    """Every mistake under the configuration folder, each with file, field and value."""
    config = config_folder()
    mistakes = [
        _mistake(path, model)
        for folder, model in _FOLDERS.items()
        for path in sorted((config / folder).glob("*.yaml"))
    ]
    catalogues = []
    for path in sorted((config / "catalogues").glob("*.yaml")):
        try:
            catalogues.append(load_configuration(path, config).catalogue)
            mistakes.append(_scene_model_mistake(path, catalogues[-1], config))
        except ConfigError as error:
            mistakes.append(str(error))
    mistakes += [_gate_mistake(config / "gate.yaml"), _suite_mistake(config), *_shared(catalogues)]
    return list(dict.fromkeys(mistake for mistake in mistakes if mistake))


def _mistake(path: Path, model: type[Strict] = Preset) -> str:
    try:
        loaded = load(path, model)
        if not isinstance(loaded, Preset):
            return ""
        config = config_folder()
        load_named(config / "brands", loaded.brand, Brand)
        checkpoint = None
        if loaded.diffusion and loaded.diffusion.model:
            checkpoint = load_checkpoint(loaded.diffusion.model, config)
    except ConfigError as error:
        return str(error)
    return _print_warnings(f"{path}", advise(loaded, checkpoint))


def _scene_model_mistake(path: Path, catalogue: Catalogue, config: Path) -> str:
    """What is wrong about the presets that ask the catalogue's own model."""
    if catalogue.scene_model is None:
        return ""
    checkpoint = load_checkpoint(catalogue.scene_model, config)
    mistakes = []
    for name in sorted({*catalogue.variants.values(), *_seasonal(catalogue)}):
        preset = load_named(config / "presets", name, Preset)
        if preset.diffusion and preset.diffusion.model is None:
            where = f"{path}: scene_model {catalogue.scene_model} for preset {name}"
            mistakes.append(_print_warnings(where, advise(preset, checkpoint)))
    return "\n".join(filter(None, mistakes))


def _seasonal(catalogue: Catalogue) -> set[str]:
    return {season.preset for season in catalogue.seasons.values()}


def _print_warnings(where: str, found: list[Advice]) -> str:
    """Print warnings; returns mistakes, a line each."""
    for each in found:
        if each.level == "warning":
            err.print(f"{where}: {each.field}: {each.text}", style="yellow", markup=False)
    return "\n".join(f"{where}: {e.field}: {e.text}" for e in found if e.level == "mistake")


def _gate_mistake(path: Path) -> str:
    from transforms.quality.verdict import check_gate

    try:
        check_gate(load(path, Gate))
    except ConfigError as error:
        return str(error) if str(path) in str(error) else f"{path}: {error}"
    return ""


def _suite_mistake(config: Path) -> str:
    from transforms.quality.expectations import expectations

    try:
        expectations(load_named(config / "expectations", SOURCE_IMAGES, Suite))
    except ConfigError as error:
        return str(error)
    return ""


def _shared(catalogues: list[Catalogue]) -> list[str]:
    """Catalogues must not share a DAG or a published place: they would end each other's."""
    mistakes = []
    for what, values in (
        ("dag_id", [catalogue.nightly_dag_id for catalogue in catalogues]),
        ("published", [catalogue.published.uri.rstrip("/") for catalogue in catalogues]),
    ):
        mistakes += [
            f"{count} catalogues have the same {what}: {value}"
            for value, count in Counter(values).items()
            if count > 1
        ]
    return mistakes
