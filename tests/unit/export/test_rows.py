"""Shops get stable columns, and exactly what differs between two versions."""

import json

import pytest

from tests.unit.export.published import manifest, row
from transforms.errors import ConfigError
from transforms.export.rows import compare_versions, export_rows, table_of, table_of_changes

COLUMNS = [
    "sku", "view", "variant", "channel", "key", "url", "width", "height", "bytes", "sha256",
    "verdict", "source_present", "ends", "lineage", "approved_by",
    "format", "source_type", "signed",
]  # fmt: skip


def test_columns_are_those_that_are_documented():
    assert table_of([]).column_names == COLUMNS
    assert table_of_changes([]).column_names == [
        "change", *COLUMNS[:-4], "previous_key", "previous_sha256", *COLUMNS[-4:]
    ]  # fmt: skip


def test_a_row_says_where_the_file_is_and_where_it_came_from():
    (told,) = export_rows(manifest(row("MUG", view="side")), "https://img.example.com/shop")

    assert told.url == f"https://img.example.com/shop/{told.key}"
    assert (told.width, told.height, told.bytes) == (2000, 2600, 1234)
    lineage = json.loads(told.lineage)
    assert lineage["source_key"] == "MUG/side.jpg"
    assert lineage["seed"] == 7
    assert lineage["code_versions"] == {"render": 1}


def test_addresses_hold_no_letter_that_parts_them():
    (told,) = export_rows(manifest(row("A, B ü")), "https://img.example.com/")

    assert told.url.startswith("https://img.example.com/A%2C%20B%20%C3%BC/front/")


def test_rows_come_in_one_order_whatever_the_manifests():
    shuffled = manifest(row("B"), row("A", variant="winter"), row("A"))

    assert [(r.sku, r.variant) for r in export_rows(shuffled)] == [
        ("A", "standard"), ("A", "winter"), ("B", "standard")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "address", ["img.example.com", "ftp://a/b", "https://", "https://a/?x=1", "https://a/#b"]
)
def test_what_is_no_base_address_is_refused(address):
    with pytest.raises(ConfigError, match="--base-url"):
        export_rows(manifest(row("A")), address)


def test_a_delta_holds_what_was_added_changed_and_removed_and_nothing_else():
    old = export_rows(manifest(row("KEPT"), row("CHANGED"), row("GONE")))
    new = export_rows(manifest(row("KEPT"), row("CHANGED", content="2"), row("NEW")))

    changes = compare_versions(old, new)

    assert [(c.sku, c.change) for c in changes] == [
        ("CHANGED", "changed"), ("GONE", "removed"), ("NEW", "added")
    ]  # fmt: skip
    changed, gone, added = changes
    assert (changed.previous_sha256, changed.sha256) == (old[0].sha256, new[0].sha256)
    assert gone.previous_key == gone.key == old[1].key
    assert added.previous_key == ""


def test_going_back_is_the_opposite_of_going_on():
    old, new = (
        export_rows(manifest(row("A"))),
        export_rows(manifest(row("A", content="2"), row("B"))),
    )

    back = compare_versions(new, old)

    assert [(c.sku, c.change) for c in back] == [("A", "changed"), ("B", "removed")]
    assert compare_versions(old, old) == []


def test_of_several_files_of_a_picture_each_is_told_by_format_and_width():
    old = [row("MUG", channel="web", extension=ending, width_px=width)
           for ending in ("avif", "jpg") for width in (640, 320)]  # fmt: skip
    new = [*old[:3], row("MUG", channel="web", extension="jpg", width_px=320, content="2")]
    was, now = export_rows(manifest(*old)), export_rows(manifest(*new))

    assert [(r.format, r.width) for r in now] == [
        ("avif", 320), ("avif", 640), ("jpg", 320), ("jpg", 640)
    ]  # fmt: skip
    (change,) = compare_versions(was, now)
    assert (change.change, change.format, change.width) == ("changed", "jpg", 320)
    assert [c.change for c in compare_versions(now, now[:3])] == ["removed"]


def test_one_file_of_a_picture_is_the_same_whatever_its_size():
    was, now = (export_rows(manifest(row("MUG", width_px=width))) for width in (1800, 1700))

    assert [change.change for change in compare_versions(was, now)] == ["changed"]


def test_a_row_says_how_the_file_came_about_also_where_an_older_version_wrote_it():
    new, old = row("A", source_type="composite", signed=True), row("B")
    told = export_rows(manifest(new, old.model_copy(update={"extension": ""})))

    assert [(r.format, r.source_type, r.signed) for r in told] == [
        ("jpg", "composite", True), ("jpg", "", False)
    ]  # fmt: skip
