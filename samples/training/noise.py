"""Noise levels, and the way from a sketch to a picture.

Image-to-image starts at a noised sketch. Deterministic sampling then replaces, step by step, what
the network predicts; at the level t a share of the sketch is still in the sample, as large as the
noise of t is against the noise that it began with:

    x_t = a_t * (picture + c * (sketch - picture)) + s_t * noise,   c = (s_t / a_t) / (s_b / a_b)

with b the level at which it began. Training on these samples (c > 0) beside ordinary ones (c = 0)
teaches the stock pipeline to end at the picture. What DDIM would call the noise is then
noise + (a_b / s_b) * (sketch - picture), and the target of v-prediction follows from it.
Sources: v-prediction and its target, arXiv:2202.00512; zero terminal signal, arXiv:2305.08891;
bridges between two pictures, arXiv:2302.05872.
"""

import numpy as np
import torch
from diffusers import DDIMScheduler

from samples.training.recipe import DenoiserRecipe

LEVELS = 1000
_LEAST_WORDED = 0.5
"""Where a picture from words has still to be composed; below it, image-to-image is the same. Most
are drawn near 1, where words are all that there is to go by."""


def scheduler() -> DDIMScheduler:
    """What the exported model samples with."""
    return DDIMScheduler(
        num_train_timesteps=LEVELS,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        steps_offset=1,  # of no effect on trailing spacing; pipelines warn of 0
    )


def amounts() -> tuple[torch.Tensor, torch.Tensor]:
    """Signal and noise of each level, (1000,) each; their squares add up to 1."""
    kept = scheduler().alphas_cumprod.double().clamp(0, 1)
    return kept.sqrt().float(), (1 - kept).sqrt().float()


class Noising:
    """Draws levels, and makes samples of them."""

    def __init__(self, settings: DenoiserRecipe, variances: torch.Tensor) -> None:
        """Prepare to draw.

        Args:
            settings: Of the denoiser.
            variances: Of the latents' channels, (4,), on the device that trains.
        """
        signal, noise = (each.to(variances.device) for each in amounts())
        self._signal, self._noise, self._settings = signal, noise, settings
        self._variances = variances

    def drawn(
        self, picture: torch.Tensor, sketch: torch.Tensor, seed: tuple[int, ...]
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Samples to train on.

        Args:
            picture: Latents, (n, 4, height, width).
            sketch: As picture.
            seed: Of everything that is drawn.

        Returns:
            Samples, levels (n,), and what the network should answer (v).
        """
        rng, count = np.random.default_rng(seed), len(picture)
        settings = self._settings
        begins = rng.uniform(settings.least_strength, settings.greatest_strength, count)
        level = np.round(begins * rng.random(count) * LEVELS)
        worded = rng.random(count) < settings.from_noise
        level[worded] = (1 - (1 - _LEAST_WORDED) * rng.random(worded.sum()) ** 2) * LEVELS
        bridged = ~worded & (rng.random(count) < settings.bridged)
        at = torch.from_numpy(level.clip(1, LEVELS) - 1).long().to(picture.device)
        begun = torch.from_numpy((begins * LEVELS).clip(1, LEVELS) - 1).long().to(picture.device)
        share = torch.from_numpy(bridged).to(picture.device).float()
        noise = torch.from_numpy(rng.standard_normal(tuple(picture.shape), np.float32))
        return (*self.mixed(picture, sketch, noise.to(picture.device), (at, begun, share)),)

    def mixed(
        self,
        picture: torch.Tensor,
        sketch: torch.Tensor,
        noise: torch.Tensor,
        levels: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Samples at given levels: where they are, where they began, and 1 where bridged."""
        at, begun, share = levels
        signal, spread = (each[at].view(-1, 1, 1, 1) for each in (self._signal, self._noise))
        left = (self._signal / self._noise)[begun] * share
        all_noise = noise + left.view(-1, 1, 1, 1) * (sketch - picture)
        return signal * picture + spread * all_noise, at, signal * all_noise - spread * picture

    def missed(self, answer: torch.Tensor, wanted: torch.Tensor, at: torch.Tensor) -> torch.Tensor:
        """Share of v that an answer misses, (n,): 1 is answering nothing.

        Where words compose a picture each channel counts alike: brightness varies ten times as much
        as colour does, and would be all that a network learns of them. Below, where the picture
        gives the colours, channels count as much as they vary, which is nearer to what eyes see.
        """
        signal, noise = (each[at].square()[:, None] for each in (self._signal, self._noise))
        error = (answer - wanted).square().mean(dim=(2, 3))
        nothing = signal + noise * self._variances
        worded = at >= _LEAST_WORDED * LEVELS
        alike = (error / nothing).mean(dim=1)
        return torch.where(worded, alike, error.sum(dim=1) / nothing.sum(dim=1))
