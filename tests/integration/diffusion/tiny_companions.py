"""ControlNets, IP-Adapters and LoRAs for the tiny checkpoints, in the files that they come in."""

from pathlib import Path

import diffusers
import torch
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file

from tests.integration.diffusion import tiny_texts
from transforms.models.checkpoints import folder_sha256
from transforms.presets.checkpoint import Checkpoint, Companion

_TOKENS = 4
"""That an IP-Adapter makes of a picture."""


def control_net(checkpoint: Checkpoint, folder: Path, kind: str = "canny") -> Companion:
    torch.manual_seed(1)
    network = diffusers.ControlNetModel.from_unet(_denoiser(checkpoint))
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if "controlnet_down" in name or "controlnet_mid" in name:
                weight.normal_(std=0.5)  # they begin at zero, and change nothing
    network.save_pretrained(folder)
    return _described(kind, folder)


def lora(checkpoint: Checkpoint, folder: Path) -> Companion:
    torch.manual_seed(2)
    denoiser = _denoiser(checkpoint)
    denoiser.add_adapter(LoraConfig(r=2, target_modules=["to_q", "to_v"], init_lora_weights=False))
    layers = get_peft_model_state_dict(denoiser)
    if "flux" in checkpoint.family:
        diffusers.FluxPipeline.save_lora_weights(folder, transformer_lora_layers=layers)
    elif "sdxl" in checkpoint.family:
        diffusers.StableDiffusionXLPipeline.save_lora_weights(folder, unet_lora_layers=layers)
    else:
        diffusers.StableDiffusionPipeline.save_lora_weights(folder, unet_lora_layers=layers)
    return _described("lora", folder)


def ip_adapter(checkpoint: Checkpoint, folder: Path) -> Companion:
    """As its authors lay it out: weights, and the encoder of pictures in a folder beside them."""
    torch.manual_seed(3)
    denoiser = _denoiser(checkpoint)
    crossing = denoiser.config.cross_attention_dim
    weights = {
        "image_proj.proj.weight": torch.randn(_TOKENS * crossing, tiny_texts.WIDTH),
        "image_proj.proj.bias": torch.zeros(_TOKENS * crossing),
        "image_proj.norm.weight": torch.ones(crossing),
        "image_proj.norm.bias": torch.zeros(crossing),
    }
    layers = [module for name, module in denoiser.named_modules() if name.endswith("attn2.to_k")]
    for number, layer in enumerate(layers):
        for part in ("to_k_ip", "to_v_ip"):
            weights[f"ip_adapter.{2 * number + 1}.{part}.weight"] = torch.randn(layer.weight.shape)
    models = folder / "models"
    tiny_texts.clip_vision().save_pretrained(models / "image_encoder")
    save_file(weights, models / "ip-adapter.safetensors")
    return _described("ip-adapter", folder, file="models/ip-adapter.safetensors")


def _denoiser(checkpoint: Checkpoint):
    folder = Path(checkpoint.folder)
    if (folder / "unet").is_dir():
        return diffusers.UNet2DConditionModel.from_pretrained(folder / "unet")
    return diffusers.FluxTransformer2DModel.from_pretrained(folder / "transformer")


def _described(kind: str, folder: Path, *, file: str | None = None) -> Companion:
    return Companion(kind=kind, folder=str(folder), sha256=folder_sha256(folder), file=file)
