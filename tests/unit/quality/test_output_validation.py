"""Facts of pictures and of a run, held against the project's own suites."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from transforms.presets.loading import config_folder, load_named
from transforms.presets.suite import RENDITION_COLUMNS, RENDITIONS, RUN, RUN_COLUMNS, Suite
from transforms.quality.expectations import evaluate
from transforms.quality.output_validation import tabulate_renditions, tabulate_run
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
        found = evaluated(name, frame).findings
        return {key: [each.rule.reason for each in rows] for key, rows in found.items()}

    return find


def test_the_record_tells_limit_observed_values_and_what_does_not_fit():
    reports = [report(n, px=100 * n) for n in range(1, 9)]
    reports += [report(9, verdict="FAIL"), report(10, reason="not_rendered", message="Why.")]
    validation = evaluated(RENDITIONS, tabulate_renditions(reports)).validation
    rows = {each.column: each for each in validation.results}

    assert (validation.rows, validation.unusable, validation.unmet) == (10, 1, 2)
    sides, verdict = rows["shorter_side_px"], rows["verdict"]
    assert (sides.limit, sides.observed) == ("at least 400", "100 to 2000")
    assert (sides.checked, sides.unexpected) == (9, 3)
    assert [(each.key, each.value) for each in sides.examples] == [
        ("k1 standard", "100"),
        ("k2 standard", "200"),
        ("k3 standard", "300"),
    ]
    assert (verdict.limit, verdict.observed) == ("one of PASS, REVIEW", "PASS 8, FAIL 1")
    assert rows["size"].limit == "0.3 to 0.95"


def test_thousands_of_unexpected_values_leave_a_small_record_and_are_all_found():
    found = evaluated(RENDITIONS, tabulate_renditions([report(n, px=100) for n in range(3000)]))

    assert len(found.findings) == 3000
    assert len(found.validation.model_dump_json()) < 30_000


def test_done_again_it_is_the_same_record():
    table = tabulate_renditions([report(n, px=300 * n) for n in range(1, 4)])
    first, again = (evaluated(RENDITIONS, table).validation.model_dump_json() for _ in range(2))

    assert first == again


def test_the_library_logs_nothing_and_leaves_no_folder(tmp_path):
    code = (
        "import logging; logging.basicConfig(level=logging.INFO)\n"
        "import datetime, pandas\n"
        "from transforms.presets.loading import config_folder, load_named\n"
        "from transforms.presets.suite import Suite\n"
        "from transforms.quality.expectations import evaluate\n"
        "suite = load_named(config_folder() / 'expectations', 'run', Suite)\n"
        "row = {'key': 'k', 'reason': '', 'failed_share': .9, 'review_share': 0,\n"
        "       'consistency_after': 80., 'consistency_gain': 3.}\n"
        "moment = datetime.datetime.now(datetime.UTC)\n"
        "found = evaluate(pandas.DataFrame([row]), suite, run_id='r', started=moment)\n"
        "print(len(found.findings))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(Path.cwd())},
    )

    assert (ended.stdout, ended.stderr) == ("1\n", "")
    assert list(tmp_path.iterdir()) == []


def test_good_pictures_meet_every_expectation_and_odd_ones_are_named(findings):
    reports = [report(1), report(2, verdict="FAIL"), report(3, px=300)]
    reports.append(report(4, files=[], rules=[], reason="not_rendered", message="Why."))

    frame = tabulate_renditions(reports)

    assert set(RENDITION_COLUMNS) < set(frame.columns)
    assert findings(RENDITIONS, frame) == {
        "k2 standard": ["failed_gate"],
        "k3 standard": ["small_file"],
    }


def test_a_run_is_told_by_variant(findings):
    outcomes = [outcome(n, "published") for n in range(5)] + [outcome(5, "failed")]
    outcomes += [outcome(n, "review") for n in (6, 7, 8, 9)] + [outcome(10, "unchanged")]

    frame = tabulate_run(outcomes, {"standard": Consistency(pictures=10, before=40, after=90)})

    assert set(RUN_COLUMNS) < set(frame.columns)
    (row,) = frame.to_dict("records")
    assert (row["pictures"], row["failed_share"], row["review_share"]) == (10, 0.1, 0.4)
    assert row["consistency_gain"] == 50
    assert findings(RUN, frame) == {"standard": ["many_failed"]}


def test_what_is_not_known_breaks_no_expectation(findings):
    assert findings(RUN, tabulate_run([outcome(1, "published")], {})) == {}
