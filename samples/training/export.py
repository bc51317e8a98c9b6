"""Puts the parts together as diffusers' pipelines, and writes the folder that they load."""

from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import (
    AutoencoderTiny,
    StableDiffusionImg2ImgPipeline,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextModel, CLIPTokenizer

from samples.training.noise import scheduler


@dataclass(frozen=True)
class Parts:
    """What a model consists of."""

    autoencoder: AutoencoderTiny
    encoder: CLIPTextModel
    words: CLIPTokenizer
    denoiser: UNet2DConditionModel


def assembled(parts: Parts, *, from_image: bool) -> StableDiffusionPipeline:
    """The stock pipeline of these parts, which it shares; no safety checker, no progress bar."""
    kind = StableDiffusionImg2ImgPipeline if from_image else StableDiffusionPipeline
    pipeline = kind(
        vae=parts.autoencoder,
        text_encoder=parts.encoder,
        tokenizer=parts.words,
        unet=parts.denoiser,
        scheduler=scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def export(parts: Parts, folder: Path) -> int:
    """Write float16 safetensors in diffusers' format; returns the bytes of all files.

    The weights in memory become float16.
    """
    pipeline = assembled(parts, from_image=False).to(dtype=torch.float16)
    pipeline.save_pretrained(str(folder), safe_serialization=True)
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
