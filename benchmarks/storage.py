"""How fast storage writes, reads and lists, on this machine's disk and on a local S3 server."""

import os
import resource
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.support.seaweedfs import seaweedfs
from transforms.storage.folder import FolderStorage
from transforms.storage.opening import open_storage
from transforms.storage.protocol import Storage
from transforms.storage.transfer import create_each, read_each

WINDOWS = (1, 4, 16, 32)


def bench_storage(
    folder: Path,
    *,
    objects: int = 500,
    size_bytes: int = 200_000,
    listed: int = 10_000,
    windows: Iterable[int] = WINDOWS,
) -> dict[str, Any]:
    """Measure both implementations below `folder`, which is made where missing and kept.

    Args:
        folder: On the disk to be measured.
        objects: How many are written, and read again, for each window.
        size_bytes: Of each of them; random bytes.
        listed: How many small objects the measured listing has.
        windows: How many are on the way at once.

    Returns:
        For `folder` and `seaweedfs`: `create_per_s` and `read_per_s` by window (objects a second),
        `listing` with `objects` and `seconds`; and `peak_memory_mb` of this process, in 10^6 bytes.
    """
    widths = tuple(windows)
    local = FolderStorage(folder / "files")
    measured: dict[str, Any] = {"objects": objects, "size_bytes": size_bytes}
    measured["folder"] = _measure(local, objects, size_bytes, listed, widths)
    with seaweedfs(folder / "seaweedfs") as server:
        remote = open_storage(
            f"s3://{server.bucket}/bench", session=server.session, endpoint_url=server.endpoint_url
        )
        measured["seaweedfs"] = _measure(remote, objects, size_bytes, listed, widths)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024
    return measured | {"peak_memory_mb": round(peak * unit / 1e6)}


def _measure(
    storage: Storage, objects: int, size_bytes: int, listed: int, windows: tuple[int, ...]
) -> dict[str, Any]:
    create: dict[str, float] = {}
    read: dict[str, float] = {}
    data = os.urandom(size_bytes)
    for window in windows:
        keys = [f"window-{window}/{i % 100:02}/{i:06}.png" for i in range(objects)]
        items = ((key, data) for key in keys)
        create[str(window)] = objects / _seconds(create_each(storage, items, window=window))
        read[str(window)] = objects / _seconds(read_each(storage, keys, window=window))
    small = ((f"listed/{i % 100:02}/{i:06}.json", b"{}") for i in range(listed))
    writing = _seconds(create_each(storage, small, window=max(windows)))
    began = time.perf_counter()
    found = storage.listing("listed/").num_rows
    return {
        "create_per_s": {window: round(rate) for window, rate in create.items()},
        "read_per_s": {window: round(rate) for window, rate in read.items()},
        "small_create_per_s": round(listed / writing),
        "listing": {"objects": found, "seconds": round(time.perf_counter() - began, 3)},
    }


def _seconds(work: Iterable[object]) -> float:
    """How long it takes to iterate; the work begins with it."""
    began = time.perf_counter()
    for _ in work:
        pass
    return time.perf_counter() - began
