"""Backdrop that the network took for product is let go; product of the backdrop's colour stays."""

import cv2
import numpy as np

from transforms.cutout.holes import open_holes

LIGHT, RED = (232, 228, 220), (150, 30, 40)


def sweep(side=600, texture=0.8, seed=0):
    noise = np.random.default_rng(seed).normal(0, texture, (side, side, 1))
    fall = np.linspace(0, 8, side)[:, None, None]
    return np.clip(np.array(LIGHT) - fall + noise, 0, 255).astype(np.uint8)


def mask(side=600):
    return np.zeros((side, side), np.uint8)


def painted(picture, product, colour=RED):
    picture = picture.copy()
    picture[product] = colour
    return cv2.GaussianBlur(picture, (0, 0), 0.8)


def ring(side=600):
    outer = cv2.circle(mask(side), (side // 2, side // 2), side * 3 // 10, 255, cv2.FILLED)
    inner = cv2.circle(mask(side), (side // 2, side // 2), side * 27 // 100, 255, cv2.FILLED)
    return outer, inner > 0


def test_a_ring_that_was_filled_is_opened_up_to_its_edge():
    filled, hole = ring()
    picture = painted(sweep(), (filled > 0) & ~hole)

    found = open_holes(picture, filled)

    assert found.opened == 1
    assert found.backdrop_inside == 0
    truth = (filled > 0) & ~hole
    solid = found.matte >= 128
    assert (solid & truth).sum() / (solid | truth).sum() > 0.97
    assert found.matte[300, 300] == 0


def test_a_large_picture_is_opened_at_its_own_size():
    filled, hole = ring(1800)
    picture = painted(sweep(1800), (filled > 0) & ~hole)

    found = open_holes(picture, filled)

    truth = (filled > 0) & ~hole
    solid = found.matte >= 128
    assert (solid & truth).sum() / (solid | truth).sum() > 0.97


def test_a_gap_between_two_plates_is_opened_where_the_matte_closed_it_half():
    plates, gap = mask(), mask()
    cv2.fillPoly(plates, [np.array([(200, 100), (250, 100), (310, 480), (280, 500)])], 255)
    cv2.fillPoly(plates, [np.array([(400, 100), (350, 100), (290, 480), (320, 500)])], 255)
    cv2.fillPoly(gap, [np.array([(272, 240), (328, 240), (300, 418)])], 255)
    picture = painted(sweep(), plates > 0)

    found = open_holes(picture, plates | gap)

    assert found.opened == 1
    assert found.matte[280, 300] == 0
    assert found.matte[plates > 0].mean() > 240


def test_a_pale_product_whose_shading_passes_through_the_backdrops_colour_stays_whole():
    product = cv2.rectangle(mask(), (180, 150), (420, 500), 255, cv2.FILLED)
    picture = sweep()
    shade = np.linspace(-45, 25, 241)[None, :, None]
    picture[150:501, 180:421] = np.clip(np.array(LIGHT) + shade, 0, 255)

    found = open_holes(picture, product)

    assert found.opened == 0
    assert np.array_equal(found.matte, product)


def test_a_blank_label_deep_in_the_product_stays_and_is_reported():
    product = cv2.rectangle(mask(), (150, 100), (450, 520), 255, cv2.FILLED)
    label = cv2.rectangle(mask(), (230, 230), (370, 390), 255, cv2.FILLED) > 0
    picture = painted(sweep(), (product > 0) & ~label)

    found = open_holes(picture, product)

    assert found.opened == 0
    assert np.array_equal(found.matte, product)
    assert 0.1 < found.backdrop_inside < label.sum() / (product > 0).sum()


def test_a_label_near_the_edge_stays_where_something_is_printed_on_it():
    product = cv2.rectangle(mask(), (220, 100), (380, 520), 255, cv2.FILLED)
    label = cv2.rectangle(mask(), (235, 200), (365, 420), 255, cv2.FILLED)
    for line in (260, 300, 340):
        label = cv2.rectangle(label, (270, line), (330, line + 14), 0, cv2.FILLED)
    picture = painted(sweep(), (product > 0) & (label == 0))

    assert open_holes(picture, product).opened == 0


def test_a_white_panel_on_burnt_out_white_stays_and_is_reported():
    filled, hole = ring()
    white = np.full((600, 600, 3), 255, np.uint8)
    picture = painted(white, (filled > 0) & ~hole)

    found = open_holes(picture, filled)

    assert found.opened == 0
    assert found.backdrop_inside > 0.5


def test_a_backdrop_with_a_texture_is_left_alone():
    filled, hole = ring()
    picture = painted(sweep(texture=25), (filled > 0) & ~hole)

    found = open_holes(picture, filled)

    assert (found.opened, found.backdrop_inside) == (0, 0)
    assert np.array_equal(found.matte, filled)


def test_what_was_given_is_not_modified():
    filled, hole = ring()
    picture = painted(sweep(), (filled > 0) & ~hole)
    before = picture.copy(), filled.copy()

    open_holes(picture, filled)

    assert np.array_equal(picture, before[0])
    assert np.array_equal(filled, before[1])


def test_a_product_that_fills_the_picture_has_no_backdrop_to_compare_with():
    found = open_holes(sweep(60), np.full((60, 60), 255, np.uint8))

    assert (found.opened, found.backdrop_inside) == (0, 0)
