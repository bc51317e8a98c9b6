"""Diffusion checkpoints: where their weights come from, and how they are run."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from transforms.presets.strict import Strict

FamilyName = Literal[
    "sd15", "sd21", "sdxl", "sdxl-turbo", "sdxl-lightning", "sdxl-lcm", "sd3",
    "flux-dev", "flux-schnell", "flux-kontext", "flux-fill", "flux2-klein",
    "qwen-image", "qwen-image-edit", "qwen-image-edit-plus", "z-image", "sana-sprint",
    "sd-upscaler", "latent-upscaler",
]  # fmt: skip

_PACKAGED = "package:"
"""Before a folder that is installed with Packshot, wherever the configuration lies."""
_PACKAGE = Path(__file__).resolve().parents[1]


class Options(Strict):
    """How a checkpoint is run; defaults are what was measured to be safe everywhere."""

    dtype: Literal["float32", "bfloat16", "float16"] = "bfloat16"
    """On a GPU. On a CPU always float32: without special units bfloat16 is five times slower."""
    compile: bool = False
    """With torch.compile: quicker, after a slow first batch of each size."""
    channels_last: bool = False
    """Memory layout that suits convolutions on GPUs."""
    vae_slicing: bool = True
    """Decode a batch picture by picture: less memory."""
    vae_tiling: bool = False
    """Decode a picture in tiles: less memory still, for pictures above the native size."""
    quantise: Literal["none", "float8", "int8"] = "none"
    """Weights in 8 bit: half the memory."""
    batch: Annotated[int, Field(ge=1, le=64)] = 4
    """Pictures at once, at most; halved when memory does not hold them."""


class Companion(Strict):
    """Weights that are added to a checkpoint: a ControlNet, an IP-Adapter, a LoRA.

    An `enlarger` is Real-ESRGAN in ncnn's format, in place of Lanczos where a backdrop that was
    made is smaller than the canvas; `file` names its `.param`, and its `.bin` lies beside it.
    """

    kind: Literal["canny", "depth", "ip-adapter", "lora", "enlarger"]
    """What it adds to the checkpoint."""
    hub: str | None = None
    """`owner/name` at the model hub."""
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")] | None = None
    """Commit at the hub: names move, commits do not."""
    folder: str | None = None
    """Where it lies on this machine, in place of a hub."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Of a folder, as a checkpoint's."""
    file: str | None = None
    """Of a LoRA or an IP-Adapter: the file of its weights, where several lie there. An IP-Adapter's
    `image_encoder` lies beside it."""
    weight: Annotated[float, Field(gt=0, le=2)] = 1.0
    """How strongly it counts; 1 is as it was trained."""

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Self:
        if (self.hub is None) == (self.folder is None):
            raise ValueError("give either hub or folder")
        return self

    @property
    def identity(self) -> str:
        """What tells it from all others, wherever it lies."""
        weights = f"{self.hub}@{self.revision}" if self.hub else f"sha256:{self.sha256}"
        return f"{self.kind} {weights} {self.file or ''} {self.weight:g}"

    def resolve(self, config: Path) -> "Companion":
        """This companion with a relative folder read from the configuration folder."""
        return (
            self
            if self.folder is None
            else self.model_copy(update={"folder": _below(config, self.folder)})
        )


class Checkpoint(Strict):
    """One entry of `checkpoints` in `config/models.yaml`; its name is its key."""

    name: str = ""
    """Its key, filled in when it is read."""
    family: FamilyName
    """How it is loaded and asked: `transforms.presets.family`."""
    purpose: Annotated[str, Field(min_length=10)]
    """One sentence for the person who chooses."""
    licence: Annotated[str, Field(min_length=1)]
    """Read it before you sell with it."""
    commercial: bool
    """Whether the licence allows a shop to use what comes of it."""
    hub: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")] | None = None
    """`owner/name` at the model hub."""
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")] | None = None
    """Commit at the hub. Without it nothing is fetched: a branch changes under one's feet."""
    variant: Literal["fp16", "bf16"] | None = None
    """Of its files at the hub; None: those without one."""
    folder: str | None = None
    """A folder in diffusers' format; relative ones lie below the configuration folder, and
    `package:diffusion/bundled` in the installed package."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Of a folder: of the lines `<sha256>  <path>` of its files of weights, settings and words,
    sorted; `packshot models list` says it."""
    demonstration: bool = False
    """It shows how a diffusion model is used, and is not for pictures that a shop publishes."""
    native_px: Annotated[int, Field(ge=64, le=4096)] | None = None
    """Longer side it was trained for; None: the family's."""
    finest_px: Annotated[float, Field(ge=0.5, le=8)] = 0.7
    """Finest detail that it draws well, as a blur's deviation in pixels of its native size: 0.7 is
    what pixels can hold. Where its backdrop is enlarged, what is finer is taken from the plate or
    scaffold."""
    steps: Annotated[int, Field(ge=1, le=200)] | None = None
    """Where a preset names none; None: the family's."""
    guidance: Annotated[float, Field(ge=0, le=30)] | None = None
    """As `steps`."""
    memory_gb: Annotated[float, Field(gt=0)] | Literal["not measured"] = "not measured"
    """Peak at native size, one picture at a time."""
    options: Options = Options()
    """How it is loaded and run."""
    companions: dict[str, Companion] = Field(default_factory=dict)
    """By name, as presets ask for them."""

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Self:
        if (self.hub is None) == (self.folder is None):
            raise ValueError("give either hub or folder")
        return self

    def resolve(self, config: Path) -> "Checkpoint":
        """This checkpoint with a relative folder read from the configuration folder."""
        changed: dict[str, object] = {
            "companions": {name: each.resolve(config) for name, each in self.companions.items()}
        }
        if self.folder is not None:
            changed["folder"] = _below(config, self.folder)
        return self.model_copy(update=changed)

    @property
    def for_shops(self) -> str:
        """Whether its pictures are for a shop, in a table's words."""
        if self.demonstration:
            return "to try out"
        return "yes" if self.commercial else "no"

    @property
    def identity(self) -> str:
        """What tells its weights from all others: hub and revision, or the folder's hash."""
        return f"{self.hub}@{self.revision}" if self.hub else f"sha256:{self.sha256}"


def _below(config: Path, folder: str) -> str:
    """Absolute; an absolute one stays."""
    if folder.startswith(_PACKAGED):
        return str(_PACKAGE / folder.removeprefix(_PACKAGED))
    return str((config / folder).resolve())
