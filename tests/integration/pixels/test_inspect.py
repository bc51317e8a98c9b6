"""Any picture that claims to show a product is judged by the gate, without a record of ours."""

import io
import json
import os
import subprocess
import sys

import cv2
import numpy as np
import pytest
import yaml
from PIL import Image

from tests.support.product_pictures import COLOURS, png, vase
from transforms.images.canvas import compose_over, lay_on_canvas, over
from transforms.images.codec import decode, encode_as
from transforms.preparation.sequence import prepare
from transforms.presets.catalogue import Preparation
from transforms.presets.channel import Channel
from transforms.presets.gate import Gate
from transforms.presets.loading import load
from transforms.presets.look import load_look
from transforms.quality.examination import examine, make_claim
from transforms.quality.placed import Placed
from transforms.quality.placement import find_placement
from transforms.quality.verdict import judge, list_objections, verdict_of
from transforms.rendition.engine_cache import EngineCache
from transforms.rendition.inspection import inspect_picture, look_for, square
from transforms.rendition.pictures import PreparedPicture
from transforms.rendition.renderer import Renderer

SETTINGS = Preparation(find_text=False, find_faces=False)
SHOP = Channel(name="c", purpose="A channel of this test.", quality=92)
OF_MASTER = {"product_lock_differing_pixels", "file_similarity"}


def shop_file(pixels: np.ndarray) -> bytes:
    return encode_as(pixels, "jpeg", SHOP.quality_of("jpeg"))


def photograph(number: int, *, lean: int = 0) -> tuple[bytes, bytes]:
    """A striped vase on its sweep, and its mask."""
    picture = np.asarray(vase(COLOURS[number], side=500, lean=lean)).copy()
    picture[260:300, 200:300:9] = (240, 230, 90)
    cover = vase(COLOURS[number], side=500, lean=lean, cut_out=True).getchannel("A")
    return png(Image.fromarray(picture)), png(cover)


@pytest.fixture(scope="module")
def prepared():
    picture, mask = photograph(1, lean=2)
    return prepare(picture, SETTINGS, digest="", mask=mask)


@pytest.fixture(scope="module")
def gate(small_config) -> Gate:
    return load(small_config / "gate.yaml", Gate)


@pytest.fixture(scope="module")
def made(small_config, prepared, gate):
    """Make the product in a look of 400 px."""

    def make(preset):
        look = load_look(preset, preset, small_config)
        shown = PreparedPicture("VASE", prepared.image, prepared.matte, prepared.facts)
        with EngineCache() as engines:
            ((_, picture),) = Renderer(look, engines=engines, gate=gate).render([lambda: shown])
        return look, picture

    return make


def night(look, picture, prepared, gate):
    """What a night says: rules of the encoded rendition, with all that it knows."""
    placement = picture.facts.placement
    product, box = lay_on_canvas(prepared.image, placement)
    placed = Placed(product, lay_on_canvas(prepared.matte, placement)[0], box, picture.occluder)
    claim = make_claim(look, prepared.facts, picture.facts, placed, master=picture.pixels)
    return judge(examine([decode(shop_file(picture.pixels))], claim, gate), gate)


def by_file(pixels, prepared, look, gate, sku="VASE"):
    """What inspect says of a file."""
    found = inspect_picture(decode(shop_file(pixels)), prepared, look, gate=gate, sku=sku)
    file = decode(shop_file(pixels))
    return found, judge(examine([file], found.claim, gate), gate)


@pytest.mark.parametrize("preset", ["standard", "concrete"])
def test_our_own_rendition_gets_the_verdict_and_the_values_of_its_night(
    made, prepared, gate, preset
):
    look, picture = made(preset)
    known = {each.rule: each for each in night(look, picture, prepared, gate)}

    found, rules = by_file(picture.pixels, prepared, look, gate)

    assert found.ours
    assert verdict_of(list(known.values())) == verdict_of(rules) == "PASS"
    told = {each.rule: each for each in rules}
    assert set(told) == set(known)
    assert {name: told[name] for name in set(told) - OF_MASTER} == {
        name: known[name] for name in set(known) - OF_MASTER
    }
    assert {told[name].state for name in OF_MASTER} == {"NOT_MEASURED"}


def test_a_scene_of_which_nothing_is_known_is_judged_by_the_product(made, prepared, gate):
    look, picture = made("concrete")

    claimed_look = look_for(picture.pixels, [made("standard")[0]], look)
    found, rules = by_file(picture.pixels, prepared, claimed_look, gate)

    states = {each.rule: each.state for each in rules}
    assert verdict_of(rules) == "PASS"
    assert not found.ours
    assert states["baseline_deviation"] == states["foreground_share"] == "NOT_MEASURED"
    assert states["worst_spot_difference"] == states["fill_deviation"] == "PASS"


def elsewhere(prepared, scale, right, down, side=640):
    """The product as another tool would lay it on white: not where we do."""
    height, width = prepared.matte.shape
    size = (round(width * scale), round(height * scale))
    image, matte = (
        np.asarray(Image.fromarray(each).resize(size, Image.Resampling.LANCZOS))
        for each in (prepared.image, prepared.matte)
    )
    white = np.full((side, side, 3), 255, np.uint8)
    box = (right, down, right + size[0], down + size[1])
    return compose_over(white, image, matte, box), box


@pytest.mark.parametrize("scale", [0.6, 1.0, 1.7])
def test_the_product_is_found_at_any_size_to_a_fraction_of_a_pixel(prepared, scale):
    picture, box = elsewhere(prepared, scale, 90, 13)

    found = find_placement(decode(shop_file(picture)), prepared.image, prepared.matte)

    assert found.sure
    assert found.placement.scale == pytest.approx(
        (box[2] - box[0]) / prepared.matte.shape[1], rel=3e-3
    )
    assert (found.placement.left, found.placement.top) == pytest.approx((90, 13), abs=0.6)


def test_a_picture_of_another_tool_is_told_what_the_brand_misses(made, prepared, gate):
    look, _ = made("standard")
    picture, _ = elsewhere(prepared, 0.8, 130, 120)

    found, rules = by_file(picture, prepared, look, gate)

    assert found.found_placement.sure
    assert not found.ours
    assert set(list_objections(rules)) == {"fill_deviation", "baseline_deviation"}


def half_of_it(pixels):
    return np.where((np.arange(400) > 215)[None, :, None], pixels, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        pytest.param(lambda p: cv2.GaussianBlur(p, (0, 0), 1.2), "sharpness_ratio", id="blurred"),
        pytest.param(half_of_it, "boundary_changed", id="half of it is missing"),
    ],
)
def test_damage_is_seen_in_a_file_alone(made, prepared, gate, damage, rule):
    look, picture = made("standard")

    _, rules = by_file(damage(picture.pixels), prepared, look, gate)

    assert verdict_of(rules) == "FAIL"
    assert rule in list_objections(rules)


def test_another_product_fails(made, prepared, gate):
    look, _ = made("standard")
    picture, mask = photograph(3, lean=-3)
    other = prepare(picture, SETTINGS, digest="", mask=mask)
    shown, _ = elsewhere(other, 1.0, 150, 60)

    _, rules = by_file(shown, prepared, look, gate)

    assert verdict_of(rules) == "FAIL"
    assert "colour_difference" in list_objections(rules)


def test_a_background_tells_which_plain_look_is_meant(made, prepared):
    grey, white = (made(name)[0] for name in ("standard-grey", "standard"))
    picture = over((236, 236, 235), prepared.image, prepared.matte)

    assert look_for(picture, [white, grey], white) == grey
    noise = np.random.default_rng(0).integers(0, 255, (90, 90, 3)).astype(np.uint8)
    assert look_for(noise, [white, grey], white).preset.engine == "scene"


def test_a_wide_picture_is_judged_on_a_square():
    assert square(np.zeros((40, 61, 3), np.uint8)).shape == (61, 61, 3)


@pytest.fixture(scope="module")
def files(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("inspect")
    picture, mask = photograph(1, lean=2)
    (folder / "front.png").write_bytes(picture)
    (folder / "front.mask.png").write_bytes(mask)
    good = made("standard")[1].pixels
    (folder / "good.jpg").write_bytes(shop_file(good))
    (folder / "bad.jpg").write_bytes(shop_file(cv2.GaussianBlur(good, (0, 0), 2)))
    (folder / "torn.jpg").write_bytes(shop_file(good)[:900])
    return folder


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("good.jpg", 0, '"verdict": "PASS"'),
        ("bad.jpg", 1, '"verdict": "FAIL"'),
        ("torn.jpg", 2, ""),
    ],
)
def test_the_command_tells_by_its_exit_code(files, small_config, name, code, said):
    command = [sys.executable, "-m", "transforms.cli", "inspect", files / "front.png", files / name]

    done = subprocess.run(
        [*map(str, command), "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PACKSHOT_CONFIG": str(small_config)},
    )

    assert done.returncode == code, done.stderr
    assert said in done.stdout
    if code == 2:
        assert str(files / name) in done.stderr
    else:
        assert {"rule", "value", "limit", "state", "why"} == set(
            json.loads(done.stdout)["rules"][0]
        )


def test_the_photograph_is_prepared_as_its_catalogue_says(files, small_config, tmp_path):
    known = yaml.safe_load((small_config / "catalogues" / "samples.yaml").read_text())
    known |= {"name": "leaning", "preparation": {"straighten": False}}
    (tmp_path / "leaning.yaml").write_text(yaml.safe_dump(known))
    command = [sys.executable, "-m", "transforms.cli", "inspect", files / "front.png"]

    done = subprocess.run(
        [
            *map(str, command),
            files / "good.jpg",
            "--json",
            "--catalogue",
            tmp_path / "leaning.yaml",
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PACKSHOT_CONFIG": str(small_config)},
    )

    told = json.loads(done.stdout)
    assert (told["catalogue"], told["verdict"]) == ("leaning", "FAIL")


def test_the_table_begins_with_the_verdict(files, small_config):
    command = [sys.executable, "-m", "transforms.cli", "inspect", files / "front.png"]
    done = subprocess.run(
        [*map(str, command), str(files / "bad.jpg")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PACKSHOT_CONFIG": str(small_config), "COLUMNS": "200"},
    )

    assert done.stdout.startswith("FAIL ")
    table = io.StringIO(done.stdout.split("\n", 1)[1])
    assert any(
        line.split()[:2] == ["sharpness", "ratio"] and "softer or sharper" in line for line in table
    )
