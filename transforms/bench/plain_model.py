"""Image-to-image with a checkpoint of SD 1.5's classes, and no more: what a benchmark needs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from transforms.diffusion.engine import Made01
from transforms.diffusion.order import Order
from transforms.diffusion.tuning import tune
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.preset import Diffusion

STEPS, GUIDANCE = 20, 7.5


@dataclass(slots=True)
class PlainModel:
    """A diffusers pipeline behind the engine's protocol."""

    pipeline: Any
    native_px: int
    multiple: int = 8
    _prompts: dict[tuple[str, str], Any] = field(default_factory=dict)

    def make(self, orders: Sequence[Order]) -> Sequence[Made01]:
        """Make a batch; each prompt is encoded once."""
        import torch  # noqa: PLC0415 - heavy; only who runs it pays for it

        first = orders[0]
        prompt = (first.positive, first.negative)
        device = self.pipeline.device
        if prompt not in self._prompts:
            self._prompts[prompt] = self.pipeline.encode_prompt(
                first.positive, device, 1, True, first.negative
            )
        positive, negative = self._prompts[prompt]
        pixels = np.stack([order.pixels for order in orders]).astype(np.float32) / 255
        pictures: Sequence[Made01] = self.pipeline(
            prompt_embeds=positive.repeat(len(orders), 1, 1),
            negative_prompt_embeds=negative.repeat(len(orders), 1, 1),
            image=torch.from_numpy(pixels.transpose(0, 3, 1, 2)),
            strength=first.strength,
            num_inference_steps=first.diffusion.steps or STEPS,
            guidance_scale=first.diffusion.guidance or GUIDANCE,
            generator=[torch.Generator("cpu").manual_seed(order.seed) for order in orders],
            output_type="np",
        ).images
        return pictures


def load_plain(checkpoint: Checkpoint, _: Diffusion, device: str | None) -> PlainModel:
    """Load a folder of SD 1.5's classes for the engine."""
    diffusers: Any = import_module("diffusers")  # heavy and untyped
    pipeline = diffusers.StableDiffusionImg2ImgPipeline.from_pretrained(
        checkpoint.folder, local_files_only=True, use_safetensors=True, safety_checker=None
    ).to(device or "cpu")
    tune(pipeline, checkpoint.options, device or "cpu")
    return PlainModel(pipeline, checkpoint.native_px or pipeline.vae.config.sample_size)
