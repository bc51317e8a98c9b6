"""A model is shown few sizes, and a picture comes back exactly where it was."""

import cv2
import numpy as np
import pytest

from transforms.diffusion.letterbox import (
    apply_letterbox,
    fit_letterbox,
    pad_letterbox,
    undo_letterbox,
)

SD15, SDXL = (512, 8), (1024, 16)

ODD_SIZES = [
    (2000, 2000), (1999, 2001), (640, 480), (481, 640), (1333, 1000), (777, 1111), (1920, 1080),
    (1081, 1919), (3001, 1000), (500, 1501), (512, 512), (511, 513), (100, 80), (63, 64),
    (1200, 1600), (2047, 1153), (999, 333), (350, 1399), (4000, 900), (901, 901),
]  # fmt: skip


def scenery(width: int, height: int) -> np.ndarray:
    """Smooth blobs of many sizes and colours, none finer than what the models see."""
    random = np.random.default_rng(width * height)
    total = np.full((height, width, 3), 128, np.float32)
    for blobs in (8, 24, 64):
        noise = random.normal(0, 40, (blobs, blobs, 3)).astype(np.float32)
        total += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(total, 0, 255).astype(np.uint8)


def largest_shift(one: np.ndarray, other: np.ndarray) -> float:
    """Of one picture against another at its corners and in its middle, in px (Lucas-Kanade)."""
    change = other.astype(np.float64).sum(axis=2) - one.astype(np.float64).sum(axis=2)
    slopes = np.stack(np.gradient(one.astype(np.float64).sum(axis=2)))
    shifts = []
    for rows in np.array_split(np.arange(one.shape[0]), 3):
        for columns in np.array_split(np.arange(one.shape[1]), 3):
            tile = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
            slope, moved = slopes[:, *tile].reshape(2, -1), change[tile].ravel()
            shifts.append(np.hypot(*np.linalg.solve(slope @ slope.T, -slope @ moved)))
    return float(max(shifts))


def test_the_measure_of_shifts_sees_a_twentieth_of_a_pixel():
    picture = scenery(300, 200)
    moved = cv2.warpAffine(
        picture.astype(np.float32), np.float32([[1, 0, 0.05], [0, 1, 0]]), (300, 200),
        flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip

    assert 0.03 < largest_shift(picture, moved) < 0.1


@pytest.mark.parametrize("size", ODD_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_what_an_identity_model_makes_lies_where_the_picture_lay(size):
    picture = scenery(*size)
    letterbox = fit_letterbox(*size, *SD15)

    back = undo_letterbox(apply_letterbox(picture, letterbox), letterbox, size)

    assert back.shape == picture.shape
    assert largest_shift(picture, back) < 0.05


@pytest.mark.parametrize("model", [SD15, SDXL], ids=["sd15", "sdxl"])
@pytest.mark.parametrize("size", ODD_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_frames_are_what_the_model_takes_and_mostly_picture(size, model):
    native, multiple = model
    letterbox = fit_letterbox(*size, *model)

    assert all(side % multiple == 0 for side in letterbox.size)
    assert 0.75 * native**2 < letterbox.size[0] * letterbox.size[1] <= native**2
    assert letterbox.inner[0] * letterbox.inner[1] > 0.84 * letterbox.size[0] * letterbox.size[1]
    assert letterbox.inner[0] / letterbox.inner[1] == pytest.approx(size[0] / size[1], rel=0.01)


def test_all_aspects_together_see_few_sizes():
    seen = {fit_letterbox(width, 1000, *SD15).size for width in range(250, 4001, 5)}

    assert len(seen) <= 17


def test_a_catalogues_square_canvas_fills_its_frame():
    letterbox = fit_letterbox(2000, 2000, *SDXL)

    assert (letterbox.size, letterbox.inner, letterbox.left, letterbox.top) == (
        (1024, 1024),
        (1024, 1024),
        0,
        0,
    )


def test_a_small_picture_is_enlarged_to_the_native_area_and_says_so():
    letterbox = fit_letterbox(100, 100, *SD15)

    assert (letterbox.inner, letterbox.scale) == ((512, 512), pytest.approx(5.12))


def test_a_native_side_that_is_no_multiple_still_has_a_square_frame():
    assert fit_letterbox(700, 700, 500, 64).size == (448, 448)


def test_what_is_longer_than_the_longest_frame_is_padded_not_squeezed():
    letterbox = fit_letterbox(6000, 600, *SD15)

    assert letterbox.size == (1024, 256)
    assert letterbox.inner == (1024, 102)


def test_a_tiny_model_gets_frames_at_its_own_multiple():
    assert fit_letterbox(200, 100, 64, 8).size == (88, 40)


def test_the_border_continues_the_picture_and_is_not_black():
    white = np.full((300, 1000, 3), 255, np.uint8)

    assert (apply_letterbox(white, fit_letterbox(1000, 300, *SD15)) == 255).all()


def test_a_mask_lies_where_its_picture_lies():
    picture, mask = np.zeros((300, 500, 3), np.uint8), np.zeros((300, 500), np.uint8)
    picture[100:200, 50:150] = mask[100:200, 50:150] = 255
    letterbox = fit_letterbox(500, 300, *SD15)

    assert np.array_equal(
        apply_letterbox(picture, letterbox)[..., 0], apply_letterbox(mask, letterbox)
    )


def test_a_model_that_enlarges_is_given_the_pictures_own_pixels_and_gives_back_all_of_them():
    picture = scenery(101, 67)
    letterbox = pad_letterbox(101, 67, 8)
    enlarged = apply_letterbox(picture, letterbox).repeat(4, axis=0).repeat(4, axis=1)

    assert letterbox.size == (104, 72)
    assert np.array_equal(
        undo_letterbox(enlarged, letterbox, (404, 268)), picture.repeat(4, axis=0).repeat(4, axis=1)
    )


def test_the_picture_given_is_not_modified():
    picture = scenery(120, 90)
    before = picture.copy()
    letterbox = fit_letterbox(120, 90, 64, 8)
    undo_letterbox(apply_letterbox(picture, letterbox), letterbox, (120, 90))[:] = 0

    assert np.array_equal(picture, before)
