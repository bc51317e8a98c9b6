"""`packshot bench`: how quick Packshot is and what it takes, each as one JSON document."""

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import commands_quality
from benchmarks.console import Folder, pictures_in, print_results, read_usable
from transforms.errors import ConfigError
from transforms.presets.configuration import load_configuration
from transforms.presets.loading import config_folder

app = typer.Typer(help="Measure this machine; prints JSON.", no_args_is_help=True)
app.add_typer(commands_quality.app)


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

    print_results("planning", bench_planning(_samples(), objects))


@app.command("storage")
def storage() -> None:
    """Create, read and list objects in a folder and on SeaweedFS, with growing concurrency."""
    from benchmarks.storage import bench_storage

    with tempfile.TemporaryDirectory() as folder:
        print_results("storage", bench_storage(Path(folder)))


@app.command("pixels")
def pixels(folder: Folder) -> None:
    """Validate, prepare, standardise and check: pictures a second, and where the time goes."""
    from benchmarks.pixels import bench_pixels

    print_results("pixels", bench_pixels(read_usable(folder)))


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

    print_results("throughput", bench_throughput(pictures_in(folder), rembg))


@app.command("large")
def large(
    picture: Annotated[Path, typer.Argument(help="A photograph of a product.", exists=True)],
    megapixels: Annotated[float, typer.Option(min=1, max=100)] = 60,
) -> None:
    """Memory that one very large picture takes in each step."""
    from benchmarks.large import bench_large

    print_results("large", bench_large(picture, megapixels))


@app.command("decoding")
def decoding(folder: Folder) -> None:
    """Measure pictures in the sandbox, and beside it in this process."""
    from benchmarks.decoding import bench_decoding

    print_results("decoding", bench_decoding(read_usable(folder)))


@app.command("night")
def night(
    folder: Folder,
    pictures: Annotated[int, typer.Option(min=1, help="Sources, repeated under new names.")] = 500,
) -> None:
    """Run a night over many pictures, and a second one: memory, renders, objects written."""
    from benchmarks.night import bench_night

    print_results("night", bench_night(pictures_in(folder), pictures))


@app.command("publish")
def publish(
    folder: Annotated[
        Path | None, typer.Argument(help="Photographs by sku; none: samples of a checkout.")
    ] = None,
    look: Annotated[list[str], typer.Option("--preset", help="May be repeated.")] = ["standard"],  # noqa: B006
) -> None:
    """Publish for all channels: rules, claims and signatures of every file, and their cost."""
    from benchmarks.publishing import bench_publishing

    config = config_folder()
    found = bench_publishing(folder or config.parent / "samples" / "source", config, tuple(look))
    print_results("publish", found)
    raise typer.Exit(1 if found["refused_by_their_channel"] else 0)


@app.command("review")
def review(
    pictures: Annotated[int, typer.Option(min=1, help="Renditions of the made-up run.")] = 10_000,
) -> None:
    """The review page over a large run: how soon it shows, how it scrolls, what it takes."""
    from benchmarks.review import bench_review

    print_results("review", bench_review(pictures))


@app.command("render")
def render(
    folder: Folder,
    size: Annotated[
        str, typer.Option(help="Of the random SD 1.5-like checkpoint: tiny, small or sd15.")
    ] = "small",
    pictures: Annotated[int, typer.Option(min=1, help="Photographs, repeated.")] = 12,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    steps: Annotated[int, typer.Option(min=2, help="Half of them are run: strength 0.5.")] = 8,
    batch: Annotated[int, typer.Option(min=1, max=64, help="Of the engine.")] = 4,
    compiled: Annotated[bool, typer.Option("--compile", help="With torch.compile.")] = False,
    device: Annotated[str, typer.Option(help="As torch names it.")] = "cpu",
) -> None:
    """Pictures a minute of the engine, beside a plain script and beside the bare model."""
    from benchmarks.render_ways import Setting
    from benchmarks.rendering import bench_rendering
    from tests.support.random_checkpoints import SIZES

    if size not in SIZES:
        raise ConfigError(f"--size {size}: there are {', '.join(SIZES)}")
    setting = Setting(size, pictures, steps, batch, compiled, device)
    print_results("render", bench_rendering(read_usable(folder), setting, rounds=rounds))


@app.command("model-speed")
def model_speed(
    shape: Annotated[
        list[str], typer.Option(help="sdxl, flux; sdxl-tiny, flux-tiny. May be repeated.")
    ] = ["sdxl", "flux"],  # noqa: B006
    running: Annotated[
        list[str], typer.Option(help="As in the answer; float8-compiled needs torchao.")
    ] = ["bfloat16", "bfloat16-compiled", "float8-compiled"],  # noqa: B006
    batch: Annotated[list[int], typer.Option(min=1)] = [1, 2, 4, 8],  # noqa: B006
    device: Annotated[str, typer.Option(help="As torch names it.")] = "cuda",
) -> None:
    """Seconds a picture of large models with random weights, eager, compiled and in 8 bit."""
    from benchmarks.model_speed import RUNNINGS, SHAPES, bench_model_speed

    for option, values, known in (("shape", shape, SHAPES), ("running", running, RUNNINGS)):
        if unknown := set(values) - set(known):
            raise ConfigError(f"--{option} {unknown.pop()}: there are {', '.join(known)}")
    print_results("model-speed", {"table": bench_model_speed(shape, running, batch, device)})


def _samples() -> Any:
    config = config_folder()
    return load_configuration(config / "catalogues" / "samples.yaml", config)
