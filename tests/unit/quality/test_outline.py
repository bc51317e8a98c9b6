"""Rims and halos: on a plain colour and in a scene."""

import cv2
import numpy as np
import pytest

from tests.unit.quality.examples import (
    SIDE,
    canvas,
    expected,
    ring,
    textured,
    through_jpeg,
    wall,
)
from transforms.quality.outline import boundary_changed, halo
from transforms.quality.placed import Placed


def banded(placed, colour, *, backdrop=(255, 255, 255), width=9):
    """A picture with a band of another colour around the product."""
    pixels = canvas(placed, backdrop=backdrop)
    whole = np.zeros((SIDE, SIDE), np.uint8)
    left, top, right, bottom = placed.box
    whole[top:bottom, left:right] = placed.matte
    grown = cv2.dilate(whole, np.ones((2 * width + 1, 2 * width + 1), np.uint8))
    pixels[(grown > 0) & (whole == 0)] = colour
    return pixels


def test_a_whole_rim_is_unchanged_by_encoding():
    placed = textured()

    assert boundary_changed(through_jpeg(canvas(placed)), placed) == 0


@pytest.mark.parametrize("side", ["left", "top"])
def test_an_eaten_edge_changes_the_rim(states, side):
    placed = textured()
    pixels = canvas(placed)
    left, top, right, bottom = placed.box
    if side == "left":
        pixels[top:bottom, left : left + 8] = 255
    else:
        pixels[top : top + 8, left:right] = 255

    assert states({"boundary_changed": boundary_changed(pixels, placed)}) == {
        "boundary_changed": "FAIL"
    }


def test_glass_has_no_opaque_rim():
    glass = Placed(
        np.zeros((50, 50, 3), np.uint8), np.full((50, 50), 120, np.uint8), (9, 9, 59, 59)
    )

    assert boundary_changed(canvas(glass, side=80), glass) is None


def test_no_halo_on_a_clean_picture(states):
    placed = ring()
    pixels = through_jpeg(canvas(placed))

    found = {"halo": halo(pixels, placed, expected(placed)), "scene_halo": halo(pixels, placed)}

    assert set(states(found).values()) == {"PASS"}


@pytest.mark.parametrize("colour", [(225, 222, 214), (150, 150, 150), (120, 90, 60)])
def test_a_band_of_the_old_backdrop_is_a_halo_on_white(states, colour):
    placed = ring()

    found = halo(through_jpeg(banded(placed, colour)), placed, expected(placed))

    assert states({"halo": found}) == {"halo": "FAIL"}


def test_a_band_is_a_halo_in_a_scene_and_a_soft_shadow_is_none(states):
    placed = ring()
    scene = wall()
    clean = np.where(canvas(placed, backdrop=(0, 0, 0)) > 0, canvas(placed), scene)
    banded_scene = banded(placed, (240, 240, 238), backdrop=(0, 0, 0))
    band = np.where(banded_scene > 0, banded_scene, scene)
    solid = (canvas(placed, backdrop=(0, 0, 0)) > 0).any(axis=2).astype(np.float32)
    shade = 1 - 0.35 * cv2.GaussianBlur(solid, (0, 0), 22)[..., None]
    shadowed = np.where(solid[..., None] > 0, clean, (clean * shade).astype(np.uint8))

    assert states({"scene_halo": halo(band, placed)}) == {"scene_halo": "FAIL"}
    assert states({"scene_halo": halo(clean, placed)}) == {"scene_halo": "PASS"}
    assert states({"scene_halo": halo(shadowed, placed)}) == {"scene_halo": "PASS"}


def test_a_product_that_fills_the_canvas_has_no_surroundings_to_judge():
    full = Placed(np.zeros((60, 60, 3), np.uint8), np.full((60, 60), 255, np.uint8), (0, 0, 60, 60))

    assert halo(canvas(full, side=60), full) is None
