"""Prompts are encoded once for a shard, and read to their last word or refused."""

from dataclasses import replace

import numpy as np
import pytest

from tests.integration.diffusion.pictures import one, order_of, picture
from transforms.diffusion.engine import Engine
from transforms.diffusion.pipeline import load
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
    order = order_of(task_of(family))
    orders = [replace(order, pixels=picture(seed), seed=seed) for seed in range(5)]
    with Engine(checkpoint_of(family), device="cpu") as engine:
        pipeline = engine._model(order.diffusion)._pipeline
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
        assert len(list(engine.make(orders))) == 5
        one(engine, order)
        texts = 2 if FAMILIES[family].negative else 1
        assert set(calls.values()) == {texts}

        one(engine, replace(order, positive="a beach"))
        assert set(calls.values()) <= {texts + 1, 2 * texts}


@pytest.fixture(scope="module", params=TOKENS)
def reader(request, checkpoint_of):
    """A model, an order for it, and the letters that it reads."""
    family = request.param
    order = replace(order_of(task_of(family), size=(128, 128)), negative="")
    model = load(checkpoint_of(family), order.diffusion, "cpu")
    return model, order, TOKENS[family], FAMILIES[family].title


def test_a_prompt_as_long_as_is_read_is_read_to_its_last_letter(reader):
    model, order, letters, _ = reader
    words = "a" * (letters - 1)

    # Before rounding: one letter of hundreds does little, and one that is cut does nothing.
    (one_end,), (other,) = (model.make([replace(order, positive=words + end)]) for end in "xy")

    assert not np.array_equal(one_end, other)


def test_a_longer_one_is_an_error_that_says_what_would_be_cut(reader):
    model, order, letters, title = reader

    with pytest.raises(ConfigError) as raised:
        model.make([replace(order, positive="a" * letters + "xyz")])

    said = str(raised.value)
    assert said.startswith("the prompt has ")
    assert f"{title} reads " in said
    assert ": 3 too many; shorten it" in said
    assert said.endswith("'xyz'")


def test_a_negative_prompt_is_counted_where_it_is_read(checkpoint_of):
    long = "a" * 80
    with Engine(checkpoint_of("sd15"), device="cpu") as engine:
        one(engine, replace(order_of("image-to-image"), negative=long[:75]))
    with (
        Engine(checkpoint_of("sd15"), device="cpu") as engine,
        pytest.raises(ConfigError, match="the negative prompt has 82 tokens"),
    ):
        one(engine, replace(order_of("image-to-image"), negative=long))

    with Engine(checkpoint_of("sdxl-turbo"), device="cpu") as engine:
        one(engine, replace(order_of("image-to-image"), negative=long))


def test_a_shard_with_several_prompts_encodes_each_of_them_once(checkpoint_of):
    order = order_of("image-to-image")
    words = ["snow", "a beach", "snow", "leaves", "a beach", "snow"]
    with Engine(checkpoint_of("sd15"), device="cpu") as engine:
        calls = []
        pipeline = engine._model(order.diffusion)._pipeline
        pipeline.text_encoder.register_forward_hook(lambda *_: calls.append(1))
        list(engine.make(replace(order, positive=each, negative="") for each in words))

    # Of an empty negative prompt as well, with each: diffusers asks for both at once.
    assert len(calls) == 2 * len(set(words))
