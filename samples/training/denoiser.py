"""The denoiser: a small U-Net that reads captions."""

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from transformers import CLIPTextModel, CLIPTokenizer

from samples.training.bank import Bank
from samples.training.captions import caption
from samples.training.course import Course, device, precision
from samples.training.gates import Gates
from samples.training.noise import Noising
from samples.training.recipe import FACTOR, LATENT_CHANNELS, Recipe
from samples.training.text_encoder import encoded

_READING = 2
"""Lowest levels of the U-Net that read the caption: higher ones have more pixels than meaning."""


def untrained(recipe: Recipe) -> UNet2DConditionModel:
    """With random weights."""
    settings = recipe.denoiser
    torch.manual_seed(recipe.seed)
    count = len(settings.widths)
    reads = [number >= count - _READING for number in range(count)]
    down = tuple("CrossAttnDownBlock2D" if each else "DownBlock2D" for each in reads)
    up = tuple("CrossAttnUpBlock2D" if each else "UpBlock2D" for each in reversed(reads))
    return UNet2DConditionModel(
        sample_size=recipe.side_px // FACTOR,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        block_out_channels=settings.widths,
        layers_per_block=settings.layers,
        down_block_types=down,
        up_block_types=up,
        mid_block_type="UNetMidBlock2DCrossAttn",
        cross_attention_dim=recipe.text.width,
        # diffusers reads this as a number of heads of this width.
        attention_head_dim=tuple(max(1, wide // settings.heads_dim) for wide in settings.widths),
        norm_num_groups=settings.groups,
        # The whole sentence besides, beside the noise level, where every block reads it: attention
        # alone learned no more of it in 9,000 steps than whether it is bright.
        addition_embed_type="text",
        addition_embed_type_num_heads=recipe.text.heads,
    )


def course(
    network: UNet2DConditionModel,
    parts: tuple[CLIPTextModel, CLIPTokenizer],
    lessons: Bank,
    recipe: Recipe,
    gates: Gates,
) -> Course:
    """Teach it to end at pictures.

    Args:
        network: The denoiser.
        parts: Frozen text encoder, and tokenizer.
        lessons: To train on.
        recipe: Numbers.
        gates: Looks at it at every checkpoint.
    """
    encoder, words = parts
    settings, on = recipe.denoiser, device()
    network.to(on, memory_format=torch.channels_last)
    if on.type == "cpu":
        # The fused attention is slow backwards there: a third of a step's time.
        network.set_attn_processor(AttnProcessor())
    noising = Noising(settings, lessons.variances)

    def loss(step: int) -> torch.Tensor:
        rng = np.random.default_rng((recipe.seed, 5, step))
        whole = rng.random() >= settings.cropped
        chosen = rng.integers(len(lessons), size=settings.batch * (1 if whole else settings.crops))
        sentences = [
            "" if rng.random() < settings.wordless else caption(lessons.attributes[each], rng)[0]
            for each in chosen
        ]
        index = torch.from_numpy(chosen).to(on)
        picture, sketch = lessons.picture[index].float(), lessons.sketch[index].float()
        if not whole:
            top, left = (int(rng.integers(0, picture.shape[-1] - settings.crop + 1)) for _ in "yx")
            part = (..., slice(top, top + settings.crop), slice(left, left + settings.crop))
            picture, sketch = picture[part], sketch[part]
        sample, at, wanted = noising.drawn(picture, sketch, (recipe.seed, 6, step))
        with precision(on):
            answer = network(sample, at, encoded(encoder, words, sentences)).sample
        return noising.missed(answer.float(), wanted, at).mean()

    return Course(
        "denoiser",
        network,
        loss,
        steps=settings.steps,
        learning_rate=settings.learning_rate,
        warm_up=settings.warm_up,
        remembered=settings.remembered,
        decay=settings.decay,
        check_every=recipe.check_every,
        check=gates.look,
    )
