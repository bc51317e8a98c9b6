"""diffusers' own upscalers: exact sizes, from the picture that was given."""

from dataclasses import replace

import numpy as np
import pytest

from tests.integration.diffusion.pictures import distance, one, picture, request_for
from transforms.diffusion.engine import DiffusionEngine
from transforms.diffusion.generation import GenerationRequest

FAMILIES = ["sd-upscaler", "latent-upscaler"]
SIZE = (61, 45)
LEVELS = 2


def enlarging(times: int) -> GenerationRequest:
    request = request_for("upscale", size=SIZE)
    changed = {"enlarge": times, "guidance": 2.0}
    return replace(request, diffusion=request.diffusion.model_copy(update=changed))


@pytest.fixture(scope="module", params=FAMILIES)
def engine(request, checkpoint_of):
    with DiffusionEngine(checkpoint_of(request.param), device="cpu") as engine:
        yield engine


@pytest.mark.parametrize("times", [2, 4])
def test_an_odd_size_comes_back_that_many_times_as_large(engine, times):
    """Whatever the model's own step is: the rest is resampled."""
    assert one(engine, enlarging(times)).shape == (times * SIZE[1], times * SIZE[0], 3)


def test_picture_prompt_and_seed_reach_the_model(engine):
    request = enlarging(2)
    made = one(engine, request)

    assert np.array_equal(made, one(engine, request))
    for other in (
        {"pixels": picture(9, SIZE)}, {"positive": "a beach"}, {"negative": "a beach"}, {"seed": 2}
    ):  # fmt: skip
        assert distance(made, one(engine, replace(request, **other))) > 0, other


def test_a_batch_makes_what_is_made_one_by_one(engine):
    requests = [enlarging(2), replace(enlarging(2), pixels=picture(5, SIZE), seed=5)]

    alone = [one(engine, request) for request in requests]
    together = [made.pixels for made in engine.generate(requests)]

    for one_way, other in zip(alone, together, strict=True):
        assert np.abs(one_way.astype(int) - other).max() <= LEVELS
