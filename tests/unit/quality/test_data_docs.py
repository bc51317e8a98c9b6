"""Great Expectations' own pages, from the results that a run stored."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pandas as pd
import pytest

from transforms.presets.loading import config_folder, load_named
from transforms.presets.suite import Suite
from transforms.quality.data_docs import render_data_docs
from transforms.quality.expectations import evaluate
from transforms.records.validation import SuiteValidation

MOMENT = datetime(2026, 11, 22, 20, 29, 12, tzinfo=UTC)
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"
NASTY = f"{MARKUP} \" onclick='alert(1)' $verdict ${{x}} {{{{7*7}}}} &lt;b&gt;"
"""A file may be called so."""


def stored(run_id: str = "night-1") -> SuiteValidation:
    """What a suite said, as it is read again from the storage."""
    suite = load_named(config_folder() / "expectations", "renditions", Suite)
    row = {
        "reason": "", "verdict": "PASS", "files": 1, "shorter_side_px": 100,
        "largest_file_bytes": 9000, "rules_measured": 12, "size": 0.5,
    }  # fmt: skip
    table = pd.DataFrame([row | {"key": f"{NASTY} {n}"} for n in range(30)])
    table.loc[3, "verdict"] = NASTY
    found = evaluate(table, suite, run_id=run_id, started=MOMENT).validation
    return SuiteValidation.parse(found.model_dump_json().encode(), "memory:")


class Tags(HTMLParser):
    """What a browser would run or load of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.nasty, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.nasty += [(tag, name, value) for name, value in attrs if "alert(1)" in (value or "")]
        self.nasty += [(tag, name, value) for name, value in attrs if name == "onerror"]

    def handle_data(self, data):
        if self.lasttag == "script" and "alert(1)" in data and "\u2039" not in data:
            self.nasty.append(("script", "", data))
        self.text += data


@pytest.mark.parametrize("run_id", ["night-1", "20261122T202912Z-9912"], ids=["name", "a time"])
def test_the_pages_tell_what_was_found(tmp_path, run_id):
    first = render_data_docs([stored(run_id)], tmp_path / "docs")

    (page,) = (tmp_path / "docs").glob("validations/renditions/**/*.html")
    text = " ".join(Tags(page.read_text()).text.split())
    assert "30 unexpected values found" in text
    assert "values must be greater than or equal to 400.0" in text
    assert first.is_file()
    assert str(page.relative_to(tmp_path / "docs")).split("/")[-1] in first.read_text()


def test_no_name_of_a_file_becomes_markup(tmp_path):
    render_data_docs([stored()], tmp_path)

    pages = [Tags(path.read_text()) for path in tmp_path.rglob("*.html")]
    assert [page.nasty for page in pages] == [[]] * len(pages)
    assert any("alert(1)" in page.text for page in pages)
