"""Loads a checkpoint through diffusers."""

import inspect
import os
from pathlib import Path
from typing import Any

from transforms.diffusion.call import Loaded
from transforms.diffusion.companions import CONTROLLED, add_companions, control_net
from transforms.diffusion.encoded_prompts import remember_prompts
from transforms.diffusion.picture_prompts import picture_prompts
from transforms.diffusion.tuning import quantise, tune
from transforms.errors import ConfigError, ModelError
from transforms.models.checkpoints import located
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.family import FAMILIES, Family
from transforms.presets.preset import Diffusion

_SCHEDULERS = {
    "ddim": "DDIMScheduler",
    "euler": "EulerDiscreteScheduler",
    "euler-ancestral": "EulerAncestralDiscreteScheduler",
    "dpm++": "DPMSolverMultistepScheduler",
    "lcm": "LCMScheduler",
    "unipc": "UniPCMultistepScheduler",
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
    family = FAMILIES[checkpoint.family]
    kind = _pipeline_class(family, diffusion)
    folder = located(checkpoint, checkpoint.name or checkpoint.identity)
    import diffusers  # noqa: PLC0415 - heavy, and not for who only learns what is missing
    import torch  # noqa: PLC0415 - as above

    _silence()
    on = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    options = checkpoint.options
    dtype = torch.float32 if on.type == "cpu" else getattr(torch, options.dtype)
    parts = _parts(getattr(diffusers, kind), folder)
    if diffusion.control:
        parts["controlnet"] = control_net(checkpoint, diffusion, dtype)
    if checkpoint.variant:
        parts["variant"] = checkpoint.variant
    try:
        pipeline = getattr(diffusers, kind).from_pretrained(
            str(folder), dtype=dtype, use_safetensors=True, local_files_only=True, **parts
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelError(f"checkpoint {checkpoint.identity}: cannot be loaded: {error}") from error
    add_companions(pipeline, checkpoint, diffusion)
    if diffusion.scheduler:
        scheduler = getattr(diffusers, _SCHEDULERS[diffusion.scheduler])
        pipeline.scheduler = scheduler.from_config(pipeline.scheduler.config)
    if options.quantise != "none":
        quantise(pipeline, options.quantise)
    pipeline.to(on)
    tune(pipeline, options, str(on))
    remember_prompts(pipeline)
    return Loaded(pipeline, checkpoint)


def _pipeline_class(family: Family, diffusion: Diffusion) -> str:
    """Name of diffusers' class.

    Raises:
        ConfigError: There is none; says what the family does.
    """
    kind = family.pipelines.get(diffusion.task)
    if kind is None:
        raise ConfigError(
            f"{family.title} does not do {diffusion.task}; it does {', '.join(family.pipelines)}"
        )
    if diffusion.scheduler and not family.schedulers:
        raise ConfigError(
            f"{family.title} works with its own noise scheduler alone; leave `scheduler` out"
        )
    if not diffusion.control:
        return kind
    if kind not in CONTROLLED:
        raise ConfigError(f"{family.title} has no ControlNet here; leave `control` out")
    return CONTROLLED[kind]


def _parts(kind: Any, folder: Path) -> dict[str, Any]:
    """Parts and settings that are not taken as the folder has them."""
    known = inspect.signature(kind.__init__).parameters
    # Product pictures: the filter blackens pictures of shirts now and then, and a watermark would
    # change pixels where that package happens to be installed.
    wanted: dict[str, Any] = {"requires_safety_checker": False, "add_watermarker": False}
    parts = {name: value for name, value in wanted.items() if name in known}
    if "safety_checker" in known:
        parts["safety_checker"] = None
    if "processor" in known:
        parts["processor"] = picture_prompts(folder / "processor")
    return parts


def _silence() -> None:
    from diffusers.utils import logging  # noqa: PLC0415 - heavy
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415 - heavy

    for library in (logging, transformers_logging):
        library.set_verbosity_error()
        library.disable_progress_bar()
