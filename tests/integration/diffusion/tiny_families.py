"""A checkpoint of each family, with random weights and of a few hundred kilobytes, in a folder.

What diffusers 0.42 ships is built: its pipelines, models, tokenizers and schedulers. The
autoencoders are set to code pictures truly, so that tests can tell from what comes back whether it
is the picture that was given.
"""

import json
from collections.abc import Callable
from pathlib import Path

import diffusers
import torch

from tests.integration.diffusion import tiny_texts, tiny_transformers, tiny_unets
from transforms.models.checkpoints import folder_sha256
from transforms.presets.checkpoint import Checkpoint, FamilyName, Options

NATIVE_PX = 128
_GAIN = 1.6
_OTHERS_PX = {"sana-sprint": 256}
"""It codes 32 pixels as one."""


def tiny_checkpoint(family: FamilyName, folder: Path, *, batch: int = 2) -> Checkpoint:
    """Build, save as safetensors, and describe as an entry of `config/models.yaml` does."""
    torch.manual_seed(0)
    pipeline = BUILDERS[family]()
    _enliven(getattr(pipeline, "transformer", None))
    pipeline.save_pretrained(folder)
    if family.startswith("qwen-image-edit"):
        _save_processor(folder, pipeline.tokenizer)
    return described(family, folder, batch=batch)


@torch.no_grad()
def _enliven(transformer) -> None:
    """Usual random weights are so small that a single layer hardly tells prompts apart."""
    for weight in transformer.parameters() if transformer else ():
        if weight.ndim > 1:
            weight.mul_(_GAIN)


def described(family: FamilyName, folder: Path, *, batch: int = 2) -> Checkpoint:
    return Checkpoint(
        name=family,
        family=family,
        purpose="Random and tiny.",
        licence="none",
        commercial=True,
        folder=str(folder),
        sha256=folder_sha256(folder),
        native_px=_OTHERS_PX.get(family, NATIVE_PX),
        options=Options(batch=batch),
    )


def _save_processor(folder: Path, tokenizer) -> None:
    """As the hub has it; transformers' own class cannot be built without torchvision."""
    tokenizer.save_pretrained(folder / "processor")
    tiny_texts.qwen_pictures().save_pretrained(folder / "processor")
    index = json.loads((folder / "model_index.json").read_text())
    index["processor"] = ["transformers", "Qwen2VLProcessor"]
    (folder / "model_index.json").write_text(json.dumps(index))


BUILDERS: dict[FamilyName, Callable] = {
    "sd15": tiny_unets.sd15,
    "sd21": tiny_unets.sd21,
    "sdxl": lambda: tiny_unets.sdxl(diffusers.EulerDiscreteScheduler),
    "sdxl-turbo": lambda: tiny_unets.sdxl(
        diffusers.EulerAncestralDiscreteScheduler, timestep_spacing="trailing"
    ),
    "sdxl-lightning": lambda: tiny_unets.sdxl(
        diffusers.EulerDiscreteScheduler, timestep_spacing="trailing"
    ),
    "sdxl-lcm": lambda: tiny_unets.sdxl(diffusers.LCMScheduler),
    "sd3": tiny_transformers.sd3,
    "flux-dev": lambda: tiny_transformers.flux(diffusers.FluxPipeline, guided=True),
    "flux-schnell": lambda: tiny_transformers.flux(
        diffusers.FluxPipeline, guided=False, shift=False
    ),
    "flux-kontext": lambda: tiny_transformers.flux(diffusers.FluxKontextPipeline, guided=True),
    "flux-fill": tiny_transformers.fill,
    "flux2-klein": tiny_transformers.klein,
    "qwen-image": lambda: tiny_transformers.qwen(diffusers.QwenImagePipeline),
    "qwen-image-edit": lambda: tiny_transformers.qwen(
        diffusers.QwenImageEditPipeline, processor=None
    ),
    "qwen-image-edit-plus": lambda: tiny_transformers.qwen(
        diffusers.QwenImageEditPlusPipeline, processor=None
    ),
    "z-image": tiny_transformers.z_image,
    "sana-sprint": tiny_transformers.sana,
    "sd-upscaler": tiny_unets.upscaler,
    "latent-upscaler": tiny_unets.latent_upscaler,
}
