"""Loads a checkpoint through diffusers."""

import inspect
import os
from typing import Any

from transforms.diffusion.call import Loaded
from transforms.diffusion.companions import add_companions, control_net
from transforms.diffusion.encoded_prompts import remember_prompts
from transforms.diffusion.tuning import tune
from transforms.errors import ConfigError, ModelError
from transforms.models.checkpoints import located
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.family import FAMILIES
from transforms.presets.preset import Diffusion

_SCHEDULERS = {
    "ddim": "DDIMScheduler",
    "euler": "EulerDiscreteScheduler",
    "euler-ancestral": "EulerAncestralDiscreteScheduler",
    "dpm++": "DPMSolverMultistepScheduler",
    "lcm": "LCMScheduler",
    "unipc": "UniPCMultistepScheduler",
}
_CONTROLLED = {
    "StableDiffusionImg2ImgPipeline": "StableDiffusionControlNetImg2ImgPipeline",
    "StableDiffusionXLImg2ImgPipeline": "StableDiffusionXLControlNetImg2ImgPipeline",
}


def load(checkpoint: Checkpoint, diffusion: Diffusion, device: str | None = None) -> Loaded:
    """Load a checkpoint for what a preset asks of it.

    Args:
        checkpoint: With absolute folders.
        diffusion: Task, scheduler and companions.
        device: As torch names it; None: the first GPU, or the CPU.

    Raises:
        ModelError: It is not at hand, or not what the entry names.
        ConfigError: The family does not do what is asked.
    """
    # Before diffusers is imported: nothing here tells anybody that it runs.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    import diffusers  # noqa: PLC0415
    import torch  # noqa: PLC0415
    from diffusers.utils import logging  # noqa: PLC0415
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415

    for library in (logging, transformers_logging):
        library.set_verbosity_error()
        library.disable_progress_bar()
    family = FAMILIES[checkpoint.family]
    kind = family.pipelines.get(diffusion.task)
    if kind is None:
        raise ConfigError(
            f"{family.title} does not do {diffusion.task}; it does {', '.join(family.pipelines)}"
        )
    on = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    options = checkpoint.options
    dtype = torch.float32 if on.type == "cpu" else getattr(torch, options.dtype)
    settings: dict[str, Any] = {"dtype": dtype, "use_safetensors": True, "local_files_only": True}
    if checkpoint.variant:
        settings["variant"] = checkpoint.variant
    if diffusion.control:
        settings["controlnet"], kind = (
            control_net(checkpoint, diffusion, dtype),
            _CONTROLLED.get(kind),
        )
        if kind is None:
            raise ConfigError(f"{family.title} has no ControlNet here; leave `control` out")
    folder = located(checkpoint, checkpoint.name or checkpoint.identity)
    if "Stable" in kind and "XL" not in kind and "3" not in kind:
        # Product pictures: its filter blackens pictures of shirts now and then.
        settings |= {"safety_checker": None, "requires_safety_checker": False}
    settings = _known(getattr(diffusers, kind), settings)
    try:
        pipeline = getattr(diffusers, kind).from_pretrained(str(folder), **settings)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"checkpoint {checkpoint.identity}: cannot be loaded: {error}") from error
    add_companions(pipeline, checkpoint, diffusion)
    if diffusion.scheduler:
        scheduler = getattr(diffusers, _SCHEDULERS[diffusion.scheduler])
        pipeline.scheduler = scheduler.from_config(pipeline.scheduler.config)
    if options.quantise != "none":
        _quantise(pipeline, options.quantise)
    pipeline.to(on)
    tune(pipeline, options, str(on))
    remember_prompts(pipeline)
    return Loaded(pipeline, checkpoint)


def _known(kind: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """Settings without those of components that this pipeline does not have."""
    parts = set(inspect.signature(kind.__init__).parameters)
    optional = {"safety_checker", "requires_safety_checker"}
    return {name: value for name, value in settings.items() if name not in optional - parts}


def _quantise(pipeline: Any, kind: str) -> None:
    try:
        from torchao.quantization import (  # noqa: PLC0415
            Float8DynamicActivationFloat8WeightConfig,
            Int8WeightOnlyConfig,
            quantize_,
        )
    except ImportError as error:
        raise ModelError("options.quantise needs torchao: pip install torchao") from error
    configs = {
        "float8": Float8DynamicActivationFloat8WeightConfig,
        "int8": Int8WeightOnlyConfig,
    }
    quantize_(getattr(pipeline, "transformer", None) or pipeline.unet, configs[kind]())
