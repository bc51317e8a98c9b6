"""Inspect says of our own renditions of the samples what the night said that made them."""

import pytest

from tests.unit.rendition.brush import Brush
from transforms.cli.catalogue import find_catalogue_of, sku_of
from transforms.images.canvas import lay_on_canvas
from transforms.images.codec import decode, encode_as
from transforms.preparation.sequence import prepare
from transforms.presets.channel import Channel
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load, load_named
from transforms.presets.look import load_look
from transforms.quality.alignment import corner_distance
from transforms.quality.examination import examine, make_claim
from transforms.quality.placed import Placed
from transforms.quality.placement import find_placement
from transforms.quality.verdict import judge, verdict_of
from transforms.rendition.engine_cache import EngineCache
from transforms.rendition.inspection import inspect_picture
from transforms.rendition.pictures import PreparedPicture
from transforms.rendition.renderer import Renderer
from transforms.scenes.plates import stock_plates
from transforms.storage.opening import open_storage

CONFIG = config_folder()
SOURCE = CONFIG.parent / "samples" / "source"
PHOTOGRAPHS = (
    "MUG-COBALT/front.jpg",  # with an opening
    "CUSHION-MUSTARD/front.jpg",  # plain: before lights its edges were found elsewhere
    "TEA-JASMINE/side.jpg",  # with a label
    "CAR-BEECH/front.png",  # with a mask of its own or transparent
)
LOOKS = {
    "standard": {"ours"},
    "standard for zalando": {"ours"},  # upright, and no larger than the product's own pixels
    "winter": {"ours"},  # on the project's plates, with a foreground
    "relight": set(),  # a model remakes the plain picture
    "season-change": set(),  # a model is given the scene, and the product is laid back
}
SHOP = Channel(name="c", purpose="A channel of this test.", quality=92)
SIDE = 600
OF_MASTER = {"product_lock_differing_pixels", "file_similarity"}
"""What nobody can measure without the picture before it was encoded."""


class Brushes(EngineCache):
    """Engines that are a brush."""

    def engine(self, look) -> Brush:
        assert look.checkpoint is not None
        return Brush()


@pytest.fixture(scope="module")
def gate() -> Gate:
    return load(CONFIG / "gate.yaml", Gate)


@pytest.fixture(scope="module")
def plates():
    return open_storage((CONFIG / "plates").as_uri())


@pytest.fixture(scope="module", params=PHOTOGRAPHS)
def product(request):
    """Sku and prepared picture, as the samples' catalogue says."""
    path = SOURCE / request.param
    known = find_catalogue_of(path, CONFIG)
    return sku_of(path, known), prepare(path.read_bytes(), known.preparation, digest="")


@pytest.mark.parametrize("name", LOOKS)
def test_inspect_says_what_the_night_said(product, name, gate, plates):
    sku, prepared = product
    preset, _, outlet = name.partition(" for ")
    look = load_look(preset, preset, CONFIG)
    small = look.brand.model_copy(update={"canvas_px": SIDE})
    look = look.model_copy(update={"brand": small}).with_plates(stock_plates(plates))
    if outlet:
        look = look.in_frame(load_named(CONFIG / "channels", outlet, Channel).frame)
    shown = PreparedPicture(sku, prepared.image, prepared.matte, prepared.facts)
    with Brushes() as engines:
        renderer = Renderer(look, engines=engines, gate=gate, plates=plates)
        ((_, made),) = renderer.render([lambda: shown])
    file = decode(encode_as(made.pixels, "jpeg", SHOP.quality_of("jpeg")))
    product, box = lay_on_canvas(prepared.image, made.facts.placement)
    cover = lay_on_canvas(prepared.matte, made.facts.placement)[0]
    claim = make_claim(
        look,
        prepared.facts,
        made.facts,
        Placed(product, cover, box, made.occluder),
        master=made.pixels,
        given=made.given,
    )
    night = judge(examine([file], claim, gate), gate)

    found = inspect_picture(file, prepared, look, gate=gate, sku=sku, plates=plates)
    told = judge(examine([file], found.claim, gate), gate)

    assert verdict_of(told) == verdict_of(night)
    states = [{each.rule: each.state for each in rules} for rules in (told, night)]
    known, wanted = ({r: s for r, s in each.items() if r not in OF_MASTER} for each in states)
    assert known == wanted
    assert found.found_placement.sure
    assert found.ours == ("ours" in LOOKS[name])
    if found.ours:
        values = [{each.rule: each.value for each in rules} for rules in (told, night)]
        ours, theirs = ({r: v for r, v in each.items() if r not in OF_MASTER} for each in values)
        assert ours == theirs
    if name == "winter":
        # Nor does it take our own placement to find a product in a scene.
        blind = find_placement(file, prepared.image, prepared.matte)
        assert blind.sure
        assert corner_distance(blind.placement, made.facts.placement) < 0.6
