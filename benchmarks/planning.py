"""How long planning takes: a listing of many objects compared with what is known of them."""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from benchmarks.comparison import bench_comparison, known_tables
from benchmarks.made_up import first_plan, leave_ended
from tests.support.seaweedfs import seaweedfs
from transforms.errors import PackshotError
from transforms.presets.configuration import Configuration
from transforms.publishing.publication import make_visible
from transforms.runs.run import Places
from transforms.runs.summary import Counts
from transforms.storage.opening import open_storage
from transforms.storage.transfer import create_each


def bench_planning(configuration: Configuration, counts: list[int]) -> dict[str, Any]:
    """Plan a night over buckets of growing size on SeaweedFS, nothing and 1 % changed.

    Args:
        configuration: Any catalogue's; its places are not used.
        counts: Objects in the source bucket, growing: later ones add to earlier ones.

    Returns:
        JSON-able: for each size the seconds of filling the bucket, and for each planning its
        wall seconds and peak memory, in a process of its own that starts cold; and the
        comparison alone, up to ten times the largest size.
    """
    results = []
    with tempfile.TemporaryDirectory() as folder, seaweedfs(Path(folder)) as server:
        uris = {name: f"s3://{server.bucket}/{name}" for name in ("source", "work", "published")}
        places = Places(
            **{
                name: open_storage(uri, session=server.session, endpoint_url=server.endpoint_url)
                for name, uri in uris.items()
            }
        )
        catalogue = Path(folder) / f"{configuration.catalogue.name}.yaml"
        catalogue.write_text(yaml.safe_dump(configuration.catalogue.model_dump(mode="json")))
        filled = 0
        for count in sorted(counts):
            began = time.perf_counter()
            fresh = ((_key(n), b"%d" % n) for n in range(filled, count))
            for _ in create_each(places.source, fresh, window=32):
                pass
            filled, fill_s = count, time.perf_counter() - began
            told: dict[str, Any] = {"objects": count, "filling_seconds": round(fill_s, 1)}
            for name, known in (("unchanged", count), ("one_percent_new", count - count // 100)):
                _pretend_published(places, configuration, known)
                told[name] = _measured_plan(catalogue, uris, server.environment)
            results.append(told)
    grown = [*sorted(counts), 10 * max(counts)]
    return {
        "server": "SeaweedFS",
        "sizes": results,
        "comparison_alone": bench_comparison(grown),
    }


def _key(number: int) -> str:
    return f"SKU-{number:07d}/front.jpg"


def _pretend_published(places: Places, configuration: Configuration, count: int) -> None:
    """Leave what a night that published the first `count` objects would have left."""
    look = configuration.looks[0]
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    plan = first_plan(configuration, run_id)
    listing = places.source.listing().slice(0, count).combine_chunks()
    outcomes, manifest = known_tables(
        *(listing[column].combine_chunks() for column in ("key", "etag", "size_bytes")),
        variant=look.variant,
        recipe=plan.recipe(look),
    )
    make_visible(places.published, lambda _: manifest)
    counts = Counts(listed=len(listing), published=len(listing))
    leave_ended(places.work, plan, look.variant, outcomes, counts)


def _measured_plan(
    catalogue: Path, uris: dict[str, str], environment: dict[str, str]
) -> dict[str, Any]:
    """Run `packshot plan` in a process of its own, and take its time and memory."""
    options = [f"--{name}={uri}" for name, uri in uris.items()]
    command = [sys.executable, "-m", "transforms.cli", "plan", "--json"]
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*command, f"--catalogue={catalogue}", *options],
            env={**os.environ, **environment},
            stdout=said,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        if process.returncode:
            raise PackshotError(f"packshot plan ended with {process.returncode}")
        said.seek(0)
        plan = json.load(said)
    return {
        "seconds": round(wall, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(usage.ru_maxrss / 1024),
        "pictures_to_do": plan["pictures"],
    }
