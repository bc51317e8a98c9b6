"""Pictures a minute of the engine, beside the script that a user would write and the bare model."""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from benchmarks.first_step import first_step, preloaded
from benchmarks.render_ways import STRENGTH, Setting, by_bare, by_engine, by_script
from tests.support.random_checkpoints import save_sd15
from transforms.diffusion.letterbox import resize
from transforms.images.codec import encode_png
from transforms.images.colour import to_srgb
from transforms.images.decoding import open_image
from transforms.storage.folder import FolderStorage

Way = Literal["script", "engine", "bare"]
WAYS: tuple[Way, ...] = ("script", "engine", "bare")

_PEAK_PER_MB = 1024


def bench_rendering(
    photographs: Sequence[bytes], setting: Setting, *, rounds: int = 3
) -> dict[str, Any]:
    """Time all ways in turn, each round each in a process of its own, after one warm-up.

    * `script`: opens each file with Pillow, resizes it, calls the pipeline as diffusers loads it,
      resizes the result to the picture's size and saves it as PNG; one by one.
    * `engine`: the same files from and to a folder, by `overlapped` and `Engine`.
    * `bare`: the engine's model in its batches, on pictures that lie in memory; keeps nothing.

    Args:
        photographs: Contents of files; repeated up to `setting.pictures`.
        setting: The same for all ways.
        rounds: Ratios are medians over them.

    Returns:
        JSON-able: pictures a minute of each round, ratios, peak memory, and seconds from a task's
        start to its first denoising step.
    """
    with tempfile.TemporaryDirectory(prefix="packshot-render-") as name:
        folder = Path(name)
        save_sd15(folder / "checkpoint", setting.size)
        (folder / "setting.json").write_text(json.dumps(asdict(setting)))
        source = FolderStorage(folder / "source")
        for number in range(setting.pictures):
            content = photographs[number % len(photographs)]
            source.create(f"{number:04d}.png", encode_png(_canvas(content, setting.canvas_px)))
        timed: dict[Way, list[dict[str, Any]]] = {way: [] for way in WAYS}
        for number in range(rounds):
            # Another one first each time, so that none has the quiet moments to itself.
            for way in WAYS[number % len(WAYS) :] + WAYS[: number % len(WAYS)]:
                timed[way].append(_in_a_process(folder, way))
        begun = time.time()
        cold = _in_a_process(folder, "start")
        warm = _in_a_process(folder, "preloaded")
    rates = {
        way: [60 * setting.pictures / each["seconds"] for each in runs]
        for way, runs in timed.items()
    }
    cpu = {
        way: statistics.median(each["cpu"] for each in runs) / setting.pictures
        for way, runs in timed.items()
    }
    return {
        "setting": {**asdict(setting), "strength": STRENGTH},
        "threads": timed["engine"][0]["threads"],
        "pictures_a_minute": {way: [round(rate, 2) for rate in of] for way, of in rates.items()},
        "engine_to_script": _ratio(rates["engine"], rates["script"]),
        "engine_to_bare": _ratio(rates["engine"], rates["bare"]),
        "cpu_seconds_a_picture": {way: round(of, 2) for way, of in cpu.items()},
        # Where others use the machine too, these say more than what a clock says.
        "engine_to_script_cpu": round(cpu["script"] / cpu["engine"], 3),
        "engine_to_bare_cpu": round(cpu["bare"] / cpu["engine"], 3),
        "peak_mb": {way: max(each["peak_mb"] for each in runs) for way, runs in timed.items()},
        "seconds_to_first_step": {
            "cold": round(cold["first_step"] - begun, 2),
            "preloaded": round(warm["first_step"] - warm["forked"], 2),
        },
        "cpu_seconds_to_first_step": {
            "cold": round(cold["cpu"], 2),
            "preloaded": round(warm["cpu"], 2),
        },
    }


def _canvas(content: bytes, px: int) -> Any:
    pixels = to_srgb(open_image(content)).rgb
    side = min(pixels.shape[:2])
    top, left = ((length - side) // 2 for length in pixels.shape[:2])
    return resize(pixels[top : top + side, left : left + side], (px, px))


def _ratio(ours: list[float], others: list[float]) -> float:
    return round(statistics.median(a / b for a, b in zip(ours, others, strict=True)), 3)


def _in_a_process(folder: Path, way: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.rendering", way, str(folder)]
    done = subprocess.run(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _timed(way: str, folder: Path, setting: Setting) -> dict[str, Any]:
    """In a process of its own: load, warm up, and time."""
    import torch  # noqa: PLC0415 - heavy, and not for who only asks for help

    run = {"script": by_script, "engine": by_engine, "bare": by_bare}[way](folder, setting)
    keys = [f"{number:04d}.png" for number in range(setting.pictures)]
    run(keys[: setting.batch], "warm")
    began, cpu = time.perf_counter(), time.process_time()
    run(keys, "kept")
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "peak_mb": usage.ru_maxrss // _PEAK_PER_MB,
        "threads": torch.get_num_threads(),
    }


def main(way: str, folder: Path) -> None:
    """Print what one process measures, as a line of JSON."""
    setting = Setting(**json.loads((folder / "setting.json").read_text()))
    if way == "start":
        found: dict[str, Any] = first_step(folder, setting)
    elif way == "preloaded":
        found = preloaded(folder, setting)
    else:
        found = _timed(way, folder, setting)
    sys.stdout.write(json.dumps(found, default=float) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
