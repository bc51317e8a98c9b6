"""No step's results change unless its number in CODE_VERSIONS does.

What a night makes of one drawn photograph lies in `tests/data/golden/`, named by step and number.
Who changes a step's results on purpose raises the number and writes what it gives now:
`PACKSHOT_GOLDEN=write pytest <this file>`.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.golden.night import draw_photograph, run_golden_night
from transforms.preparation.sequence import prepare
from transforms.presets.catalogue import Preparation
from transforms.records.fingerprint import CODE_VERSIONS

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
LEVELS = 1
"""Processors may round differently."""
REFINED_LEVELS, REFINED_SHARE = 6, 0.002
"""What a network made differs a little from one kind of processor to the next."""
SHARE, LEAST = 0.02, 0.002
"""Measures may differ by this share of their value, or by this much."""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict:
    return run_golden_night(tmp_path_factory.mktemp("golden"))


def golden(step: str, ending: str) -> Path:
    return GOLDEN / f"{step}-{CODE_VERSIONS[step]}.{ending}"


def moved(found: np.ndarray, expected: np.ndarray, step: str) -> bool:
    difference = np.abs(found.astype(int) - expected.astype(int))
    if step == "diffuse":
        return bool((difference > REFINED_LEVELS).mean() > REFINED_SHARE)
    return bool(difference.max() > LEVELS)


def test_every_step_with_a_number_has_a_golden_result(made):
    assert set(made) == set(CODE_VERSIONS)


@pytest.mark.parametrize("step", ["prepare", "render", "scene", "diffuse", "encode"])
def test_pixels_change_only_with_the_number(made, step):
    path, found = golden(step, "png"), made[step]
    if os.environ.get("PACKSHOT_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(found).save(path, optimize=True)
    expected = np.asarray(Image.open(path))

    assert found.shape == expected.shape
    assert not moved(found, expected, step), f"raise CODE_VERSIONS[{step!r}], or mend the change"


@pytest.mark.parametrize("step", ["measure", "check"])
def test_measures_change_only_with_the_number(made, step):
    path, found = golden(step, "json"), made[step]
    if os.environ.get("PACKSHOT_GOLDEN") == "write":
        path.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    expected = json.loads(path.read_text())

    assert found == pytest.approx(expected, rel=SHARE, abs=LEAST), f"CODE_VERSIONS[{step!r}]"


@pytest.mark.parametrize("step", ["prepare", "render", "scene", "diffuse", "encode"])
def test_a_shift_by_one_pixel_is_noticed(made, step):
    expected = np.asarray(Image.open(golden(step, "png")))

    assert moved(np.roll(made[step], 1, axis=1), expected, step)


def test_the_photograph_is_dim_enough_for_its_tone_to_be_mended():
    photograph, mask = draw_photograph()
    settings = Preparation(find_text=False, find_faces=False)

    facts = prepare(photograph, settings, digest="", mask=mask).facts

    assert {step.name for step in facts.steps if step.applied} == {"tone"}
