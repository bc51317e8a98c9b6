"""What expectation suites said to a run, on the review page."""

import re
from html import unescape

from tests.plugins.conftest import NASTY
from transforms.records.layout import run_key
from transforms.records.validation import FOLDER

RUN = "/c/shop/r/night-1"


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_the_run_leads_to_what_its_suites_said(browser):
    assert f'href="{RUN}/validations"' in browser.get(RUN).text

    page = text_of(browser.get(f"{RUN}/validations").text)

    for suite in ("Renditions", "Run", "Source images"):
        assert re.search(rf"{suite} (all|\d+ of) \d+ (not )?met", page)
    assert "6 rows were held against it; 1 could not be used" in page
    assert "longer side px at least 512 330 to 700 5 3" in page
    assert f"{NASTY}/front.jpg 330" in page


def test_a_name_of_a_file_is_text(browser):
    page = browser.get(f"{RUN}/validations").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_run_without_any_says_so(browser, shop):
    shop.work.delete(shop.work.listing(run_key("night-1", FOLDER))["key"].to_pylist())

    assert "No expectations" in browser.get(f"{RUN}/validations").text
