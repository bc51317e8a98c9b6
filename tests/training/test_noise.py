"""The way from a sketch to a picture is the one that the stock noise scheduler walks."""

import numpy as np
import pytest
import torch

from samples.training.noise import LEVELS, Noising, amounts, scheduler
from samples.training.recipe import DenoiserRecipe

STRENGTH, STEPS = 0.5, 10
VARIANCES = torch.tensor([25.0, 7.0, 2.5, 3.5])


def latents(seed):
    return torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(seed))


def levels(at, begun, share):
    return tuple(torch.full((2,), value) for value in (at, begun, share))


def test_perfect_answers_lead_from_the_sketch_to_the_picture():
    """On the way, samples are those that the denoiser is trained on, for every level."""
    picture, sketch, noise = latents(1), latents(2), latents(3)
    noising, walk = Noising(DenoiserRecipe(), VARIANCES), scheduler()
    walk.set_timesteps(STEPS)
    remaining = walk.timesteps[STEPS - int(STEPS * STRENGTH) :]
    begun = int(remaining[0])
    signal, spread = (each[begun] for each in amounts())
    sample = signal * sketch + spread * noise
    for level in remaining:
        trained, _, answer = noising.mixed(picture, sketch, noise, levels(int(level), begun, 1.0))

        torch.testing.assert_close(sample, trained, atol=1e-4, rtol=1e-4)

        sample = walk.step(answer, level, sample).prev_sample

    torch.testing.assert_close(sample, picture, atol=1e-3, rtol=1e-3)


def test_without_a_bridge_the_sketch_does_not_matter():
    picture, noise = latents(1), latents(3)
    noising = Noising(DenoiserRecipe(), VARIANCES)

    first, second = (
        noising.mixed(picture, latents(seed), noise, levels(300, 500, 0.0))[0] for seed in (4, 5)
    )

    torch.testing.assert_close(first, second)


def test_all_levels_are_drawn_and_those_of_image_to_image_most():
    settings = DenoiserRecipe(from_noise=0.2)
    noising = Noising(settings, VARIANCES)
    many = torch.zeros(4000, 1, 1, 1)
    _, at, _ = noising.drawn(many, many, (1, 2))
    highest = float((at >= settings.greatest_strength * LEVELS).float().mean())

    assert int(at.min()) >= 0
    assert int(at.max()) < LEVELS
    # Of samples for pictures from words the noisiest quarter of the levels gets the most.
    assert highest == pytest.approx(settings.from_noise * 0.5**0.5, abs=0.02)


def test_an_empty_answer_costs_one_at_every_level():
    """Levels count alike; channels do too where words compose a picture."""
    noising = Noising(DenoiserRecipe(), VARIANCES)
    rng = np.random.default_rng(0)
    picture, noise = (
        torch.from_numpy(rng.standard_normal((64, 4, 16, 16), np.float32)) for _ in range(2)
    )
    picture = picture * VARIANCES.sqrt().view(4, 1, 1)
    shares = {10: None, 300: None, 700: 0.25, 999: 0.25}
    for level, share in shares.items():
        at = torch.full((64,), level)
        _, _, wanted = noising.mixed(picture, picture, noise, (at, at, torch.zeros(64)))

        whole = noising.missed(torch.zeros_like(wanted), wanted, at).mean()
        answer = wanted.clone()
        answer[:, 2] = 0
        one_channel = noising.missed(answer, wanted, at).mean()

        assert float(whole) == pytest.approx(1, abs=0.05)
        varies = wanted.var(dim=(0, 2, 3))
        expected = float(varies[2] / varies.sum()) if share is None else share
        assert float(one_channel) == pytest.approx(expected, abs=0.03)
