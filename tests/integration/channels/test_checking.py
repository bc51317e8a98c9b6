"""Channels' rules on whole files: each fault is named by its rule, and no doubt is a pass."""

import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from transforms.channels.checking import check, has_failed
from transforms.cli.app import main
from transforms.images.codec import SRGB_PROFILE
from transforms.presets.channel import Channel
from transforms.presets.loading import load
from transforms.provenance.lineage import Lineage
from transforms.provenance.xmp import write_xmp

CHANNELS = Path(__file__).parents[3] / "config" / "channels"


def picture(*, side=1100, fill=0.88, background=255):
    pixels = np.full((side, side, 3), background, np.uint8)
    high = round(side * fill)
    top, left = (side - high) // 2, round(side * 0.3)
    shade = np.linspace(60, 200, side - 2 * left).astype(np.uint8)
    pixels[top : top + high, left : side - left] = np.stack([shade, shade // 2, shade // 3], -1)
    return Image.fromarray(pixels)


def file(image, kind="JPEG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **{"quality": 92, "icc_profile": SRGB_PROFILE} | options)
    return buffer.getvalue()


def states(data, name, **options):
    """State of each rule; of several of one name the worst."""
    rank = ("PASS", "NOT_MEASURED", "WARN", "FAIL")
    found = {}
    for finding in check(data, load(CHANNELS / f"{name}.yaml", Channel), **options):
        worst = max(rank.index(finding.state), rank.index(found.get(finding.rule, "PASS")))
        found[finding.rule] = rank[worst]
    return found


def test_a_good_main_picture_has_nothing_against_it_but_what_only_a_person_sees():
    found = states(file(picture()), "amazon-main")

    assert {rule: state for rule, state in found.items() if state != "PASS"} == {
        "by_eye": "NOT_MEASURED",
        "longest_side_px": "WARN",
    }


def with_text(image):
    font = ImageFont.load_default(60)
    ImageDraw.Draw(image).text((30, 60), "SALE 50%", fill=(200, 0, 0), font=font)
    return image


def framed(image):
    ImageDraw.Draw(image).rectangle([0, 0, image.width - 1, image.height - 1], outline=0, width=8)
    return image


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (file(picture(side=900)), "shortest_side_px"),
        (file(picture(), "WEBP"), "format"),
        (file(picture(background=250)), "background_exact"),
        (file(picture(background=254)), "border_exact"),
        (file(picture(fill=0.6)), "fill"),
        (file(framed(picture())), "frame"),
        (file(with_text(picture())), "text_overlay"),
        (file(picture(fill=1.0)), "product_cut_off"),
        (file(picture().convert("L"), icc_profile=None), "colour_space"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_each_fault_is_told_by_its_rule(data, rule):
    assert states(data, "amazon-main")[rule] == "FAIL"


def test_a_transparent_picture_is_nothing_for_otto():
    clear = picture()
    clear.putalpha(200)

    assert states(file(clear, "PNG"), "otto")["transparency"] == "FAIL"


def test_a_picture_of_a_wrong_shape_is_nothing_for_zalando():
    found = states(file(picture()), "zalando")

    assert found["aspect"] == "FAIL"
    assert states(file(picture().resize((1801, 2600))), "zalando")["aspect"] == "PASS"


def test_an_untagged_picture_is_advised_against():
    assert states(file(picture(), icc_profile=None), "amazon-main")["colour_profile"] == "WARN"


@pytest.mark.parametrize(
    ("claimed", "generated", "state"),
    [
        (None, None, "NOT_MEASURED"),
        (None, True, "FAIL"),
        (None, False, "PASS"),
        ("trainedAlgorithmicMedia", None, "PASS"),
        ("compositeWithTrainedAlgorithmicMedia", None, "FAIL"),
        ("composite", None, "NOT_MEASURED"),
        ("composite", False, "PASS"),
    ],
)
def test_the_mark_of_generated_pictures_is_as_the_channel_wants_it(claimed, generated, state):
    lineage = Lineage("on_generated", "a.jpg", "00")
    said = {"xmp": write_xmp(lineage, {"on_generated": claimed})} if claimed else {}
    data = file(picture(side=600), **said)

    assert states(data, "google-merchant", generated=generated)["ai_marking"] == state


def test_a_scene_is_not_measured_where_no_background_is_sure():
    scene = np.random.default_rng(4).integers(0, 255, (600, 600, 3), dtype=np.uint8)

    found = states(file(Image.fromarray(scene)), "otto")

    for rule in ("fill", "background_light", "text_overlay"):
        assert found[rule] == "NOT_MEASURED"


def test_a_broken_file_passes_no_rule_but_its_size():
    findings = check(b"%PDF-1.7", load(CHANNELS / "walmart.yaml", Channel))

    assert has_failed(findings)
    assert findings[0].rule == "readable"
    assert [each.rule for each in findings if each.state == "PASS"] == ["file_bytes"]


@pytest.fixture
def packshot(monkeypatch, capsys):
    """The command in this process: its exit code, output and errors."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["packshot", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run


def test_the_command_says_by_its_exit_code_whether_a_picture_would_be_refused(tmp_path, packshot):
    good, bad = tmp_path / "good.jpg", tmp_path / "bad.jpg"
    good.write_bytes(file(picture()))
    bad.write_bytes(file(picture(side=300)))

    code, told, _ = packshot("channels", "check", "instagram", good, "--json")
    assert code == 0
    assert json.loads(told)["pictures"][0]["rules"][0]["source"]

    code, told, _ = packshot("channels", "check", "instagram", good, bad)
    assert code == 1
    assert told.count("would refuse it") == 1


@pytest.mark.parametrize(("name", "said"), [("nowhere", "amazon-main"), ("shop", "no rules")])
def test_a_channel_that_cannot_be_checked_is_wrong_use(name, said, tmp_path, packshot):
    (tmp_path / "good.jpg").write_bytes(file(picture(side=100)))

    code, _, errors = packshot("channels", "check", name, tmp_path / "good.jpg")

    assert code == 2
    assert said in errors
    assert packshot("channels", "check", "etsy", tmp_path / "none.jpg")[0] == 2


def test_rules_that_were_read_long_ago_are_warned_of(tmp_path, packshot, monkeypatch):
    (tmp_path / "channels").mkdir()
    old = (CHANNELS / "etsy.yaml").read_text().replace("2026-11-22", "2020-01-01")
    (tmp_path / "channels" / "etsy.yaml").write_text(old)
    monkeypatch.setenv("PACKSHOT_CONFIG", str(tmp_path))

    code, _, errors = packshot("channels", "list")

    assert code == 0
    assert "read more than a year ago" in " ".join(errors.split())
    shown = packshot("channels", "show", "etsy", "--json")[1]
    assert json.loads(shown)["rules"][0]["read"] == "2020-01-01"
