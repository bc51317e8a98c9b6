"""A real browser, where there is one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str:
    """Path of a Chromium; Debian's is installed where that is possible, but never in CI."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    if os.environ.get("CI"):
        pytest.skip("no Chromium here, and CI installs none: the page was NOT tried in a browser")
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or not apt:
        pytest.skip("no Chromium here (apt-get install chromium): NOT tried in a browser")
    installed = subprocess.run(
        [apt, "install", "--yes", "--no-install-recommends", "chromium"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    found = shutil.which("chromium")
    if not found:
        said = (installed.stderr.strip().splitlines() or ["no reason given"])[-1]
        pytest.skip(f"Chromium cannot be installed ({said}): NOT tried in a browser")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with a profile of its own."""
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield opened
        finally:
            opened.close()
