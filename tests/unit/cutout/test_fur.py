"""Between hairs the backdrop is given back; products without hair keep their matte."""

import cv2
import numpy as np

from transforms.cutout.edge import refine_edge
from transforms.cutout.fur import without_backdrop

SIDE, CELL = 320, 2.0


def furred(*, radius=80, length=22):
    """A disc with hairs all around it: its true alpha, 0-1."""
    drawn = np.zeros((SIDE * 4, SIDE * 4), np.uint8)
    middle = SIDE * 2
    cv2.circle(drawn, (middle, middle), radius * 4, 255, -1)
    random = np.random.default_rng(4)
    for angle in np.linspace(0, 2 * np.pi, 260, endpoint=False):
        far = (radius + length * random.uniform(0.5, 1)) * 4
        tip = angle + random.normal(0, 0.05)
        ends = [
            (round(middle + r * np.cos(a)), round(middle + r * np.sin(a)))
            for r, a in ((radius * 4 - 20, angle), (far, tip))
        ]
        cv2.line(drawn, *ends, 255, 5)
    return cv2.resize(drawn, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def photographed(truth, front, back):
    share = truth[..., None]
    mixed = np.array(front, np.float32) * share + np.array(back, np.float32) * (1 - share)
    grain = np.random.default_rng(1).normal(0, 2, mixed.shape)
    return np.clip(np.rint(mixed + grain), 0, 255).astype(np.uint8)


def blanket(truth):
    """What the network answers: all hairs and what lies between, ending in wide doubt."""
    closed = cv2.morphologyEx(truth, cv2.MORPH_CLOSE, np.ones((25, 25)))
    return np.asarray(cv2.blur(cv2.dilate(closed, np.ones((5, 5))), (17, 17)), np.float32)


def error(share, truth):
    zone = (cv2.dilate(truth, np.ones((15, 15))) > 0) & (cv2.erode(truth, np.ones((9, 9))) < 1)
    return float(np.abs(share - truth)[zone].mean())


def test_backdrop_between_hairs_is_given_back():
    truth = furred()
    matte = blanket(truth)

    found = without_backdrop(photographed(truth, (130, 80, 30), (248, 248, 248)), matte, CELL)

    assert error(found, truth) < 0.4 * error(matte, truth)
    assert (found <= matte).all()


def test_the_edge_is_drawn_with_its_hairs():
    truth = furred()
    matte = np.rint(255 * blanket(truth)).astype(np.uint8)

    found = refine_edge(photographed(truth, (130, 80, 30), (30, 60, 140)), matte, cell=CELL)

    assert error(found / 255, truth) < 0.4 * error(matte / 255, truth)


def test_hair_like_its_backdrop_stays_as_the_network_says():
    truth = furred()
    matte = blanket(truth)

    found = without_backdrop(photographed(truth, (236, 235, 233), (240, 240, 240)), matte, CELL)

    assert np.array_equal(found, matte)


def test_a_product_without_hair_stays_even_where_it_has_the_backdrops_colour():
    """A shoe's white sole on white: the network is sure of it."""
    truth = np.zeros((SIDE, SIDE), np.float32)
    truth[100:220, 60:260] = 1
    picture = photographed(truth, (20, 60, 190), (250, 250, 250))
    picture[208:220] = 250
    matte = np.asarray(cv2.GaussianBlur(truth, (0, 0), CELL), np.float32)

    found = without_backdrop(picture, matte, CELL)

    assert np.array_equal(found, matte)


def test_a_hole_of_the_backdrops_colour_inside_stays_closed():
    """What no backdrop reaches is print, or a hole that others open."""
    truth = furred()
    matte = blanket(truth)
    picture = photographed(truth, (130, 80, 30), (248, 248, 248))
    picture[155:165, 85:97] = 248

    found = without_backdrop(picture, matte, CELL)

    assert found[157:163, 88:94].min() > 0.9


def test_an_empty_matte_stays_empty():
    empty = np.zeros((40, 30), np.float32)

    assert not without_backdrop(np.zeros((40, 30, 3), np.uint8), empty, CELL).any()
