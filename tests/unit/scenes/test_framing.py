"""A plate keeps its ground, its place to stand and its light when it is cropped and mirrored."""

import numpy as np
import pytest

from transforms.presets.plate import Plate
from transforms.scenes.framing import frame_plate

PLATE = Plate.model_validate(
    {
        "name": "p",
        "kind": "wood",
        "view": "level",
        "horizon": 0.5,
        "stand": 0.8,
        "light": {
            "azimuth_deg": -60,
            "elevation_deg": 40,
            "colour": [1, 0.9, 0.8],
            "softness": 0.3,
        },
    }
)


def backdrop(side: int = 200) -> np.ndarray:
    """Bright wall, dark table from the horizon on, a red line where a product stands."""
    pixels = np.full((side, side, 3), 220, np.uint8)
    pixels[side // 2 :] = 60
    pixels[round(0.8 * side) - 1 : round(0.8 * side) + 1] = (255, 0, 0)
    pixels[:, : side // 10] = pixels[:, : side // 10] // 2
    return pixels


def test_at_its_own_aspect_it_is_the_plate_itself():
    scene = frame_plate(backdrop(), PLATE, width=200, height=200, seed=0)

    np.testing.assert_array_equal(scene.pixels, backdrop())
    assert (scene.horizon, scene.stand, scene.light.azimuth_deg) == (0.5, 0.8, -60)


@pytest.mark.parametrize("seed", range(1, 9))
@pytest.mark.parametrize(("width", "height"), [(160, 160), (240, 120), (120, 240)])
def test_the_notes_fit_what_is_shown(width, height, seed):
    scene = frame_plate(backdrop(), PLATE, width=width, height=height, seed=seed)

    middle = scene.pixels[:, width // 2].astype(int)
    red = np.flatnonzero(middle[:, 0] - middle[:, 1] > 90)
    assert abs(red.mean() - scene.stand * height) <= 2
    dark = np.flatnonzero(middle.sum(axis=1) < 400)
    assert abs(dark[0] - scene.horizon * height) <= 2


def test_a_mirrored_plate_is_lit_from_the_other_side():
    scenes = [
        frame_plate(backdrop(), PLATE, width=200, height=200, seed=seed) for seed in range(1, 13)
    ]

    sides = {
        (scene.light.azimuth_deg, bool(scene.pixels[10, :8].mean() < scene.pixels[10, -8:].mean()))
        for scene in scenes
    }
    assert sides == {(-60, True), (60, False)}


def test_equal_seeds_give_equal_pixels():
    first, again, other = (
        frame_plate(backdrop(), PLATE, width=128, height=128, seed=seed).pixels
        for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
