"""Loads a checkpoint through diffusers, and sets up how it runs: layout, compilation, memory."""

import ctypes
import inspect
import os
import platform
from pathlib import Path
from typing import Any

from transforms.diffusion.companions import CONTROLLED, add_companions, control_net
from transforms.diffusion.pipeline_call import LoadedPipeline
from transforms.diffusion.prompts import load_processor, remember_prompts
from transforms.errors import ConfigError, ModelError
from transforms.models.checkpoints import locate
from transforms.presets.checkpoint import Checkpoint, Options
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


def load(checkpoint: Checkpoint, diffusion: Diffusion, device: str | None = None) -> LoadedPipeline:
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
    folder = locate(checkpoint, checkpoint.name or checkpoint.identity)
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
    return LoadedPipeline(pipeline, checkpoint)


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
        parts["processor"] = load_processor(folder / "processor")
    return parts


def _silence() -> None:
    from diffusers.utils import logging  # noqa: PLC0415 - heavy
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415 - heavy

    for library in (logging, transformers_logging):
        library.set_verbosity_error()
        library.disable_progress_bar()


_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Of glibc's `mallopt` (malloc.h)."""
_KEPT_BYTES = 1 << 30
_AXES = 4
"""Of what can lie channels-last."""


def tune(pipeline: Any, options: Options, device: str) -> None:
    """Set up a pipeline that lies on its device already.

    Args:
        pipeline: A diffusers pipeline. Modified.
        options: Of its checkpoint.
        device: As torch names it.

    Convolutional networks run channels-last on a CPU always: on the small SD 1.5-like model of
    `packshot bench render` that takes 5.7 instead of 6.8 CPU-seconds a picture.
    """
    import torch  # noqa: PLC0415 - heavy; only who loads a pipeline pays for it

    on_cpu = torch.device(device).type == "cpu"
    pipeline.set_progress_bar_config(disable=True)
    if on_cpu:
        _keep_memory()
    denoiser = "unet" if getattr(pipeline, "unet", None) is not None else "transformer"
    if options.channels_last or on_cpu:
        for name in ("unet", "vae"):
            part = getattr(pipeline, name, None)
            # Qwen-Image's autoencoder is a video's, and five axes have no such format.
            if part is not None and all(each.ndim <= _AXES for each in part.parameters()):
                part.to(memory_format=torch.channels_last)
    for wanted, switch in (
        (options.vae_slicing, "enable_slicing"),
        (options.vae_tiling, "enable_tiling"),
    ):
        if wanted and hasattr(pipeline.vae, switch):
            getattr(pipeline.vae, switch)()
    if options.compile:
        os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(_compiled_folder()))
        getattr(pipeline, denoiser).compile()
        pipeline.vae.decoder.compile()


def quantise(pipeline: Any, kind: str) -> None:
    """Keep a denoiser's weights in 8 bits. Modifies the pipeline.

    Raises:
        ModelError: torchao is not installed.
    """
    try:
        from torchao.quantization import (  # noqa: PLC0415 - an optional extra
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


def _keep_memory() -> None:
    """Let freed memory of large tensors be used again, instead of given back to the system.

    glibc maps each anew and the kernel clears it page by page: a tenth of a picture's time.
    """
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_MMAP_THRESHOLD, _KEPT_BYTES)
        libc.mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)


def _compiled_folder() -> Path:
    """Outlives the task, so that a graph is compiled once for a machine."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "packshot" / "compiled"
