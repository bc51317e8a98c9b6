"""What a whole-picture edit did: moved, zoomed, restyled, or nothing."""

import cv2
import numpy as np
import pytest

from transforms.quality.registration import register
from transforms.quality.restyling import restyling_metrics

SIDE = 600


def product(seed: int = 0) -> np.ndarray:
    """A labelled bottle on a soft backdrop; other seeds draw other things."""
    rng = np.random.default_rng(seed)
    picture = np.full((SIDE, SIDE, 3), 235, np.uint8)
    cv2.rectangle(picture, (220, 180), (380, 520), (40, 90, 60), -1)
    cv2.rectangle(picture, (265, 80), (335, 190), (50, 100, 70), -1)
    cv2.rectangle(picture, (240, 280), (360, 420), (240, 230, 200), -1)
    for _ in range(14):
        x, y = int(rng.integers(245, 340)), int(rng.integers(290, 405))
        colour = tuple(int(v) for v in rng.integers(0, 255, 3))
        cv2.circle(picture, (x, y), int(rng.integers(3, 12)), colour, -1)
    return cv2.GaussianBlur(picture, (0, 0), 1)


def moved(picture: np.ndarray, scale: float, right: float, down: float) -> np.ndarray:
    middle = (SIDE - 1) / 2
    place = np.array(
        [[scale, 0, middle - scale * middle + right], [0, scale, middle - scale * middle + down]]
    )
    return cv2.warpAffine(picture, place, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)


def drawing(picture: np.ndarray) -> np.ndarray:
    """As an illustration would show it: flat areas, dark outlines, other colours."""
    flat = cv2.bilateralFilter(picture, 9, 80, 9) // 48 * 48 + 20
    lines = cv2.adaptiveThreshold(
        cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), 255, 0, cv2.THRESH_BINARY, 9, 4
    )
    return np.where(lines[..., None] > 0, flat[..., ::-1], 15).astype(np.uint8)


@pytest.mark.parametrize(
    ("scale", "right", "down"),
    [(1, 0, 0), (1, 3, 0), (1, -12, 7), (1.04, 0, 0), (0.93, 5, -4), (1.15, 0, 10)],
)
@pytest.mark.parametrize("restyle", [lambda picture: picture, drawing], ids=["alike", "drawn"])
def test_shift_and_scale_are_found(scale, right, down, restyle):
    found = register(product(), restyle(moved(product(), scale, right, down)))

    assert found.sure
    assert found.scale == pytest.approx(scale, abs=0.006)
    assert np.array(found.shift) * SIDE == pytest.approx((right, down), abs=1.2)


def test_another_picture_is_not_found_in_it():
    noise = np.random.default_rng(3).integers(0, 255, (20, 20, 3)).astype(np.uint8)
    other = cv2.resize(noise, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)

    metrics = restyling_metrics(product(), other)

    assert metrics["registration_shift"] == 1
    assert metrics["structure_kept"] < 0.3


def test_the_same_picture_is_the_same():
    metrics = restyling_metrics(product(), product())

    assert metrics["registration_shift"] < 0.0005
    assert metrics["registration_scale"] < 0.002
    assert metrics["structure_kept"] > 0.99
    assert metrics["style_change"] < 0.3


def test_a_drawing_keeps_the_structure_and_shows_a_style():
    metrics = restyling_metrics(product(), drawing(product()))

    assert metrics["structure_kept"] > 0.6
    assert metrics["style_change"] > 5
