"""A mask belongs to its picture: it is part of its identity, and never lost silently."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from transforms.presets.catalogue import Catalogue
from transforms.records.outcomes import Outcome, PublishedFile
from transforms.records.parquet import to_table
from transforms.records.pictures import SourceImage
from transforms.runs.inventory import Comparison, compare
from transforms.runs.masks import stem
from transforms.storage.protocol import LISTING

RECIPES = {"standard": "recipe-1"}


def shop(*patterns: str) -> Catalogue:
    return Catalogue.model_validate(
        {
            "name": "shop",
            "source": {"uri": "s3://in"},
            "work": {"uri": "s3://work"},
            "published": {"uri": "s3://out"},
            "keys": patterns or ("{sku}/{view}.{ext}",),
            "variants": {"standard": "standard"},
            "channels": ["shop"],
        }
    )


def listing(**etags: str) -> pa.Table:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [
        {"key": key, "size_bytes": 9, "etag": etag, "modified": moment}
        for key, etag in etags.items()
    ]
    return pa.Table.from_pylist(rows, schema=LISTING)


def compared(
    listed: dict[str, str],
    *,
    catalogue: Catalogue | None = None,
    before: pa.Table | None = None,
    published: pa.Table | None = None,
) -> Comparison:
    return compare(
        listing(**listed), before, published, catalogue=catalogue or shop(), recipes=RECIPES
    )


def changes(listed: dict[str, str], **options) -> dict[str, str]:
    inventory = compared(listed, **options).inventory
    return dict(zip(*(inventory[name].to_pylist() for name in ("key", "change")), strict=True))


def masks(listed: dict[str, str], **options) -> dict[str, str]:
    inventory = compared(listed, **options).inventory
    return dict(zip(*(inventory[name].to_pylist() for name in ("key", "mask")), strict=True))


def after_a_night(
    listed: dict[str, str], prepared: str = "p1", **state: str
) -> tuple[pa.Table, pa.Table]:
    """Outcomes and manifest of a night that published all that it could work on."""
    outcomes, files = [], []
    for row in compared(listed).inventory.to_pylist():
        image = SourceImage.model_validate(row)
        known = image.model_dump(include={"key", "sku", "view", "etag", "size_bytes"})
        made = {"variant": "standard", "recipe": "recipe-1", "prepared": prepared}
        blank = dict.fromkeys(Outcome.model_fields, "")
        fields = blank | known | made | {"sha256": "content", "state": "published"} | state
        outcomes.append(Outcome.model_validate(fields))
        blank = dict.fromkeys(PublishedFile.model_fields, "")
        numbers = dict.fromkeys(("size_bytes", "width_px", "height_px", "seed", "strength"), 1)
        fields = blank | numbers | made | {"sku": image.sku, "view": image.view, "verdict": "PASS"}
        fields |= {"source_key": image.key, "source_sha256": "content", "checks": []}
        files.append(
            PublishedFile.model_validate({**fields, "source_present": True, "signed": False})
        )
    return to_table(outcomes, Outcome), to_table(files, PublishedFile)


def test_a_mask_is_no_picture_of_its_own_but_part_of_its_picture():
    found = compared({"A/front.jpg": "e1", "A/front.mask.png": "m1", "B/front.jpg": "e2"})

    assert found.inventory.select(["key", "change", "mask", "mask_size_bytes"]).to_pylist() == [
        {
            "key": "A/front.jpg",
            "change": "new",
            "mask": "A/front.mask.png",
            "mask_size_bytes": 9,
        },
        {"key": "B/front.jpg", "change": "new", "mask": "", "mask_size_bytes": 0},
    ]
    assert found.counts() == {"new": 2, "removed": 0}


PICTURES = {"A/front.jpg": "e1", "B/front.jpg": "e2"}
MASKED = PICTURES | {"A/front.mask.png": "m1"}


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param(MASKED, MASKED, "unchanged", id="the same"),
        pytest.param(PICTURES, MASKED, "changed", id="added"),
        pytest.param(MASKED, MASKED | {"A/front.mask.png": "m2"}, "changed", id="replaced"),
        pytest.param(MASKED, PICTURES, "changed", id="removed"),
    ],
)
def test_a_mask_changes_its_picture_and_no_other(before, now, expected):
    outcomes, manifest = after_a_night(before)

    assert changes(now, before=outcomes, published=manifest) == {
        "A/front.jpg": expected,
        "B/front.jpg": "unchanged",
    }


def test_a_picture_set_aside_for_its_mask_is_looked_at_again_with_another():
    outcomes, manifest = after_a_night(MASKED, state="quarantined", reason="bad_mask")
    better = MASKED | {"A/front.mask.png": "m2"}

    assert changes(MASKED, before=outcomes, published=manifest)["A/front.jpg"] == "unchanged"
    assert changes(better, before=outcomes, published=manifest)["A/front.jpg"] == "changed"


def test_after_a_rollback_the_picture_is_made_again_with_its_mask():
    """The older version shows the same photograph under the same recipe, cut out otherwise."""
    outcomes, newer = after_a_night(MASKED, prepared="with the mask")
    _, older = after_a_night(PICTURES, prepared="by the network")

    assert changes(MASKED, before=outcomes, published=newer)["A/front.jpg"] == "unchanged"
    assert changes(MASKED, before=outcomes, published=older)["A/front.jpg"] == "redo"


def test_a_mask_without_its_picture_is_listed_and_told():
    listed = {"A/front.jpg": "e1", "A/frnt.mask.png": "m1", "B/front.mask.png": "m2"}

    assert changes(listed) == {
        "A/frnt.mask.png": "mask_alone",
        "A/front.jpg": "new",
        "B/front.mask.png": "mask_alone",
    }


def test_what_is_no_usable_picture_has_no_mask():
    listed = {
        "A/front.mask.png": "m1",
        "A/front.pdf": "e1",
        "x/A/front.jpg": "e2",
        "x/A/front.mask.png": "m2",
    }

    assert changes(listed) == {
        "A/front.mask.png": "mask_alone",
        "A/front.pdf": "misfit",
        "x/A/front.jpg": "misfit",
        "x/A/front.mask.png": "mask_alone",
    }


def test_a_mask_that_lost_its_picture_appears_and_one_that_got_it_goes():
    lost, _ = after_a_night({"A/front.jpg": "e1", "A/front.mask.png": "m1"})
    alone, _ = after_a_night({"A/front.mask.png": "m1"}, state="quarantined")

    found = compared({"A/front.mask.png": "m1"}, before=lost)
    reunited = compared({"A/front.jpg": "e1", "A/front.mask.png": "m1"}, before=alone)

    assert (found.counts(), found.removed.to_pylist()) == (
        {"mask_alone": 1, "removed": 1},
        ["A/front.jpg"],
    )
    assert reunited.inventory["key"].to_pylist() == ["A/front.jpg"]


def test_pictures_that_clash_still_do_and_share_their_mask():
    listed = {"A/front.jpg": "e1", "A/front.mask.png": "m1", "A/front.png": "e2"}

    assert changes(listed) == {"A/front.jpg": "clash", "A/front.png": "clash"}


def test_a_picture_with_two_masks_waits_for_a_person():
    listed = {
        "A/front.MASK.png": "m1",
        "A/front.jpg": "e1",
        "A/front.mask.png": "m2",
        "B/front.jpg": "e2",
    }

    assert changes(listed) == {
        "A/front.MASK.png": "several_masks",
        "A/front.jpg": "several_masks",
        "A/front.mask.png": "several_masks",
        "B/front.jpg": "new",
    }


def test_a_picture_that_lost_both_its_masks_is_made_without():
    several = {"A/front.MASK.png": "m1", "A/front.jpg": "e1", "A/front.mask.png": "m2"}
    outcomes, manifest = after_a_night(several, state="quarantined", reason="several_masks")

    found = changes({"A/front.jpg": "e1"}, before=outcomes, published=manifest)

    assert found == {"A/front.jpg": "redo"}


@pytest.mark.parametrize(
    ("pattern", "picture", "mask"),
    [
        pytest.param("{sku}.{ext}", "MUG.jpg", "MUG.mask.png", id="no folder"),
        pytest.param("{sku}/{view}.{ext}", "MUG/front.png", "MUG/front.mask.PNG", id="upper case"),
        pytest.param("{sku}/{view}.{ext}", "MUG/mask.png", "MUG/mask.mask.png", id="view mask"),
        pytest.param("{sku}.{ext}", "MUG.mask.jpg", "MUG.mask.mask.png", id="sku with a dot"),
        pytest.param("{any}/{sku}_{view}.{ext}", "a/M_side.tif", "a/M_side.mask.png", id="any"),
        pytest.param("{sku}/{view}.{ext}", "M.1/ä b.webp", "M.1/ä b.mask.png", id="odd letters"),
    ],
)
def test_a_mask_is_called_like_its_picture(pattern, picture, mask):
    assert masks({picture: "e1", mask: "m1"}, catalogue=shop(pattern)) == {picture: mask}
    assert stem(mask) == stem(picture)


def test_a_mask_whose_picture_another_pattern_fits_is_its_mask_all_the_same():
    catalogue = shop("{sku}/{view}.{ext}", "{sku}.{ext}")
    listed = {"MUG.jpg": "e1", "MUG.mask.png": "m1", "TOY/top.jpg": "e2", "TOY/top.mask.png": "m2"}

    assert masks(listed, catalogue=catalogue) == {
        "MUG.jpg": "MUG.mask.png",
        "TOY/top.jpg": "TOY/top.mask.png",
    }


def test_only_masks_and_nothing_else():
    assert changes({"A/front.mask.png": "m1"}) == {"A/front.mask.png": "mask_alone"}
    assert changes({}) == {}
