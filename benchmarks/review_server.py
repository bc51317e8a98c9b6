"""The review page in a process of its own, without Airflow, for whoever knows its address."""

import importlib
import multiprocessing
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.made_up import made_up_catalogue
from transforms.errors import ConfigError
from transforms.presets.catalogue import Catalogue
from transforms.storage.opening import open_storage

PLUGINS = Path(__file__).resolve().parents[1] / "plugins"


@contextmanager
def review_server(root: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Serve the made-up catalogue's review page; gives its address and its process.

    Raises:
        ConfigError: It did not start.
    """
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
    catalogue = made_up_catalogue(root)
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
