"""Rims, halos and openings: on a plain colour and in a scene."""

import cv2
import numpy as np
import pytest

from tests.unit.quality.examples import SIDE, canvas, ring, textured, through_jpeg
from transforms.presets.brand import Brand
from transforms.presets.look import Look
from transforms.presets.preset import Preset, Shadow
from transforms.quality.expected import plain_backdrop
from transforms.quality.outline import boundary_changed, halo, holes, holes_filled
from transforms.quality.placed import Placed

WHITE = Look(
    variant="v",
    preset=Preset(name="p", purpose="A look of this test.", brand="b", shadow=Shadow(kind="none")),
    brand=Brand(name="b", canvas_px=SIDE),
)


def expected(placed):
    return plain_backdrop(placed, WHITE, size=(SIDE, SIDE))


def banded(placed, colour, *, backdrop=(255, 255, 255), width=9):
    """A picture with a band of another colour around the product."""
    pixels = canvas(placed, backdrop=backdrop)
    whole = np.zeros((SIDE, SIDE), np.uint8)
    left, top, right, bottom = placed.box
    whole[top:bottom, left:right] = placed.matte
    grown = cv2.dilate(whole, np.ones((2 * width + 1, 2 * width + 1), np.uint8))
    pixels[(grown > 0) & (whole == 0)] = colour
    return pixels


def wall() -> np.ndarray:
    """A soft gradient with grain, as a wall out of focus."""
    rows = np.linspace(120, 190, SIDE)[:, None, None] + np.zeros((SIDE, SIDE, 3))
    grain = np.random.default_rng(2).normal(0, 2, rows.shape)
    return np.clip(rows + grain + (14, 4, -10), 0, 255).astype(np.uint8)


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


def test_openings_are_found_and_notches_are_none():
    assert len(holes(ring())) == 1
    assert holes(textured()) == []
    open_ring = ring()
    open_ring.matte[190:210, 200:] = 0  # now its middle is outside
    assert holes(open_ring) == []


@pytest.mark.parametrize(
    ("inside", "filled"),
    [
        ((255, 255, 255), 0),
        ((214, 212, 206), 1),
        ((60, 90, 160), 1),
    ],
    ids=["open", "old backdrop", "product"],
)
def test_an_opening_must_show_the_plain_backdrop(inside, filled):
    placed = ring()
    pixels = canvas(placed)
    cv2.circle(pixels, (300, 300), 92, inside, -1)

    assert holes_filled(through_jpeg(pixels), placed, expected(placed)) == filled


@pytest.mark.parametrize(("share", "filled"), [(1.0, 0), (0.6, 0), (None, 1)])
def test_an_opening_in_a_scene_shows_what_is_beside_the_product(share, filled):
    placed = ring()
    solid = canvas(placed, backdrop=(0, 0, 0)) > 0
    pixels = np.where(solid, canvas(placed), wall())
    opening = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(opening, (300, 300), 90, 1, -1)
    where = (opening > 0) & ~solid.any(axis=2)
    pixels[where] = (60, 90, 160) if share is None else (pixels[where] * share).astype(np.uint8)

    assert holes_filled(pixels, placed) == filled
