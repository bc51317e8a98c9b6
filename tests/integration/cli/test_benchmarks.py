"""`packshot bench` is there in a checkout, and nowhere else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def packshot(*arguments, path):
    """Run the command with these folders first in the path, outside the checkout."""
    return subprocess.run(
        [sys.executable, "-m", "transforms.cli", *arguments],
        cwd=path[0],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """What a wheel holds."""
    folder = tmp_path_factory.mktemp("installed")
    shutil.copytree(ROOT / "transforms", folder / "transforms")
    return folder


def test_a_checkout_has_benchmarks():
    told = packshot("bench", "--help", path=[ROOT])

    assert told.returncode == 0
    assert "planning" in told.stdout


def test_an_installed_package_has_none(installed):
    assert packshot("bench", path=[installed]).returncode == 2
    assert "bench" not in packshot("--help", path=[installed]).stdout


def test_benchmarks_of_another_distribution_are_not_ours(installed, tmp_path):
    (tmp_path / "other" / "benchmarks").mkdir(parents=True)
    (tmp_path / "other" / "benchmarks" / "__init__.py").touch()

    told = packshot("--help", path=[tmp_path / "other", installed])

    assert told.returncode == 0
    assert "bench" not in told.stdout
