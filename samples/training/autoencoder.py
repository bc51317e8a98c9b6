"""The decoder of the latents; their encoder is computed (see `samples.training.latents`)."""

import math

import numpy as np
import torch
from diffusers import AutoencoderTiny
from torch.nn.functional import avg_pool2d, l1_loss

from samples.training.batches import Pictures
from samples.training.course import Course, device, precision
from samples.training.latents import WIDTH, principal, write_encoder
from samples.training.recipe import LATENT_CHANNELS, Recipe

_SHOWN = 0.5
"""Spread of what the decoder is shown: it squashes what is beyond 3."""
_SLOPES, _COARSE = 0.5, 0.5
"""Weights of the loss's parts beside the mean difference: of edges, and of areas."""
_AREA_PX = 8


def untrained(pictures: Pictures, recipe: Recipe) -> AutoencoderTiny:
    """An autoencoder whose encoder is finished."""
    rng = np.random.default_rng((recipe.seed, 0))
    components = principal(pictures.whole(), rng)
    wide = recipe.autoencoder.width
    network = AutoencoderTiny(
        latent_channels=LATENT_CHANNELS,
        encoder_block_out_channels=(WIDTH,) * 4,
        num_encoder_blocks=(0, 0, 0, 0),
        decoder_block_out_channels=(wide,) * 4,
        num_decoder_blocks=recipe.autoencoder.blocks,
        scaling_factor=recipe.denoiser.spread / _SHOWN,
    )
    gains = components.gains(recipe.denoiser.whitening, _SHOWN)
    write_encoder(network.encoder.layers, components, gains)
    network.encoder.requires_grad_(False)
    return network


def course(network: AutoencoderTiny, pictures: Pictures, recipe: Recipe) -> Course:
    """Train the decoder on crops."""
    settings, on = recipe.autoencoder, device()
    network.to(on)

    def loss(step: int) -> torch.Tensor:
        rng = np.random.default_rng((recipe.seed, 1, step))
        crops = []
        for lesson in pictures.lessons(rng, settings.batch):
            top, left = (
                int(rng.integers(0, recipe.side_px - settings.crop_px + 1)) for _ in range(2)
            )
            part = (slice(top, top + settings.crop_px), slice(left, left + settings.crop_px))
            crops.append(lesson.picture[part])
        given = as_tensor(crops).to(on)
        with precision(on):
            shown = network.decoder(network.encoder(given))
        return difference(shown.float(), given)

    return Course(
        "autoencoder",
        network,
        loss,
        steps=settings.steps,
        learning_rate=settings.learning_rate,
        decay=0.99,
        check_every=recipe.check_every,
    )


def difference(shown: torch.Tensor, given: torch.Tensor) -> torch.Tensor:
    """How unlike two batches look: pixels, edges, areas."""
    total = l1_loss(shown, given)
    for axis in (-1, -2):
        total = total + _SLOPES * l1_loss(shown.diff(dim=axis), given.diff(dim=axis))
    areas = (avg_pool2d(each, _AREA_PX) for each in (shown, given))
    return total + _COARSE * l1_loss(*areas)


def as_tensor(pictures: list[np.ndarray]) -> torch.Tensor:
    """(n, 3, height, width), -1 to 1, of pictures from 0 to 1."""
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).contiguous() * 2 - 1


@torch.no_grad()
def round_trip_db(
    network: AutoencoderTiny, pictures: Pictures, recipe: Recipe, count: int
) -> float:
    """PSNR of held-out pictures after encoding and decoding, in decibels, mean of pictures."""
    rng, on = np.random.default_rng((recipe.seed, 2)), device()
    ratios = []
    for lesson in pictures.lessons(rng, count):
        given = as_tensor([lesson.picture]).to(on)
        error = float(((network(given).sample.clamp(-1, 1) - given) / 2).square().mean())
        ratios.append(-10 * math.log10(max(error, 1e-12)))
    return float(np.mean(ratios))
