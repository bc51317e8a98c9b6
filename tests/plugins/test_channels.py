"""What channels get of a picture, what they do not get, and by which rule."""

import re

import pytest
from packshot_review.index import picture_id

from transforms.records.parquet import read_records, to_bytes, to_table
from transforms.records.renditions import QualityReport, Withheld

RUN = "/c/shop/r/night-1"
KEY = "LARGE-3/front.jpg"
REFUSED = Withheld(
    channel="market",
    rule="fill",
    found="0.71",
    wanted="at least 0.85",
    needed="A photograph in which it is larger <by half>.",
    source="market.example/rules",
)
ADVISED = Withheld(channel="shop", rule="longer_side", found="300", wanted="at least 1600")


@pytest.fixture
def page(shop, browser) -> str:
    """The page of a published picture that one channel did not take."""
    (key,) = shop.work.listing("runs/night-1/quality/")["key"].to_pylist()
    reports = [
        report.model_copy(update={"withheld": [REFUSED], "advice": [ADVISED]})
        if report.key == KEY
        else report
        for report in read_records(shop.work, key, QualityReport)
    ]
    shop.work.delete([key, "runs/night-1/verdicts.parquet"])
    shop.work.create(key, to_bytes(to_table(reports, QualityReport)))
    return browser.get(f"{RUN}/picture/{picture_id(KEY, 'standard')}").text


def test_a_picture_tells_which_channel_does_not_get_it_and_why(page):
    part = page.split("Channels that do not get it")[1].split("</section>")[0]

    for said in ("market: fill", "0.71", "at least 0.85", "market.example/rules"):
        assert said in part
    assert "larger &lt;by half&gt;" in part


def test_a_picture_tells_each_channels_file(page):
    part = page.split("<summary>Channels</summary>")[1].split("</table>")[0]

    assert '<th scope="row">shop</th>' in part
    assert re.search(r"300 . 300", part)
    assert "withheld" in part
    assert "advised: longer side at least 1600, and it is 300" in part


def test_the_very_file_of_a_channel_can_be_looked_at(page, browser, shop):
    address = re.search(r'href="([^"]*/file-0[^"]*)"', page)[1]

    answer = browser.get(address)

    row = next(r for r in shop.read_published().manifest.to_pylist() if r["source_key"] == KEY)
    assert answer.content == shop.published_storage.read(row["key"])
    assert answer.headers["content-type"] == "image/jpeg"
    assert browser.get(address.replace("file-0", "file-1")).status_code == 404


@pytest.mark.usefixtures("page")
def test_the_gallery_shows_and_finds_what_a_channel_does_not_get(browser):
    assert "not for market" in browser.get(RUN).text
    assert browser.get(f"{RUN}?withheld=market").text.count('<li class="card"') == 1
    assert browser.get(f"{RUN}?withheld=shop").text.count('<li class="card"') == 0
