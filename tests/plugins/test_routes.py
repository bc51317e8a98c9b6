"""Every route is guarded; a new one has to say here who may use it."""

import pytest

RUN = "/c/shop/r/night-1"
IMAGE = "/c/{catalogue}/r/{run}/image/{picture}/{kind}"
DECISIONS = ("POST", "/c/{catalogue}/r/{run}/decisions")
PUBLISH = ("POST", "/c/{catalogue}/publish")

TABLE = {
    # route: answer to (a stranger, one who may not see it, who may look, who may decide)
    ("GET", "/"): (401, 200, 200, 200),
    ("GET", "/airflow/{dag_id}/{run_id:path}"): (401, 200, 303, 303),
    ("GET", "/assets/{build}/{name}"): (401, 200, 200, 200),
    ("GET", "/c/{catalogue}/r/{run}"): (401, 403, 200, 200),
    ("GET", "/c/{catalogue}/r/{run}/more"): (401, 403, 200, 200),
    ("GET", "/c/{catalogue}/r/{run}/selection"): (401, 403, 200, 200),
    ("GET", "/c/{catalogue}/r/{run}/picture/{picture}"): (401, 403, 200, 200),
    ("GET", "/c/{catalogue}/r/{run}/compare"): (401, 403, 200, 200),
    ("GET", IMAGE): (401, 403, 200, 200),
    ("GET", "/c/{catalogue}/r/{run}/thumbs/{pictures}"): (401, 403, 200, 200),
    ("GET", "/c/{catalogue}/r/{run}/validations"): (401, 403, 200, 200),
    DECISIONS: (401, 403, 403, 200),
    PUBLISH: (401, 403, 403, 202),
}
PEOPLE = (None, "outsider", "viewer", "editor")


def routes(app) -> set[tuple[str, str]]:
    """Method and path of all that the app answers."""
    return {(method, route.path) for route in app.routes for method in route.methods - {"HEAD"}}


def test_every_route_is_in_the_table(browser):
    assert routes(browser.app) == set(TABLE)


@pytest.mark.parametrize("route", TABLE, ids=" ".join)
def test_each_person_gets_what_they_may(browser, pictures, route):
    method, path = route
    small = pictures["SMALL-1"]
    filled = path.format_map(
        {"catalogue": "shop", "run": "night-1", "picture": small.id, "kind": "thumb",
         "pictures": small.id, "build": "x", "name": "review.css", "dag_id": "nightly",
         "run_id:path": "", "run_id": ""}
    ) if "run_id" not in path else "/airflow/nightly/night-1"  # fmt: skip
    chosen = {"id": small.id, "fingerprint": small.fingerprint, "number": 0}
    body = {"action": "reject", "pictures": [chosen]} if route == DECISIONS else {}

    if method == "POST":
        got = tuple(browser.post(filled, body, who=who).status_code for who in PEOPLE)
    else:
        got = tuple(browser.get(filled, who=who).status_code for who in PEOPLE)

    assert got == TABLE[route]


@pytest.mark.parametrize(
    "path", ["/", RUN, "/assets/x/gallery.js", f"{RUN}/image/0/thumb", "/nope"]
)
def test_every_answer_carries_the_headers_that_keep_it_safe(browser, path):
    for who in (None, "editor"):
        headers = browser.get(path, who=who).headers
        policy = headers["content-security-policy"]

        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "headers", [{}, {"x-packshot-review": "1", "sec-fetch-site": "cross-site"}]
)
def test_another_sites_form_cannot_decide(browser, pictures, headers):
    small = pictures["SMALL-1"]
    chosen = {"id": small.id, "fingerprint": small.fingerprint, "number": 0}

    answer = browser.post(
        f"{RUN}/decisions", {"action": "approve", "pictures": [chosen]}, headers=headers
    )

    assert answer.status_code == 403
    assert "did not come from the review page" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/c/other/r/night-1",
        "/c/shop/r/night-2",
        "/c/shop/r/..%2F..%2Fpublished",
        "/c/shop/r/night-1%2F..",
        f"{RUN}/picture/0123456789abcdef",
        f"{RUN}/image/..%2F..%2Fcurrent.json/thumb",
        f"{RUN}/image/0123456789abcdef/thumb",
        f"{RUN}/thumbs/0123456789abcdef",
        "/assets/x/..%2Fapp.py",
        "/assets/x/app.py",
    ],
)
def test_what_no_manifest_names_is_not_there(browser, path):
    answer = browser.get(path)

    assert answer.status_code == 404
    assert "transforms" not in answer.text


@pytest.mark.parametrize(
    "kind", ["secret", "attempt-1", "attempt-../../x", "previous", "summary.json"]
)
def test_only_known_kinds_of_pictures_are_served(browser, pictures, kind):
    assert browser.get(f"{RUN}/image/{pictures['SMALL-1'].id}/{kind}").status_code == 404
