"""A night that is killed at any moment is finished by the next one, byte for byte."""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.product_pictures import products
from transforms.storage.opening import open_storage
from transforms.storage.protocol import Storage

KILLS_A_ROUND, ROUNDS = 7, 3


def command(places: dict[str, str]) -> list[str]:
    options = [f"--{name}={uri}" for name, uri in places.items()]
    return [sys.executable, "-m", "transforms.cli", "run", "--json", *options]


def run_to_its_end(places: dict[str, str], environment: dict[str, str]) -> float:
    began = time.monotonic()
    done = subprocess.run(
        command(places), env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return time.monotonic() - began


def kill_after(seconds: float, places: dict[str, str], environment: dict[str, str]) -> bool:
    """Kill a run without warning; False when it had ended before."""
    process = subprocess.Popen(
        command(places),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


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

    kills = killed_rounds(places, small_environment)

    assert kills >= KILLS_A_ROUND * ROUNDS - ROUNDS
    expected = all_files(tmp_path / "undisturbed" / "published")
    for number in range(ROUNDS):
        assert all_files(tmp_path / f"round-{number}" / "published") == expected


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

    kills = killed_rounds(places, {**small_environment, **s3_server.environment})

    assert kills >= KILLS_A_ROUND * ROUNDS - ROUNDS


def killed_rounds(places, environment) -> int:
    """Kill nights in several rounds, finish each round, compare; the number of kills."""
    undisturbed = places("undisturbed")
    seconds = run_to_its_end(undisturbed, environment)
    expected = contents(open_storage(undisturbed["published"]))
    assert "current.json" in expected
    moments = random.Random(20)
    kills = 0
    for number in range(ROUNDS):
        disturbed = places(f"round-{number}")
        for _ in range(KILLS_A_ROUND):
            kills += kill_after(moments.uniform(0.2, 1) * seconds, disturbed, environment)
        run_to_its_end(disturbed, environment)
        assert contents(open_storage(disturbed["published"])) == expected
    return kills


@pytest.fixture
def small_environment(small_config) -> dict[str, str]:
    return {**os.environ, "PACKSHOT_CONFIG": str(small_config), "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="session")
def small_source(tmp_path_factory) -> Path:
    """Six small products, and two files that are not pictures."""
    folder = tmp_path_factory.mktemp("shop") / "source"
    for sku, picture in products(6).items():
        (folder / sku).mkdir(parents=True)
        (folder / sku / "front.jpg").write_bytes(picture)
    (folder / "BROKEN").mkdir()
    (folder / "BROKEN" / "front.jpg").write_bytes(b"<html>not a picture</html>")
    shutil.copy(__file__, folder / "readme.txt")
    return folder
