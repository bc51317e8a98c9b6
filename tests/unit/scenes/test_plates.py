"""The plates that ship: enough of them, small enough, and each with notes that fit its picture."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from transforms.presets.loading import load_named
from transforms.presets.plate import StockedPlate
from transforms.presets.preset import Preset
from transforms.scenes.plates import stock_plates
from transforms.storage.folder import FolderStorage

CONFIG = Path(__file__).parents[3] / "config"
SEASONS = ("winter", "spring", "summer", "autumn", "festive", "diwali", "lunar-new-year")
TABLES = ("wood-table", "marble", "linen", "concrete")


@cache
def shipped() -> tuple[StockedPlate, ...]:
    return stock_plates(FolderStorage(CONFIG / "plates"))


def found_by(preset: str) -> set[str]:
    """Views of the plates that a preset may use."""
    backdrop = load_named(CONFIG / "presets", preset, Preset).backdrop
    assert backdrop is not None
    return {each.plate.view for each in shipped() if each.plate.kind in backdrop.plates}


def picture(stocked: StockedPlate) -> np.ndarray:
    """A quarter of the size each way, grey, 0 to 255."""
    with Image.open(CONFIG / "plates" / stocked.key) as opened:
        opened.draft("L", (opened.width // 4, opened.height // 4))
        return np.asarray(opened.convert("L"), float)


def test_there_are_at_least_twenty_in_less_than_ten_megabytes():
    assert len(shipped()) >= 20
    assert sum(path.stat().st_size for path in (CONFIG / "plates").iterdir()) < 10_000_000


@pytest.mark.parametrize("preset", SEASONS)
def test_a_season_has_plates_for_products_seen_level_and_from_above(preset):
    assert {"level", "raised"} <= found_by(preset)


@pytest.mark.parametrize("preset", TABLES)
def test_a_table_top_has_a_plate_for_products_that_stand(preset):
    assert found_by(preset) & {"level", "raised"}


@pytest.mark.parametrize("preset", ["wood-table", "marble", "linen"])
def test_flat_lays_have_a_plate_seen_from_straight_above(preset):
    assert "overhead" in found_by(preset)


@pytest.mark.parametrize("stocked", shipped(), ids=lambda each: each.plate.name)
def test_a_plate_is_what_its_notes_say(stocked):
    plate = stocked.plate

    assert stocked.key == f"{plate.name}.jpg"
    assert not stocked.estimated
    assert plate.licence == "Apache-2.0"
    assert plate.title
    assert plate.source
    with Image.open(CONFIG / "plates" / stocked.key) as opened:
        assert opened.size == (1600, 1600)
    if plate.view == "overhead":
        assert (plate.horizon, plate.stand) == (0, 0.5)
    else:
        assert plate.horizon + 0.1 < plate.stand < 0.9


@pytest.mark.parametrize("stocked", shipped(), ids=lambda each: each.plate.name)
def test_a_plate_is_exposed_like_a_photograph(stocked):
    grey = picture(stocked)

    assert np.mean(grey >= 252) < 0.01
    assert 25 < grey.mean() < 225
    # Where the product stands there is a surface to be seen, neither black nor burnt out.
    row = round(stocked.plate.stand * grey.shape[0])
    middle = grey[row - 12 : row + 12, grey.shape[1] // 3 : -grey.shape[1] // 3]
    assert 12 < middle.mean() < 240
    assert middle.std() > 0.5
