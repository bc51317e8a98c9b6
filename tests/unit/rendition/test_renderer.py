"""What a rendition's record says of how it was made, in scenes with and without a model."""

from functools import partial

import numpy as np
import pytest

from tests.support.product_pictures import png, vase
from tests.unit.rendition.brush import Brush
from transforms.errors import ModelError, RenderError
from transforms.preparation.sequence import prepare
from transforms.presets.catalogue import Preparation
from transforms.presets.checkpoint import Checkpoint, Companion
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load
from transforms.presets.look import Look, load_look
from transforms.presets.preset import Ladder
from transforms.rendition.engine_cache import EngineCache, missing_checkpoints, refuse_missing
from transforms.rendition.pictures import PreparedPicture, RenderedPicture
from transforms.rendition.renderer import Renderer
from transforms.storage.folder import FolderStorage

SIDE = 240
CHECKPOINT = Checkpoint(
    name="brush", family="sd15", purpose="For these tests.", licence="none", commercial=True,
    folder="/nowhere", sha256="0" * 64,
)  # fmt: skip


class Brushes(EngineCache):
    """Engines that are a brush."""

    def __init__(self, brush: Brush) -> None:
        super().__init__()
        self._brush = brush

    def engine(self, look: Look) -> Brush:
        assert look.checkpoint is not None
        return self._brush


@pytest.fixture(scope="module")
def gate() -> Gate:
    return load(config_folder() / "gate.yaml", Gate)


@pytest.fixture(scope="module")
def shown() -> PreparedPicture:
    quick = Preparation(find_text=False, find_faces=False, tone=None, straighten=False)
    cut_out = png(vase((40, 90, 140), side=180, cut_out=True))
    prepared = prepare(cut_out, quick, digest="")
    return PreparedPicture("VASE-1", prepared.image, prepared.matte, prepared.facts)


def look(name: str = "linen", *, checkpoint: Checkpoint | None = None, **preset) -> Look:
    found = load_look(name, name, config_folder())
    brand = found.brand.model_copy(update={"canvas_px": SIDE})
    settings = found.preset.model_copy(update=preset)
    return found.model_copy(update={"brand": brand, "preset": settings, "checkpoint": checkpoint})


def made(of: Look, shown: PreparedPicture, brush: Brush, gate: Gate, *, work=None, count=1) -> list:
    with Brushes(brush) as engines:
        renderer = Renderer(of, engines=engines, gate=gate, work=work)
        return [result for _, result in renderer.render([partial(_same, shown)] * count)]


def _same(shown: PreparedPicture) -> PreparedPicture:
    return shown


def test_a_scene_without_a_model_claims_none(shown, gate):
    brush = Brush()

    (picture,) = made(look(), shown, brush, gate)

    assert brush.asked == []
    facts = picture.facts
    assert (facts.engine, facts.checkpoint, facts.strength) == ("scene", "", None)
    assert (facts.attempts, picture.attempts, facts.backdrop.refined) == ((), (), False)
    assert "diffuse" not in facts.versions


def test_a_refined_backdrop_tells_every_attempt_and_is_asked_for_once(shown, gate, tmp_path):
    brush, work = Brush(keeps_to=0.27), FolderStorage(tmp_path)
    of = look(checkpoint=CHECKPOINT, ladder=Ladder(down=(0.25,)))
    strength = of.preset.diffusion.strength

    first, second = made(of, shown, brush, gate, work=work, count=2)
    (later,) = made(of, shown, Brush(), gate, work=work)

    assert [asked[0] for asked in brush.asked] == [strength, 0.25]
    for picture in (first, second, later):
        facts = picture.facts
        assert (facts.engine, facts.checkpoint) == ("scene", CHECKPOINT.identity)
        assert (facts.strength, facts.backdrop.refined) == (0.25, True)
        assert [each.kept for each in facts.attempts] == [False, True]
        assert "structure_kept" in facts.attempts[0].reason
        assert len(picture.attempts) == 2
        assert np.array_equal(picture.pixels, first.pixels)


def test_a_backdrop_whose_ground_line_moved_is_not_stood_in(shown, gate):
    class Raised(Brush):
        """Moves all that it is given down by a fiftieth; correlation of edges hardly minds."""

        def _painted(self, order):
            return np.roll(super()._painted(order), SIDE // 50, axis=0)

    of = look("concrete", checkpoint=CHECKPOINT, ladder=Ladder())

    (refused,) = made(of, shown, Raised(), gate)
    (kept,) = made(of, shown, Brush(), gate)

    assert isinstance(refused, RenderError)
    assert "ground_shift" in str(refused)
    assert kept.facts.attempts[0].measured["ground_shift"] < 0.004


def test_a_backdrop_that_cannot_be_made_fails_its_products_and_is_asked_for_once(shown, gate):
    brush = Brush(keeps_to=0.1)

    results = made(look(checkpoint=CHECKPOINT, ladder=Ladder()), shown, brush, gate, count=3)

    assert len(brush.asked) == 1
    assert all(isinstance(each, RenderError) for each in results)
    assert len(set(map(str, results))) == 1


def test_an_edit_tells_its_checkpoint_its_attempts_and_where_the_product_lies(shown, gate):
    of = look("watercolour", checkpoint=CHECKPOINT, candidates=2)

    (picture,) = made(of, shown, Brush(), gate)

    assert isinstance(picture, RenderedPicture)
    assert (picture.facts.engine, picture.facts.checkpoint) == ("edit", CHECKPOINT.identity)
    assert picture.facts.strength == of.preset.diffusion.strength
    assert len(picture.facts.attempts) == len(picture.attempts) == 2
    assert picture.facts.seed == next(each.seed for each in picture.facts.attempts if each.kept)


class TestMissingCheckpoints:
    def test_a_look_without_a_model_misses_none(self):
        assert missing_checkpoints([look()]) == []

    def test_each_missing_one_gets_a_line_with_what_brings_it(self):
        found = missing_checkpoints([look("watercolour", checkpoint=CHECKPOINT)] * 2)

        said = "variant watercolour: checkpoint brush: /nowhere is not there"
        assert found == [f"{said}; `packshot models fetch brush` tells how to get it"]
        with pytest.raises(ModelError, match="variant watercolour: checkpoint brush"):
            refuse_missing([look("watercolour", checkpoint=CHECKPOINT)])

    def test_what_a_preset_adds_to_a_checkpoint_is_looked_for_too(self, tmp_path):
        lora = Companion(kind="lora", folder="/no/lora", sha256="1" * 64)
        other = Companion(kind="canny", folder="/no/canny", sha256="2" * 64)
        here = CHECKPOINT.model_copy(
            update={"folder": str(tmp_path), "companions": {"ink": lora, "edges": other}}
        )
        of = look("watercolour", checkpoint=here)
        diffusion = of.preset.diffusion.model_copy(update={"loras": ("ink",)})
        preset = of.preset.model_copy(update={"diffusion": diffusion})

        (line,) = missing_checkpoints([of.model_copy(update={"preset": preset})])

        assert "checkpoint brush, lora ink: /no/lora is not there" in line

    def test_what_may_be_fetched_is_not_missing(self, monkeypatch):
        hub = {"folder": None, "sha256": None, "hub": "some/model", "revision": "a" * 40}
        of = look("watercolour", checkpoint=CHECKPOINT.model_copy(update=hub))

        assert len(missing_checkpoints([of])) == 1
        monkeypatch.setenv("PACKSHOT_ONLINE", "1")
        assert missing_checkpoints([of]) == []
