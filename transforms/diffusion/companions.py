"""Weights beside a checkpoint: ControlNets, LoRAs, IP-Adapters."""

from typing import Any

from transforms.errors import ConfigError
from transforms.models.checkpoints import located
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.preset import Diffusion


def control_net(checkpoint: Checkpoint, diffusion: Diffusion, dtype: Any) -> Any:
    """The ControlNet that a preset asks for.

    Raises:
        ConfigError: The checkpoint's entry names none.
        ModelError: It is not at hand.
    """
    from diffusers import ControlNetModel  # noqa: PLC0415

    if diffusion.control == "depth":
        raise ConfigError("control: depth needs an estimator of depth, and none is at hand: canny")
    entry = next((c for c in checkpoint.companions.values() if c.kind == diffusion.control), None)
    if entry is None:
        raise ConfigError(f"checkpoint {checkpoint.identity}: companions: no {diffusion.control}")
    folder = located(entry, f"{checkpoint.identity}: {diffusion.control}")
    settings = {"dtype": dtype, "use_safetensors": True}
    return ControlNetModel.from_pretrained(str(folder), **settings)  # type: ignore[no-untyped-call]


def add_companions(pipeline: Any, checkpoint: Checkpoint, diffusion: Diffusion) -> None:
    """Load the LoRAs and the IP-Adapter that a preset asks for into its pipeline.

    Raises:
        ConfigError: The checkpoint's entry names none of that kind.
        ModelError: They are not at hand.
    """
    for name in diffusion.loras:
        entry = checkpoint.companions.get(name)
        if entry is None or entry.kind != "lora":
            raise ConfigError(f"checkpoint {checkpoint.identity}: companions: no LoRA {name}")
        pipeline.load_lora_weights(str(located(entry, name)), adapter_name=name)
    if diffusion.loras:
        weights = [checkpoint.companions[name].weight for name in diffusion.loras]
        pipeline.set_adapters(list(diffusion.loras), weights)
    if diffusion.style_picture:
        entry = next((c for c in checkpoint.companions.values() if c.kind == "ip-adapter"), None)
        if entry is None:
            raise ConfigError(f"checkpoint {checkpoint.identity}: companions: no ip-adapter")
        folder = located(entry, "ip-adapter")
        files = sorted(path.name for path in folder.glob("*.safetensors"))
        pipeline.load_ip_adapter(str(folder), subfolder="", weight_name=files[0])
        pipeline.set_ip_adapter_scale(entry.weight)
