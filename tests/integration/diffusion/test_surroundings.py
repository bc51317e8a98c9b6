"""A backdrop that was made smaller than its canvas is enlarged with grain, or by a network."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.integration.diffusion.pictures import SIZE, distance, one, request_for
from transforms.diffusion.engine import DiffusionEngine
from transforms.diffusion.enlarging import enlarge_backdrop, find_enlarger, measure_grain
from transforms.errors import ModelError
from transforms.models.checkpoints import folder_sha256
from transforms.presets.checkpoint import Companion

NETWORK = """7767517
2 2
Input  data 0 1 data
Interp up   1 1 data output 0=2 1=4.0 2=4.0
"""
"""In ncnn's words: four times as large, between its pixels linearly. It has no weights."""


@pytest.fixture
def with_network(checkpoint_of, tmp_path):
    (tmp_path / "four-times.param").write_text(NETWORK)
    (tmp_path / "four-times.bin").write_bytes(b"")
    sha256 = folder_sha256(tmp_path, (".param", ".bin"))
    network = Companion(
        kind="enlarger", folder=str(tmp_path), sha256=sha256, file="four-times.param"
    )
    return checkpoint_of("sd15").model_copy(update={"companions": {"network": network}})


def test_a_backdrop_gets_grain_where_a_product_gets_none(checkpoint_of):
    request = request_for("image-to-image")
    with DiffusionEngine(checkpoint_of("sd15"), device="cpu") as engine:
        product = one(engine, request)
        backdrop = one(engine, replace(request, surroundings=True))

    assert backdrop.shape == product.shape == (*SIZE[::-1], 3)
    assert 0 < distance(product, backdrop) < 6  # Lanczos for cubic, and the grain
    assert measure_grain(backdrop) > measure_grain(product) + 0.3


def test_a_backdrop_as_large_as_the_model_makes_it_is_left_alone(checkpoint_of):
    request = request_for("image-to-image", size=(128, 128))
    with DiffusionEngine(checkpoint_of("sd15"), device="cpu") as engine:
        assert np.array_equal(
            one(engine, request), one(engine, replace(request, surroundings=True))
        )


def test_the_network_is_found_by_its_hash(with_network):
    found = find_enlarger(with_network)

    assert found.param.name == "four-times.param"
    assert found.bin.is_file()


def test_another_network_than_the_named_one_is_refused(with_network):
    folder = Path(with_network.companions["network"].folder)
    (folder / "four-times.bin").write_bytes(b"other")

    with pytest.raises(ModelError, match=r"companion network: .*not those of `sha256`"):
        find_enlarger(with_network)


def test_which_network_is_meant_must_be_said(with_network):
    unsaid = with_network.companions["network"].model_copy(update={"file": None})

    with pytest.raises(ModelError, match=r"must name one of: four-times\.param"):
        find_enlarger(with_network.model_copy(update={"companions": {"network": unsaid}}))


def test_without_ncnn_the_error_says_what_to_install(with_network, monkeypatch):
    monkeypatch.setitem(sys.modules, "ncnn", None)  # as where it is not installed

    with pytest.raises(ModelError, match="pip install ncnn"):
        enlarge_backdrop(
            np.zeros((8, 8, 3), np.uint8), (16, 16), weights=find_enlarger(with_network)
        )


def test_a_network_enlarges_tile_by_tile_without_a_seam(with_network):
    small = request_for("image-to-image", size=(300, 270)).pixels

    by_network = enlarge_backdrop(small, (1200, 1080), weights=find_enlarger(with_network))

    by_hand = enlarge_backdrop(small, (1200, 1080), weights=None)
    assert by_network.shape == (1080, 1200, 3)
    assert distance(by_network, by_hand) < 2
    assert np.abs(by_network.astype(int) - by_hand).max() < 20


def test_an_engine_asks_the_network_for_backdrops_alone(with_network):
    request = request_for("image-to-image")
    with DiffusionEngine(with_network, device="cpu") as engine:
        product = one(engine, request)
        backdrop = one(engine, replace(request, surroundings=True))

    assert backdrop.shape == product.shape
    assert distance(product, backdrop) > 0
