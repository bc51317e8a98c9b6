"""The review page over a run of many pictures: how soon it shows, how it scrolls, what it takes."""

import importlib
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.review_run import RUN, write_run
from benchmarks.review_server import PLUGINS, review_server
from transforms.errors import ConfigError

_ROUNDS = 15
_SCROLL_PX, _PAUSE_S = 1500, 0.15

_CHROMIUM = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")

_GAPS = """() => {
  const seen = new Set();
  for (let y = 200; y < innerHeight; y += 60) for (let x = 60; x < innerWidth; x += 90) {
    const image = document.elementFromPoint(x, y)?.closest('.card')?.querySelector('img.after');
    if (image) seen.add(image);
  }
  return [...seen].filter(each => !(each.complete && each.naturalWidth)).length;
}"""
_AT_END = """() => !document.querySelector('.more')
  && scrollY + innerHeight >= document.body.scrollHeight - 5"""
_PAINT = """() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"""


def bench_review(pictures: int, *, browse: bool = True) -> dict[str, Any]:
    """Serve a made-up run of `pictures` renditions, ask for its pages, and scroll in a browser.

    The pictures' thumbnails are small noise, written once each; manifests are as a night writes
    them. Folder storage, one server process.

    Args:
        pictures: How many.
        browse: Whether to scroll in a browser, too.

    Returns:
        JSON-able: seconds of the first gallery after the server's start and of later ones, of all
        its parts, and of a filter; the server's memory in MB before, after, and after three walks
        through everything; and, where there is a Chromium, its first contentful paint in
        milliseconds and the pictures that had not come 0.15 s after each step of 1,500 px.

    Raises:
        ConfigError: The plugin's folder is not there: this is for a checkout.
    """
    if not PLUGINS.is_dir():
        raise ConfigError(f"{PLUGINS}: not there; the review page lies in a checkout alone")
    with tempfile.TemporaryDirectory(prefix="packshot-review-") as folder:
        root = Path(folder)
        begin = time.perf_counter()
        write_run(root, pictures)
        written = time.perf_counter() - begin
        with review_server(root) as (url, process):
            return {
                "pictures": pictures,
                "seconds_to_write_it": round(written, 1),
                "server": _asked(url, process),
                "browser": _browsed(url, process) if browse else None,
            }


def _asked(url: str, process: psutil.Process) -> dict[str, Any]:
    """Pages as a client without a browser gets them."""
    with httpx.Client(trust_env=False, timeout=120, base_url=url) as client:
        gallery = f"/c/bench/r/{RUN}"
        told: dict[str, Any] = {"memory_mb_idle": _memory(process)}
        told["first_gallery_seconds"] = _seconds(client, gallery)
        told["memory_mb_after_it"] = _memory(process)
        told["later_gallery_seconds"] = _median(client, gallery)
        told["filtered_gallery_seconds"] = _median(client, f"{gallery}?status=waiting&product=77")
        walks = [_walk(client, gallery) for _ in range(3)]
        told["all_cards"] = walks[0][1]
        told["all_parts_seconds"] = [round(seconds, 2) for seconds, _ in walks]
        told["memory_mb_after_three_walks"] = _memory(process)
    return told


def _memory(process: psutil.Process) -> int:
    return int(process.memory_info().rss / 1e6)


def _seconds(client: httpx.Client, path: str) -> float:
    begin = time.perf_counter()
    client.get(path).raise_for_status()
    return round(time.perf_counter() - begin, 3)


def _median(client: httpx.Client, path: str) -> float:
    return round(statistics.median(_seconds(client, path) for _ in range(_ROUNDS)), 3)


def _walk(client: httpx.Client, gallery: str) -> tuple[float, int]:
    """Ask for every part of the gallery; gives seconds and cards."""
    begin, cards = time.perf_counter(), 0
    page = client.get(gallery).raise_for_status().text
    while True:
        cards += page.count('<li class="card"')
        following = page.partition('data-more="')[2].partition('"')[0]
        if not following:
            return time.perf_counter() - begin, cards
        query = following.partition("?")[2].replace("&amp;", "&")
        page = client.get(f"{gallery}/more?{query}").raise_for_status().text


def _browsed(url: str, process: psutil.Process) -> dict[str, Any] | None:
    """Scroll to the end in a real browser; None where there is none."""
    path = shutil.which("chromium")
    if not path:
        return None
    playwright = importlib.import_module("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=list(_CHROMIUM))
        page = browser.new_page(viewport={"width": 1480, "height": 920})
        page.set_default_timeout(120_000)
        paints = []
        for _ in range(3):
            page.goto(f"{url}/c/bench/r/{RUN}", wait_until="load")
            paints.append(round(page.wait_for_function(_PAINT).json_value()))
        missing, begin = [], time.perf_counter()
        while not page.evaluate(_AT_END):
            page.mouse.wheel(0, _SCROLL_PX)
            time.sleep(_PAUSE_S)
            missing.append(page.evaluate(_GAPS))
        told = {
            "first_contentful_paint_ms": paints,
            "steps": len(missing),
            "steps_with_a_gap": sum(count > 0 for count in missing),
            "most_missing_at_once": max(missing, default=0),
            "scroll_seconds": round(time.perf_counter() - begin, 1),
            "cards_at_the_end": page.locator(".card").count(),
            "server_memory_mb": _memory(process),
        }
        browser.close()
    return told
