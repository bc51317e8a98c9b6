"""`packshot export` on a published folder of two versions."""

import csv
import json
import sys

import pytest

from tests.unit.export.published import manifest, row
from transforms.cli.app import main
from transforms.publishing.publication import make_visible, roll_back
from transforms.storage.folder import FolderStorage


def publish(storage, *rows):
    return make_visible(storage, lambda _: manifest(*rows)).after


@pytest.fixture
def shop(tmp_path):
    """Storage with two versions, and both."""
    storage = FolderStorage(tmp_path / "published")
    first = publish(storage, row("A"), row("B"))
    second = publish(storage, row("A", content="2"), row("=C"))
    return storage, first, second


@pytest.fixture
def export(monkeypatch, capsys, shop):
    def run(*arguments, published=shop[0].uri):
        place = f"--published={published}"
        command = ["packshot", "export", *map(str, arguments), place]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run


def table(file):
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_delta_says_what_changed_since_the_version_before(shop, export, tmp_path):
    _, first, second = shop
    file = tmp_path / "delta.csv"

    code, told, _ = export("delta", "--output", file, "--json")

    assert code == 0
    assert json.loads(told) == {
        "output": str(file), "rows": 3, "version": second.version, "since": first.version
    }  # fmt: skip
    assert [(r["sku"], r["change"]) for r in table(file)] == [
        ("'=C", "added"), ("A", "changed"), ("B", "removed")
    ]  # fmt: skip


def test_after_a_rollback_the_delta_brings_the_earlier_pictures_back(shop, export, tmp_path):
    storage, first, second = shop
    roll_back(storage, first.version)
    file = tmp_path / "delta.jsonl"

    export("delta", "--output", file)

    told = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(r["sku"], r["change"]) for r in told] == [
        ("=C", "removed"), ("A", "changed"), ("B", "added")
    ]  # fmt: skip
    assert export("delta", "--output", file, "--version", second.version)[0] == 2
    assert export("delta", "--output", file, "--since", "000009-none")[0] == 1


def test_an_older_version_is_exported_by_its_name(shop, export, tmp_path):
    _, first, _ = shop
    file = tmp_path / "rows.csv"

    assert export("manifest", "--output", file, "--version", first.version)[0] == 0
    assert [r["sku"] for r in table(file)] == ["A", "B"]


@pytest.mark.parametrize(("kind", "column"), [("google", "image_link"), ("shopify", "Image Src")])
def test_feeds_hold_addresses(kind, column, export, tmp_path):
    file = tmp_path / "feed.csv"

    assert export(kind, "--output", file, "--base-url", "https://i.example.com")[0] == 0
    assert all(r[column].startswith("https://i.example.com/") for r in table(file))
    code, _, errors = export(kind, "--output", file, "--base-url", "")
    assert (code, "--base-url" in errors) == (2, True)


def test_where_nothing_is_published_the_command_says_so(export, tmp_path):
    empty = (tmp_path / "empty").as_uri()

    code, _, errors = export("manifest", "--output", tmp_path / "a.csv", published=empty)

    assert code == 1
    assert "nothing is published" in errors
    assert not (tmp_path / "a.csv").exists()
