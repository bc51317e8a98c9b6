"""Pictures in an outlet's frame are made like the brand's own: product, ground and shadow."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.support.product_pictures import png, vase
from tests.unit.rendition.brush import Brush
from tests.unit.rendition.test_renderer import CHECKPOINT, Brushes
from transforms.errors import RenderError
from transforms.images.canvas import lay_on_canvas
from transforms.preparation.sequence import prepare
from transforms.presets.catalogue import Preparation
from transforms.presets.frame import Frame
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load
from transforms.presets.look import Look, load_look
from transforms.quality.examination import examine, make_claim
from transforms.quality.placed import Placed
from transforms.quality.placement import find_placement
from transforms.quality.surround import make_plain_backdrop
from transforms.quality.verdict import judge
from transforms.records.facts import Placement
from transforms.rendition.backdrops import backdrop_fingerprints
from transforms.rendition.pictures import PreparedPicture, RenderedPicture
from transforms.rendition.renderer import FrameRenderer, Renderer
from transforms.scenes.framing import shrink_scene
from transforms.scenes.scaffold import draw_scaffold

TALL = Frame(aspect=(4, 5), longest_px=620)
PLAIN = Frame(aspect=(1, 1.44), longest_px=620, fill=0.88, shadow="none")


@pytest.fixture(scope="module")
def gate() -> Gate:
    return load(config_folder() / "gate.yaml", Gate)


@pytest.fixture(scope="module")
def shown() -> PreparedPicture:
    quick = Preparation(find_text=False, find_faces=False, tone=None, straighten=False)
    prepared = prepare(png(vase((40, 90, 140), side=700, cut_out=True)), quick, digest="")
    return PreparedPicture("VASE-1", prepared.image, prepared.matte, prepared.facts)


def look(name: str, frame: Frame | None = None, *, canvas_px: int = 400) -> Look:
    found = load_look(name, name, config_folder())
    brand = found.brand.model_copy(update={"canvas_px": canvas_px})
    found = found.model_copy(update={"brand": brand, "checkpoint": None})
    return found.in_frame(frame) if frame else found


def made(of: Look, shown: PreparedPicture, gate: Gate) -> RenderedPicture:
    with Brushes(Brush()) as engines:
        return Renderer(of, engines=engines, gate=gate).compose(shown)


def smaller(shown: PreparedPicture, share: float) -> PreparedPicture:
    image, matte = (
        np.asarray(cv2.resize(each, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))
        for each in (shown.image, shown.matte)
    )
    return replace(shown, image=image, matte=matte)


def placed(shown: PreparedPicture, picture: RenderedPicture) -> Placed:
    placement = picture.facts.placement
    product, box = lay_on_canvas(shown.image, placement)
    return Placed(product, lay_on_canvas(shown.matte, placement)[0], box, picture.occluder)


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        pytest.param("standard", PLAIN, id="white, 1:1.44"),
        pytest.param("standard", TALL, id="with shadow, 4:5"),
        pytest.param(
            "standard",
            Frame(longest_px=620, baseline="middle", shadow="none"),
            id="white, in the middle",
        ),
        pytest.param("linen", TALL, id="scene, 4:5"),
        pytest.param("linen", Frame(aspect=(16, 9), longest_px=600), id="scene, 16:9"),
    ],
)
@pytest.mark.parametrize("share", [1, 0.85], ids=["reduced product", "smaller canvas"])
def test_the_gate_passes_what_is_framed(name, frame, share, shown, gate):
    of, given = look(name, frame), smaller(shown, share)

    picture = made(of, given, gate)

    measured = examine(
        [picture.pixels],
        make_claim(of, given.facts, picture.facts, placed(given, picture), master=picture.pixels),
        gate,
    )
    assert picture.pixels.shape[1::-1] == picture.facts.placement.size_px
    assert measured["product_lock_differing_pixels"] == 0
    assert {rule.rule for rule in judge(measured, gate) if rule.state == "FAIL"} == set()


def test_a_frame_without_shadow_is_exactly_white_around_the_product(shown, gate):
    picture = made(look("standard", PLAIN), shown, gate)

    left, top, right, bottom = placed(shown, picture).box
    outside = np.ones(picture.pixels.shape[:2], np.bool_)
    outside[top:bottom, left:right] = False
    assert (picture.pixels[outside] == 255).all()
    assert picture.facts.shadow is None


class TestTooFewPixels:
    def test_the_picture_gets_smaller_and_says_so(self, shown, gate):
        given = smaller(shown, 0.85)
        frame = TALL.model_copy(update={"longest_px": 900})

        plain, scene = (made(look(name, frame), given, gate) for name in ("standard", "linen"))

        for picture in (plain, scene):
            assert picture.facts.reduced
            assert not picture.facts.enlarged
            assert picture.facts.placement.size_px < frame.size_px
            rows, columns = picture.pixels.shape[:2]
            assert columns / rows == pytest.approx(0.8, rel=0.005)

    def test_where_enlarging_is_allowed_it_does_not(self, shown, gate):
        frame = TALL.model_copy(update={"enlarge": True})

        picture = made(look("standard", frame), smaller(shown, 0.5), gate)

        assert picture.facts.placement.size_px == TALL.size_px
        assert (picture.facts.enlarged, picture.facts.reduced) == (True, False)

    def test_a_product_of_next_to_nothing_is_refused(self, shown, gate):
        with pytest.raises(RenderError, match="without enlarging"):
            made(look("standard", TALL), smaller(shown, 0.2), gate)

    def test_the_backdrop_is_the_same_place_at_a_smaller_size(self):
        scene = draw_scaffold(
            "linen", width=320, height=400, view="level", palette=((200, 180, 160),), seed=3
        )
        layer = np.dstack([scene.pixels, np.full(scene.pixels.shape[:2], 255, np.uint8)])
        layer[:200, :, :3], layer[:200, :, 3] = 0, 0  # nothing there, and black

        small = shrink_scene(replace(scene, foreground=layer), (80, 100))

        expected = cv2.resize(scene.pixels, (80, 100), interpolation=cv2.INTER_AREA)
        assert np.array_equal(small.pixels, expected)
        assert (small.stand, small.horizon, small.light) == (
            scene.stand,
            scene.horizon,
            scene.light,
        )
        assert small.foreground is not None
        assert np.abs(small.foreground[51:, :, :3].astype(int) - expected[51:]).max() <= 1
        assert (small.foreground[:49, :, 3] == 0).all()

    def test_of_its_own_size_it_is_not_touched(self):
        scene = draw_scaffold(
            "linen", width=32, height=40, view="level", palette=((200, 180, 160),), seed=3
        )

        assert shrink_scene(scene, (32, 40)) is scene


@pytest.mark.parametrize("frame", [TALL, Frame(aspect=(16, 9), longest_px=600)])
def test_a_product_is_found_in_pictures_of_any_shape(frame, shown, gate):
    picture = made(look("standard", frame), shown, gate)

    found = find_placement(picture.pixels, shown.image, shown.matte).placement

    wanted = picture.facts.placement
    assert found.size_px == wanted.size_px
    assert found.scale == pytest.approx(wanted.scale, rel=0.001)
    assert (found.left, found.top) == pytest.approx((wanted.left, wanted.top), abs=0.3)


def test_a_product_that_stands_elsewhere_on_an_upright_canvas_is_noticed(shown, gate):
    of = look("standard", PLAIN)
    picture = made(of, shown, gate)
    seen = placed(shown, picture)
    left, top, right, bottom = seen.box
    lower = replace(seen, box=(left, top + 4, right, bottom + 4))

    right_place, wrong_place = (
        examine([picture.pixels], make_claim(of, shown.facts, picture.facts, each), gate)
        for each in (seen, lower)
    )

    height = picture.facts.placement.canvas_height_px
    assert right_place["baseline_deviation"] < 0.5 / height
    assert wrong_place["baseline_deviation"] == pytest.approx(4 / height, abs=0.5 / height)


@pytest.mark.parametrize("side", [300, 790, 2000])
def test_the_gate_sees_small_canvases_as_large_as_it_takes_to_tell_lying_from_standing(
    side, shown, gate
):
    of = look("standard", canvas_px=side)

    expected = make_plain_backdrop(placed(shown, made(of, shown, gate)), of, size=(side, side))

    assert expected.darkest.shape[0] >= min(side, 400)


def test_frames_of_one_size_share_their_backdrops():
    own = look("linen", canvas_px=500)
    framed = own.in_frame(Frame(longest_px=500))

    assert own.identity != framed.identity
    assert backdrop_fingerprints(own) == backdrop_fingerprints(framed)
    assert not backdrop_fingerprints(own) & backdrop_fingerprints(own.in_frame(TALL))


@pytest.fixture(scope="module")
def own(shown, gate) -> RenderedPicture:
    of = look("watercolour").model_copy(update={"checkpoint": CHECKPOINT})
    with Brushes(Brush()) as engines:
        ((_, picture),) = Renderer(of, engines=engines, gate=gate).render([lambda: shown])
    assert isinstance(picture, RenderedPicture)
    return picture


class TestWhatAModelMade:
    """It can be reduced, and nothing else."""

    def framed(self, frame: Frame, shown: PreparedPicture, own: RenderedPicture) -> RenderedPicture:
        of = look("watercolour").model_copy(update={"checkpoint": CHECKPOINT}).in_frame(frame)
        return FrameRenderer(_no_renderer).render(of, lambda: shown, lambda: own)

    def test_a_smaller_square_is_that_picture_reduced(self, shown, own):
        picture = self.framed(Frame(longest_px=320), shown, own)

        expected = cv2.resize(own.pixels, (320, 320), interpolation=cv2.INTER_AREA)
        assert np.array_equal(picture.pixels, expected)
        placement = picture.facts.placement
        assert placement.scale == pytest.approx(own.facts.placement.scale * 0.8)
        assert picture.facts.attempts == own.facts.attempts

    def test_it_is_never_enlarged(self, shown, own):
        picture = self.framed(Frame(longest_px=4000), shown, own)

        assert picture.pixels.shape == own.pixels.shape
        assert picture.facts.reduced

    def test_another_shape_is_refused_with_what_was_made(self, shown, own):
        with pytest.raises(RenderError, match=r"whole picture, 400 x 400 px, .* 496 x 620"):
            self.framed(TALL, shown, own)

    def test_a_product_with_its_own_pixels_is_laid_on_again(self, shown, own):
        of = look("watercolour", Frame(longest_px=320))
        locked = of.model_copy(
            update={"preset": of.preset.model_copy(update={"preserve": "product"})}
        )

        picture = FrameRenderer(_no_renderer).render(locked, lambda: shown, lambda: own)

        wanted = placed(shown, picture)
        left, top, right, bottom = wanted.box
        found = picture.pixels[top:bottom, left:right]
        assert np.array_equal(found[wanted.core()], wanted.product[wanted.core()])


def _no_renderer(look: Look) -> Renderer:
    raise AssertionError(look)


def test_facts_of_earlier_versions_are_square():
    old = '{"scale": 1, "left": 0, "top": 0, "canvas_px": 9, "product": [0, 0, 9, 9]}'

    assert Placement.model_validate_json(old).size_px == (9, 9)
