"""Facts of pictures and of a run, held against the project's own suites."""

import tempfile
from datetime import UTC, datetime

import pytest

from transforms.presets.loading import config_folder, load_named
from transforms.presets.suite import RENDITION_COLUMNS, RENDITIONS, RUN, RUN_COLUMNS, Suite
from transforms.quality.expectations import evaluate
from transforms.quality.output_facts import of_renditions, of_run
from transforms.records.outcomes import Outcome
from transforms.records.renditions import EncodedFile, QualityReport, RuleResult
from transforms.runs.summary import Consistency

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def report(number, *, verdict="PASS", px=2000, **changes):
    file = EncodedFile(
        channel="shop", key="k", sha256="s", size_bytes=250_000, width_px=px, height_px=px,
        extension="jpg",
    )  # fmt: skip
    rules = [RuleResult(rule=f"r{n}", value=1.0, limit="", state="PASS", why="") for n in range(12)]
    known = {
        "key": f"k{number}", "sku": "s", "view": "front", "sha256": "", "prepared": "",
        "variant": "standard", "fingerprint": "f", "verdict": verdict, "files": [file],
        "rules": rules, "after": [100.0, 0, 0, 0.86, 0.93, 50, 0],
    }  # fmt: skip
    return QualityReport(**known | changes)


def outcome(number, state):
    blank = dict.fromkeys(Outcome.model_fields, "") | {"size_bytes": 1, "state": state}
    return Outcome.model_validate(blank | {"key": f"k{number}", "variant": "standard"})


def evaluated(name, frame):
    suite = load_named(config_folder() / "expectations", name, Suite)
    return evaluate(frame, suite, run_id="r1", started=MOMENT)


@pytest.fixture
def findings():
    def find(name, frame):
        found = evaluated(name, frame)
        assert name.encode() in found.pages["index.html"]
        return {key: [each.rule.reason for each in rows] for key, rows in found.findings.items()}

    return find


def test_no_name_of_a_file_becomes_a_tag_of_the_pages():
    nasty = "<script>alert(1)</script>/front.jpg"
    rows = [
        report(n, px=100, key=key) for n, key in enumerate((nasty, nasty.replace("<", "\u2039")))
    ]
    frame = of_renditions(rows)
    found = evaluated(RENDITIONS, frame)

    assert b"alert(1)" in b"".join(found.pages.values())
    assert not any(b"<script>alert" in page for page in found.pages.values())
    assert set(found.findings) == set(frame["key"])


def test_pages_are_made_in_memory_so_that_a_killed_night_leaves_no_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "is not there"))

    first, again = (evaluated(RENDITIONS, of_renditions([report(1)])).pages for _ in range(2))

    assert {path.split("/")[0] for path in first} == {
        *("expectations", "index.html", "static", "validations")
    }
    assert set(again) == set(first)  # the second has a site of its own
    assert list(tmp_path.iterdir()) == []


def test_good_pictures_meet_every_expectation_and_odd_ones_are_named(findings):
    reports = [report(1), report(2, verdict="FAIL"), report(3, px=300)]
    reports.append(report(4, files=[], rules=[], reason="not_rendered", message="Why."))

    frame = of_renditions(reports)

    assert set(RENDITION_COLUMNS) < set(frame.columns)
    assert findings(RENDITIONS, frame) == {
        "k2 standard": ["failed_gate"],
        "k3 standard": ["small_file"],
    }


def test_a_run_is_told_by_variant(findings):
    outcomes = [outcome(n, "published") for n in range(5)] + [outcome(5, "failed")]
    outcomes += [outcome(n, "review") for n in (6, 7, 8, 9)] + [outcome(10, "unchanged")]

    frame = of_run(outcomes, {"standard": Consistency(pictures=10, before=40, after=90)})

    assert set(RUN_COLUMNS) < set(frame.columns)
    (row,) = frame.to_dict("records")
    assert (row["pictures"], row["failed_share"], row["review_share"]) == (10, 0.1, 0.4)
    assert row["consistency_gain"] == 50
    assert findings(RUN, frame) == {"standard": ["many_failed"]}


def test_what_is_not_known_breaks_no_expectation(findings):
    assert findings(RUN, of_run([outcome(1, "published")], {})) == {}
