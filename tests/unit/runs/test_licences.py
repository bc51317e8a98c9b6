"""A run's summary says which models a shop may not use the pictures of."""

import pytest

from transforms.presets.brand import Brand
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.configuration import Configuration
from transforms.presets.look import Look
from transforms.presets.preset import Preset
from transforms.runs.run import RunPlan
from transforms.runs.summary import licences_not_for_shops


@pytest.mark.parametrize("commercial", [True, False], ids=["for shops", "not for shops"])
def test_a_licence_that_forbids_shops_is_told_once(commercial):
    preset = Preset(
        name="anime",
        purpose="Made for a test.",
        brand="house",
        engine="edit",
        preserve="none",
        diffusion={"model": "dev", "strength": 0.5},
    )
    checkpoint = Checkpoint(
        name="dev",
        family="flux-dev",
        purpose="Made for a test.",
        licence="Non-Commercial",
        commercial=commercial,
        hub="acme/dev",
    )
    looks = tuple(
        Look(variant=name, preset=preset, brand=Brand(name="house"), checkpoint=checkpoint)
        for name in ("anime", "anime-bold")
    )
    # All else of a run does not matter here, and is not made up.
    plan = RunPlan.model_construct(configuration=Configuration.model_construct(looks=looks))

    said = licences_not_for_shops(plan)

    assert len(said) == (0 if commercial else 1)
    assert all("dev: its licence, Non-Commercial, does not allow a shop" in each for each in said)
