"""Channels are data: rules have sources, mistakes are named, old files keep their recipes."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from transforms.errors import ConfigError
from transforms.presets.channel import Channel
from transforms.presets.loading import load
from transforms.records.fingerprint import fingerprint

FOLDER = Path(__file__).parents[3] / "config" / "channels"
RULE = {"rule": "width_px", "at_least": 500, "source": "https://a.example", "read": "2026-11-22"}


def channel(folder, *rules, **fields):
    file = folder / "test.yaml"
    content = {"name": "test", "purpose": "A channel of this test.", "rules": list(rules)} | fields
    file.write_text(yaml.safe_dump(content))
    return load(file, Channel)


def test_all_channels_that_were_promised_are_there_with_rules():
    promised = {
        "amazon-main", "amazon-secondary", "google-merchant", "walmart", "ebay", "etsy", "shopify",
        "zalando", "otto", "instagram", "gs1", "web-responsive",
    }  # fmt: skip

    ruled = {file.stem for file in FOLDER.glob("*.yaml") if load(file, Channel).rules}

    assert promised <= ruled


def test_reading_a_rule_again_changes_no_recipe_and_another_demand_does():
    amazon = load(FOLDER / "amazon-main.yaml", Channel)
    first, *others = amazon.rules

    def with_first(**update) -> str:
        rules = (first.model_copy(update=update), *others)
        return amazon.model_copy(update={"rules": rules}).identity

    assert amazon.model_copy(update={"purpose": "Said in other words."}).identity == amazon.identity
    read = {"read": date(2031, 1, 1), "source": "the outlet itself", "note": "As before."}
    assert with_first(**read) == amazon.identity
    assert with_first(severity="warn") != amazon.identity
    assert with_first(value=("jpeg",)) != amazon.identity
    assert amazon.model_copy(update={"quality": 91}).identity != amazon.identity
    framed = amazon.frame.model_copy(update={"fill": 0.9})
    assert amazon.model_copy(update={"frame": framed}).identity != amazon.identity


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ({"formats": ["webp", "webp"]}, "names something twice"),
        ({"formats": ["webp"], "qualities": {"avif": 60}}, "avif is not written"),
        ({"widths": [320, 320]}, "names something twice"),
    ],
)
def test_mistakes_in_formats_and_widths_are_told(mistake, said):
    with pytest.raises(ValidationError, match=said):
        Channel.model_validate({"name": "c", "purpose": "A channel of this test.", **mistake})


def test_a_channel_without_rules_keeps_the_recipe_that_it_had_before_there_were_any():
    shop = load(FOLDER / "shop.yaml", Channel)
    before = {
        "name": "shop",
        "purpose": "The shop's own pages, JPEG at the full size of the canvas.",
        "format": "jpeg",
        "quality": 92,
    }

    assert shop.model_dump(mode="json") == before
    assert fingerprint(shop) == fingerprint(Channel.model_validate(before))


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_channel_survives_being_frozen_into_a_run(file):
    loaded = load(file, Channel)

    assert Channel.model_validate_json(loaded.model_dump_json()) == loaded


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rule": "colour"}, "colour"),
        ({"at_least": None}, "must have at_least, at_most or one_of"),
        ({"at_most": 100}, "at_least 500 is above at_most 100"),
        ({"source": ""}, "source = ''"),
        ({"read": "lately"}, "read = 'lately'"),
        ({"severity": "maybe"}, "severity = 'maybe'"),
        ({"maximum": 4}, "maximum: unknown field"),
    ],
)
def test_a_mistake_is_told_with_file_field_and_value(wrong, said, tmp_path):
    with pytest.raises(ConfigError) as refused:
        channel(tmp_path, RULE | wrong)

    assert "test.yaml: rules.0" in str(refused.value)
    assert said in str(refused.value)


def test_a_rule_is_outdated_after_a_year(tmp_path):
    loaded = channel(tmp_path, RULE)
    read = date(2026, 11, 22)

    assert loaded.outdated(read + timedelta(days=365)) == ()
    assert loaded.outdated(read + timedelta(days=366)) == loaded.rules
