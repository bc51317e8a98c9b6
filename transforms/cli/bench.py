"""`packshot bench`: the project's benchmarks, each as one JSON document."""

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from transforms.cli import bench_models, bench_quality
from transforms.cli.measured import Folder, pictures_in, print_measured, usable
from transforms.presets.configuration import load_configuration
from transforms.presets.loading import config_folder

app = typer.Typer(help="Measure this machine; prints JSON.", no_args_is_help=True)
app.add_typer(bench_quality.app)
app.add_typer(bench_models.app)


@app.command("planning")
def planning(
    objects: Annotated[list[int], typer.Option(help="Sizes of the bucket; may be repeated.")] = [  # noqa: B006
        1_000,
        10_000,
        100_000,
    ],
) -> None:
    """Plan a night over buckets of growing size on SeaweedFS."""
    from benchmarks.planning import bench_planning

    print_measured("planning", bench_planning(_samples(), objects))


@app.command("storage")
def storage() -> None:
    """Create, read and list objects in a folder and on SeaweedFS, with growing concurrency."""
    from benchmarks.storage import bench_storage

    with tempfile.TemporaryDirectory() as folder:
        print_measured("storage", bench_storage(Path(folder)))


@app.command("pixels")
def pixels(folder: Folder) -> None:
    """Validate, prepare, standardise and check: pictures a second, and where the time goes."""
    from benchmarks.pixels import bench_pixels

    print_measured("pixels", bench_pixels(usable(folder)))


@app.command("throughput")
def throughput(
    folder: Folder,
    rembg: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="The rembg command of an environment of its own."
        ),
    ] = None,
) -> None:
    """Cut-outs a second per core, beside `rembg p` on the same pictures and model."""
    from benchmarks.throughput import bench_throughput

    print_measured("throughput", bench_throughput(pictures_in(folder), rembg))


@app.command("large")
def large(
    picture: Annotated[Path, typer.Argument(help="A photograph of a product.", exists=True)],
    megapixels: Annotated[float, typer.Option(min=1, max=100)] = 60,
) -> None:
    """Memory that one very large picture takes in each step."""
    from benchmarks.large import bench_large

    print_measured("large", bench_large(picture, megapixels))


@app.command("decoding")
def decoding(folder: Folder) -> None:
    """Measure pictures in the sandbox, and beside it in this process."""
    from benchmarks.decoding import bench_decoding

    print_measured("decoding", bench_decoding(usable(folder)))


@app.command("night")
def night(
    folder: Folder,
    pictures: Annotated[int, typer.Option(min=1, help="Sources, repeated under new names.")] = 500,
) -> None:
    """Run a night over many pictures, and a second one: memory, renders, objects written."""
    from benchmarks.night import bench_night

    print_measured("night", bench_night(pictures_in(folder), pictures))


@app.command("publish")
def publish(
    folder: Annotated[
        Path | None, typer.Argument(help="Photographs by sku; none: samples of a checkout.")
    ] = None,
    look: Annotated[list[str], typer.Option("--preset", help="May be repeated.")] = ["standard"],  # noqa: B006
) -> None:
    """Publish for all channels: rules, claims and signatures of every file, and their cost."""
    from benchmarks.publishing import bench_publishing
    from transforms.presets.loading import config_folder

    config = config_folder()
    found = bench_publishing(folder or config.parent / "samples" / "source", config, tuple(look))
    print_measured("publish", found)
    raise typer.Exit(1 if found["refused_by_their_channel"] else 0)


@app.command("review")
def review(
    pictures: Annotated[int, typer.Option(min=1, help="Renditions of the made-up run.")] = 10_000,
) -> None:
    """The review page over a large run: how soon it shows, how it scrolls, what it takes."""
    from benchmarks.review import bench_review

    print_measured("review", bench_review(pictures))


def _samples() -> Any:
    config = config_folder()
    return load_configuration(config / "catalogues" / "samples.yaml", config)
