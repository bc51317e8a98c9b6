"""A contact sheet shows each cut-out three times, small, where rims of any colour can be seen."""

import numpy as np

from transforms.images.contact_sheet import Strip, draw_strips

RED, BLUE = (200, 30, 30), (10, 20, 220)


def strip(*, height=600, width=600, label="MUG/front.jpg"):
    """A red square in the middle of a blue picture."""
    photograph = np.full((height, width, 3), BLUE, np.uint8)
    matte = np.zeros((height, width), np.uint8)
    part = np.s_[height // 4 : -height // 4, width // 4 : -width // 4]
    photograph[part], matte[part] = RED, 255
    colours = np.full_like(photograph, RED)
    return Strip.of(label, photograph, colours, matte)


def test_a_picture_is_shown_as_it_came_on_grey_and_on_magenta():
    photograph, grey, magenta = strip().tiles

    assert photograph.shape == grey.shape == magenta.shape == (300, 300, 3)
    assert [tuple(tile[150, 150]) for tile in (photograph, grey, magenta)] == [RED] * 3
    corners = [tuple(tile[10, 10]) for tile in (photograph, grey, magenta)]
    assert corners == [BLUE, (119, 119, 119), (255, 0, 255)]


def test_a_long_picture_keeps_its_shape_on_white():
    photograph, _, _ = strip(height=600, width=200).tiles

    assert tuple(photograph[150, 99]) == (255, 255, 255)
    assert tuple(photograph[10, 101]) == BLUE
    assert tuple(photograph[150, 201]) == (255, 255, 255)


def test_a_small_picture_is_not_enlarged():
    photograph, _, _ = strip(height=40, width=60).tiles

    blue_or_red = (photograph != 255).any(axis=2)
    rows, columns = np.flatnonzero(blue_or_red.any(axis=1)), np.flatnonzero(blue_or_red.any(axis=0))
    assert (len(rows), len(columns)) == (40, 60)


def test_one_pixel_wide_is_still_shown():
    photograph, _, _ = strip(height=3000, width=1).tiles

    assert tuple(photograph[150, 149]) == BLUE


def test_strips_stand_in_two_columns_with_captions_above():
    sheet = np.asarray(draw_strips([strip(), strip(), strip(label="")]))

    assert sheet.shape == (2 * 322, 2 * 906, 3)
    for top, left in ((16, 0), (16, 906), (338, 0)):
        centres = [tuple(sheet[top + 150, left + 150 + place * 300]) for place in range(3)]
        assert centres == [RED] * 3
    assert tuple(sheet[338 + 150, 906 + 150]) == (255, 255, 255)
    captions = [sheet[top : top + 16, left : left + 900] for top, left in ((0, 0), (322, 0))]
    assert [bool((caption < 100).any()) for caption in captions] == [True, False]
