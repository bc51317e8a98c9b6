"""What a night has to do follows from the listing, the last outcomes and the manifest."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from transforms.presets.catalogue import Catalogue
from transforms.presets.scope import Scope
from transforms.records.outcomes import Outcome, PublishedFile
from transforms.records.parquet import to_table
from transforms.runs.inventory import RUN_HELD, compare
from transforms.storage.protocol import LISTING

CATALOGUE = Catalogue.model_validate(
    {
        "name": "shop",
        "source": {"uri": "s3://in"},
        "work": {"uri": "s3://work"},
        "published": {"uri": "s3://out"},
        "variants": {"standard": "standard"},
        "channels": ["shop"],
    }
)
RECIPES = {"standard": "recipe-1"}


def listing(*keys: str, etag: str = "e1") -> pa.Table:
    rows = [
        {"key": key, "size_bytes": 9, "etag": etag, "modified": datetime(2026, 1, 1, tzinfo=UTC)}
        for key in keys
    ]
    return pa.Table.from_pylist(rows, schema=LISTING)


def outcome(key: str, **changes: object) -> Outcome:
    sku, _, rest = key.partition("/")
    fields = {
        "key": key,
        "sku": sku,
        "view": rest.partition(".")[0],
        "etag": "e1",
        "size_bytes": 9,
        "sha256": "content",
        "phash": "",
        "variant": "standard",
        "recipe": "recipe-1",
        "state": "published",
        "reason": "",
        "message": "",
        "fingerprint": "rendition",
        "prepared": "prepared",
    }
    return Outcome.model_validate({**fields, **changes})


def published(*outcomes: Outcome) -> pa.Table:
    rows = [
        PublishedFile(
            sku=each.sku,
            view=each.view,
            variant=each.variant,
            channel="shop",
            key=f"{each.sku}/out.jpg",
            sha256="",
            size_bytes=1,
            width_px=1,
            height_px=1,
            source_key=each.key,
            source_sha256=each.sha256,
            source_present=True,
            preset="standard",
            brand="house",
            recipe=each.recipe,
            prepared="prepared",
            rendition="rendition",
            verdict="PASS",
            checks=[],
            code_versions="{}",
            cutout="u2netp",
            seed=0,
        )
        for each in outcomes
    ]
    return to_table(rows, PublishedFile)


def changes(listed: pa.Table, previous: list[Outcome], manifest: pa.Table | None, **options):
    table = to_table(previous, Outcome) if previous else None
    found = compare(listed, table, manifest, catalogue=CATALOGUE, recipes=RECIPES, **options)
    rows = zip(
        found.inventory["key"].to_pylist(), found.inventory["change"].to_pylist(), strict=True
    )
    return dict(rows), found.removed.to_pylist()


def test_everything_is_new_on_the_first_night():
    assert changes(listing("B/side.png", "A/front.jpg"), [], None) == (
        {"A/front.jpg": "new", "B/side.png": "new"},
        [],
    )


def test_what_is_published_under_the_same_recipe_is_unchanged():
    before = outcome("A/front.jpg")

    found, removed = changes(listing("A/front.jpg"), [before], published(before))

    assert (found, removed) == ({"A/front.jpg": "unchanged"}, [])


@pytest.mark.parametrize(
    ("before", "listed", "expected"),
    [
        pytest.param({}, listing("A/front.jpg", etag="e2"), "changed", id="new content"),
        pytest.param({"recipe": "recipe-0"}, listing("A/front.jpg"), "redo", id="new preset"),
        pytest.param({"state": "failed"}, listing("A/front.jpg"), "redo", id="failed is retried"),
        pytest.param({"state": "deferred"}, listing("A/front.jpg"), "redo", id="limit of last run"),
        pytest.param(
            {"state": "review", "reason": RUN_HELD},
            listing("A/front.jpg"),
            "redo",
            id="no verdict on a held night's pictures",
        ),
        pytest.param({"state": "review"}, listing("A/front.jpg"), "unchanged", id="still waits"),
        pytest.param(
            {"state": "quarantined", "reason": "too_small"},
            listing("A/front.jpg"),
            "unchanged",
            id="still set aside",
        ),
    ],
)
def test_what_is_done_again(before, listed, expected):
    last = outcome("A/front.jpg", **before)

    assert changes(listed, [last], published(outcome("A/front.jpg")))[0]["A/front.jpg"] == expected


def test_the_manifest_is_the_truth_after_a_rollback():
    """The last outcomes say published, but the manifest of the older version lacks it."""
    before = [outcome("A/front.jpg"), outcome("B/front.jpg")]

    found, _ = changes(listing("A/front.jpg", "B/front.jpg"), before, published(before[0]))

    assert found == {"A/front.jpg": "unchanged", "B/front.jpg": "redo"}


def test_two_files_for_one_view_clash_also_when_one_is_published():
    before = outcome("A/front.jpg")

    found, _ = changes(listing("A/front.jpg", "A/front.png"), [before], published(before))

    assert found == {"A/front.jpg": "clash", "A/front.png": "clash"}


def test_keys_that_say_nothing_are_told_not_dropped():
    listed = listing("A/front.jpg", "readme.txt", "deep/A/front.jpg", "manifests/front.jpg")

    found, _ = changes(listed, [], None)

    assert found == {
        "A/front.jpg": "new",
        "deep/A/front.jpg": "misfit",
        "manifests/front.jpg": "misfit",
        "readme.txt": "misfit",
    }


def test_removed_products_are_named():
    before = [outcome("A/front.jpg"), outcome("B/front.jpg")]

    _, removed = changes(listing("A/front.jpg"), before, published(*before))

    assert removed == ["B/front.jpg"]


def test_duplicates_are_looked_at_again_only_when_something_else_changed():
    double = outcome("B/front.jpg", state="quarantined", reason="duplicate_picture")
    first = outcome("A/front.jpg")

    quiet, _ = changes(listing("A/front.jpg", "B/front.jpg"), [first, double], published(first))
    after_removal, _ = changes(listing("B/front.jpg"), [first, double], published(first))

    assert quiet["B/front.jpg"] == "unchanged"
    assert after_removal["B/front.jpg"] == "redo"


def test_a_limit_defers_the_rest():
    found, _ = changes(
        listing("A/front.jpg", "B/front.jpg", "C/front.jpg"), [], None, scope=Scope(limit=2)
    )

    assert found == {"A/front.jpg": "new", "B/front.jpg": "new", "C/front.jpg": "deferred"}


def test_products_outside_the_scope_keep_what_they_have():
    listed = listing("MUG-1/front.jpg", "MUG-2/front.jpg", "VASE/front.jpg", "LAMP/front.jpg")
    done = [outcome("MUG-1/front.jpg", recipe="old"), outcome("VASE/front.jpg", recipe="old")]

    found, _ = changes(listed, done, published(*done), scope=Scope(products=("MUG-*",)))

    assert found == {
        "LAMP/front.jpg": "deferred",
        "MUG-1/front.jpg": "redo",
        "MUG-2/front.jpg": "new",
        "VASE/front.jpg": "unchanged",
    }


def test_without_redo_a_new_recipe_is_no_reason():
    done = [outcome("A/front.jpg", recipe="old")]

    found, _ = changes(
        listing("A/front.jpg", "B/front.jpg"), done, published(*done), scope=Scope(redo=False)
    )

    assert found == {"A/front.jpg": "unchanged", "B/front.jpg": "new"}
