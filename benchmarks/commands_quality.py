"""`packshot bench`: how right pictures are: cut-outs, tone, scenes, the gate, the model."""

from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.console import Folder, pictures_in, print_results
from transforms.errors import ConfigError
from transforms.models.checkpoints import locate
from transforms.presets.loading import config_folder
from transforms.presets.model import load_checkpoint

app = typer.Typer()
_BUNDLED = "packshot-mini"

TrueAlpha = Annotated[
    Path | None,
    typer.Argument(help="PNGs with true alpha; none: samples/true-alpha of a checkout."),
]


@app.command("cutout")
def cutout(
    folder: TrueAlpha = None,
    model: Annotated[list[str], typer.Option(help="As in config/models.yaml.")] = ["u2netp"],  # noqa: B006
) -> None:
    """Cut true packshots out of many backgrounds: IoU, edge error, rim."""
    import numpy as np

    from benchmarks.cutout import bench_cutout
    from transforms.images.colour import to_srgb
    from transforms.images.decoding import open_image

    pictures = {}
    for path in _true_alpha(folder):
        colours = to_srgb(open_image(path.read_bytes()))
        if colours.alpha is None:
            raise ConfigError(f"{path}: has no alpha to compare with")
        pictures[path.stem] = np.dstack([colours.rgb, colours.alpha])
    print_results("cutout", bench_cutout(pictures, model))


@app.command("tone")
def tone(folder: TrueAlpha = None) -> None:
    """Spoil true colours as cameras do, and see how near to the truth preparation comes."""
    from benchmarks.tone import bench_tone

    print_results(
        "tone", bench_tone({path.stem: path.read_bytes() for path in _true_alpha(folder)})
    )


@app.command("locked")
def locked(
    folder: Folder,
    look: Annotated[
        list[str] | None,
        typer.Option("--preset", help="May be repeated; none: the five seasons."),
    ] = None,
) -> None:
    """Count product pixels that scenes changed before encoding: there must be none."""
    from benchmarks.locked import SEASONS, bench_locked
    from transforms.cli.render import choose_look, open_plates
    from transforms.presets.catalogue import MASK_ENDING, Preparation
    from transforms.presets.gate import Gate
    from transforms.presets.loading import load
    from transforms.presets.scope import UNCHANGED

    config = config_folder()
    looks = [choose_look(name, UNCHANGED, None) for name in look or SEASONS]
    restyles = [each.variant for each in looks if each.preset.preserve != "product"]
    if restyles:
        raise ConfigError(f"--preset {restyles[0]}: remakes the product, so nothing is locked")
    paths = [path for path in pictures_in(folder) if not path.name.lower().endswith(MASK_ENDING)]
    found = bench_locked(
        [(path.relative_to(folder).as_posix(), path.read_bytes) for path in paths],
        looks,
        load(config / "gate.yaml", Gate),
        plates=open_plates(),
        preparation=Preparation(),
    )
    print_results("locked", found)
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
    from benchmarks.golden import bench_golden, prepared_products
    from transforms.presets.channel import Channel
    from transforms.presets.gate import Gate
    from transforms.presets.loading import load, load_named
    from transforms.presets.look import load_look

    config = config_folder()
    files: dict[str, bytes] = {}
    for path in pictures_in(folder or config.parent / "samples" / "source"):
        sku = path.stem if path.parent == folder else path.parent.name
        files.setdefault(sku, path.read_bytes())
    found = bench_golden(
        prepared_products(files, products),
        [load_look(each, each, config) for each in look],
        load(config / "gate.yaml", Gate),
        load_named(config / "channels", "shop", Channel),
    )
    if as_json:
        print_results("golden", found)
    else:
        _golden_table(found)
    raise typer.Exit(0 if found["good_enough"] else 1)


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
        folder = locate(load_checkpoint(_BUNDLED, config_folder()), _BUNDLED)
    measured = bench_bundled(folder)
    print_results("bundled", measured)
    if not measured["passed"]:
        raise typer.Exit(1)


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


def _true_alpha(folder: Path | None) -> list[Path]:
    folder = folder or config_folder().parent / "samples" / "true-alpha"
    paths = sorted(folder.glob("*.png"))
    if not paths:
        raise ConfigError(f"{folder}: holds no PNG")
    return paths
