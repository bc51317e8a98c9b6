"""Cut-outs a second per core, beside the `rembg p` command on the same pictures and model."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transforms.errors import ConfigError
from transforms.models.networks import model_path
from transforms.preparation.sequence import prepare
from transforms.presets.catalogue import Preparation

MODEL = "u2netp"
_FEWEST = 2


def bench_throughput(pictures: Sequence[Path], rembg: Path | None) -> dict[str, Any]:
    """Time both commands over one folder, and the whole of prepare in this process.

    Each command runs over all pictures and over one of them; the difference is what the others
    cost, so that starting (imports, weights) counts for neither. One thread each; CPU time.

    Args:
        pictures: At least two that decode and show a product.
        rembg: The command of an environment of its own; None: only ours is timed.

    Returns:
        Pictures a second per core of `cutout` (two looks), `cutout_one_look`, `rembg` (one look,
        None where it was not given) and `prepare`; `rest_of_prepare`, what prepare does beside
        cutting out (None where it takes no longer than the command, which also encodes); and the
        seconds that each command takes to start.

    Raises:
        ConfigError: There are fewer than two pictures, or a command did not cut out every one, so
            its time says nothing.
    """
    if len(pictures) < _FEWEST:
        raise ConfigError(f"{len(pictures)} picture(s) found; a rate needs {_FEWEST} or more")
    with tempfile.TemporaryDirectory(prefix="packshot-throughput-") as folder:
        many, one = Path(folder) / "many", Path(folder) / "one"
        for target, chosen in ((many, pictures), (one, pictures[:1])):
            target.mkdir()
            for number, picture in enumerate(chosen):
                shutil.copy(picture, target / f"{number:04d}{picture.suffix.lower()}")
        ours = [sys.executable, "-m", "transforms.cli", "cutout", "--model", MODEL]
        results: dict[str, Any] = {"pictures": len(pictures)}
        results |= _rate("cutout", ours, many, one)
        results |= _rate("cutout_one_look", [*ours, "--looks", "1"], many, one)
        if rembg:
            home = Path(folder) / "u2net"
            home.mkdir()
            (home / f"{MODEL}.onnx").symlink_to(model_path(MODEL))
            command = [str(rembg), "p", "-m", MODEL]
            results |= _rate("rembg", command, many, one, U2NET_HOME=str(home))
        else:
            results["rembg"] = None
    seconds = _prepare(pictures)
    results["prepare"] = round(1 / seconds, 3)
    rest = seconds - 1 / results["cutout"]
    results["rest_of_prepare"] = round(1 / rest, 3) if rest > 0 else None
    return results


def _rate(
    name: str, command: list[str], many: Path, one: Path, **environment: str
) -> dict[str, float]:
    count = len(list(many.iterdir()))
    _timed(command, one, environment)  # the first one after installing compiles and caches
    begin = _timed(command, one, environment)
    whole = _timed(command, many, environment)
    rate = (count - 1) / max(1e-9, whole - begin)
    return {name: round(rate, 3), f"{name}_start_seconds": round(begin - 1 / rate, 2)}


def _timed(command: list[str], source: Path, environment: dict[str, str]) -> float:
    """CPU seconds of a command over a folder."""
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory(dir=source.parent) as target:
        before = _children()
        done = subprocess.run(  # noqa: S603 - our own command, or the one that the caller names
            [*command, str(source), target],
            env={**os.environ, **threads, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        taken = _children() - before
        made = sum(path.is_file() for path in Path(target).rglob("*"))
    if made < len(list(source.iterdir())):
        said = done.stderr.strip().splitlines()[-1:] or [""]
        raise ConfigError(f"{command[0]}: made {made} cut-outs only: {said[0]}")
    return taken


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _prepare(pictures: Sequence[Path]) -> float:
    """CPU seconds a picture of all of prepare, once libraries and weights are loaded."""
    settings = Preparation(cutout=MODEL)
    prepare(pictures[0].read_bytes(), settings, digest="")
    begin = time.process_time()
    for picture in pictures:
        prepare(picture.read_bytes(), settings, digest="")
    return (time.process_time() - begin) / len(pictures)
