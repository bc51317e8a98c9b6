"""The ways to make pictures that `packshot bench render` compares."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.support.random_checkpoints import SIZES, Size
from transforms.diffusion.engine import DiffusionEngine
from transforms.diffusion.generation import GenerationRequest, letterbox_for
from transforms.diffusion.letterbox import apply_letterbox
from transforms.images.codec import decode_png, encode_png
from transforms.models.checkpoints import folder_sha256
from transforms.presets.checkpoint import Checkpoint, Options
from transforms.presets.preset import Diffusion
from transforms.storage.folder import FolderStorage

_PROMPT = "a product on a wooden table in snow, winter light, shallow depth of field, photograph"
_NEGATIVE = "blurry, text, watermark"
STRENGTH = 0.5
_GUIDANCE = 7.5


@dataclass(frozen=True, slots=True)
class Setting:
    """What is timed."""

    size: Size
    pictures: int
    steps: int
    batch: int
    compile: bool
    device: str
    canvas_px: int = 2000
    """Side of the pictures: a catalogue's canvas."""


Run = Callable[[list[str], str], None]
"""Makes pictures with these keys and keeps them below a folder of this name."""


def by_script(folder: Path, setting: Setting) -> Run:
    """As in the first example of diffusers' documentation, in a loop."""
    import torch  # noqa: PLC0415 - heavy
    from diffusers import AutoPipelineForImage2Image  # noqa: PLC0415 - heavy
    from PIL import Image  # noqa: PLC0415 - beside what it is used with

    pipeline: Any = AutoPipelineForImage2Image
    pipeline = pipeline.from_pretrained(folder / "checkpoint").to(setting.device)
    pipeline.set_progress_bar_config(disable=True)
    side = SIZES[setting.size].native_px

    def run(keys: list[str], kept: str) -> None:
        (folder / kept).mkdir(exist_ok=True)
        for number, key in enumerate(keys):
            picture = Image.open(folder / "source" / key).convert("RGB")
            made = pipeline(
                prompt=_PROMPT,
                negative_prompt=_NEGATIVE,
                image=picture.resize((side, side)),
                strength=STRENGTH,
                num_inference_steps=setting.steps,
                guidance_scale=_GUIDANCE,
                generator=torch.Generator("cpu").manual_seed(number),
            ).images[0]
            made.resize(picture.size).save(folder / kept / key)

    return run


def by_engine(folder: Path, setting: Setting) -> Run:
    """As the stage does: read ahead and made in batches, while finished ones are written."""
    engine = DiffusionEngine(checkpoint_of(folder, setting), device=setting.device)
    source = FolderStorage(folder / "source")

    def run(keys: list[str], kept: str) -> None:
        target = FolderStorage(folder / kept)

        requests = (
            request_for(decode_png(source.read(key)), number, setting)
            for number, key in enumerate(keys)
        )
        for made in engine.generate(requests):
            if made.pixels is None:
                raise RuntimeError(f"{keys[made.number]}: {made.reason}: {made.message}")
            target.create(keys[made.number], encode_png(made.pixels))

    return run


def by_bare(folder: Path, setting: Setting) -> Run:
    """The loaded model alone, on pictures that lie in memory in their sizes."""
    from transforms.diffusion.pipeline_loading import load  # noqa: PLC0415 - heavy

    checkpoint = checkpoint_of(folder, setting)
    model = load(checkpoint, Diffusion(), setting.device)
    source = FolderStorage(folder / "source")
    shown = {}
    for number in range(setting.pictures):
        key = f"{number:04d}.png"
        request = request_for(decode_png(source.read(key)), number, setting)
        shown[key] = replace(
            request, pixels=apply_letterbox(request.pixels, letterbox_for(request, checkpoint))
        )

    def run(keys: list[str], _: str) -> None:
        for start in range(0, len(keys), setting.batch):
            model.generate([shown[key] for key in keys[start : start + setting.batch]])

    return run


def checkpoint_of(folder: Path, setting: Setting) -> Checkpoint:
    """The random checkpoint, as an entry of `config/models.yaml` has it."""
    return Checkpoint(
        family="sd15",
        purpose="Random weights, for timing.",
        licence="none",
        commercial=True,
        folder=str(folder / "checkpoint"),
        sha256=folder_sha256(folder / "checkpoint"),
        native_px=SIZES[setting.size].native_px,
        options=Options(batch=setting.batch, compile=setting.compile),
    )


def request_for(pixels: Any, number: int, setting: Setting) -> GenerationRequest:
    """A picture to be made, with the same words and strength as the script's."""
    diffusion = Diffusion(steps=setting.steps, guidance=_GUIDANCE)
    return GenerationRequest(pixels, diffusion, _PROMPT, _NEGATIVE, STRENGTH, seed=number)
