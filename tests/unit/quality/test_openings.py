"""Openings show what is behind the product, on plain colours and in scenes."""

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
from transforms.quality.openings import find_openings, holes_filled
from transforms.quality.placed import Placed, cut, erode


def test_openings_are_found_and_notches_are_none():
    assert len(find_openings(ring())) == 1
    assert find_openings(textured()) == []
    open_ring = ring()
    open_ring.matte[190:210, 200:] = 0  # now its middle is outside
    assert find_openings(open_ring) == []


def defined(placed: Placed) -> list[np.ndarray]:
    """Openings by their definition: masks of the canvas, each part of what is clear looked at."""
    solid = np.pad(placed.matte >= 128, 1)
    count, labels = cv2.connectedComponents((~solid).view(np.uint8), connectivity=4)
    found = []
    for number in range(1, count):
        part = (labels == number)[1:-1, 1:-1]
        if number == labels[0, 0] or part.sum() < 0.0006 * solid.sum():
            continue
        inner = erode(part & (placed.matte <= 26), 4)
        if inner.any():
            whole = np.zeros((SIDE, SIDE), bool)
            cut(whole, placed.box)[...] = inner
            found.append(whole)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_openings_are_those_of_the_definition(seed):
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.normal(0, 1, (430, 380)).astype(np.float32), (0, 0), 3 + seed)
    specks = rng.random((430, 380)) < 0.01
    matte = np.clip(128 + 400 * (soft / soft.std() + 1), 0, 255) * ~specks
    placed = Placed(np.zeros((430, 380, 3), np.uint8), matte.astype(np.uint8), (90, 70, 470, 500))

    wholes = []
    for opening in find_openings(placed):
        whole = np.zeros((SIDE, SIDE), bool)
        cut(whole, opening.box)[...] = opening.mask
        wholes.append(whole)

    wanted = defined(placed)
    assert len(wholes) == len(wanted) > 0
    assert all(np.array_equal(*pair) for pair in zip(wholes, wanted, strict=True))


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


def before_a_wall(placed):
    """A picture of the product before a wall, and where its opening is."""
    solid = canvas(placed, backdrop=(0, 0, 0)).any(axis=2)
    pixels = np.where(solid[..., None], canvas(placed), wall())
    opening = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(opening, (300, 300), 90, 1, -1)
    return pixels, (opening > 0) & ~solid


@pytest.mark.parametrize("share", [1.0, 0.6], ids=["lit", "in the product's shadow"])
def test_an_opening_in_a_scene_may_show_what_is_beside_the_product(share):
    placed = ring()
    pixels, where = before_a_wall(placed)
    pixels[where] = (pixels[where] * share).astype(np.uint8)

    assert holes_filled(through_jpeg(pixels), placed) == 0


@pytest.mark.parametrize(
    "colour",
    [(60, 90, 160), (150, 150, 150), (204, 180, 152)],
    ids=["product", "grey paper before a warm grey wall", "sand"],
)
def test_an_opening_in_a_scene_shows_nothing_that_is_nowhere_beside_the_product(colour):
    placed = ring()
    pixels, where = before_a_wall(placed)
    pixels[where] = colour

    assert holes_filled(through_jpeg(pixels), placed) == 1


def test_a_colour_from_the_other_end_of_the_scene_does_not_excuse_a_filled_opening():
    placed = ring()
    pixels, where = before_a_wall(placed)
    pixels[:, :40] = pixels[where] = (204, 150, 90)

    assert holes_filled(through_jpeg(pixels), placed) == 1


def test_in_a_scene_that_we_made_an_opening_shows_what_was_made():
    placed = ring()
    scene, where = before_a_wall(placed)
    scene[where] = (190, 110, 60)  # a cushion that is seen through the opening alone
    filled = scene.copy()
    filled[where] = (150, 150, 150)

    assert holes_filled(through_jpeg(scene), placed, scene=scene) == 0
    assert holes_filled(through_jpeg(scene), placed) == 1
    assert holes_filled(through_jpeg(filled), placed, scene=scene) == 1
