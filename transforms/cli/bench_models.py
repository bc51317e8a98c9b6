"""`packshot bench`: how quick diffusion models are, in our hands and by themselves."""

from pathlib import Path
from typing import Annotated

import typer

from transforms.cli.measured import Folder, print_measured, usable
from transforms.errors import ConfigError
from transforms.models.checkpoints import located
from transforms.presets.loading import config_folder
from transforms.presets.model import load_checkpoint

app = typer.Typer()
_BUNDLED = "packshot-mini"


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
    print_measured("render", bench_rendering(usable(folder), setting, rounds=rounds))


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
    print_measured("model-speed", {"table": bench_model_speed(shape, running, batch, device)})


@app.command("bundled")
def bundled(
    folder: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            file_okay=False,
            show_default="the one that ships",
            help="As `python -m samples.training export` writes.",
        ),
    ] = None,
) -> None:
    """Judge a small backdrop model by recognition, colour, strength, evenness; 1 if it fails."""
    from benchmarks.bundled import bench_bundled

    if folder is None:
        folder = located(load_checkpoint(_BUNDLED, config_folder()), _BUNDLED)
    measured = bench_bundled(folder)
    print_measured("bundled", measured)
    if not measured["passed"]:
        raise typer.Exit(1)
