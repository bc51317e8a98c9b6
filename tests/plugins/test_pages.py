"""What the pages tell about a night."""

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from packshot_review.filters import Filter
from packshot_review.index import picture_id
from packshot_review.status import PictureStatus
from PIL import Image

from tests.plugins.conftest import NASTY
from transforms.records.outcomes import Outcome
from transforms.records.parquet import read_records, to_bytes, to_table
from transforms.runs.outcomes import UNLIKE

RUN = "/c/shop/r/night-1"


def test_runs_tell_counts_and_what_waits(browser):
    page = browser.get("/").text

    (counts,) = re.findall(r'aria-label="([^"]+ published[^"]+)"', page)
    assert re.findall(r"\d+", counts) == ["2", "3", "1", "0", "6"]
    assert f'href="{RUN}?status=waiting"' in page


def test_the_gallery_shows_what_needs_a_person_first(browser):
    page = browser.get(RUN).text

    shown = [part.split('"')[0] for part in page.split('data-status="')[1:]]
    assert shown == ["waiting"] * 3 + ["quarantined"] + ["published"] * 2


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("status=waiting", 3),
        ("status=waiting,published", 5),
        ("status=nonsense", 6),
        ("rule=enlargement", 3),
        ("rule=not_an_image", 1),
        ("product=small-", 2),
        ("product=%3Cscript%3E", 1),
        ("variant=standard", 6),
        ("variant=winter", 0),
        ("preset=standard&status=published", 2),
        ("decided=yes", 0),
        ("decided=no&product=large", 2),
    ],
)
def test_filters_in_the_address(browser, query, count):
    assert browser.get(f"{RUN}?{query}").text.count('<li class="card"') == count


@pytest.mark.parametrize(
    ("key", "folder"),
    [
        ("shoes/RUNNER-1/front.jpg", "shoes"),
        ("shoes/sport/RUNNER-1.jpg", "shoes"),
        ("RUNNER-1/front.jpg", ""),
        ("RUNNER-1.jpg", ""),
    ],
)
def test_pictures_are_filtered_by_the_first_folder_that_is_not_the_products(pictures, key, folder):
    picture = replace(pictures["SMALL-1"], key=key, sku="RUNNER-1")

    assert picture.folder == folder
    assert Filter(folder="shoes").takes(PictureStatus(picture, "waiting", None, 0)) == bool(folder)


def test_the_run_tells_how_alike_its_pictures_became(browser, shop):
    told = shop.run("night-1").consistency["standard"]

    page = browser.get(RUN).text
    assert re.search(rf"{told.before:.4g}\D+{told.after:.4g}\D+5 pictures", page)


def test_what_is_unlike_its_batch_says_so(shop, browser):
    outcomes = read_records(shop.work, "runs/night-1/outcomes.parquet", Outcome)
    said = "It stands out from the 40 pictures of its look by size +9."
    waits = {"state": "review", "reason": UNLIKE, "message": said}
    apart = [
        each.model_copy(update=waits) if each.key == "LARGE-3/front.jpg" else each
        for each in outcomes
    ]
    shop.work.delete(["runs/night-1/outcomes.parquet"])
    shop.work.create("runs/night-1/outcomes.parquet", to_bytes(to_table(apart, Outcome)))

    page = browser.get(f"{RUN}/picture/{picture_id('LARGE-3/front.jpg', 'standard')}").text

    assert said in page
    assert browser.get(f"{RUN}?rule=unlike_its_batch").text.count("Unlike its batch</span>") == 1


def test_more_cards_come_in_parts(browser, monkeypatch):
    monkeypatch.setattr("packshot_review.pages.PAGE", 4)

    first = browser.get(RUN).text
    rest = browser.get(f"{RUN}/more?begin=4").text

    assert first.count('<li class="card"') == 4
    assert f'data-more="{RUN}/more?begin=4"' in first
    assert rest.count('<li class="card"') == 2
    assert "data-more" not in rest


def test_a_picture_tells_why_with_value_limit_and_sentence(browser, pictures):
    page = browser.get(f"{RUN}/picture/{pictures['SMALL-1'].id}").text

    assert "Enlarged too far" in page
    assert "at most 1" in page
    assert "photograph it larger" in page
    assert pictures["SMALL-1"].fingerprint in page
    assert 'data-act="approve"' in page


def test_who_may_only_look_gets_no_buttons(browser, pictures):
    page = browser.get(f"{RUN}/picture/{pictures['SMALL-1'].id}", who="viewer").text

    assert "data-act" not in page
    assert "data-act" in browser.get(f"{RUN}/picture/{pictures['SMALL-1'].id}").text


def test_a_picture_that_could_not_be_used_says_why(browser, pictures):
    page = browser.get(f"{RUN}/picture/{pictures['BROKEN'].id}").text

    assert pictures["BROKEN"].message.split(",")[0] in page
    assert "data-act" not in page


def test_next_and_previous_stay_within_the_filter(browser, shop):
    run = shop.run("night-1")
    waiting = [each for each in shop.index(run).pictures if each.state == "review"]

    page = browser.get(f"{RUN}/picture/{waiting[1].id}?status=waiting").text

    assert "2 of 3" in page
    assert f'href="{RUN}/picture/{waiting[0].id}?status=waiting" data-before' in page
    assert f'href="{RUN}/picture/{waiting[2].id}?status=waiting" data-after' in page


@pytest.mark.parametrize(
    "path", ["/", RUN, f"{RUN}?product=%3Cscript%3Ealert(1)&rule=%22%3E%3Cu%3E"]
)
def test_a_script_as_sku_is_text(browser, pictures, path):
    pages = [
        browser.get(path).text,
        browser.get(f"{RUN}/picture/{pictures[NASTY].id}{'?' + path.partition('?')[2]}").text,
    ]

    for page in pages:
        assert "<script>alert" not in page
        assert 'alert(1)"&' not in page
        assert '"><u>' not in page
    assert "&lt;script&gt;alert(1)" in pages[1]


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("thumb", "JPEG"),
        ("before", "JPEG"),
        ("cutout", "JPEG"),
        ("photo", "PNG"),
        ("matte", "PNG"),
        ("result", "JPEG"),
        ("difference", "PNG"),
    ],
)
def test_pictures_have_fixed_types_and_may_be_kept(browser, pictures, kind, form):
    answer = browser.get(f"{RUN}/image/{pictures['SMALL-1'].id}/{kind}?v=1")

    assert answer.headers["content-type"] == f"image/{form.lower()}"
    assert "immutable" in answer.headers["cache-control"]
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.format == form


def test_many_thumbnails_come_in_one_answer(browser, pictures):
    known = [pictures[sku] for sku in ("SMALL-1", "BROKEN", "LARGE-3")]
    answer = browser.get(f"{RUN}/thumbs/{','.join(each.id for each in known)}")

    rest, found = answer.content, []
    while rest:
        length = int.from_bytes(rest[:4], "big")
        found.append(rest[4 : 4 + length])
        rest = rest[4 + length :]
    alone = [browser.get(f"{RUN}/image/{each.id}/thumb").content for each in (known[0], known[2])]
    assert found == [alone[0], b"", alone[1]]


def test_a_bundle_of_thumbnails_has_an_end(browser, pictures):
    assert browser.get(f"{RUN}/thumbs/{','.join([pictures['LARGE-3'].id] * 61)}").status_code == 422


def test_the_product_of_a_good_picture_does_not_differ(browser, pictures):
    answer = browser.get(f"{RUN}/image/{pictures['LARGE-3'].id}/difference")

    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.mode == "L"
        assert np.asarray(image).mean() < 20


def test_the_result_is_the_very_file_that_was_measured(browser, shop, pictures):
    answer = browser.get(f"{RUN}/image/{pictures['LARGE-3'].id}/result")

    row = shop.read_published().manifest.to_pylist()[0]
    assert answer.content == shop.published_storage.read(row["key"])


def test_the_tab_of_a_dag_run_leads_to_its_gallery(browser):
    assert browser.get("/airflow/nightly/night-1").headers["location"] == RUN
    assert "has made no pictures" in browser.get("/airflow/nightly/manual__2026-01-01").text


def test_a_run_under_way_tells_how_far_it_is(browser, shop):
    for key in ("summary.json", "verdicts.parquet"):
        shop.work.delete([f"runs/night-1/{key}"])

    page = browser.get("/airflow/nightly/night-1").text

    (said,) = re.findall(r"[^>]*\bjudged\b[^<]*", page)
    assert re.findall(r"\d+", said) == ["5", "2", "3", "0"]


def test_a_storage_that_does_not_answer_is_told(browser, shop, tmp_path):
    browser.get(RUN)
    (tmp_path / "published" / "current.json").write_text("{}")

    shop._listed_at = float("-inf")
    answer = browser.get(f"{RUN}/picture/{next(iter(shop.index(shop.run('night-1')).by_id))}")

    assert answer.status_code == 503
    assert "current.json: is not what Packshot writes there" in answer.text
