"""Comparing a listing with what is known, without a server: how it grows to a million keys."""

import json
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pyarrow as pa

from transforms.presets.catalogue import Catalogue, Place
from transforms.publishing.manifest import MANIFEST
from transforms.records.parquet import from_bytes, to_bytes
from transforms.runs.inventory import compare
from transforms.runs.outcomes import OUTCOMES

_RECIPE = "recipe"
_VARIANT = "standard"
_PEAK_PER_MB = 1024


def bench_comparison(counts: list[int]) -> list[dict[str, Any]]:
    """Compare listings of growing size, 1 % of them new with masks, each in its own process.

    Returns:
        JSON-able: for each size wall and CPU seconds of decoding the last outcomes and the
        manifest and comparing, and the peak memory of the process.
    """
    results = []
    for count in counts:
        command = [sys.executable, "-m", "benchmarks.comparison", str(count)]
        done = subprocess.run(  # noqa: S603 - our own program
            command, capture_output=True, text=True, check=True
        )
        results.append(json.loads(done.stdout))
    return results


def compare_once(count: int) -> dict[str, Any]:
    """Compare `count` pictures, and the masks of those that are new, in this process."""
    keys = pa.array([f"SKU-{n:07d}/front.jpg" for n in range(count)])
    random = np.random.default_rng(0)
    etags = pa.array([f"{a:016x}{b:016x}" for a, b in random.integers(0, 2**62, (count, 2))])
    known = count - count // 100
    outcomes, manifest = (to_bytes(table) for table in _known(keys[:known], etags[:known]))
    masks = pa.array([f"SKU-{n:07d}/front.mask.png" for n in range(known, count)])
    listing = pa.table(
        {
            "key": pa.concat_arrays([keys, masks]),
            "etag": pa.concat_arrays([etags, etags[known:]]),
            "size_bytes": pa.repeat(9, count + len(masks)),
        }
    )
    prepared_mb = _peak_mb()
    began, cpu = time.perf_counter(), time.process_time()
    made = ["sku", "view", "variant", "recipe", "prepared"]
    columns = [*made, "source_sha256", "source_key"]
    found = compare(
        listing,
        from_bytes(outcomes),
        from_bytes(manifest, columns),
        catalogue=_catalogue(),
        recipes={_VARIANT: _RECIPE},
    )
    return {
        "objects": count,
        "seconds": round(time.perf_counter() - began, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "peak_mb": _peak_mb(),
        "peak_mb_before_comparing": prepared_mb,
        "changes": found.counts(),
    }


def filled(columns: dict[str, Any], schema: pa.Schema, rows: int) -> pa.Table:
    """A table in which all columns that are not given are empty or false."""
    empty = {pa.string(): "", pa.int64(): 0, pa.float64(): 0.0, pa.bool_(): False}
    whole = {
        field.name: columns[field.name]
        if field.name in columns
        else pa.repeat(pa.scalar(empty[field.type]), rows)
        if field.type in empty
        else pa.array([[]] * rows, field.type)
        for field in schema
    }
    return pa.table(whole, schema=schema)


def known_tables(
    keys: pa.Array, etags: pa.Array, sizes: pa.Array, *, variant: str, recipe: str
) -> tuple[pa.Table, pa.Table]:
    """Outcomes and manifest of a night that published these keys."""
    rows = len(keys)
    same = {
        "sku": pa.array([key.partition("/")[0] for key in keys.to_pylist()]),
        "view": pa.repeat("front", rows),
        "variant": pa.repeat(variant, rows),
        "recipe": pa.repeat(recipe, rows),
        "prepared": keys,
        "key": keys,
    }
    outcomes = {
        **same,
        "etag": etags,
        "size_bytes": sizes,
        "sha256": keys,
        "state": pa.repeat("published", rows),
    }
    manifest = {
        **same,
        "source_key": keys,
        "source_sha256": keys,
        "source_present": pa.repeat(pa.scalar(value=True), rows),
    }
    return filled(outcomes, OUTCOMES, rows), filled(manifest, MANIFEST, rows)


def _known(keys: pa.Array, etags: pa.Array) -> tuple[pa.Table, pa.Table]:
    sizes = pa.repeat(9, len(keys))
    return known_tables(keys, etags, sizes, variant=_VARIANT, recipe=_RECIPE)


def _catalogue() -> Catalogue:
    nowhere = Place(uri="file:///nowhere")
    return Catalogue(
        name="bench",
        source=nowhere,
        work=nowhere,
        published=nowhere,
        variants={_VARIANT: "standard"},
        channels=("shop",),
    )


def _peak_mb() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _PEAK_PER_MB)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(compare_once(int(sys.argv[1]))))
