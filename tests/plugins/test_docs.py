"""Great Expectations' pages of a run: reachable, readable, and harmless."""

import re

import pytest

RUN = "/c/shop/r/night-1"


@pytest.fixture
def docs(browser) -> dict[str, str]:
    """Address of each suite's page, as the run's page links it."""
    part = browser.get(RUN).text.split('class="docs-links')[1].split("</p>")[0]
    return {name: href for href, name in re.findall(r'href="([^"]+)">([^<]+)<', part)}


def test_the_run_leads_to_what_each_suite_found(browser, docs):
    assert list(docs) == ["photographs", "pictures made", "the run"]
    for address in docs.values():
        page = browser.get(address).text
        assert "Successful Expectations" in page
        assert f'<a href="{RUN}">' in page


def test_they_run_no_script_and_load_nothing_from_elsewhere(browser, docs):
    for address in docs.values():
        answer = browser.get(address)

        policy = answer.headers["content-security-policy"]
        assert policy.startswith("sandbox allow-same-origin; default-src 'none'")
        assert "script" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert not re.search(r"<script|<link[^>]*https?:|<img[^>]*https?:| onclick", answer.text)


def test_their_first_page_leads_to_what_was_found(browser, docs):
    answer = browser.get(f"{RUN}/docs/renditions/index.html")

    assert (answer.status_code, answer.headers["location"]) == (303, docs["pictures made"])


def test_an_expectation_suite_is_there_too(browser):
    page = browser.get(f"{RUN}/docs/renditions/expectations/renditions.html")

    assert page.status_code == 200
    assert "shorter_side_px" in page.text


def test_what_is_no_page_is_not_served(browser, shop):
    shop.work.create("runs/night-1/data_docs/run.js", b"alert(1)")

    assert browser.get(f"{RUN}/docs/run.js").status_code == 404
