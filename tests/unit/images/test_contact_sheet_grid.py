"""A contact sheet: every picture whole and in its place, and words where there is none."""

import numpy as np

from transforms.images.contact_sheet import TILE_PX, Cell, draw_grid


def plain(colour: tuple[int, int, int], height: int, width: int) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def pixels_of(sheet: np.ndarray, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Left, top, width and height of what has a colour."""
    rows, columns = np.nonzero((sheet == colour).all(axis=2))
    left, top = int(columns.min()), int(rows.min())
    return left, top, int(columns.max()) - left + 1, int(rows.max()) - top + 1


def test_pictures_lie_whole_in_the_middle_of_their_tiles_in_the_order_of_the_columns():
    wide, tall, small = (200, 0, 0), (0, 150, 0), (0, 0, 200)
    cells = [
        Cell(plain(wide, 300, 900)),
        Cell(plain(tall, 900, 300)),
        Cell(plain(small, 40, 40)),
    ]

    sheet = np.asarray(draw_grid("winter", "seed 0", ["a", "b", "c"], {"MUG/front": cells}))

    boxes = [pixels_of(sheet, colour) for colour in (wide, tall, small)]
    assert [box[2:] for box in boxes] == [(360, 120), (120, 360), (40, 40)]
    middles = [(left + width / 2, top + height / 2) for left, top, width, height in boxes]
    assert middles[1][0] - middles[0][0] == middles[2][0] - middles[1][0] > TILE_PX
    assert len({middle[1] for middle in middles}) == 1


def test_a_long_reason_is_written_within_the_tile_of_the_missing_picture():
    reason = "The longer side has 180 px, and at least 256 are needed: send the original. " * 3
    beside = (0, 0, 200)

    sheet = np.asarray(
        draw_grid(
            "winter", "", ["a", "b"], {"MUG": [Cell(None, reason), Cell(plain(beside, 360, 360))]}
        )
    )

    left, top, *_ = pixels_of(sheet, beside)
    red = (sheet[..., 0].astype(int) - sheet[..., 1] > 60) & (sheet[..., 0] > 150)
    rows, columns = np.nonzero(red)
    assert columns.max() < left - 12
    assert top < rows.min() < rows.max() < top + 360
    assert np.ptp(rows) > 60, "several lines"


def test_a_sheet_is_as_wide_as_its_title():
    narrow = draw_grid("winter", "", ["a"], {"MUG": [Cell(plain((9, 9, 9), 9, 9))]})
    wide = draw_grid("winter: " + "snow and pines " * 9, "", ["a"], {"MUG": [Cell(None, "no")]})

    assert wide.width > narrow.width > TILE_PX
