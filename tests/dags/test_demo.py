"""The demo as a user calls it: a real Airflow runs a night, ends, and leaves nothing running."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from demo.night import Progress
from demo.processes import MARK, end, find_marked, mark, of_home, of_start
from tests.support.product_pictures import products

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def call(config, tmp_path):
    """Call the demo over four small photographs and one broken file; gives what it printed."""
    pictures = {**products(4), "BROKEN": b"<html>not a picture</html>"}
    for sku, picture in pictures.items():
        (tmp_path / "source" / sku).mkdir(parents=True)
        (tmp_path / "source" / sku / "front.jpg").write_bytes(picture)

    def call(what: str) -> str:
        command = [sys.executable, "-m", "demo", what, "--home", str(tmp_path / "airflow")]
        command += ["--season", "winter"]  # one will do
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return call


@pytest.mark.parametrize(
    ("tasks", "asks"),
    [
        ({"report": {"success": 1}, "release": {"awaiting_input": 1}, "account": {"waiting": 1}},
         "release"),
        ({"report": {"running": 1}, "release": {"awaiting_input": 1}}, ""),
        ({"report": {"success": 1}, "release": {"skipped": 1}, "account": {"queued": 1}}, ""),
    ],
    ids=["held", "held, and something still runs", "not held"],
)  # fmt: skip
def test_a_night_that_waits_for_a_person_is_not_waited_for(tasks, asks):
    assert Progress("running", {name: Counter(of) for name, of in tasks.items()}).asks == asks


def test_the_demo_runs_a_night_and_a_season_and_then_finds_nothing_to_do(call, tmp_path):
    home = tmp_path / "airflow"

    first = call("run")

    assert "The night ended: success" in first
    assert "The season winter ended: success" in first
    assert first.count("BROKEN ") == 1, "what cannot be used is told once"
    example = first.partition("for example:")[2].split()[0]
    assert "/front/winter/" in example
    assert Path(example).is_file()
    assert str(tmp_path / "demo.png") in first
    for variant in ("standard", "winter"):
        assert list((tmp_path / "published").glob(f"VASE-*/front/{variant}/*.jpg"))
    assert (tmp_path / "demo.png").is_file()
    assert first.count("Report: ") == 2
    assert len(list((tmp_path / "work/runs").glob("*/report.html"))) == 2
    assert find_marked(of_home(home)) == []
    assert (home / "login.json").stat().st_mode & 0o777 == 0o600
    assert (home / "passwords.json").stat().st_mode & 0o777 == 0o600

    began = time.monotonic()
    second = call("run")

    assert "Nothing has changed since the last night" in second
    assert example in second
    assert time.monotonic() - began < 20


def sleeper(home, token: str, *, deaf: bool = False) -> subprocess.Popen:
    """A process of an Airflow in `home`, in a session of its own; a deaf one ignores SIGTERM."""
    program = "import signal, sys, time; "
    program += "signal.signal(signal.SIGTERM, signal.SIG_IGN); " if deaf else ""
    program += "print('up', flush=True); time.sleep(300)"
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, MARK: mark(home, token)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    process.stdout.readline()
    process.stdout.close()
    return process


def test_ending_one_home_spares_every_other_process(tmp_path):
    mine, other = tmp_path / "mine", tmp_path / "mine-too"
    ended = [sleeper(mine, "a"), sleeper(mine, "b")]
    spared = sleeper(other, "a")
    try:
        assert end(of_home(mine)) == 2
        assert find_marked(of_home(mine)) == []
        assert [process.poll() is None for process in ended] == [False, False]
        assert spared.poll() is None
    finally:
        spared.kill()
        spared.wait()


def test_a_process_that_does_not_listen_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("demo.processes.PATIENCE_SECONDS", 0.2)
    process = sleeper(tmp_path, "a", deaf=True)

    assert end(of_start(tmp_path, "a")) == 1
    assert find_marked(of_start(tmp_path, "a")) == []
    assert process.poll() is not None


def test_the_keeper_ends_what_a_killed_demo_left(tmp_path):
    orphan = sleeper(tmp_path, "a")
    keeper = [sys.executable, "-m", "demo.processes", str(tmp_path), "a"]
    program = (
        "import subprocess, sys, time; "
        f"subprocess.Popen({keeper!r}, stdin=subprocess.PIPE, start_new_session=True); "
        "print('up', flush=True); time.sleep(300)"
    )
    demo = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True
    )
    demo.stdout.readline()
    demo.stdout.close()

    demo.kill()
    demo.wait()

    assert orphan.wait(20) == -signal.SIGTERM
