"""Prompts are encoded once for a shard, and read to their last word or refused."""

from dataclasses import replace

import numpy as np
import pytest

from tests.integration.diffusion.pictures import one, picture, request_for
from transforms.diffusion.engine import DiffusionEngine
from transforms.diffusion.pipeline_loading import load
from transforms.errors import ConfigError
from transforms.presets.family import FAMILIES

TOKENS = {
    "sd15": 75, "sdxl": 75, "sd3": 75, "flux-dev": 510, "flux-schnell": 254, "z-image": 493,
    "flux2-klein": 493, "qwen-image": 507, "sana-sprint": 298,
}  # fmt: skip
"""Letters of a prompt that are read: each is a token here. The rest are marks of begin and end,
and for the two that chat a turn of ours, and the begin of theirs. One family for each way to read;
Qwen-Image-Edit reads the picture with its prompt, so that nothing can be kept."""


def task_of(family: str) -> str:
    return next(iter(FAMILIES[family].pipelines))


@pytest.mark.parametrize("family", TOKENS)
def test_each_text_is_encoded_once_for_a_shard(checkpoint_of, family):
    """Five pictures in batches of two, two and one, and one more later."""
    request = request_for(task_of(family))
    requests = [replace(request, pixels=picture(seed), seed=seed) for seed in range(5)]
    with DiffusionEngine(checkpoint_of(family), device="cpu") as engine:
        pipeline = engine._model(request.diffusion)._pipeline
        encoders = [
            encoder
            for name in ("text_encoder", "text_encoder_2", "text_encoder_3")
            if (encoder := getattr(pipeline, name, None)) is not None
        ]
        calls = dict.fromkeys(range(len(encoders)), 0)

        def count(number):
            def noted(*_):
                calls[number] += 1

            return noted

        for number, encoder in enumerate(encoders):
            encoder.register_forward_hook(count(number))
        assert len(list(engine.generate(requests))) == 5
        one(engine, request)
        texts = 2 if FAMILIES[family].negative else 1
        assert set(calls.values()) == {texts}

        one(engine, replace(request, positive="a beach"))
        assert set(calls.values()) <= {texts + 1, 2 * texts}


@pytest.fixture(scope="module", params=TOKENS)
def reader(request, checkpoint_of):
    """A model, a request for it, and the letters that it reads."""
    family = request.param
    asked = replace(request_for(task_of(family), size=(128, 128)), negative="")
    model = load(checkpoint_of(family), asked.diffusion, "cpu")
    return model, asked, TOKENS[family], FAMILIES[family].title


def test_a_prompt_as_long_as_is_read_is_read_to_its_last_letter(reader):
    model, request, letters, _ = reader
    words = "a" * (letters - 1)

    # Before rounding: one letter of hundreds does little, and one that is cut does nothing.
    (one_end,), (other,) = (
        model.generate([replace(request, positive=words + end)]) for end in "xy"
    )

    assert not np.array_equal(one_end, other)


def test_a_longer_one_is_an_error_that_says_what_would_be_cut(reader):
    model, request, letters, title = reader

    with pytest.raises(ConfigError) as raised:
        model.generate([replace(request, positive="a" * letters + "xyz")])

    said = str(raised.value)
    assert said.startswith("the prompt has ")
    assert f"{title} reads " in said
    assert ": 3 too many; shorten it" in said
    assert said.endswith("'xyz'")


def test_a_negative_prompt_is_counted_where_it_is_read(checkpoint_of):
    long = "a" * 80
    with DiffusionEngine(checkpoint_of("sd15"), device="cpu") as engine:
        one(engine, replace(request_for("image-to-image"), negative=long[:75]))
    with (
        DiffusionEngine(checkpoint_of("sd15"), device="cpu") as engine,
        pytest.raises(ConfigError, match="the negative prompt has 82 tokens"),
    ):
        one(engine, replace(request_for("image-to-image"), negative=long))

    with DiffusionEngine(checkpoint_of("sdxl-turbo"), device="cpu") as engine:
        one(engine, replace(request_for("image-to-image"), negative=long))


def test_a_shard_with_several_prompts_encodes_each_of_them_once(checkpoint_of):
    request = request_for("image-to-image")
    words = ["snow", "a beach", "snow", "leaves", "a beach", "snow"]
    with DiffusionEngine(checkpoint_of("sd15"), device="cpu") as engine:
        calls = []
        pipeline = engine._model(request.diffusion)._pipeline
        pipeline.text_encoder.register_forward_hook(lambda *_: calls.append(1))
        list(engine.generate(replace(request, positive=each, negative="") for each in words))

    # Of an empty negative prompt as well, with each: diffusers asks for both at once.
    assert len(calls) == 2 * len(set(words))
