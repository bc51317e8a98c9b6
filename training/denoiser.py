"""The denoiser: a small U-Net that reads captions."""

import numpy as np
import torch
from diffusers import AutoencoderTiny, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizer

from training.autoencoder import SCALE, as_tensor
from training.batches import Pictures
from training.captions import caption
from training.course import Course, device, precision
from training.gates import Gates
from training.noise import Noising
from training.recipe import FACTOR, LATENT_CHANNELS, Recipe
from training.text_encoder import encoded

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
    )


def course(
    network: UNet2DConditionModel,
    parts: tuple[AutoencoderTiny, CLIPTextModel, CLIPTokenizer],
    pictures: Pictures,
    recipe: Recipe,
    gates: Gates,
) -> Course:
    """Teach it to end at pictures.

    Args:
        network: The denoiser.
        parts: Autoencoder (its encoder is enough), frozen text encoder, tokenizer.
        pictures: To train on.
        recipe: Numbers.
        gates: Looks at it at every checkpoint.
    """
    autoencoder, encoder, words = parts
    settings, on = recipe.denoiser, device()
    network.to(on, memory_format=torch.channels_last)
    noising = Noising(settings, on)

    def loss(step: int) -> torch.Tensor:
        rng = np.random.default_rng((recipe.seed, 5, step))
        lessons = pictures.lessons(rng, settings.batch)
        sentences = [
            "" if rng.random() < settings.wordless else caption(each.attributes, rng)[0]
            for each in lessons
        ]
        picture, sketch = (
            latents(autoencoder, [each.picture for each in lessons]),
            latents(autoencoder, [each.sketch for each in lessons]),
        )
        sample, at, wanted = noising.drawn(picture, sketch, (recipe.seed, 6, step))
        with precision(on):
            answer = network(sample, at, encoded(encoder, words, sentences)).sample
        return (answer.float() - wanted).square().mean()

    return Course(
        "denoiser",
        network,
        loss,
        steps=settings.steps,
        learning_rate=settings.learning_rate,
        warm_up=settings.warm_up,
        decay=settings.decay,
        check_every=recipe.check_every,
        check=gates.look,
    )


@torch.no_grad()
def latents(autoencoder: AutoencoderTiny, pictures: list[np.ndarray]) -> torch.Tensor:
    """What the denoiser sees of pictures, 0 to 1: (n, 4, height / 8, width / 8)."""
    on = next(autoencoder.parameters()).device
    return autoencoder.encoder(as_tensor(pictures).to(on)) * SCALE
