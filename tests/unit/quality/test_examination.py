"""A picture is measured by every rule that its look is held to, and by no other."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.support.product_pictures import COLOURS, vase
from tests.unit.quality.examples import facts, through_jpeg
from transforms.images.canvas import lay_on_canvas
from transforms.presets.brand import Brand
from transforms.presets.look import Look
from transforms.presets.preset import Backdrop, Diffusion, Preset
from transforms.quality.examination import examine, make_claim
from transforms.quality.metrics import OF_PROMPT, OF_REMADE, applicable_metrics
from transforms.quality.placed import Placed
from transforms.quality.verdict import judge, list_objections, verdict_of
from transforms.records.facts import Attempt, BackdropFacts, MatteFacts
from transforms.rendition.composing import compose_plain

PLAIN = Look(
    variant="standard",
    preset=Preset(name="p", purpose="A look of this test.", brand="b"),
    brand=Brand(name="b", canvas_px=480),
)


def edit(preserve) -> Look:
    preset = PLAIN.preset.model_copy(
        update={"engine": "edit", "preserve": preserve, "diffusion": Diffusion(model="m")}
    )
    return PLAIN.model_copy(update={"preset": preset})


@pytest.fixture(scope="module")
def made():
    """Facts, pixels and product of a vase on white."""
    cut_out = np.asarray(vase(COLOURS[1], side=420, cut_out=True))
    image, matte = np.ascontiguousarray(cut_out[..., :3]), np.ascontiguousarray(cut_out[..., 3])
    picture = compose_plain(image, matte, PLAIN)
    rendered, pixels = picture.facts, picture.pixels
    product, box = lay_on_canvas(image, rendered.placement)
    return rendered, pixels, Placed(product, lay_on_canvas(matte, rendered.placement)[0], box)


def test_a_good_picture_has_all_values_and_passes(made, gate):
    rendered, pixels, placed = made
    claim = make_claim(PLAIN, facts(), rendered, placed, master=pixels)

    measured = examine([through_jpeg(pixels)], claim, gate)

    assert set(measured) == applicable_metrics(PLAIN.preset)
    assert {name for name, value in measured.items() if value is None} == {"label_text_kept"}
    assert verdict_of(judge(measured, gate)) == "PASS"


def test_without_a_master_the_lock_is_not_measured(made, gate):
    rendered, pixels, placed = made

    measured = examine([through_jpeg(pixels)], make_claim(PLAIN, facts(), rendered, placed), gate)

    assert measured["product_lock_differing_pixels"] is measured["file_similarity"] is None


def test_of_several_files_one_damaged_file_decides(made, gate):
    rendered, pixels, placed = made
    claim = make_claim(PLAIN, facts(), rendered, placed, master=pixels)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=4)
    poor = np.asarray(Image.open(buffer).convert("RGB"))

    one, both = (
        list_objections(judge(examine(files, claim, gate), gate))
        for files in ([through_jpeg(pixels)], [through_jpeg(pixels), poor])
    )

    assert one == []
    assert {"worst_tile_similarity", "colour_difference_p95"} <= set(both)


def test_a_file_that_shows_something_else_than_was_made_is_found(made, gate):
    rendered, pixels, placed = made
    claim = make_claim(PLAIN, facts(), rendered, placed, master=pixels)
    other = through_jpeg(pixels)
    other[20:90, 20:90] = np.random.default_rng(0).integers(0, 255, (70, 70, 3))

    found = list_objections(judge(examine([other], claim, gate), gate))

    assert {"file_similarity", "background_exact_share"} <= set(found)


@pytest.mark.parametrize("preserve", ["structure", "none"])
def test_a_restyled_picture_is_held_to_what_it_promises(made, gate, preserve):
    rendered, pixels, placed = made
    look = edit(preserve)
    remade = rendered.model_copy(update={"engine": "edit"})
    by_network = MatteFacts(
        origin="network", model="u2netp", passes=2, joined=False, area_share=0.3, border_share=0,
        body_alpha=1, parts=1,
    )  # fmt: skip
    known = facts(matte=by_network)

    claim = make_claim(look, known, remade, placed, given=pixels)
    tinted = np.clip(pixels.astype(int) + np.array([40, 10, -30]), 0, 255).astype(np.uint8)

    found = examine([through_jpeg(pixels)], claim, gate)

    assert set(found) == applicable_metrics(look.preset)
    assert found["style_change"] < 1
    assert examine([through_jpeg(tinted)], claim, gate)["style_change"] > 4
    assert all(found[name] is None for name in OF_PROMPT)
    if preserve == "structure":
        assert found["matte_overlap"] > 0.9
        assert found["tint_change"] < 1
        assert found["registration_shift"] < 0.002
        assert found["structure_kept"] > 0.9
        away = through_jpeg(np.roll(pixels, 70, axis=1))
        moved = examine([away], claim, gate)
        assert moved["matte_overlap"] < 0.8
        assert moved["registration_shift"] > 0.1


def test_what_an_attempt_was_measured_at_is_no_word_on_the_file(made, gate):
    """Facts may be of other pixels than the file's: what a file is judged by is measured on it."""
    rendered, pixels, placed = made
    measured = {"registration_shift": 0.0, "structure_kept": 1.0, "style_change": 8.0}
    attempt = Attempt(
        number=1, strength=0.4, seed=0, why="first", kept=True, reason="", measured=measured
    )
    remade = rendered.model_copy(update={"engine": "edit", "attempts": (attempt,)})
    cut_out = facts(matte=facts().matte.model_copy(update={"origin": "alpha", "model": ""}))
    claim = make_claim(edit("structure"), cut_out, remade, placed, given=pixels)
    moved = through_jpeg(np.roll(pixels, 30, axis=1))

    broken = set(list_objections(judge(examine([moved], claim, gate), gate)))
    nobody_has_it = examine([moved], replace(claim, given=None), gate)

    assert {"registration_shift", "style_change"} <= broken
    assert all(nobody_has_it[name] is None for name in OF_REMADE)


def test_what_lies_before_a_product_is_measured_on_what_was_laid_there(made, gate):
    rendered, pixels, placed = made
    backdrop = BackdropFacts(
        kind="scaffold", name="linen", seed=0, view="level", stand=0.8, refined=False,
        foreground_share=0.0,
    )  # fmt: skip
    scene = PLAIN.preset.model_copy(
        update={"engine": "scene", "backdrop": Backdrop(scaffold="linen")}
    )
    look = PLAIN.model_copy(update={"preset": scene})
    stood = rendered.model_copy(update={"engine": "scene", "backdrop": backdrop})
    occluder = np.zeros(pixels.shape[:2], np.uint8)
    occluder[placed.box[1] : (placed.box[1] + placed.box[3]) // 2] = 255

    def share(before) -> float | None:
        shown = replace(placed, occluder=before)
        claim = make_claim(look, facts(), stood, shown, master=pixels)
        return examine([through_jpeg(pixels)], claim, gate)["foreground_share"]

    assert share(None) == 0
    assert 0.2 < share(occluder) < 0.8
