"""Every sample in five seasons: the product's pixels are the product's, before encoding."""

import io
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.locked import SEASONS, bench_locked, compared_pixels
from tests.support.product_pictures import COLOURS, png, vase
from transforms.preparation.sequence import prepare
from transforms.presets.catalogue import Preparation
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load
from transforms.presets.look import load_look
from transforms.rendition.engine_cache import EngineCache
from transforms.rendition.pictures import PreparedPicture
from transforms.rendition.renderer import Renderer
from transforms.scenes.plates import stock_plates
from transforms.storage.opening import open_storage

SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "source"
QUICK = Preparation(
    tone=None, deblock=False, denoise=False, straighten=False, find_text=False, find_faces=False
)


def small(path: Path) -> bytes:
    """The photograph at a quarter of its size: this is about pixels of a canvas of 240."""
    buffer = io.BytesIO()
    with Image.open(path) as picture:
        picture.thumbnail((320, 320))
        picture.convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def gate() -> Gate:
    return load(config_folder() / "gate.yaml", Gate)


@pytest.fixture(scope="module")
def plates():
    folder = config_folder() / "plates"
    return open_storage(folder.as_uri()) if folder.is_dir() else None


@pytest.fixture(scope="module")
def looks(plates):
    found = [load_look(name, name, config_folder()) for name in SEASONS]
    small_canvas = [
        look.model_copy(update={"brand": look.brand.model_copy(update={"canvas_px": 240})})
        for look in found
    ]
    stock = stock_plates(plates) if plates else ()
    return [look.with_plates(stock) for look in small_canvas]


def test_no_product_pixel_of_any_sample_differs_in_any_season(looks, gate, plates):
    views = [
        (f"{path.parent.name}/{path.stem}", partial(small, path))
        for path in sorted(SAMPLES.glob("*/front.*"))
        if not path.parent.name.startswith("BAD-")
    ]

    found = bench_locked(views, looks, gate, plates=plates, preparation=QUICK)

    assert len(views) > 20
    assert found["refused"] == {}
    assert found["differing"] == 0
    for season in SEASONS:
        counted = found["looks"][season]
        assert (counted["failed"], counted["renditions"]) == ({}, len(views))
        assert counted["pixels"] > 1000 * len(views)
        look = next(each for each in looks if each.variant == season)
        assert look.preset.backdrop.foreground or not counted["covered"]


def test_one_level_in_one_pixel_is_counted(looks, gate):
    found = prepare(png(vase(COLOURS[2], side=240, cut_out=True)), QUICK, digest="")
    shown = PreparedPicture("VASE", found.image, found.matte, found.facts)
    with EngineCache() as engines:
        ((_, made),) = Renderer(looks[0], engines=engines, gate=gate).render([lambda: shown])
    left, top, right, bottom = made.facts.placement.product
    pixels = made.pixels.copy()
    pixels[(top + bottom) // 2, (left + right) // 2, 1] ^= 1

    spoilt = compared_pixels(shown, replace(made, pixels=pixels))
    occluder = np.zeros(pixels.shape[:2], np.uint8)
    occluder[(top + bottom) // 2] = 255
    hidden = compared_pixels(shown, replace(made, pixels=pixels, occluder=occluder))

    assert compared_pixels(shown, made)["differing"] == 0
    assert (spoilt["differing"], spoilt["covered"]) == (1, 0)
    assert hidden["differing"] == 0
    assert 0 < hidden["covered"] <= right - left
