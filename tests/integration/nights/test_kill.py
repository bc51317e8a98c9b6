"""A night that is killed at any moment is finished by the next one, byte for byte."""

import hashlib
import os
import random
import time
from pathlib import Path

import pytest

from tests.support import forked_command
from tests.support.product_pictures import COLOURS, jpeg, png, vase
from transforms.storage.opening import open_storage
from transforms.storage.protocol import Storage

KILLS = 20


def run_to_its_end(places: dict[str, str], environment: dict[str, str]) -> float:
    """Run a night; the seconds that it took."""
    began = time.monotonic()
    process = forked_command.start(arguments(places), environment)
    process.join()
    assert process.exitcode in (0, 1)
    return time.monotonic() - began


def kill_after(seconds: float, places: dict[str, str], environment: dict[str, str]) -> bool:
    """Kill a night without warning; False when it had ended before."""
    process = forked_command.start(arguments(places), environment)
    process.join(seconds)
    if not process.is_alive():
        return False
    forked_command.kill(process)
    return True


def arguments(places: dict[str, str]) -> list[str]:
    return ["run", "--json", *(f"--{name}={uri}" for name, uri in places.items())]


def contents(storage: Storage) -> dict[str, str]:
    keys = storage.listing()["key"].to_pylist()
    return {key: hashlib.sha256(storage.read(key)).hexdigest() for key in keys}


def all_files(folder: Path) -> list[str]:
    """Every file, hidden and temporary ones too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_killed_nights_in_a_folder_are_finished_byte_for_byte(
    small_source, small_environment, tmp_path
):
    def places(name: str) -> dict[str, str]:
        return {
            "source": small_source.as_uri(),
            "work": (tmp_path / name / "work").as_uri(),
            "published": (tmp_path / name / "published").as_uri(),
        }

    rounds = kill_and_finish(places, small_environment)

    expected = all_files(tmp_path / "undisturbed" / "published")
    for name in rounds:
        assert all_files(tmp_path / name / "published") == expected


def test_killed_nights_on_s3_are_finished_byte_for_byte(
    small_source, small_environment, s3_server, monkeypatch
):
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    stem = f"s3://{s3_server.bucket}/kills-{os.getpid()}"

    def places(name: str) -> dict[str, str]:
        return {
            "source": small_source.as_uri(),
            "work": f"{stem}/{name}/work",
            "published": f"{stem}/{name}/published",
        }

    kill_and_finish(places, {**small_environment, **s3_server.environment})


def kill_and_finish(places, environment) -> list[str]:
    """Kill nights at random moments until there were KILLS, and let each be finished.

    A round is one catalogue, whose nights are killed two to four times in a row.

    Returns:
        The rounds, all of them proven equal to an undisturbed night.
    """
    undisturbed = places("undisturbed")
    seconds = run_to_its_end(undisturbed, environment)
    expected = contents(open_storage(undisturbed["published"]))
    assert "current.json" in expected
    seconds = min(seconds, run_to_its_end(places("again"), environment))  # all is loaded now
    moments = random.Random(20)
    rounds: list[str] = []
    kills = 0
    while kills < KILLS:
        name = f"round-{len(rounds)}"
        killed = 0
        while kills < KILLS and killed < len(rounds) % 3 + 2:
            moment = moments.uniform(0.1, 0.9) * seconds
            if not kill_after(moment, places(name), environment):
                seconds = min(seconds, moment)  # the machine is quicker than it was
                break
            kills, killed = kills + 1, killed + 1
        run_to_its_end(places(name), environment)
        assert contents(open_storage(places(name)["published"])) == expected
        rounds.append(name)
    return rounds


@pytest.fixture
def small_environment(small_config) -> dict[str, str]:
    return {**os.environ, "PACKSHOT_CONFIG": str(small_config), "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="session")
def small_source(tmp_path_factory) -> Path:
    """A photograph, a product that comes cut out (quicker), and two files that are no pictures."""
    folder = tmp_path_factory.mktemp("shop") / "source"
    files = {
        "VASE-RED/front.jpg": jpeg(vase(COLOURS[0])),
        "VASE-BLUE/front.png": png(vase(COLOURS[1], lean=2, cut_out=True)),
        "BROKEN/front.jpg": b"<html>not a picture</html>",
        "readme.txt": b"not a picture, and not named like one",
    }
    for key, content in files.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(content)
    return folder
