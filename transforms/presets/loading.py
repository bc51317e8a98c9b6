"""Reads configuration files, and says in one line per mistake what is wrong where."""

import os
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError

from transforms.errors import ConfigError
from transforms.presets.strict import Strict

M = TypeVar("M", bound=Strict)


def config_folder() -> Path:
    """The folder of brands, presets, channels, catalogues and gate.

    `PACKSHOT_CONFIG` where it is set, else `config/` here or in a folder above, else that of
    the checkout which this package was installed from.

    Raises:
        ConfigError: There is none.
    """
    named = os.environ.get("PACKSHOT_CONFIG")
    if named:
        if not Path(named).is_dir():
            raise ConfigError(f"PACKSHOT_CONFIG={named}: no such folder")
        return Path(named)
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if (folder / "config" / "gate.yaml").is_file():
            return folder / "config"
    raise ConfigError(f"{here}: no config/ here or above; set PACKSHOT_CONFIG to its path")


def load(path: Path, model: type[M]) -> M:
    """Read one YAML file.

    Raises:
        ConfigError: Naming file, field, value and what is allowed, a line for each mistake.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: must hold fields with values, not {type(content).__name__}")
    try:
        loaded = model.model_validate(content)
    except ValidationError as error:
        raise ConfigError("\n".join(_lines(path, error, model))) from error
    name = getattr(loaded, "name", None)
    if name is not None and name != path.stem:
        raise ConfigError(f"{path}: name: {name!r} must be the file's own name, {path.stem!r}")
    return loaded


def _lines(path: Path, error: ValidationError, model: type[Strict]) -> list[str]:
    lines = []
    for mistake in error.errors(include_url=False):
        field = ".".join(str(part) for part in mistake["loc"])
        said = mistake["msg"].removeprefix("Value error, ")
        if mistake["type"] == "extra_forbidden":
            owner = field.rpartition(".")[0]
            allowed = "" if owner else f"; known: {', '.join(model.model_fields)}"
            lines.append(f"{path}: {field}: unknown field{allowed}")
        elif mistake["type"] == "missing":
            lines.append(f"{path}: {field}: must be given")
        else:
            shown = f" = {mistake['input']!r}" if field else ""
            lines.append(f"{path}: {field}{shown}: {said}")
    return lines


def load_named(folder: Path, name: str, model: type[M]) -> M:
    """Read `<folder>/<name>.yaml`.

    Raises:
        ConfigError: There is none (the message lists those that are), or it is wrong.
    """
    path = folder / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in folder.glob("*.yaml"))) or "none"
        raise ConfigError(f"{folder}: no {name}.yaml; there: {known}")
    return load(path, model)
