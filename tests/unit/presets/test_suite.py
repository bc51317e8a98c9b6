"""A suite is read strictly: a mistake names file, field and value."""

from pathlib import Path

import pytest
import yaml

from transforms.errors import ConfigError
from transforms.presets.loading import load_named
from transforms.presets.suite import COLUMNS, Rule, Suite
from transforms.records.pictures import MeasuredImage

CONFIG = Path(__file__).parents[3] / "config"

RULE = {
    "expect": "expect_column_values_to_be_between",
    "kwargs": {"column": "noise", "max_value": 8},
    "severity": "warn",
    "reason": "noisy",
    "message": "Strong noise ({value}): use more light.",
}


def suite_with(tmp_path, **changes):
    content = {
        "name": "source-images",
        "purpose": "For a test of mistakes.",
        "expectations": [RULE | changes],
    }
    (tmp_path / "expectations").mkdir()
    (tmp_path / "expectations" / "source-images.yaml").write_text(yaml.safe_dump(content))
    return load_named(tmp_path / "expectations", "source-images", Suite)


def test_the_shipped_suite_reads():
    reasons = {
        rule.reason
        for rule in load_named(CONFIG / "expectations", "source-images", Suite).expectations
    }

    assert {"too_small", "small", "heavy_compression", "noisy"} <= reasons


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"severity": "fatal"}, r"expectations\.0\.severity = 'fatal': .*'refuse' or 'warn'"),
        ({"kwargs": {"column": "nois"}}, r"expectations\.0\.kwargs = .*column must be one of"),
        ({"kwargs": {"max_value": 8}}, r"column must be one of"),
        ({"message": "It has {pixels} px, too few."}, r"no other field than {value}"),
        ({"message": "It has {value px, too few."}, r"no other field than {value}"),
        ({"expect": "expect_table_row_count_to_equal"}, r"expectations\.0\.expect = "),
        ({"reason": "Too Small"}, r"expectations\.0\.reason = 'Too Small'"),
        ({"severty": "warn"}, r"expectations\.0\.severty: unknown field"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_mistakes_are_named(tmp_path, changes, says):
    with pytest.raises(ConfigError, match=says) as caught:
        suite_with(tmp_path, **changes)

    assert str(tmp_path / "expectations" / "source-images.yaml") in str(caught.value)


@pytest.mark.parametrize(
    ("value", "shown"), [(9.0, "9"), (9.123456, "9.12"), (123456.7, "123457"), ("CMYK", "CMYK")]
)
def test_values_are_shown_shortly(value, shown):
    assert Rule.model_validate(RULE).says(value) == f"Strong noise ({shown}): use more light."


def test_rules_may_look_at_what_is_measured_and_nothing_else():
    assert set(COLUMNS) - {"longer_side_px", "shorter_side_px"} < set(MeasuredImage.model_fields)
