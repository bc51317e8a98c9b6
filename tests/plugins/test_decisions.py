"""Decisions are recorded once, for the pixels that were seen, and can be taken back."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from transforms.publishing.decisions import ReviewLog

RUN = "/c/shop/r/night-1"


@pytest.fixture
def decide(browser, pictures):
    """Decide about products as one person; gives the answer."""

    def decide(action, *skus, who="editor", number=0, **more):
        chosen = [
            {"id": pictures[sku].id, "fingerprint": pictures[sku].fingerprint, "number": number}
            for sku in skus
        ]
        return browser.post(
            f"{RUN}/decisions", {"action": action, "pictures": chosen, **more}, who=who
        )

    return decide


def test_an_approval_is_recorded_with_person_pixels_and_files(decide, shop, pictures):
    assert decide("approve", "SMALL-1").json()["done"][0]["status"] == "approved"

    (recorded,) = ReviewLog(shop.work).refresh().about(pictures["SMALL-1"].fingerprint)
    assert (recorded.by, recorded.action, recorded.number) == ("editor", "approve", 1)
    assert recorded.run_id == "night-1"
    assert list(recorded.files) == ["shop"]


def test_many_are_rejected_at_once_and_the_gallery_says_so(decide, browser):
    answer = decide("reject", "SMALL-1", "SMALL-2", reason="Edge is not clean")

    assert len(answer.json()["done"]) == 2
    page = browser.get(RUN).text
    assert page.count('data-status="rejected"') == 2
    assert page.count('data-status="waiting"') == 1
    assert browser.get(f"{RUN}?decided=yes").text.count('<li class="card"') == 2


def test_of_two_people_the_second_is_told(decide, shop, pictures):
    decide("approve", "SMALL-1", who="editor-anna")

    late = decide("reject", "SMALL-1", who="editor-ben")

    assert late.status_code == 409
    assert "editor-anna approved it meanwhile" in late.json()["refused"][0]["why"]
    assert len(ReviewLog(shop.work).refresh().about(pictures["SMALL-1"].fingerprint)) == 1


def test_of_many_at_the_same_moment_one_gets_through(decide, shop, pictures):
    with ThreadPoolExecutor(4) as threads:
        people = [f"editor-{n}" for n in range(8)]
        answers = list(threads.map(lambda who: decide("approve", "SMALL-2", who=who), people))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert len(ReviewLog(shop.work).refresh().about(pictures["SMALL-2"].fingerprint)) == 1


def test_a_decision_can_be_taken_back_and_made_anew(decide, shop, pictures):
    decide("approve", "SMALL-1")
    assert decide("undo", "SMALL-1", number=1).json()["done"][0]["status"] == "waiting"
    assert decide("undo", "SMALL-1", number=2).status_code == 409
    assert decide("reject", "SMALL-1", number=2).status_code == 200

    recorded = ReviewLog(shop.work).refresh().about(pictures["SMALL-1"].fingerprint)
    assert [each.action for each in recorded] == ["approve", "undo", "reject"]


def test_other_pixels_are_not_approved(browser, pictures, shop):
    other = pictures["SMALL-2"].fingerprint
    chosen = {"id": pictures["SMALL-1"].id, "fingerprint": other, "number": 0}

    answer = browser.post(f"{RUN}/decisions", {"action": "approve", "pictures": [chosen]})

    assert answer.status_code == 409
    assert "other pixels" in answer.json()["refused"][0]["why"]
    assert ReviewLog(shop.work).refresh().about(other) == []


def test_what_is_published_already_cannot_be_decided(decide):
    assert "is published" in decide("approve", "LARGE-3").json()["refused"][0]["why"]


@pytest.mark.parametrize(
    "body",
    [
        {"action": "delete"},
        {"action": "approve", "pictures": []},
        {"action": "approve", "by": "somebody else"},
        {"action": "approve", "pictures": [{"id": "../x", "fingerprint": "0" * 24, "number": 0}]},
        {"action": "reject", "reason": "x" * 501},
    ],
)
def test_bodies_that_say_something_else_are_refused(browser, pictures, body):
    small = pictures["SMALL-1"]
    chosen = {"id": small.id, "fingerprint": small.fingerprint, "number": 0}

    answer = browser.post(f"{RUN}/decisions", {"pictures": [chosen], **body})

    assert answer.status_code == 422


def test_a_reason_is_shown_as_text(decide, browser, pictures):
    decide("reject", "SMALL-1", reason="<img src=x onerror=alert(1)>")

    page = browser.get(f"{RUN}/picture/{pictures['SMALL-1'].id}").text

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_all_that_can_be_decided_of_a_filter(browser, pictures):
    listed = browser.get(f"{RUN}/selection?rule=enlargement").json()["pictures"]

    assert {each["fingerprint"] for each in listed} == {
        pictures[sku].fingerprint for sku in pictures if pictures[sku].state == "review"
    }
    assert browser.get(f"{RUN}/selection?status=published").json()["pictures"] == []


def test_publishing_is_started_as_the_person_who_asks(browser):
    answer = browser.post("/c/shop/publish", {})

    ((dag_id, run_id, conf),) = browser.started
    assert answer.json() == {"run_id": run_id}
    assert (dag_id, conf) == ("publish_reviewed", {"catalogue": "shop"})
    assert "editor" in run_id
