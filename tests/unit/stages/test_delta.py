"""What a shop takes over when a version is rolled back or a season ends: the earlier pictures."""

import csv
import sys
from datetime import UTC, date, datetime

import pytest

from tests.unit.stages.nights import manifest, night
from transforms.cli.app import main
from transforms.presets.scope import Scope
from transforms.publishing.publication import roll_back
from transforms.publishing.version import read_pointer
from transforms.stages.ingest import ingest
from transforms.stages.withdrawal import withdraw_ended, withdraw_variant


@pytest.fixture
def packshot(places, monkeypatch):
    """Call a command on what is published."""

    def call(*arguments: str) -> None:
        command = ["packshot", *arguments, f"--published={places.published.uri}"]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code

    return call


@pytest.fixture
def delta(packshot, tmp_path):
    """What has changed since the version before, by sku and variant: change and key."""

    def delta() -> dict[tuple[str, str], tuple[str, str]]:
        file = tmp_path / "delta.csv"
        packshot("export", "delta", "--output", str(file))
        with file.open(newline="") as lines:
            rows = list(csv.DictReader(lines))
        return {(row["sku"], row["variant"]): (row["change"], row["key"]) for row in rows}

    return delta


def version(places) -> str:
    return read_pointer(places.published)[0].version


def test_after_a_rollback_the_delta_brings_the_earlier_pictures_back(
    places, configuration, packshot, delta
):
    night(places, configuration, "run-1", {"A": "PASS", "B": "PASS"}, A="a", B="b")
    first, before = version(places), manifest(places)
    night(places, configuration, "run-2", {"A": "PASS", "C": "PASS"}, A="photographed again", C="c")
    assert {each: change for each, (change, _) in delta().items()} == {
        ("A", "standard"): "changed",
        ("C", "standard"): "added",
    }
    new = manifest(places)["C"]["key"]

    packshot("runs", "rollback", first)

    assert delta() == {
        ("A", "standard"): ("changed", before["A"]["key"]),
        ("C", "standard"): ("removed", new),
    }
    assert places.published.read(before["A"]["key"])


@pytest.mark.parametrize("by", ["its last day", "a person"])
def test_when_a_season_ends_the_delta_takes_its_pictures_back_and_a_rollback_brings_them(
    places, configuration, winter, delta, by
):
    night(places, configuration, "run-1", {"A": "PASS"}, A="a")
    standard = manifest(places)["A"]["key"]
    last_day = date(2099, 2, 28)
    ingest(places, winter, run_id="winter-1", scope=Scope(ends=last_day))
    night(places, winter, "winter-1", {"A": "PASS"})
    with_winter = version(places)
    ((picture, (change, key)),) = delta().items()
    assert (picture, change) == (("A", "winter"), "added")

    if by == "a person":
        withdraw_variant(places, "winter", decided=datetime.now(UTC))
    else:
        assert withdraw_ended(places, last_day) == 0
        withdraw_ended(places, date(2099, 3, 1))

    assert delta() == {("A", "winter"): ("removed", key)}
    assert manifest(places)["A"]["key"] == standard, "shops have the picture of before again"

    roll_back(places.published, with_winter)

    assert delta() == {("A", "winter"): ("added", key)}
