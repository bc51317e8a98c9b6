"""The model that ships: real weights through the very code that large checkpoints run through."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from diffusers import AutoPipelineForImage2Image, AutoPipelineForInpainting
from PIL import Image

from tests.integration.diffusion.pictures import distance
from transforms.cli.pictures import prepare_picture
from transforms.diffusion.prompts import write_prompts
from transforms.models.checkpoints import locate, missing_reason
from transforms.presets.catalogue import Catalogue
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load
from transforms.presets.look import Look, load_look
from transforms.presets.model import load_checkpoint
from transforms.presets.preset import Preset
from transforms.rendition.backdrops import refine_backdrop
from transforms.rendition.engine_cache import EngineCache
from transforms.rendition.renderer import Renderer
from transforms.scenes.scaffold import draw_scaffold

NAME = "packshot-mini"
SAMPLE = Path(__file__).resolve().parents[3] / "samples/source/MUG-COBALT/front.jpg"
MOST_BYTES = 25_000_000
SEASONS = ("winter", "spring", "summer", "autumn", "festive")


@pytest.fixture(scope="module")
def folder() -> Path:
    """Of the weights, whose hash is checked on the way."""
    return locate(load_checkpoint(NAME, config_folder()), NAME)


@pytest.fixture(scope="module")
def from_image(folder):
    pipeline = AutoPipelineForImage2Image.from_pretrained(
        str(folder), dtype=torch.float32, use_safetensors=True, local_files_only=True
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def look(season: str, side: int = 512, **changes) -> Look:
    """As presets have it, on a small canvas, without plates."""
    found = load_look(season, season, config_folder(), model=NAME)
    brand = found.brand.model_copy(update={"canvas_px": side})
    return found.model_copy(update={"brand": brand, **changes})


def drawn(season: str) -> np.ndarray:
    of = look(season)
    kind = of.preset.backdrop.scaffold
    scene = draw_scaffold(
        kind, width=256, height=256, view="level", palette=of.brand.palette, seed=3
    )
    return scene.pixels


def refined(pipeline, season: str, strength: float) -> np.ndarray:
    of = look(season)
    prompt, negative = write_prompts(of.preset.diffusion.prompt, of.brand)
    made = pipeline(
        prompt=prompt,
        negative_prompt=negative,
        image=Image.fromarray(drawn(season)),
        strength=strength,
        num_inference_steps=of.checkpoint.steps,
        guidance_scale=of.checkpoint.guidance,
        generator=torch.Generator().manual_seed(1),
    )
    return np.asarray(made.images[0])


def test_it_is_small_and_no_file_of_it_is_code(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]

    assert sum(path.stat().st_size for path in files) <= MOST_BYTES
    assert {path.suffix for path in files} <= {".safetensors", ".json", ".md", ".jpg"}


def test_it_is_named_a_demonstration_and_nothing_asks_for_it():
    config = config_folder()
    entry = load_checkpoint(NAME, config)
    presets = [load(path, Preset) for path in sorted((config / "presets").glob("*.yaml"))]
    catalogues = [load(path, Catalogue) for path in sorted((config / "catalogues").glob("*.yaml"))]

    assert entry.demonstration
    assert missing_reason(entry) == ""
    assert NAME not in {each.diffusion.model for each in presets if each.diffusion}
    assert NAME not in {each.scene_model for each in catalogues}


def test_the_card_says_what_it_was_trained_on_and_what_it_cannot_do(folder):
    card = (folder / "README.md").read_text()

    assert re.search(r"^license: apache-2\.0$", card, re.MULTILINE)
    for heading in ("## What it is for", "## What it cannot do", "## Data", "## Training"):
        assert heading in card


@pytest.mark.parametrize("season", SEASONS)
def test_the_more_strength_the_more_is_new(from_image, season):
    given = drawn(season)

    changed = [distance(refined(from_image, season, each), given) for each in (0.2, 0.5, 0.8)]

    assert changed[0] < changed[1] < changed[2]


def test_a_prompt_matters_where_nothing_is_given(from_image):
    """At full strength nothing of the picture is left: snow is brighter than a dark table."""
    grey = Image.new("RGB", (256, 256), (128, 128, 128))
    snow, candles = (
        np.asarray(
            from_image(
                prompt=prompt,
                image=grey,
                strength=1.0,
                num_inference_steps=12,
                guidance_scale=2.5,
                generator=torch.Generator().manual_seed(4),
            ).images[0]
        )
        for prompt in ("snowy winter backdrop, bright", "dark festive table with candles")
    )

    assert snow.mean() > candles.mean() + 40


def test_the_inpainting_pipeline_takes_it_and_leaves_what_is_not_masked(folder):
    pipeline = AutoPipelineForInpainting.from_pretrained(
        str(folder), dtype=torch.float32, use_safetensors=True, local_files_only=True
    )
    pipeline.set_progress_bar_config(disable=True)
    given, mask = drawn("winter"), np.zeros((256, 256), np.uint8)
    mask[:, 128:] = 255

    made = pipeline(
        prompt="snowy winter backdrop",
        image=Image.fromarray(given),
        mask_image=Image.fromarray(mask),
        strength=0.8,
        num_inference_steps=8,
        guidance_scale=1.5,
        generator=torch.Generator().manual_seed(2),
    ).images[0]

    made = np.asarray(made)
    kept, new = (distance(made[:, part], given[:, part]) for part in (np.s_[:112], np.s_[144:]))
    assert kept < new


def test_a_product_stands_in_a_backdrop_that_it_refined():
    of = look("winter")
    product = prepare_picture(SAMPLE)
    gate = load(config_folder() / "gate.yaml", Gate)
    with EngineCache() as engines:
        picture = Renderer(of, engines=engines, gate=gate).compose(product)
        plain = Renderer(look("winter", checkpoint=None), engines=engines, gate=gate).compose(
            product
        )

    facts = picture.facts
    assert facts.checkpoint == f"sha256:{of.checkpoint.sha256}"
    assert (facts.backdrop.kind, facts.backdrop.refined) == ("scaffold", True)
    assert [each.reason for each in facts.attempts] == [""]
    left, top = facts.placement.left, facts.placement.top
    height, width = picture.pixels.shape[:2]
    middle = np.s_[height // 2 : height // 2 + 40, width // 2 - 60 : width // 2 - 20]
    assert (left, top) == (plain.facts.placement.left, plain.facts.placement.top)
    assert distance(picture.pixels[middle], plain.pixels[middle]) < 2, "the product's own pixels"
    assert 1 < distance(picture.pixels, plain.pixels) < 20


def test_fine_detail_of_the_scaffold_is_still_there_when_it_is_enlarged():
    """A model of 256 px draws nothing as fine as the boards of a table at 1024."""
    of = look("wood-table", side=1024)
    gate = load(config_folder() / "gate.yaml", Gate)
    scene = draw_scaffold(
        "wood", width=1024, height=1024, view="raised", palette=of.brand.palette, seed=2
    )
    with EngineCache() as engines:
        made = refine_backdrop(scene, 2, look=of, engine=engines.engine(of), gate=gate)

    assert _fine(made.scene.pixels) > 0.6 * _fine(scene.pixels)


def _fine(pixels: np.ndarray) -> float:
    """Deviation of what is finer than four pixels."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return float((grey - cv2.GaussianBlur(grey, (0, 0), 4)).std())
