"""From bytes to a prepared picture: what is done, in which order, and what is left as it came."""

import io
import math
from functools import cache

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.support.product_pictures import jpeg, png, vase
from transforms.preparation.sequence import prepare
from transforms.presets.catalogue import Preparation

UNSEEN = Preparation(find_text=False, find_faces=False)
"""No network is asked where a mask is supplied, too."""
OFF = UNSEEN.model_copy(
    update={"tone": None, "deblock": False, "denoise": False, "straighten": False}
)
PAPER, PINK, GREEN = (226, 226, 226), (214, 130, 150), (60, 120, 80)
SIDE = 400


@pytest.fixture
def no_models(monkeypatch, tmp_path):
    monkeypatch.setenv("PACKSHOT_MODELS", str(tmp_path))


def scene(*, stops=0.0, lean=0.0):
    """A pink bottle with a green belly on white paper, and its mask, to be changed at will."""
    rgb, mask = drawn(stops, lean)
    return rgb.copy(), mask.copy()


@cache
def drawn(stops, lean):
    """Drawn at 4 times the size, once a module."""
    scale, turn = 4, math.radians(lean)
    rotation = np.array(
        [[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]
    )  # degrees clockwise, for y points down

    def placed(points):
        return np.rint((np.array(points) @ rotation.T + SIDE / 2) * scale).astype(np.int32)

    outline = [(-20, -150), (20, -150), (20, -80), (60, -40), (60, 150), (-60, 150), (-60, -40),
               (-20, -80)]  # fmt: skip
    large = np.full((SIDE * scale, SIDE * scale, 3), PAPER, np.uint8)
    mask = np.zeros(large.shape[:2], np.uint8)
    cv2.fillPoly(large, [placed(outline)], PINK)
    cv2.fillPoly(large, [placed([(-60, 40), (60, 40), (60, 110), (-60, 110)])], GREEN)
    cv2.fillPoly(mask, [placed(outline)], 255)
    size = (SIDE, SIDE)
    rgb = linear(cv2.resize(large, size, interpolation=cv2.INTER_AREA)) * 2.0**stops
    levels = np.where(rgb <= 0.0031308, rgb * 12.92, 1.055 * rgb ** (1 / 2.4) - 0.055)
    mask = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    return np.rint(levels * 255).astype(np.uint8), mask


def linear(levels):
    unit = np.asarray(levels, float) / 255
    return np.where(unit <= 0.04045, unit / 12.92, ((unit + 0.055) / 1.055) ** 2.4)


def hue(colour):
    """Angle in CIE Lab, degrees, of a colour in sRGB levels."""
    unit = np.asarray(colour, np.float32).reshape(1, 1, 3) / 255
    _, a, b = cv2.cvtColor(unit, cv2.COLOR_RGB2LAB)[0, 0]
    return math.degrees(math.atan2(b, a))


def file(pixels):
    return png(Image.fromarray(pixels))


def product_colours(rgb, matte):
    """Medians of both of the product's colours, told apart by red against green."""
    solid = rgb[matte == 255].astype(int)
    pink = solid[:, 0] > solid[:, 1]
    return np.median(solid[pink], axis=0), np.median(solid[~pink], axis=0)


STEPS = ("deblock", "denoise", "tone", "straighten")


@pytest.mark.parametrize("left_out", [None, *STEPS])
@pytest.mark.usefixtures("no_models")
def test_enabled_steps_are_told_in_the_order_in_which_they_are_taken(left_out):
    rgb, mask = scene()
    off = {left_out: None if left_out == "tone" else False} if left_out else {}

    prepared = prepare(file(rgb), UNSEEN.model_copy(update=off), digest="d", mask=file(mask))

    told = [step.name for step in prepared.facts.steps]
    assert told == [name for name in STEPS if name != left_out]
    assert (prepared.facts.backdrop is None) == (left_out == "tone")


@pytest.mark.usefixtures("no_models")
def test_with_all_steps_off_the_product_is_the_photographs_own():
    rgb, mask = scene(stops=-1, lean=4)

    prepared = prepare(file(rgb), OFF, digest="d", mask=file(mask))

    left, top, right, bottom = prepared.facts.crop
    inside = prepared.matte == 255
    assert prepared.facts.steps == ()
    assert (prepared.image[inside] == rgb[top:bottom, left:right][inside]).all()


@pytest.mark.usefixtures("no_models")
def test_a_supplied_mask_is_the_matte_to_the_bit_and_no_network_is_asked():
    rgb, mask = scene()
    mask[mask == 255] = 250  # not even whole cover is rounded up

    prepared = prepare(file(rgb), UNSEEN, digest="d", mask=file(mask))

    facts = prepared.facts
    left, top, right, bottom = facts.crop
    assert (prepared.matte == mask[top:bottom, left:right]).all()
    assert prepared.matte.sum() == mask.sum()
    assert (facts.matte.origin, facts.matte.model, facts.matte.passes) == ("mask", "", 0)
    assert prepared.image.shape[:2] == prepared.matte.shape


@pytest.mark.usefixtures("no_models")
def test_a_mask_outranks_the_pictures_own_transparency():
    rgb, mask = scene()
    alpha = np.zeros_like(mask)
    alpha[:50] = 255

    prepared = prepare(file(np.dstack([rgb, alpha])), UNSEEN, digest="d", mask=file(mask))

    assert prepared.facts.matte.origin == "mask"
    assert prepared.matte.sum() == mask.sum()


@pytest.mark.usefixtures("no_models")
def test_a_picture_that_came_cut_out_keeps_its_alpha_and_its_colours():
    rgb, mask = scene(stops=-1)  # a tone that would be mended on paper

    prepared = prepare(file(np.dstack([rgb, mask])), UNSEEN, digest="d")

    left, top, right, bottom = prepared.facts.crop
    assert prepared.facts.matte.origin == "alpha"
    assert (prepared.matte == mask[top:bottom, left:right]).all()
    assert "tone" not in {step.name for step in prepared.facts.steps}
    assert prepared.facts.backdrop is None
    inside = prepared.matte == 255
    assert (prepared.image[inside] == rgb[top:bottom, left:right][inside]).all()


@pytest.mark.usefixtures("no_models")
def test_colours_under_transparency_are_seen_by_nobody():
    rgb, mask = scene()
    hidden = rgb.copy()
    hidden[mask == 0] = (0, 255, 0)
    rgba = file(np.dstack([hidden, mask]))

    own = prepare(rgba, OFF, digest="d")
    larger = cv2.dilate(mask, np.ones((21, 21), np.uint8))
    masked = prepare(rgba, OFF, digest="d", mask=file(larger))

    assert (own.before[mask == 0] == 255).all()
    assert (own.before[mask == 255] == rgb[mask == 255]).all()
    left, top, right, bottom = masked.facts.crop
    opened = (masked.matte == 255) & (mask[top:bottom, left:right] == 0)
    assert opened.any()
    assert (masked.image[opened] == 255).all()


@pytest.mark.parametrize("stops", [0, -0.7, -1])
@pytest.mark.usefixtures("no_models")
def test_a_pink_product_on_white_paper_stays_pink(stops):
    rgb, mask = scene(stops=stops)

    prepared = prepare(file(rgb), UNSEEN, digest="d", mask=file(mask))

    came = product_colours(rgb, mask)
    became = product_colours(prepared.image, prepared.matte)
    for before, after in zip(came, became, strict=True):
        assert abs(hue(after) - hue(before)) < 2
    ratio = linear(became[0]) / linear(became[1])
    assert ratio == pytest.approx(linear(came[0]) / linear(came[1]), rel=0.03)
    (tone,) = (step for step in prepared.facts.steps if step.name == "tone")
    assert tone.applied == (stops < 0)
    if stops:
        assert linear(became[0]) == pytest.approx(linear(PINK), rel=0.2)
        assert prepared.facts.backdrop.after[0] > prepared.facts.backdrop.before[0] + 5


@pytest.mark.parametrize("lean", [-5, 4])
@pytest.mark.usefixtures("no_models")
def test_a_leaning_product_stands_straight_with_its_matte(lean):
    rgb, mask = scene(lean=lean)

    prepared = prepare(file(rgb), UNSEEN, digest="d", mask=file(mask))

    facts = prepared.facts
    step = facts.steps[-1]
    assert (step.name, step.applied) == ("straighten", True)
    assert step.measured["tilt_deg"] == pytest.approx(lean, abs=0.3)
    rows, columns = np.nonzero(prepared.matte >= 128)
    middles = [columns[rows == row].mean() for row in range(60, len(prepared.matte) - 20)]
    slope = np.polyfit(np.arange(len(middles)), middles, 1)[0]
    assert abs(math.degrees(math.atan(slope))) < 0.4
    assert np.ptp(columns) + 1 == pytest.approx(120, abs=3)
    solid = prepared.image[prepared.matte == 255].astype(int)
    paper = np.abs(solid - PAPER).max(axis=1) < 20
    assert paper.mean() < 0.002  # the matte was turned with its picture
    turn = math.radians(step.measured["tilt_deg"])
    whole = SIDE * (math.cos(turn) + abs(math.sin(turn)))
    left, top, right, bottom = facts.crop
    assert 0 <= left < right <= whole + 1
    assert 0 <= top < bottom <= whole + 1
    assert prepared.matte.shape == (bottom - top, right - left)
    assert (facts.width_px, facts.height_px) == (SIDE, SIDE)


@pytest.mark.usefixtures("no_models")
def test_before_is_the_whole_picture_as_it_came():
    rgb, mask = scene(stops=-1, lean=4)
    rng = np.random.default_rng(0)
    noisy = np.clip(rgb + rng.normal(0, 6, rgb.shape), 0, 255).astype(np.uint8)

    prepared = prepare(file(noisy), UNSEEN, digest="d", mask=file(mask))

    assert (prepared.before == noisy).all()
    applied = {step.name for step in prepared.facts.steps if step.applied}
    assert {"denoise", "tone", "straighten"} <= applied


@pytest.mark.usefixtures("no_models")
def test_text_laid_beside_the_product_is_told():
    picture, mask = vase((176, 42, 38)), png(vase((0, 0, 0), cut_out=True).getchannel("A"))
    font = ImageFont.load_default(30)
    ImageDraw.Draw(picture).text((210, 392), "Nordia Studio", (20, 20, 20), font, anchor="mm")
    looked_at = UNSEEN.model_copy(update={"find_text": True})

    prepared = prepare(jpeg(picture), looked_at, digest="d", mask=mask)
    silent = prepare(jpeg(picture), UNSEEN, digest="d", mask=mask)

    (text,) = (each for each in prepared.facts.texts if each.overlay)
    assert (text.text, text.overlay) == ("Nordia Studio", "beside the product")
    assert text.box[1] > 360
    assert silent.facts.texts == ()


def test_text_under_full_transparency_is_none():
    picture = vase((176, 42, 38), cut_out=True)
    alpha = picture.getchannel("A")
    font = ImageFont.load_default(30)
    ImageDraw.Draw(picture).text((210, 392), "Nordia Studio", (20, 20, 20), font, anchor="mm")
    picture.putalpha(alpha)

    prepared = prepare(png(picture), Preparation(find_faces=False), digest="d")

    assert prepared.facts.matte.origin == "alpha"
    assert prepared.facts.texts == ()


@pytest.mark.usefixtures("no_models")
def test_sixteen_bits_become_eight():
    rgb, mask = scene()
    deep = cv2.imencode(".png", rgb[..., ::-1].astype(np.uint16) * 257)[1].tobytes()

    prepared = prepare(deep, OFF, digest="d", mask=file(mask))

    assert np.abs(prepared.before.astype(int) - rgb).max() <= 1


@pytest.mark.usefixtures("no_models")
def test_inks_become_light():
    rgb, mask = scene()
    buffer = io.BytesIO()
    Image.fromarray(rgb).convert("CMYK").save(buffer, "TIFF")

    prepared = prepare(buffer.getvalue(), OFF, digest="d", mask=file(mask))

    assert prepared.facts.colour_profile == "none, CMYK by definition"
    assert np.abs(prepared.before.astype(int) - rgb).max() <= 2


@pytest.mark.parametrize("orientation", [3, 6, 8])
@pytest.mark.usefixtures("no_models")
def test_a_turned_picture_stands_up_with_its_turned_mask(orientation):
    rgb, mask = scene()
    rgb, mask = rgb[:360], mask[:360]
    exif = Image.Exif()
    exif[0x0112] = orientation
    turns = {3: 2, 6: 1, 8: 3}[orientation]  # counter-clockwise: how the camera stored it
    stored, stored_mask = (np.rot90(each, turns).copy() for each in (rgb, mask))
    buffer = io.BytesIO()
    Image.fromarray(stored).save(buffer, "PNG", exif=exif)

    for given in (mask, stored_mask) if orientation != 3 else (mask,):
        prepared = prepare(buffer.getvalue(), OFF, digest="d", mask=file(given))

        left, top, right, bottom = prepared.facts.crop
        assert prepared.facts.orientation == orientation
        assert (prepared.facts.width_px, prepared.facts.height_px) == (SIDE, 360)
        assert (prepared.before == rgb).all()
        assert (prepared.matte == mask[top:bottom, left:right]).all()
