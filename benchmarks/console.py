"""What the commands of `packshot bench` are given, and the JSON document that each prints."""

import os
import platform
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from transforms.cli.console import print_json
from transforms.errors import SourceError

Folder = Annotated[Path, typer.Argument(help="A folder of photographs, searched in depth.")]

_VERSIONS = ("packshot", "numpy", "onnxruntime", "opencv-python-headless", "pillow", "pyarrow")


def pictures_in(folder: Path) -> list[Path]:
    """All files that are pictures by their names, in order."""
    endings = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in endings)


def read_usable(folder: Path) -> list[bytes]:
    """Contents of all pictures that open: a benchmark of refusals would say little."""
    from transforms.images.decoding import open_image  # noqa: PLC0415 - loads OpenCV

    found = []
    for path in pictures_in(folder):
        content = path.read_bytes()
        with suppress(SourceError):
            open_image(content)
            found.append(content)
    return found


def print_results(benchmark: str, results: dict[str, Any]) -> None:
    """Print results with when and on what they were measured, as JSON."""
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
