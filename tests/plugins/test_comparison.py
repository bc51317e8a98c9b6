"""What changed between two runs."""

from dataclasses import replace

import pytest
from packshot_review.comparison import compare
from packshot_review.index import RunIndex

from tests.plugins.conftest import Silent
from tests.support.product_pictures import COLOURS, jpeg, vase
from transforms.presets.configuration import configure
from transforms.runner import run_catalogue

RUN = "/c/shop/r/night-1"


def index(*pictures) -> RunIndex:
    return RunIndex(pictures, {each.id: each for each in pictures}, 0)


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"state": "failed"}, "worse"),
        ({"state": "published", "objections": ()}, "better"),
        ({"objections": ("matte_faded",)}, "other_reasons"),
        ({"fingerprint": "0" * 24}, "remade"),
    ],
)
def test_a_change_has_a_kind(pictures, changed, kind):
    before = pictures["SMALL-1"]

    found = compare(index(before), index(replace(before, **changed)))

    assert list(found.changes) == [kind]
    assert found.alike == 0


def test_what_is_new_gone_and_alike(pictures):
    small, other, same = (pictures[sku] for sku in ("SMALL-1", "SMALL-2", "LARGE-3"))

    found = compare(index(small, same), index(other, replace(same, state="unchanged")))

    assert {kind: len(changes) for kind, changes in found.changes.items()} == {"new": 1, "gone": 1}
    assert found.alike == 1


def test_the_page_shows_what_a_new_photograph_changed(browser, shop, config):
    assert "No other run" in browser.get(f"{RUN}/compare").text
    source = shop.catalogue.source.uri.removeprefix("file://")
    with open(f"{source}/SMALL-1/front.jpg", "wb") as file:  # noqa: PTH123 - a path from a URI
        file.write(jpeg(vase(COLOURS[5], side=700)))
    run_catalogue(configure(shop.catalogue, config), progress=Silent(), run_id="night-2")
    shop._listed_at = float("-inf")

    page = browser.get("/c/shop/r/night-2/compare").text

    assert "Better than before" in page
    assert page.count('class="pair-frames"') == 1
    assert "5 pictures" in page
    assert browser.get("/c/shop/r/night-2/compare?other=../../x").status_code == 200
