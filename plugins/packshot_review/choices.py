"""Presets and diffusion models that another try may choose, and what people call them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from transforms.errors import ConfigError
from transforms.presets.advice import advise
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.loading import config_folder, load
from transforms.presets.model import load_checkpoints
from transforms.presets.preset import Preset

_SHORT = 12
"""Digits that tell one hash from another."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What another try may use."""

    presets: dict[str, tuple[str, ...]]
    """Each preset's name, with those of the diffusion models that it can ask."""
    models: tuple[str, ...]
    """Models that fit a preset at all."""
    names: Mapping[str, str]
    """Of models, by their identity."""


def name_model(identity: str) -> str:
    """What people call the model of that identity; today's configuration may not know it."""
    known = read_choices().names.get(identity)
    if known or not identity:
        return known or ""
    name, _, revision = identity.rpartition("@")
    kind, _, digest = identity.partition(":")
    return f"{name}, {revision[:_SHORT]}" if name else f"{kind} {digest[:_SHORT]}"


def read_choices() -> Choices:
    """As the configuration is now.

    Files that are wrong are left out, as `presets check` tells; and presets that need a mask of
    each picture, which nobody can bring here.
    """
    config = config_folder()
    files = [config / "models.yaml", *sorted((config / "presets").glob("*.yaml"))]
    return _read(tuple((path, path.stat().st_mtime_ns) for path in files if path.is_file()))


@lru_cache(maxsize=2)
def _read(files: tuple[tuple[Path, int], ...]) -> Choices:
    presets: list[Preset] = []
    checkpoints: dict[str, Checkpoint] = {}
    for path, _ in files:
        try:
            if path.name == "models.yaml":
                checkpoints = load_checkpoints(path.parent)
            else:
                preset = load(path, Preset)
                if preset.diffusion is None or preset.diffusion.mask != "given":
                    presets.append(preset)
        except ConfigError:
            continue
    fitting = {
        preset.name: tuple(
            sorted(name for name, each in checkpoints.items() if _fits(preset, each))
        )
        for preset in presets
    }
    used = sorted({name for names in fitting.values() for name in names})
    return Choices(fitting, tuple(used), {each.identity: n for n, each in checkpoints.items()})


def _fits(preset: Preset, checkpoint: Checkpoint) -> bool:
    """Whether a preset can ask a model: not where that would be a mistake in its file."""
    if preset.diffusion is None:
        return False
    return not any(each.level == "mistake" for each in advise(preset, checkpoint))
