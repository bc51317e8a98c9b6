"""Programs that share no code with ours and read back what we write."""

import shutil

import pytest


def program(name: str, package: str) -> str:
    """Path of a program; a test that needs one which is not installed says that it did not run."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"NOT RUN: {name} is missing (apt-get install {package})")
    return found


def exiftool() -> str:
    """Path of Debian's exiftool."""
    return program("exiftool", "libimage-exiftool-perl")
