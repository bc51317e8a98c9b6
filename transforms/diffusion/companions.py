"""Weights beside a checkpoint: ControlNets, LoRAs, IP-Adapters."""

from pathlib import Path, PurePosixPath
from typing import Any

from transforms.errors import ConfigError, ModelError
from transforms.models.checkpoints import locate
from transforms.presets.checkpoint import Checkpoint, Companion
from transforms.presets.preset import Diffusion

CONTROLLED = {
    "StableDiffusionImg2ImgPipeline": "StableDiffusionControlNetImg2ImgPipeline",
    "StableDiffusionInpaintPipeline": "StableDiffusionControlNetInpaintPipeline",
    "StableDiffusionXLImg2ImgPipeline": "StableDiffusionXLControlNetImg2ImgPipeline",
    "StableDiffusionXLInpaintPipeline": "StableDiffusionXLControlNetInpaintPipeline",
}
"""Classes of diffusers that take a ControlNet, by those that do not."""


def control_net(checkpoint: Checkpoint, diffusion: Diffusion, dtype: Any) -> Any:
    """The ControlNet that a preset asks for.

    Raises:
        ConfigError: The checkpoint's entry names none.
        ModelError: It is not at hand, or is no ControlNet.
    """
    from diffusers import ControlNetModel  # noqa: PLC0415 - heavy

    if diffusion.control == "depth":
        raise ConfigError("control: depth needs an estimator of depth, and none is at hand: canny")
    name, entry = _of_kind(checkpoint, diffusion.control)
    network: Any = ControlNetModel  # untyped
    try:
        return network.from_pretrained(
            str(_folder(checkpoint, name, entry)),
            dtype=dtype,
            use_safetensors=True,
            local_files_only=True,
        )
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"companion {name}: is no ControlNet in diffusers' format: {error}") from (
            error
        )


def add_companions(pipeline: Any, checkpoint: Checkpoint, diffusion: Diffusion) -> None:
    """Load the LoRAs and the IP-Adapter that a preset asks for into its pipeline.

    Raises:
        ConfigError: The checkpoint's entry names none of that kind, or its family takes none.
        ModelError: They are not at hand, or made for another family.
    """
    for name in diffusion.loras:
        entry = checkpoint.companions.get(name)
        if entry is None or entry.kind != "lora":
            raise _unnamed(checkpoint, f"LoRA {name}")
        file = _file(_folder(checkpoint, name, entry), name, entry)
        with _Loading(name):
            pipeline.load_lora_weights(
                str(file.parent), weight_name=file.name, adapter_name=name, local_files_only=True
            )
    if diffusion.loras:
        weights = [checkpoint.companions[name].weight for name in diffusion.loras]
        pipeline.set_adapters(list(diffusion.loras), weights)
    if diffusion.style_picture:
        if not hasattr(pipeline, "load_ip_adapter"):
            raise ConfigError(
                f"checkpoint {checkpoint.name}: {checkpoint.family} takes no IP-Adapter; "
                "leave `style_picture` out"
            )
        name, entry = _of_kind(checkpoint, "ip-adapter")
        folder = _folder(checkpoint, name, entry)
        file = _file(folder, name, entry)
        with _Loading(name):
            pipeline.load_ip_adapter(
                str(folder),
                subfolder=PurePosixPath(file.relative_to(folder).parent).as_posix(),
                weight_name=file.name,
                local_files_only=True,
            )
        pipeline.set_ip_adapter_scale(entry.weight)


class _Loading:
    """Says which companion it was that could not be loaded."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, OSError | ValueError | KeyError | RuntimeError):
            raise ModelError(
                f"companion {self._name}: does not fit its checkpoint: {error}"
            ) from error


def _of_kind(checkpoint: Checkpoint, kind: str | None) -> tuple[str, Companion]:
    for name, entry in checkpoint.companions.items():
        if entry.kind == kind:
            return name, entry
    raise _unnamed(checkpoint, f"{kind}")


def _unnamed(checkpoint: Checkpoint, what: str) -> ConfigError:
    named = ", ".join(checkpoint.companions) or "none"
    return ConfigError(
        f"models.yaml: checkpoints: {checkpoint.name}: companions: the preset asks for "
        f"{what}, and there is {named}"
    )


def _folder(checkpoint: Checkpoint, name: str, entry: Companion) -> Path:
    return locate(entry, f"{checkpoint.name}: companion {name}")


def _file(folder: Path, name: str, entry: Companion) -> Path:
    """The one file of a companion's weights."""
    found = [folder / entry.file] if entry.file else list(folder.glob("*.safetensors"))
    if len(found) != 1 or not found[0].is_file():
        there = ", ".join(str(path.relative_to(folder)) for path in folder.rglob("*.safetensors"))
        raise ModelError(f"companion {name}: `file` must name one of {there}")
    return found[0]
