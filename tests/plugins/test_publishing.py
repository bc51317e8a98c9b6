"""What was approved goes out by the audit of a night, and nothing else does."""

import pytest

from tests.plugins.conftest import Silent
from transforms.errors import AuditError, StaleRunError
from transforms.presets.configuration import configure
from transforms.publishing.version import read_pointer
from transforms.records.parquet import read_table
from transforms.runner import open_places, run_catalogue
from transforms.runs.run import Places
from transforms.stages.publish_approved import publish_approved

RUN = "/c/shop/r/night-1"


@pytest.fixture
def places(shop) -> Places:
    return open_places(shop.catalogue)


@pytest.fixture
def decide(browser, pictures):
    def decide(action, sku, *, number=0):
        known = pictures[sku]
        chosen = {"id": known.id, "fingerprint": known.fingerprint, "number": number}
        answer = browser.post(f"{RUN}/decisions", {"action": action, "pictures": [chosen]})
        assert answer.status_code == 200

    return decide


def skus(shop) -> set[str]:
    return set(shop.read_published().manifest["sku"].to_pylist())


def test_approved_pictures_go_out_and_the_others_wait(decide, places, shop, browser):
    decide("approve", "SMALL-1")
    decide("reject", "SMALL-2")
    before = skus(shop)

    summary = publish_approved(places, "shop", run_id="reviewed-1")

    assert skus(shop) - before == {"SMALL-1"}
    assert before <= skus(shop)
    assert (summary.counts.published, summary.counts.review) == (1, 2)
    assert "approved by editor" in summary.message
    row = next(r for r in shop.read_published().manifest.to_pylist() if r["sku"] == "SMALL-1")
    assert (row["verdict"], row["approved_by"]) == ("REVIEW", "editor")
    assert {r["approved_by"] for r in shop.read_published().manifest.to_pylist()} == {"", "editor"}
    assert shop.published_storage.read(row["key"])
    page = browser.get(RUN).text
    tab = browser.get("/airflow/publish_reviewed/reviewed-1").headers["location"]
    assert browser.get(tab).text.count('data-status="published"') == 1
    assert page.count('data-status="published"') == 3
    assert page.count('data-status="rejected"') == 1


def test_the_next_night_finds_them_done(decide, places, shop, config):
    decide("approve", "SMALL-1")
    publish_approved(places, "shop", run_id="reviewed-1")
    version = read_pointer(places.published)[0].version

    summary = run_catalogue(configure(shop.catalogue, config), progress=Silent())

    assert summary.ending == "unchanged"
    assert read_pointer(places.published)[0].version == version


def test_done_again_it_changes_nothing(decide, places):
    decide("approve", "SMALL-1")
    first = publish_approved(places, "shop", run_id="reviewed-1")
    listed = places.published.listing().to_pylist()

    assert publish_approved(places, "shop", run_id="reviewed-1") == first
    assert publish_approved(places, "shop", run_id="reviewed-2") is None
    assert places.published.listing().to_pylist() == listed


def test_killed_after_the_swap_it_tells_the_rest(decide, places):
    decide("approve", "SMALL-1")
    first = publish_approved(places, "shop", run_id="reviewed-1")
    work = places.work
    work.delete(list(work.listing("runs/reviewed-1/")["key"].to_pylist()))

    again = publish_approved(places, "shop", run_id="reviewed-1")

    assert again.version == first.version
    assert again.counts == first.counts


def test_nothing_is_approved(decide, places):
    decide("approve", "SMALL-1")
    decide("undo", "SMALL-1", number=1)

    assert publish_approved(places, "shop", run_id="reviewed-1") is None


def test_an_approval_of_pixels_that_no_longer_wait_says_nothing(decide, places, shop, config):
    decide("approve", "SMALL-1")
    source = places.source.uri.removeprefix("file://")
    with open(f"{source}/SMALL-1/front.jpg", "ab") as file:  # noqa: PTH123 - a path from a URI
        file.write(b"photographed again")
    run_catalogue(configure(shop.catalogue, config), progress=Silent())

    # The new photograph shows the same product, so its pixels are prepared under another name.
    assert publish_approved(places, "shop", run_id="reviewed-1") is None


def test_altered_files_are_not_published(decide, places, pictures):
    decide("approve", "SMALL-1")
    fingerprint = pictures["SMALL-1"].fingerprint
    (key,) = list(places.work.listing(f"renditions/{fingerprint}/encoded/shop")["key"].to_pylist())
    places.work.delete([key])
    places.work.create(key, b"other pixels")
    before = read_pointer(places.published)[0]

    with pytest.raises(AuditError, match="is not what was audited"):
        publish_approved(places, "shop", run_id="reviewed-1")
    assert read_pointer(places.published)[0] == before


def test_a_picture_that_a_night_is_making_anew_waits_for_its_end(decide, places):
    decide("approve", "SMALL-1")
    for name in ("inventory.parquet", "run.json"):
        begun = places.work.read(f"runs/night-1/{name}").replace(b"night-1", b"night-2")
        places.work.create(f"runs/night-2/{name}", begun)

    with pytest.raises(StaleRunError, match="night-2 is under way"):
        publish_approved(places, "shop", run_id="reviewed-1")


def test_every_picture_keeps_one_outcome(decide, places):
    decide("approve", "SMALL-1")

    publish_approved(places, "shop", run_id="reviewed-1")

    before = read_table(places.work, "runs/night-1/outcomes.parquet")
    after = read_table(places.work, "runs/reviewed-1/outcomes.parquet")
    assert after["key"].to_pylist() == before["key"].to_pylist()
    states = dict(zip(after["sku"].to_pylist(), after["state"].to_pylist(), strict=True))
    assert states["SMALL-1"] == "published"
    assert states["SMALL-2"] == "review"
    assert states["LARGE-3"] == "unchanged"
