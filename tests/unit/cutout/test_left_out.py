"""Lines outside the matte on a plain backdrop are a part that may be missing."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from transforms.cutout.left_out import measure_left_out


def sweep(texture=1.0):
    rows = np.linspace(230, 215, 500)[:, None, None] + np.zeros((1, 500, 3))
    noise = np.random.default_rng(0).normal(0, texture, (500, 500, 1))
    return np.clip(rows + noise, 0, 255).astype(np.uint8)


def jar(texture=1.0):
    """A lid that is found, and below it glass of which lines are seen."""
    image = Image.fromarray(sweep(texture))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((170, 200, 330, 430), 20, outline=(190, 190, 190), width=4)
    draw.rectangle((160, 100, 340, 170), fill=(150, 100, 50))
    matte = np.zeros((500, 500), np.uint8)
    matte[100:171, 160:341] = 255
    return np.asarray(image), matte


def test_glass_below_a_lid_is_left_out_by_its_size():
    assert measure_left_out(*jar()) == pytest.approx(160 / 180, rel=0.1)


def test_nothing_is_left_out_where_the_matte_holds_the_glass():
    picture, matte = jar()
    matte[190:441, 160:341] = 255

    assert measure_left_out(picture, matte) < 0.05


def test_a_soft_shade_has_no_lines():
    rows, columns = np.mgrid[:500, :500]
    away = np.hypot((rows - 300) / 40, (columns - 250) / 160)
    picture = sweep() - (40 * np.exp(-(away**2)))[..., None]
    matte = np.zeros((500, 500), np.uint8)
    matte[100:250, 170:330] = 255

    assert measure_left_out(picture.clip(0, 255).astype(np.uint8), matte) < 0.05


def test_a_texture_says_nothing():
    assert measure_left_out(*jar(texture=20)) == 0
