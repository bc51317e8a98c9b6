"""A product fits its canvas, whatever shape both have, and keeps its pixels where it should."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from transforms.errors import RenderError
from transforms.images.canvas import lay_on_canvas
from transforms.images.placing import LEAST_PX, place
from transforms.presets.brand import Brand

SAMPLES = Path(__file__).parents[3] / "samples" / "source"
QUICK = settings(max_examples=60, deadline=None)

lengths = st.integers(1, 3000)
sides = st.integers(400, 2600)
fills = st.floats(0.5, 0.93)


def brand(width, height, fill, *, enlarge=True):
    return Brand(
        name="b",
        canvas_px=width,
        canvas_height_px=height,
        fill=fill,
        baseline=round((1 + fill) / 2, 4),
        enlarge=enlarge,
    )


@QUICK
@given(lengths, lengths, sides, sides, fills)
def test_the_larger_share_is_the_fill_and_all_of_it_is_on_the_canvas(
    wide, high, width, height, fill
):
    placement = place((7, 5, 7 + wide, 5 + high), brand(width, height, fill))

    shares = wide * placement.scale / width, high * placement.scale / height
    assert max(shares) == pytest.approx(fill)
    left, top, right, bottom = placement.product
    assert left >= 0
    assert top >= 0
    assert right <= width
    assert bottom <= height
    assert abs(left + right - width) <= 1


@QUICK
@example(1568, 1536, (1, 1), 0.7840191743303424)  # by a ten-thousandth too small: kept as it is
@example(206, 37, (1, 1.44), 0.6754417968829469)  # rounds to 304 x 440, which is no 1:1.44
@given(lengths, lengths, st.sampled_from([(1, 1), (4, 5), (1, 1.44), (16, 9), (5, 4)]), fills)
def test_where_nothing_may_be_enlarged_the_canvas_gets_smaller(wide, high, aspect, fill):
    scale = 2000 / max(aspect)
    width, height = round(aspect[0] * scale), round(aspect[1] * scale)
    asked = brand(width, height, fill, enlarge=False)
    shorter = min(width, height) * max(wide / width, high / height) / fill
    if shorter < LEAST_PX - 2:
        with pytest.raises(RenderError, match=f"{wide} x {high} px"):
            place((0, 0, wide, high), asked)
        return
    assume(shorter > LEAST_PX + 2)

    placement = place((0, 0, wide, high), asked)

    columns, rows = placement.size_px
    assert placement.scale <= 1
    assert columns / rows == pytest.approx(width / height, rel=0.005)
    assert min(columns, rows) >= LEAST_PX
    free = place((0, 0, wide, high), brand(width, height, fill))
    if free.scale <= 1:
        assert placement == free
    else:
        assert placement.scale == 1
        assert columns % 2 == rows % 2 == 0
        # The gate allows 0.003 of the canvas.
        assert max(wide / columns, high / rows) == pytest.approx(fill, abs=0.003)


def test_a_product_that_keeps_its_size_keeps_its_pixels():
    picture = np.random.default_rng(1).integers(0, 256, (401, 333, 3), dtype=np.uint8)

    lying, (left, top, _, _) = lay_on_canvas(
        picture, place((0, 0, 333, 401), brand(1601, 2001, 0.86, enlarge=False))
    )

    assert np.array_equal(lying, picture)
    assert (left, top) >= (0, 0)


class TestStanding:
    """On canvases that are higher than wide; on others the baseline is the brand's."""

    def bottom(self, wide, high, height):
        return place((0, 0, wide, high), brand(1000, height, 0.86)).product[3] / height

    @pytest.mark.parametrize("height", [1000, 800, 563])
    @pytest.mark.parametrize("size", [(500, 100), (500, 500), (100, 500)])
    def test_a_canvas_no_higher_than_wide_has_one_line(self, size, height):
        assert self.bottom(*size, height) == pytest.approx(0.93, abs=0.001)

    def test_what_is_flat_stands_on_one_line_below_the_middle(self):
        flat = [self.bottom(500, high, 1440) for high in (50, 150, 250, 300)]

        assert max(flat) - min(flat) < 0.001
        assert 0.7 < flat[0] < 0.8

    @pytest.mark.parametrize("high", [450, 600, 800, 2000])
    def test_what_is_tall_is_centred(self, high):
        placement = place((0, 0, 500, high), brand(1000, 1440, 0.86))

        assert placement.product[1] + placement.product[3] == pytest.approx(1440, abs=2)

    @pytest.mark.parametrize("size", [(1000, 1440), (1000, 1000), (1600, 900)])
    @pytest.mark.parametrize("product", [(500, 100), (100, 500), (300, 300)])
    def test_who_wants_no_line_gets_all_in_the_middle(self, product, size):
        asked = brand(*size, 0.86).model_copy(update={"baseline": "middle"})

        _, top, _, bottom = place((0, 0, *product), asked).product

        assert top + bottom == pytest.approx(size[1], abs=1)

    def test_a_canvas_that_is_hardly_higher_changes_hardly_anything(self):
        assert self.bottom(500, 200, 1010) == pytest.approx(0.93, abs=0.01)


def test_no_sample_is_enlarged_in_an_outlets_frame():
    asked = brand(1806, 2600, 0.86, enlarge=False)
    sizes = []
    for path in sorted(SAMPLES.rglob("*.*")):
        if path.suffix in {".jpg", ".png", ".webp", ".tiff"} and "BAD-" not in str(path):
            with Image.open(path) as picture:
                sizes.append(picture.size)

    assert len(sizes) > 20
    for wide, high in sizes:
        assert place((0, 0, wide, high), asked).scale <= 1
