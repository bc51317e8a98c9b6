"""Each family does each of its tasks: what a preset asks for reaches the model, and shows."""

from dataclasses import replace
from importlib import import_module
from typing import NamedTuple

import cv2
import numpy as np
import pytest

from tests.integration.diffusion.pictures import SIZE, distance, one, picture, request_for
from tests.integration.diffusion.tiny_families import BUILDERS
from transforms.diffusion.engine import DiffusionEngine
from transforms.diffusion.generation import GenerationRequest, letterbox_for
from transforms.diffusion.letterbox import apply_letterbox, fit_letterbox, undo_letterbox
from transforms.errors import ConfigError
from transforms.presets.family import FAMILIES

CASES = [
    (family, task)
    for family in BUILDERS
    for task in FAMILIES[family].pipelines
    if task != "upscale"  # test_enlarging.py
]
PARTIAL = [(family, task) for family, task in CASES if task != "instruct"]
WHOLE = [(family, task) for family, task in CASES if task == "image-to-image"]
MASKED = [(f, task) for f, task in CASES if task == "inpaint" and f != "flux-fill"]
"""FLUX Fill is shown what is not masked, and paints all of it."""
GUIDED = [(family, task) for family, task in CASES if FAMILIES[family].guided_by]
HIGH = 0.9
"""Strength."""
LEVELS = 2
"""Of 255, between batch sizes: other kernels sum in another order."""
TALL = (61, 133)


class Case(NamedTuple):
    family: str
    task: str
    engine: DiffusionEngine
    base: GenerationRequest
    made: np.ndarray

    def other(self, **changed) -> np.ndarray:
        """What the base becomes with something changed."""
        return one(self.engine, replace(self.base, **changed))

    def asking(self, **changed) -> np.ndarray:
        return self.other(diffusion=self.base.diffusion.model_copy(update=changed))

    def coded(self, request: GenerationRequest) -> np.ndarray:
        """The picture as its autoencoder alone would give it back."""
        letterbox = letterbox_for(request, self.engine._checkpoint)
        shown, pixels = (
            apply_letterbox(request.pixels, letterbox),
            32 if self.family == "sana-sprint" else 8,
        )
        small = [side // pixels for side in letterbox.size]
        means = cv2.resize(shown, small, interpolation=cv2.INTER_AREA)
        blocks = cv2.resize(means, letterbox.size, interpolation=cv2.INTER_NEAREST)
        return undo_letterbox(blocks, letterbox, request.pixels.shape[1::-1])


@pytest.fixture(scope="module")
def case(request, checkpoint_of):
    """A family at a task, and what one request becomes. Its checkpoint is loaded once."""
    family, task = request.param
    with pytest.MonkeyPatch.context() as patched:
        if FAMILIES[family].resizes:
            shrink(family, patched)
        with DiffusionEngine(checkpoint_of(family), device="cpu") as engine:
            base = request_for(task)
            yield Case(family, task, engine, base, one(engine, base))


def shrink(family: str, patched: pytest.MonkeyPatch) -> None:
    """Qwen-Image-Edit's million pixels, fixed in its code, to a 64th: they take seconds."""
    for name in {kind.removesuffix("Pipeline") for kind in FAMILIES[family].pipelines.values()}:
        words = name.replace("QwenImage", "qwenimage")
        for part in ("Edit", "Plus", "Inpaint"):
            words = words.replace(part, f"_{part.lower()}")
        module = import_module(f"diffusers.pipelines.qwenimage.pipeline_{words}")
        whole = module.calculate_dimensions
        patched.setattr(
            module, "calculate_dimensions", lambda area, ratio, of=whole: of(area // 64, ratio)
        )


def over(cases):
    return pytest.mark.parametrize("case", cases, indirect=True, ids="-".join)


@over(CASES)
def test_odd_sizes_come_back_as_they_went(case):
    tall = one(case.engine, request_for(case.task, size=TALL))

    assert case.made.shape == (*SIZE[::-1], 3)
    assert tall.shape == (*TALL[::-1], 3)


@over(WHOLE)
def test_a_little_strength_leaves_the_picture_where_it_was(case):
    """The noise left by random weights is everywhere; the picture must show best in its place."""
    coded = cv2.GaussianBlur(case.coded(case.base), (0, 0), 4)
    shifts = [(x, y) for x in (-16, 0, 16) for y in (-16, 0, 16)]
    inner = coded[16:-16, 16:-16].astype(float)

    def likeness(shift: tuple[int, int]) -> float:
        moved = np.roll(case.made, shift, axis=(1, 0))[16:-16, 16:-16]
        return float(np.corrcoef(inner.ravel(), moved.ravel().astype(float))[0, 1])

    assert likeness((0, 0)) > 0.25
    assert max(shifts, key=likeness) == (0, 0)


@over(PARTIAL)
def test_a_low_strength_is_nearer_to_the_picture_than_a_high_one(case):
    coded = case.coded(case.base)

    assert distance(case.made, coded) < 0.9 * distance(case.other(strength=HIGH), coded)


@over(MASKED)
def test_what_is_not_masked_stays(case):
    middle = SIZE[0] // 2

    kept = distance(case.made[:, : middle - 16], case.coded(case.base)[:, : middle - 16])
    assert kept < 2
    assert distance(case.made[:, middle + 16 :], case.coded(case.base)[:, middle + 16 :]) > 3 * kept


@over(CASES)
def test_the_given_picture_reaches_the_model(case):
    assert distance(case.made, case.other(pixels=picture(9))) > 0


@over(CASES)
def test_the_prompt_reaches_the_model(case):
    assert distance(case.made, case.other(positive="a beach")) > 0


@over(CASES)
def test_the_negative_prompt_reaches_the_model_where_the_family_reads_one(case):
    reads = FAMILIES[case.family].negative
    assert (distance(case.made, case.other(negative="a beach")) > 0) == reads


@over(CASES)
def test_guidance_reaches_the_model_where_the_family_knows_one(case):
    guided = FAMILIES[case.family].guided_by is not None
    assert (distance(case.made, case.asking(guidance=6.0)) > 0) == guided


@over(GUIDED)
def test_guidance_works_without_a_negative_prompt(case):
    plain = replace(case.base, negative="")
    more = plain.diffusion.model_copy(update={"guidance": 6.0})

    one_way = one(case.engine, plain)
    assert distance(one_way, one(case.engine, replace(plain, diffusion=more))) > 0


@over(CASES)
def test_each_step_asks_the_denoiser(case):
    """As many as the strength leaves; twice each where guidance is a second question."""
    pipeline = case.engine._loaded[1]._pipeline
    denoiser = getattr(pipeline, "unet", None) or pipeline.transformer
    asked = []
    hook = denoiser.register_forward_hook(lambda *_: asked.append(1))
    try:
        counts = []
        for steps in (4, 8):
            asked.clear()
            strength = None if case.base.strength is None else 0.5
            case.other(
                diffusion=case.base.diffusion.model_copy(update={"steps": steps}),
                strength=strength,
            )
            counts.append(len(asked))
    finally:
        hook.remove()

    asks = 2 if FAMILIES[case.family].guided_by == "true_cfg_scale" else 1
    share = 1 if case.base.strength is None else 0.5
    extra = 1 if case.family == "sd15" else 0  # PNDM asks twice for its first step
    assert counts == [int(steps * share) * asks + extra for steps in (4, 8)]


@over(CASES)
def test_an_equal_seed_gives_equal_pixels_and_another_others(case):
    assert np.array_equal(case.made, case.other(seed=1))
    assert distance(case.made, case.other(seed=2)) > 0


@over(CASES)
def test_a_batch_makes_what_is_made_one_by_one(case):
    requests = [case.base, replace(case.base, pixels=picture(5), seed=5)]

    alone = [case.made, one(case.engine, requests[1])]
    together = [made.pixels for made in case.engine.generate(requests)]

    for one_way, other in zip(alone, together, strict=True):
        assert np.abs(one_way.astype(int) - other).max() <= LEVELS


@pytest.mark.parametrize("size", [(250, 187), (2000, 2000), (1000, 1600), (3000, 801)])
def test_qwen_image_edit_leaves_frames_as_they_are(size):
    """At its own million pixels; one of its pipelines makes what it is given in that size alone."""
    module = import_module("diffusers.pipelines.qwenimage.pipeline_qwenimage_edit")
    family = FAMILIES["qwen-image-edit"]

    width, height = fit_letterbox(*size, family.native_px, family.multiple, resizes=True).size

    assert module.calculate_dimensions(1024**2, width / height)[:2] == (width, height)


@pytest.mark.parametrize("scheduler", ["ddim", "euler", "euler-ancestral", "dpm++", "lcm", "unipc"])
def test_another_noise_scheduler_makes_another_picture(checkpoint_of, scheduler):
    request = request_for("image-to-image")
    asked = request.diffusion.model_copy(update={"scheduler": scheduler})
    with DiffusionEngine(checkpoint_of("sd15"), device="cpu") as engine:
        own = one(engine, request)
        other = one(engine, replace(request, diffusion=asked))

    assert distance(own, other) > 0


def test_a_family_whose_noise_flows_keeps_its_own(checkpoint_of):
    request = request_for("image-to-image")
    asked = request.diffusion.model_copy(update={"scheduler": "ddim"})
    with (
        DiffusionEngine(checkpoint_of("flux-dev"), device="cpu") as engine,
        pytest.raises(ConfigError, match="works with its own noise scheduler alone"),
    ):
        one(engine, replace(request, diffusion=asked))


def test_a_strength_that_leaves_no_step_is_said(checkpoint_of):
    with (
        DiffusionEngine(checkpoint_of("sd15"), device="cpu") as engine,
        pytest.raises(ConfigError, match=r"4 steps at strength 0\.2 are none"),
    ):
        one(engine, replace(request_for("image-to-image"), strength=0.2))


def test_a_task_that_the_family_does_not_do_is_said(checkpoint_of):
    with (
        DiffusionEngine(checkpoint_of("flux-kontext"), device="cpu") as engine,
        pytest.raises(ConfigError, match=r"FLUX\.1 Kontext does not do inpaint; it does instruct"),
    ):
        one(engine, request_for("inpaint"))
