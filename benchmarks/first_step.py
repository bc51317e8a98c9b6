"""When a task's first denoising step begins, alone and in a fork of a process that is warm."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.render_ways import Setting, checkpoint_of, request_for
from transforms.diffusion.engine import DiffusionEngine
from transforms.diffusion.generation import GenerationRequest
from transforms.images.codec import decode_png
from transforms.storage.folder import FolderStorage


def first_step(folder: Path, setting: Setting) -> dict[str, float]:
    """Start as a task does.

    Returns:
        When the first denoising step began, in seconds since the epoch, and what this process had
        computed by then, in seconds.
    """
    from torch.nn.modules.module import register_module_forward_pre_hook  # noqa: PLC0415 - heavy

    begun: list[dict[str, float]] = []

    def note(module: Any, _: Any) -> None:
        if type(module).__name__ == "UNet2DConditionModel":
            begun.append({"first_step": time.time(), "cpu": time.process_time()})

    def requests() -> Iterator[GenerationRequest]:
        pixels = decode_png(FolderStorage(folder / "source").read("0000.png"))
        yield request_for(pixels, 0, setting)

    register_module_forward_pre_hook(note)
    checkpoint = checkpoint_of(folder, setting)
    with DiffusionEngine(checkpoint, device=setting.device) as engine:
        list(engine.generate(requests()))
    return begun[0]


def preloaded(folder: Path, setting: Setting) -> dict[str, float]:
    """Time a first step in a fork of a process that has imported all, as Airflow does."""
    import diffusers  # noqa: PLC0415 - heavy
    import transformers  # noqa: PLC0415 - heavy

    # Both import a class only when it is first named.
    for module, name in (
        (diffusers, "StableDiffusionImg2ImgPipeline"), (diffusers, "UNet2DConditionModel"),
        (diffusers, "AutoencoderKL"), (diffusers, "PNDMScheduler"),
        (transformers, "CLIPTextModel"), (transformers, "CLIPTokenizer"),
    ):  # fmt: skip
        getattr(module, name)
    reading, writing = os.pipe()
    forked = time.time()
    if (child := os.fork()) == 0:
        os.write(writing, json.dumps(first_step(folder, setting)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        found: dict[str, float] = json.loads(said.read())
    os.waitpid(child, 0)
    return {"forked": forked, **found}
