"""A verdict is that of the worst rule, and the gate's file and the metrics fit together."""

import pytest

from transforms.errors import ConfigError
from transforms.presets.gate import Limit
from transforms.quality.metrics import METRICS
from transforms.quality.verdict import check_gate, judge, keep_worst, list_objections, verdict_of

WHY = "A reason in plain words."


@pytest.fixture
def good() -> dict[str, float]:
    return {
        "product_lock_differing_pixels": 0, "colour_difference": 0.4, "worst_tile_similarity": 0.99,
        "label_text_kept": None,
        "product_contrast": 40, "background_exact_share": 1, "border_exact_share": 1,
        "fill_deviation": 0, "baseline_deviation": 0, "enlargement": 0.8, "matte_area_share": 0.3,
        "matte_border_share": 0, "matte_body_alpha": 1, "matte_left_out": 0.05, "matte_parts": 1,
        "matte_disagreement": 0.01, "matte_backdrop_inside": 0, "matte_see_through": 0.01,
        "matte_faded": 0, "matte_opened": 0, "matte_shadow_kept": 0, "overlay_texts": 0, "faces": 0,
    }  # fmt: skip


def test_the_projects_gate_fits_the_metrics(gate):
    check_gate(gate)

    assert set(gate.rules) == METRICS


def test_a_rule_that_nothing_measures_is_named(gate):
    rules = {**gate.rules, "sharpnes": Limit(fail_below=1, why=WHY)}

    with pytest.raises(ConfigError, match=r"rules\.sharpnes: no such metric; known: .*enlargement"):
        check_gate(gate.model_copy(update={"rules": rules}))


def test_a_metric_without_a_limit_is_named(gate):
    rules = {name: limit for name, limit in gate.rules.items() if name != "enlargement"}

    with pytest.raises(ConfigError, match=r"rules\.enlargement: missing"):
        check_gate(gate.model_copy(update={"rules": rules}))


@pytest.mark.parametrize(
    ("change", "verdict", "first"),
    [
        pytest.param({}, "PASS", None, id="all good"),
        pytest.param({"enlargement": 40}, "REVIEW", "enlargement", id="one doubt"),
        pytest.param(
            {"enlargement": 40, "worst_tile_similarity": 0.5},
            "FAIL",
            "worst_tile_similarity",
            id="fault before doubt",
        ),
        pytest.param({"colour_difference": float("nan")}, "FAIL", "colour_difference", id="NaN"),
    ],
)
def test_the_worst_rule_decides_and_stands_first(gate, good, change, verdict, first):
    results = judge(good | change, gate)

    assert verdict_of(results) == verdict
    assert len(results) == len(good)
    if first:
        assert results[0].rule == first
        assert results[0].why == gate.rules[first].why


def test_the_bound_that_decided_is_shown(gate, good):
    results = {each.rule: each for each in judge(good | {"colour_difference": 1.2}, gate)}

    assert results["colour_difference"].limit == "at most 1"
    assert results["colour_difference"].state == "REVIEW"


def test_of_several_files_the_worst_counts(gate):
    first = {"colour_difference": 0.2, "worst_tile_similarity": 0.95}
    second = {"colour_difference": 0.6, "worst_tile_similarity": 0.99}

    assert keep_worst(keep_worst({}, first, gate), second, gate) == {
        "colour_difference": 0.6,
        "worst_tile_similarity": 0.95,
    }


def test_of_several_files_one_that_was_not_measured_counts_less(gate):
    first, second = {"halo": None, "boundary_changed": 0.0}, {"halo": 0.9, "boundary_changed": None}

    assert keep_worst(first, second, gate) == {"halo": 0.9, "boundary_changed": 0.0}


@pytest.mark.parametrize(("values", "worse"), [((0.8, 1.05), 0.8), ((0.97, 1.3), 1.3)])
def test_between_two_bounds_the_value_nearer_to_a_fault_is_worse(gate, values, worse):
    first, second = ({"sharpness_ratio": value} for value in values)

    assert keep_worst(first, second, gate) == {"sharpness_ratio": worse}


def test_no_rules_is_no_pass():
    assert verdict_of([]) == "FAIL"


def test_what_was_not_measured_is_no_pass_and_no_objection(gate):
    results = judge({"label_text_kept": None, "halo": 0.1}, gate)

    assert [(each.rule, each.state) for each in results] == [
        ("halo", "PASS"),
        ("label_text_kept", "NOT_MEASURED"),
    ]
    assert results[1].value is None
    assert verdict_of(results) == "PASS"
    assert list_objections(results) == []
    assert verdict_of(results[1:]) == "FAIL"
