"""How 8 x 8 pixels become four numbers: their principal components, written into a network.

Principal components need no training, so denoiser and decoder can train side by side, and each
latent has a meaning: brightness, two of colour, and a slope. Source of the idea: PCA as a linear
autoencoder, Baldi and Hornik 1989.

AutoencoderTiny's encoder without blocks is linear: a 3 x 3 convolution, three of stride 2, one
more. Four filters of 8 x 8 fall apart exactly into those: 2 x 2 pixels of three channels are 12
numbers, each filter has 4 parts of 4 x 4 pixels, so 16 channels hold all of them.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from samples.training.recipe import FACTOR, LATENT_CHANNELS

WIDTH = LATENT_CHANNELS * 4
"""Channels of the encoder."""
_PATCHES = 120
"""Taken of each picture."""
_PIXELS_OF_FIRST = 12


@dataclass(frozen=True)
class Components:
    """Mean of patches, and what is measured of each."""

    mean: np.ndarray
    """(8, 8, 3), sRGB 0 to 1."""
    filters: np.ndarray
    """(4, 8, 8, 3), orthogonal, each of length 1."""
    variances: np.ndarray
    """(4,), of the filters' answers."""
    explained: float
    """Share of the patches' variance that the four keep."""

    def gains(self, whitening: float, spread: float) -> np.ndarray:
        """Factors on the answers, (4,).

        Args:
            whitening: See `DenoiserRecipe`.
            spread: Root of the mean variance after them.
        """
        gains = self.variances ** (-whitening / 2)
        return gains * spread / np.sqrt((self.variances * gains**2).mean())


def principal(pictures: list[np.ndarray], rng: np.random.Generator) -> Components:
    """Find them in pictures, (height, width, 3), sRGB 0 to 255."""
    rows = []
    for picture in pictures:
        top, left = (rng.integers(0, side - FACTOR + 1, _PATCHES) for side in picture.shape[:2])
        rows += [
            picture[y : y + FACTOR, x : x + FACTOR].ravel() for y, x in zip(top, left, strict=True)
        ]
    patches = np.stack(rows).astype(np.float64) / 255
    mean = patches.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((patches - mean).T))
    best = np.argsort(values)[::-1][:LATENT_CHANNELS]
    filters = vectors[:, best].T.reshape(-1, FACTOR, FACTOR, 3)
    # An eigenvector may point either way: let each answer positively to its brightest corner.
    signs = np.sign(filters[:, 0, 0].sum(axis=-1))
    filters = filters * np.where(signs == 0, 1, signs)[:, None, None, None]
    return Components(
        mean=mean.reshape(FACTOR, FACTOR, 3),
        filters=filters,
        variances=values[best],
        explained=float(values[best].sum() / values.sum()),
    )


def write_encoder(layers: nn.Sequential, components: Components, gains: np.ndarray) -> None:
    """Write the components into the five convolutions of an encoder without blocks, in place.

    Args:
        layers: Of `diffusers.models.autoencoders.vae.EncoderTiny`, `WIDTH` channels wide.
        components: What is measured.
        gains: Factors on the answers, (4,).
    """
    copy, first, second, third, last = layers
    with torch.no_grad():
        for layer in (copy, first, second, third, last):
            layer.weight.zero_()
        copy.bias.zero_()
        for channel in range(3):
            copy.weight[channel, channel, 1, 1] = 1
        # A kernel of stride 2 looks at pixels 2i - 1, 2i, 2i + 1; a block of two is the last two.
        for number in range(_PIXELS_OF_FIRST):
            y, x, channel = np.unravel_index(number, (2, 2, 3))
            first.weight[number, channel, 1 + y, 1 + x] = 1
        quarters = components.filters.reshape(LATENT_CHANNELS, 2, 4, 2, 4, 3)
        for latent in range(LATENT_CHANNELS):
            for part in range(4):
                down, right = divmod(part, 2)
                quarter = quarters[latent, down, :, right]  # (4, 4, 3)
                blocks = quarter.reshape(2, 2, 2, 2, 3).transpose(0, 2, 1, 3, 4)
                for y in range(2):
                    for x in range(2):
                        weights = torch.from_numpy(blocks[y, x].reshape(-1)).float()
                        second.weight[4 * latent + part, :_PIXELS_OF_FIRST, 1 + y, 1 + x] = weights
                third.weight[latent, 4 * latent + part, 1 + down, 1 + right] = 1
            last.weight[latent, latent, 1, 1] = float(gains[latent])
        answer = components.filters.reshape(LATENT_CHANNELS, -1) @ components.mean.ravel()
        last.bias.copy_(torch.from_numpy(-answer * gains).float())
