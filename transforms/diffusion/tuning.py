"""How a loaded pipeline is run: memory layout, compilation, slices, allocation."""

import ctypes
import os
import platform
from pathlib import Path
from typing import Any

from transforms.errors import ModelError
from transforms.presets.checkpoint import Options

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
