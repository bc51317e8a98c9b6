"""Who stands out from a batch, and how alike a batch is."""

import numpy as np
import pytest

from transforms.presets.gate import Batch
from transforms.quality.batch import (
    MEASURES,
    find_outliers,
    score_consistencies,
    score_consistency,
    score_deviations,
)
from transforms.records.outcomes import Outcome
from transforms.records.renditions import QualityReport

USUAL = [100.0, 0.0, 0.0, 0.86, 0.93, 55.0, 3.0]


def report(number, *, variant="standard", verdict="PASS", before=None, **changes):
    after = [changes.get(name.replace(" ", "_"), value)
             for name, value in zip(MEASURES, USUAL, strict=True)]  # fmt: skip
    after[5] += 9 * np.sin(number)  # products differ in light
    return QualityReport(
        key=f"k{number}", sku=f"s{number}", view="front", sha256="", prepared="", variant=variant,
        fingerprint="f", verdict=verdict, after=after, before=before or [],
    )  # fmt: skip


def outcome(number, state="published"):
    blank = dict.fromkeys(Outcome.model_fields, "") | {"size_bytes": 1, "state": state}
    return Outcome.model_validate(blank | {"key": f"k{number}", "variant": "standard"})


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("background_lightness", 90.0),
        ("background_blue_to_yellow", 7.5),
        ("size", 0.75),
        ("baseline", 0.88),
        ("light", 140.0),
        ("tone", 60.0),
    ],
)
def test_what_stands_out_is_named(measure, value):
    reports = [report(number) for number in range(20)] + [report(20, **{measure: value})]

    found = find_outliers(reports, Batch())

    assert list(found) == [("k20", "standard")]
    said = found["k20", "standard"]
    assert measure.replace("_", " ") in said
    assert "21 pictures" in said


def test_pictures_that_differ_by_nothing_one_minds_do_not_stand_out():
    reports = [report(number) for number in range(20)]
    reports.append(report(20, background_lightness=98.5, size=0.87))

    assert find_outliers(reports, Batch()) == {}


def test_each_variant_is_a_batch_of_its_own_and_few_pictures_are_none():
    scenes = [report(n, variant="winter", background_lightness=60.0) for n in range(5)]

    assert find_outliers([report(n) for n in range(12)] + scenes, Batch()) == {}
    few = [report(n) for n in range(6)] + [report(6, size=0.4)]
    assert find_outliers(few, Batch()) == {}


def test_backdrops_of_a_scene_may_differ_more_than_a_plain_background():
    reports = [report(number) for number in range(20)] + [report(20, background_lightness=88.0)]

    assert find_outliers(reports, Batch())
    assert find_outliers(reports, Batch(), scenes={"standard"}) == {}


def test_values_that_are_not_known_are_no_outliers():
    values = np.array([USUAL] * 9 + [[np.nan] * 7])

    found = score_deviations(values)

    assert np.isnan(found[9]).all()
    assert (found[:9] == 0).all()


def test_consistency_is_100_for_equal_pictures_and_50_for_what_nobody_minds():
    units = np.array(list(MEASURES.values()))
    middle = np.array(USUAL)
    steps = np.array([-1, 0, 1])[:, None] / 1.4826  # their median absolute deviation is one unit

    assert score_consistency(np.array([USUAL] * 5)) == 100
    assert score_consistency(middle + steps * units) == pytest.approx(50, abs=0.1)


def test_consistency_is_told_before_and_after_by_variant():
    rng = np.random.default_rng(0)
    photographed = [list(np.array(USUAL) * rng.uniform(0.7, 1.3, 7)) for _ in range(12)]
    reports = [report(n, before=photographed[n]) for n in range(12)]
    reports.append(report(12, verdict="FAIL", before=USUAL, size=0.1))

    (found,) = score_consistencies(reports).values()

    assert (found.pictures, found.after) == (12, 100)
    assert found.before < 60
    assert score_consistencies([report(1)]) == {}
