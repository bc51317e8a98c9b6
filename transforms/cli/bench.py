"""`packshot bench`: the project's benchmarks, each as one JSON document."""

import os
import platform
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from transforms.cli.console import print_json
from transforms.errors import SourceError
from transforms.presets.configuration import load_configuration
from transforms.presets.loading import config_folder

app = typer.Typer(help="Measure this machine; prints JSON.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="A folder of photographs, searched in depth.")]

_VERSIONS = ("packshot", "numpy", "onnxruntime", "opencv-python-headless", "pillow", "pyarrow")


@app.command("planning")
def planning(
    objects: Annotated[list[int], typer.Option(help="Sizes of the bucket; may be repeated.")] = [  # noqa: B006
        1_000,
        10_000,
        100_000,
    ],
) -> None:
    """Plan a night over buckets of growing size on SeaweedFS."""
    from transforms.bench.planning import bench_planning

    _print("planning", bench_planning(_samples(), objects))


@app.command("storage")
def storage() -> None:
    """Create, read and list objects in a folder and on SeaweedFS, with growing concurrency."""
    from transforms.bench.storage import bench_storage

    with tempfile.TemporaryDirectory() as folder:
        _print("storage", bench_storage(Path(folder)))


@app.command("pixels")
def pixels(folder: Folder) -> None:
    """Validate, prepare, standardise and check: pictures a second, and where the time goes."""
    from transforms.bench.pixels import bench_pixels

    _print("pixels", bench_pixels(_usable(folder)))


@app.command("decoding")
def decoding(folder: Folder) -> None:
    """Measure pictures in the sandbox, and beside it in this process."""
    from transforms.bench.decoding import bench_decoding

    _print("decoding", bench_decoding(_usable(folder)))


@app.command("night")
def night(
    folder: Folder,
    pictures: Annotated[int, typer.Option(min=1, help="Sources, repeated under new names.")] = 500,
) -> None:
    """Run a night over many pictures, and a second one: memory, renders, objects written."""
    from transforms.bench.night import bench_night

    _print("night", bench_night(_pictures(folder), pictures))


def _samples() -> Any:
    config = config_folder()
    return load_configuration(config / "catalogues" / "samples.yaml", config)


def _pictures(folder: Path) -> list[Path]:
    endings = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in endings)


def _usable(folder: Path) -> list[bytes]:
    """Contents of all pictures that open: a benchmark of refusals would say little."""
    from transforms.images.decoding import open_image

    usable = []
    for path in _pictures(folder):
        content = path.read_bytes()
        with suppress(SourceError):
            open_image(content)
            usable.append(content)
    return usable


def _print(benchmark: str, results: dict[str, Any]) -> None:
    print_json(
        {
            "benchmark": benchmark,
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": {
                "cpus": os.cpu_count(),
                "load_before": round(os.getloadavg()[0], 2),
                "architecture": platform.machine(),
                "python": platform.python_version(),
            },
            "versions": {name: version(name) for name in _VERSIONS},
            "results": results,
        }
    )
