"""The product is told from its background by the border's colour, and nothing is made up."""

import numpy as np
import pytest

from transforms.channels.surroundings import Surroundings

WHITE = (255, 255, 255)


def canvas(*, side=400, colour=WHITE):
    return np.full((side, side, 3), colour, np.uint8)


def product_on(pixels, left=100, top=50, right=300, bottom=350, *, colour=(180, 40, 30)):
    pixels[top:bottom, left:right] = colour
    return pixels


def test_the_box_and_the_fill_are_the_products():
    around = Surroundings(product_on(canvas()))

    assert around.box == (100, 50, 300, 350)
    assert around.fill == pytest.approx(0.75)
    assert around.cut_off is False
    assert around.exact_share(WHITE) == 1
    assert around.border_share(WHITE) == 1


def test_a_large_picture_is_measured_to_a_few_pixels():
    around = Surroundings(product_on(canvas(side=2500), 500, 400, 2000, 2200))

    assert around.box == pytest.approx((500, 400, 2000, 2200), abs=5)


def test_off_white_is_not_white():
    around = Surroundings(product_on(canvas(colour=(254, 254, 254))))

    assert around.fill == pytest.approx(0.75)
    assert around.exact_share(WHITE) == 0
    assert around.border_share(WHITE) == 0


def test_a_soft_shadow_counts_as_background_that_is_not_white():
    pixels = canvas()
    pixels[300:390, 60:340] = 240
    around = Surroundings(product_on(pixels))

    assert around.exact_share(WHITE) == pytest.approx(0.9, abs=0.1)
    assert around.exact_share(WHITE) < 0.95
    assert around.border_share(WHITE) == 1


def test_a_pale_product_within_its_outline_is_no_background():
    pixels = product_on(canvas(), colour=(120, 120, 120))
    pixels[60:340, 110:290] = 250
    around = Surroundings(pixels)

    assert around.exact_share(WHITE) == 1
    assert around.product[200, 200] == 255


def test_letters_beside_the_product_are_not_part_of_its_box():
    pixels = product_on(canvas(), bottom=250)
    for x in range(100, 300, 24):
        pixels[360:374, x : x + 10] = 0

    assert Surroundings(pixels).box == (100, 50, 300, 250)


def test_two_pieces_of_a_product_are_one_box():
    pixels = product_on(product_on(canvas(), 40, 100, 180, 300), 220, 120, 360, 300)

    assert Surroundings(pixels).box == (40, 100, 360, 300)


def test_a_product_over_the_edge_is_cut_off():
    around = Surroundings(product_on(canvas(), bottom=400))

    assert around.cut_off is True
    assert around.box[3] == 400


def test_a_shaded_sweep_is_not_one_colour_so_that_no_product_is_made_up_in_its_corners():
    rows = np.linspace(200, 120, 400)
    sweep = np.repeat(np.repeat(rows[:, None], 400, axis=1)[..., None], 3, axis=2)
    mostly = np.clip(sweep + 60, 0, 205).astype(np.uint8)  # flat above, shaded below

    around = Surroundings(product_on(mostly))

    assert (around.plain, around.cut_off, around.fill) == (False, None, None)


def test_of_a_scene_nothing_is_said_but_that_its_border_is_not_white():
    scene = np.random.default_rng(3).integers(0, 200, (300, 400, 3), dtype=np.uint8)
    around = Surroundings(scene)

    assert (around.plain, around.product, around.box, around.fill) == (False, None, None, None)
    assert around.cut_off is None
    assert around.exact_share(WHITE) == 0


def test_an_empty_canvas_has_no_product():
    assert Surroundings(canvas()).fill is None


@pytest.mark.parametrize("width", [1, 6])
def test_frames_are_counted_by_their_sides(width):
    pixels = product_on(canvas())
    pixels[:width] = pixels[-width:] = 0
    pixels[:, :width] = pixels[:, -width:] = (20, 20, 90)

    assert Surroundings(pixels).framed_sides == 4


def test_a_product_close_to_the_edge_is_no_frame():
    assert Surroundings(product_on(canvas(), 40, 3, 360, 397)).framed_sides == 0


def test_lightness_and_chroma_are_the_borders():
    light, chroma = Surroundings(canvas(colour=(128, 128, 128))).lightness_and_chroma

    assert light == pytest.approx(53.6, abs=0.2)
    assert chroma == pytest.approx(0, abs=0.2)
