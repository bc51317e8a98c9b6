"""The line where the ground ends is found again in a remade backdrop, to a tenth of a pixel."""

from functools import cache

import cv2
import numpy as np
import pytest

from transforms.quality.ground_line import ground_shift
from transforms.scenes.scaffold import draw_scaffold

SIDE = 320
PALETTE = ((36, 60, 92), (220, 200, 170))


@cache
def backdrop(kind: str, view: str = "level"):
    return draw_scaffold(kind, width=SIDE, height=SIDE, view=view, palette=PALETTE, seed=3)


def remade(pixels: np.ndarray, *, texture: float = 5) -> np.ndarray:
    """As a model does at a low strength: softer, another tint and light, a texture of its own."""
    grain = cv2.GaussianBlur(
        np.random.default_rng(1).normal(0, 1, pixels.shape).astype(np.float32), (0, 0), 3
    )
    soft = cv2.GaussianBlur(pixels, (0, 0), 1.2) * np.array((0.95, 0.86, 0.8))
    return np.clip(soft + texture * grain / grain.std(), 0, 255).astype(np.uint8)


def moved(pixels: np.ndarray, share: float, horizon: float) -> np.ndarray:
    """Only what lies near the line moves down; the picture's upper and lower edge stay."""
    rows = np.arange(SIDE, dtype=np.float32)
    near = np.interp(
        rows / SIDE, [horizon - 0.25, horizon - 0.1, horizon + 0.1, 0.99], [0, 1, 1, 0]
    )
    lookup = np.repeat((rows - share * SIDE * near)[:, None], SIDE, axis=1).astype(np.float32)
    across = np.repeat(rows[None], SIDE, axis=0)
    return cv2.remap(pixels, across, lookup, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


@pytest.mark.parametrize(
    "kind", ["concrete", pytest.param("spring", marks=pytest.mark.slow), "winter", "kitchen"]
)
@pytest.mark.parametrize("view", ["level", "raised"])
def test_a_line_that_stayed_is_told_from_one_that_moved_by_a_hundredth(kind, view):
    scene = backdrop(kind, view)

    stayed = ground_shift(scene.pixels, remade(scene.pixels), scene.horizon)
    went = [
        ground_shift(scene.pixels, remade(moved(scene.pixels, share, scene.horizon)), scene.horizon)
        for share in (0.01, -0.01, 0.03)
    ]

    assert stayed < 0.002
    assert went == pytest.approx([0.01, 0.01, 0.03], abs=0.0025)


def test_a_line_that_is_gone_is_not_taken_for_one_that_stayed():
    scene = backdrop("concrete")
    other = np.full_like(scene.pixels, 150)

    assert ground_shift(scene.pixels, remade(other), scene.horizon) == 1


@pytest.mark.parametrize(
    ("kind", "view"), [("studio-white", "level"), ("concrete", "overhead")], ids=["sweep", "above"]
)
def test_where_there_is_no_line_none_can_move(kind, view):
    scene = backdrop(kind, view)

    assert ground_shift(scene.pixels, remade(scene.pixels), scene.horizon) == 0
