"""The review page over a run of many pictures: how soon it shows, how it scrolls, what it takes."""

import importlib
import multiprocessing
import secrets
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil

from transforms.errors import ConfigError
from transforms.images.codec import encode_thumbnail
from transforms.manifest.fingerprint import fingerprint
from transforms.manifest.layout import rendition_key, run_key, shard_key
from transforms.manifest.parquet import to_bytes, to_table, write_records
from transforms.manifest.records import Outcome, QualityReport, RuleResult, State, Verdict
from transforms.manifest.run import RunPlan
from transforms.manifest.summary import Counts, Summary
from transforms.manifest.verdicts import write_verdicts
from transforms.presets.catalogue import Catalogue, Place
from transforms.presets.configuration import configure
from transforms.presets.loading import config_folder
from transforms.storage.opening import open_storage

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
RUN = "bench-run"
SHARD = 32
WAITING, FAILED = 0.15, 0.02
"""Shares of pictures that wait and that failed, as in a night after a new camera."""
_ROUNDS = 15
_SCROLL_PX, _PAUSE_S = 1500, 0.15
_THUMBNAIL_PX = 480
_DIFFERENT_THUMBNAILS = 64

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
        _write_run(root, pictures)
        written = time.perf_counter() - begin
        with _server(root) as (url, process):
            return {
                "pictures": pictures,
                "seconds_to_write_it": round(written, 1),
                "server": _asked(url, process),
                "browser": _browsed(url, process) if browse else None,
            }


def _catalogue(root: Path) -> Catalogue:
    return Catalogue(
        name="bench",
        source=Place(uri=(root / "source").as_uri()),
        work=Place(uri=(root / "work").as_uri()),
        published=Place(uri=(root / "published").as_uri()),
        variants={"standard": "standard"},
        channels=("shop",),
    )


def _write_run(root: Path, count: int) -> None:
    catalogue = _catalogue(root)
    work = open_storage(catalogue.work.uri)
    (root / "work" / "renditions").mkdir(parents=True)
    (root / "published").mkdir()
    configuration = configure(catalogue, config_folder())
    rules = configuration.gate.rules
    generator = np.random.default_rng(1)
    shape = (_DIFFERENT_THUMBNAILS, 12, 12, 3)
    thumbnails = [
        encode_thumbnail(np.kron(noise, np.ones((40, 40, 1), np.uint8)))
        for noise in generator.integers(120, 255, shape, np.uint8)
    ]
    reports, outcomes = [], []
    for number in range(count):
        share = number / count
        verdict: Verdict = "FAIL" if share < FAILED else "REVIEW" if share < WAITING else "PASS"
        broken = "matte_disagreement" if verdict != "PASS" else ""
        known = {"key": f"SKU-{number:06d}/front.jpg", "sku": f"SKU-{number:06d}", "view": "front"}
        made = fingerprint("bench", number)
        path = root / "work" / rendition_key(made, "thumb.jpg")
        path.write_bytes(thumbnails[number % len(thumbnails)] + b"\n%d" % number)
        reports.append(
            QualityReport(
                **known,
                sha256="0" * 64,
                prepared=made,
                variant="standard",
                fingerprint=made,
                verdict=verdict,
                reasons=[broken] if broken else [],
                rules=[
                    RuleResult(
                        rule=name,
                        value=0.5,
                        limit="at most 1",
                        state=verdict if name == broken else "PASS",
                        why=limit.why,
                    )
                    for name, limit in rules.items()
                ],
            )
        )
        state: State = {"FAIL": "failed", "REVIEW": "review", "PASS": "published"}[verdict]  # type: ignore[assignment]
        outcomes.append(
            Outcome(
                **known,
                etag=str(number),
                size_bytes=1,
                sha256="0" * 64,
                phash="",
                variant="standard",
                recipe="bench",
                state=state,
                reason=broken,
                message="",
                fingerprint=made,
                prepared="",
            )
        )
    for shard, begin in enumerate(range(0, count, SHARD)):
        part = reports[begin : begin + SHARD]
        write_records(work, shard_key(RUN, "quality", shard), part, QualityReport)
    write_verdicts(work, RUN)
    work.create(run_key(RUN, "outcomes.parquet"), to_bytes(to_table(outcomes, Outcome)))
    now = datetime.now(UTC)
    states = [each.state for each in outcomes]
    summary = Summary(
        run_id=RUN,
        catalogue="bench",
        variants=("standard",),
        ending="published",
        message="A made-up run.",
        counts=Counts(
            listed=count,
            published=states.count("published"),
            review=states.count("review"),
            failed=states.count("failed"),
        ),
        changes={},
        reasons={},
        warnings={},
        version=None,
        manifest=None,
        report=None,
        outcomes=run_key(RUN, "outcomes.parquet"),
        started=now,
        ended=now,
        seconds=0.0,
        plan=RunPlan(
            run_id=RUN,
            started=now,
            configuration=configuration,
            base=None,
            base_etag=None,
            previous_outcomes=None,
        ),
    )
    work.create(run_key(RUN, "summary.json"), summary.model_dump_json().encode())


@contextmanager
def _server(root: Path) -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(8)
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(root, port, token), daemon=True
    )
    process.start()
    url = f"http://127.0.0.1:{port}/{token}"
    try:
        _wait(url)
        yield url, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.join()


def _serve(root: Path, port: int, token: str) -> None:
    """The page without Airflow, for whoever knows its address."""
    sys.path.append(str(PLUGINS))
    create_app = importlib.import_module("packshot_review.app").create_app
    shop = importlib.import_module("packshot_review.shop").Shop
    fastapi, uvicorn = importlib.import_module("fastapi"), importlib.import_module("uvicorn")
    catalogue = _catalogue(root)
    storages = open_storage(catalogue.work.uri), open_storage(catalogue.published.uri)

    async def identify(request: Any) -> _Anybody:
        del request
        return _Anybody()

    outer = fastapi.FastAPI()
    outer.mount(f"/{token}", create_app(lambda: [shop(catalogue, *storages)], identify))
    uvicorn.run(outer, host="127.0.0.1", port=port, log_level="warning")


class _Anybody:
    name = "bench"

    def may_look(self, catalogue: Catalogue) -> bool:
        return catalogue.name == "bench"

    def may_decide(self, catalogue: Catalogue) -> bool:
        return catalogue.name == "bench"


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{url}/assets/x/review.css", trust_env=False, timeout=30)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise ConfigError(f"{url}: the review page did not start")


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
