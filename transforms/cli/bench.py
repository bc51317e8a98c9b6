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
from transforms.errors import ConfigError, SourceError
from transforms.presets.configuration import load_configuration
from transforms.presets.loading import config_folder

app = typer.Typer(help="Measure this machine; prints JSON.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="A folder of photographs, searched in depth.")]

TrueAlpha = Annotated[
    Path | None,
    typer.Argument(help="PNGs with true alpha; none: samples/true-alpha of a checkout."),
]

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


@app.command("cutout")
def cutout(
    folder: TrueAlpha = None,
    model: Annotated[list[str], typer.Option(help="As in config/models.yaml.")] = ["u2netp"],  # noqa: B006
) -> None:
    """Cut true packshots out of many backgrounds: IoU, edge error, rim."""
    import numpy as np

    from transforms.bench.cutout import bench_cutout
    from transforms.images.colour import to_srgb
    from transforms.images.decoding import open_image

    pictures = {}
    for path in _true_alpha(folder):
        colours = to_srgb(open_image(path.read_bytes()))
        if colours.alpha is None:
            raise ConfigError(f"{path}: has no alpha to compare with")
        pictures[path.stem] = np.dstack([colours.rgb, colours.alpha])
    _print("cutout", bench_cutout(pictures, model))


@app.command("tone")
def tone(folder: TrueAlpha = None) -> None:
    """Spoil true colours as cameras do, and see how near to the truth preparation comes."""
    from transforms.bench.tone import bench_tone

    _print("tone", bench_tone({path.stem: path.read_bytes() for path in _true_alpha(folder)}))


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
    from transforms.bench.throughput import bench_throughput

    _print("throughput", bench_throughput(_pictures(folder), rembg))


@app.command("large")
def large(
    picture: Annotated[Path, typer.Argument(help="A photograph of a product.", exists=True)],
    megapixels: Annotated[float, typer.Option(min=1, max=100)] = 60,
) -> None:
    """Memory that one very large picture takes in each step."""
    from transforms.bench.large import bench_large

    _print("large", bench_large(picture, megapixels))


@app.command("decoding")
def decoding(folder: Folder) -> None:
    """Measure pictures in the sandbox, and beside it in this process."""
    from transforms.bench.decoding import bench_decoding

    _print("decoding", bench_decoding(_usable(folder)))


@app.command("locked")
def locked(
    folder: Folder,
    look: Annotated[
        list[str] | None,
        typer.Option("--preset", help="May be repeated; none: the five seasons."),
    ] = None,
) -> None:
    """Count product pixels that scenes changed before encoding: there must be none."""
    from transforms.bench.locked import SEASONS, bench_locked
    from transforms.cli.render import chosen_look
    from transforms.presets.catalogue import MASK_ENDING, Preparation
    from transforms.presets.gate import Gate
    from transforms.presets.loading import load
    from transforms.presets.look import UNCHANGED
    from transforms.storage.opening import open_storage

    config = config_folder()
    looks = [chosen_look(name, UNCHANGED, None) for name in look or SEASONS]
    restyles = [each.variant for each in looks if each.preset.preserve != "product"]
    if restyles:
        raise ConfigError(f"--preset {restyles[0]}: remakes the product, so nothing is locked")
    paths = [path for path in _pictures(folder) if not path.name.lower().endswith(MASK_ENDING)]
    plates = config / "plates"
    found = bench_locked(
        [(path.relative_to(folder).as_posix(), path.read_bytes) for path in paths],
        looks,
        load(config / "gate.yaml", Gate),
        plates=open_storage(plates.as_uri()) if plates.is_dir() else None,
        preparation=Preparation(),
    )
    _print("locked", found)
    raise typer.Exit(1 if found["differing"] else 0)


@app.command("golden")
def golden(
    folder: Annotated[
        Path | None, typer.Argument(help="Photographs; none: samples/source of a checkout.")
    ] = None,
    look: Annotated[list[str], typer.Option(help="Presets. May be repeated.")] = ["standard"],  # noqa: B006
    products: Annotated[int, typer.Option(min=2, help="At most so many.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="All that was counted.")] = False,
) -> None:
    """Damage good renditions in every known way: does the gate see it, and only then?"""
    from transforms.bench.golden import bench_golden, prepared_products
    from transforms.presets.channel import Channel
    from transforms.presets.gate import Gate
    from transforms.presets.loading import load, load_named
    from transforms.presets.look import look_of

    config = config_folder()
    files: dict[str, bytes] = {}
    for path in _pictures(folder or config.parent / "samples" / "source"):
        sku = path.stem if path.parent == folder else path.parent.name
        files.setdefault(sku, path.read_bytes())
    found = bench_golden(
        prepared_products(files, products),
        [look_of(each, each, config) for each in look],
        load(config / "gate.yaml", Gate),
        load_named(config / "channels", "shop", Channel),
    )
    if as_json:
        _print("golden", found)
    else:
        _golden_table(found)
    raise typer.Exit(0 if found["good_enough"] else 1)


@app.command("night")
def night(
    folder: Folder,
    pictures: Annotated[int, typer.Option(min=1, help="Sources, repeated under new names.")] = 500,
) -> None:
    """Run a night over many pictures, and a second one: memory, renders, objects written."""
    from transforms.bench.night import bench_night

    _print("night", bench_night(_pictures(folder), pictures))


@app.command("review")
def review(
    pictures: Annotated[int, typer.Option(min=1, help="Renditions of the made-up run.")] = 10_000,
) -> None:
    """The review page over a large run: how soon it shows, how it scrolls, what it takes."""
    from transforms.bench.review import bench_review

    _print("review", bench_review(pictures))


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
    from transforms.bench.random_checkpoints import SIZES
    from transforms.bench.render_ways import Setting
    from transforms.bench.rendering import bench_rendering

    if size not in SIZES:
        raise ConfigError(f"--size {size}: there are {', '.join(SIZES)}")
    setting = Setting(size, pictures, steps, batch, compiled, device)
    _print("render", bench_rendering(_usable(folder), setting, rounds=rounds))


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
    from transforms.bench.model_speed import RUNNINGS, SHAPES, bench_model_speed

    for option, values, known in (("shape", shape, SHAPES), ("running", running, RUNNINGS)):
        if unknown := set(values) - set(known):
            raise ConfigError(f"--{option} {unknown.pop()}: there are {', '.join(known)}")
    _print("model-speed", {"table": bench_model_speed(shape, running, batch, device)})


def _golden_table(found: dict[str, Any]) -> None:
    from rich.table import Table

    from transforms.cli.console import out

    table = Table("damage", "pictures", "caught", "FAIL", "recall", "precision", "found by",
                  box=None)  # fmt: skip
    for kind, told in found["kinds"].items():
        if not told["pictures"]:
            table.add_row(kind, "0", "", "", "", "", told["said"])
            continue
        numbers = (told["pictures"], told["caught"], told["failed"])
        shares = (f"{told['recall']:.3f}", f"{told['precision']:.3f}")
        table.add_row(kind, *map(str, numbers), *shares, ", ".join(list(told["rules"])[:2]))
    out.print(table)
    undamaged = found["undamaged"]
    out.print(
        f"{undamaged['pictures']} undamaged, {undamaged['false_alarms']} false alarms "
        f"{undamaged['rules'] or ''}; {found['damaged']} damaged; precision "
        f"{found['precision']:.3f}, recall {found['recall']:.3f}."
    )
    for kind, told in found["kinds"].items():
        if told.get("missed"):
            out.print(f"missed, {kind}: {', '.join(told['missed'])}", soft_wrap=True)


def _samples() -> Any:
    config = config_folder()
    return load_configuration(config / "catalogues" / "samples.yaml", config)


def _true_alpha(folder: Path | None) -> list[Path]:
    folder = folder or config_folder().parent / "samples" / "true-alpha"
    paths = sorted(folder.glob("*.png"))
    if not paths:
        raise ConfigError(f"{folder}: holds no PNG")
    return paths


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
