"""Pictures come back whole, one by one, whatever shares a batch and however small memory is."""

import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.integration.diffusion.pictures import picture
from transforms.diffusion.engine import DiffusionEngine
from transforms.diffusion.generation import GenerationRequest
from transforms.diffusion.pipeline_call import LoadedPipeline
from transforms.diffusion.pipeline_loading import load
from transforms.errors import ModelError
from transforms.presets.checkpoint import Checkpoint, Options
from transforms.presets.preset import Diffusion

LEVELS = 2
"""Of 255, between batch sizes: other kernels sum in another order."""


@pytest.fixture(scope="module")
def checkpoint(checkpoint_of) -> Checkpoint:
    return checkpoint_of("sd15")


@pytest.fixture(scope="module")
def model(checkpoint) -> LoadedPipeline:
    return load(checkpoint, Diffusion(), "cpu")


def request(
    number: int, *, width: int = 70, height: int = 70, words: str = "snow"
) -> GenerationRequest:
    pixels = np.random.default_rng(number).integers(0, 256, (height, width, 3), np.uint8)
    return GenerationRequest(
        pixels, Diffusion(steps=2, guidance=2.0), words, "blurry", 0.6, seed=number
    )


def engine(checkpoint, model, *, batch: int = 4) -> DiffusionEngine:
    options = Options(batch=batch)
    return DiffusionEngine(
        checkpoint.model_copy(update={"options": options}), load=lambda *_: model
    )


class SmallDevice:
    """A real model on a device that runs out of memory above some number of pictures."""

    def __init__(self, model: LoadedPipeline, holds: int) -> None:
        self.model, self.holds, self.tried = model, holds, []

    def generate(self, requests: Sequence[GenerationRequest]):
        self.tried.append(len(requests))
        if len(requests) > self.holds:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return self.model.generate(requests)


class Spoiling:
    """A real model whose numbers are spoilt for one seed."""

    def __init__(self, model: LoadedPipeline, seed: int, spoil) -> None:
        self.model, self.seed, self.spoil = model, seed, spoil

    def generate(self, requests: Sequence[GenerationRequest]):
        made = np.array(self.model.generate(requests))
        for request, pixels in zip(requests, made, strict=True):
            if request.seed == self.seed:
                self.spoil(pixels)
        return made


def overflow(pixels) -> None:
    pixels[5, 5] = np.nan


def blacken(pixels) -> None:
    pixels[:] = 0


def flatten(pixels) -> None:
    pixels[:] = (0.7, 0.2, 0.4)


def test_every_order_is_made_once_in_its_own_size(checkpoint, model):
    sizes = [(70, 70), (90, 60), (60, 90), (70, 70), (64, 64), (201, 133), (33, 33)]
    requests = [request(n, width=w, height=h) for n, (w, h) in enumerate(sizes)]

    with engine(checkpoint, model) as running:
        made = sorted(running.generate(requests), key=lambda each: each.number)

    assert [each.number for each in made] == list(range(7))
    assert [each.pixels.shape for each in made] == [(h, w, 3) for w, h in sizes]
    assert {each.reason for each in made} == {""}


def test_orders_that_are_alike_keep_their_order(checkpoint, model):
    with engine(checkpoint, model, batch=3) as running:
        assert [made.number for made in running.generate(map(request, range(7)))] == list(range(7))


def test_a_picture_does_not_depend_on_who_shares_its_batch(checkpoint, model):
    with engine(checkpoint, model, batch=1) as alone, engine(checkpoint, model) as together:
        one = {made.number: made.pixels for made in alone.generate(map(request, range(6)))}
        other = {made.number: made.pixels for made in together.generate(map(request, range(6)))}

    for number, pixels in one.items():
        assert np.abs(pixels.astype(int) - other[number]).max() <= LEVELS


def test_equal_orders_give_equal_pixels_and_another_seed_gives_others(checkpoint, model):
    requests = [request(1), request(1), replace(request(1), seed=2)]

    with engine(checkpoint, model, batch=1) as running:
        first, again, other = (made.pixels for made in running.generate(requests))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_prompts_are_not_mixed_up_in_batches(checkpoint, model):
    words = ["snow", "beach", "snow", "beach", "snow"]
    requests = [request(n, words=each) for n, each in enumerate(words)]

    with engine(checkpoint, model) as together, engine(checkpoint, model, batch=1) as alone:
        made = {each.number: each.pixels for each in together.generate(requests)}
        for each in alone.generate(requests):
            assert np.abs(each.pixels.astype(int) - made[each.number]).max() <= LEVELS


def test_too_little_memory_halves_the_batch_and_loses_nothing(checkpoint, model):
    device = SmallDevice(model, holds=2)

    with engine(checkpoint, device, batch=8) as running:
        made = list(running.generate(map(request, range(9))))

    assert [each.number for each in made] == list(range(9))
    assert all(each.pixels is not None for each in made)
    assert device.tried == [8, 4, 2, 2, 2, 2, 1]
    assert running.batch == 2


def test_a_picture_that_memory_does_not_hold_alone_fails_and_the_next_is_tried(checkpoint, model):
    with engine(checkpoint, SmallDevice(model, holds=0), batch=2) as running:
        made = list(running.generate(map(request, range(3))))

    assert [(each.number, each.reason) for each in made] == [(n, "out_of_memory") for n in range(3)]
    assert "128x128 px" in made[0].message


def test_an_allocation_that_really_fails_on_this_cpu_is_taken_for_what_it_is(checkpoint, model):
    class Greedy(SmallDevice):
        def generate(self, requests):
            if len(requests) > 1:
                torch.empty(1 << 60, dtype=torch.uint8)
            return self.model.generate(requests)

    with engine(checkpoint, Greedy(model, holds=1)) as running:
        assert [made.reason for made in running.generate(map(request, range(3)))] == [""] * 3


def test_a_checkpoint_that_is_not_there_is_said_when_the_first_picture_is_asked_for(checkpoint):
    missing = checkpoint.model_copy(update={"folder": "/nowhere"})

    with (
        DiffusionEngine(missing, device="cpu") as running,
        pytest.raises(ModelError, match="/nowhere"),
    ):
        next(running.generate([request(0)]))


def test_another_error_of_the_device_is_raised(checkpoint, model):
    class Broken(SmallDevice):
        def generate(self, _):
            raise RuntimeError("device-side assert triggered")

    with (
        engine(checkpoint, Broken(model, holds=1)) as running,
        pytest.raises(RuntimeError, match="device-side assert"),
    ):
        list(running.generate([request(0)]))


@pytest.mark.parametrize(
    ("spoil", "reason", "said"),
    [
        (overflow, "not_finite", "overflowed"),
        (blacken, "black", "black picture"),
        (flatten, "flat", "one colour"),
    ],
)
def test_what_is_no_picture_fails_its_own_job_alone(checkpoint, model, spoil, reason, said):
    pictures = [replace(request(number), pixels=picture(number)) for number in range(4)]
    with engine(checkpoint, Spoiling(model, 2, spoil)) as running:
        made = list(running.generate(pictures))

    assert [each.reason for each in made] == ["", "", reason, ""]
    assert made[2].pixels is None
    assert said in made[2].message


def test_orders_are_taken_only_as_they_are_needed(checkpoint, model):
    taken = []

    def requests():
        for number in range(1000):
            taken.append(number)
            yield request(number)

    with engine(checkpoint, model, batch=2) as running:
        made = running.generate(requests())
        next(made)
        made.close()

    assert len(taken) <= 2 * 7


def test_the_first_picture_is_out_before_the_last_order_exists(checkpoint, model):
    out = threading.Event()

    def requests():
        yield request(0)
        yield request(1)
        assert out.wait(20)
        yield request(2)

    with engine(checkpoint, model, batch=2) as running:
        numbers = []
        for made in running.generate(requests()):
            numbers.append(made.number)
            out.set()

    assert numbers == [0, 1, 2]


def test_an_error_of_the_orders_comes_after_what_was_made_before_it(checkpoint, model):
    def requests():
        yield request(0)
        yield request(1)
        raise OSError("c.png: gone")

    made = []
    with engine(checkpoint, model, batch=1) as running, pytest.raises(OSError, match=r"c\.png"):
        made.extend(each.number for each in running.generate(requests()))

    assert made == [0, 1]


def test_no_thread_is_left_behind(checkpoint, model):
    with engine(checkpoint, model) as running:
        before = threading.active_count()
        list(running.generate(map(request, range(3))))
        stopped = running.generate(map(request, range(50)))
        next(stopped)
        stopped.close()

    assert threading.active_count() == before
