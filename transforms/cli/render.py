"""`packshot render` and `packshot sweep`: presets on pictures, without a catalogue."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from transforms.cli.console import bars, err, out, print_json
from transforms.cli.run import AsJson
from transforms.errors import ConfigError, RenderError, SourceError
from transforms.presets.catalogue import EXTENSIONS, MASK_ENDING, Preparation
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load
from transforms.presets.look import Look, Overrides, look_of
from transforms.rendition.painter import Picture, Pixels, Shown

Named = Annotated[str, typer.Option("--preset", metavar="NAME", help="As in config/presets.")]
Input = Annotated[Path, typer.Argument(help="A picture or a folder.", exists=True)]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="Checkpoint of config/models.yaml, for scenes: refines them."
    ),
]
Seed = Annotated[int | None, typer.Option(min=0, help="In place of the preset's.")]
_STEPS = "0.2,0.35,0.5,0.65,0.8"
_KEPT_PX = 400
"""Pictures of a sweep are kept at this side until the sheet is laid out."""


def render(
    preset: Named,
    source: Input,
    output: Annotated[Path, typer.Argument(help="A PNG, or a folder for a folder.")],
    strength: Annotated[float | None, typer.Option(min=0.01, max=1)] = None,
    seed: Seed = None,
    candidates: Annotated[int | None, typer.Option(min=1, max=8)] = None,
    model: Model = None,
    mask: Annotated[
        Path | None,
        typer.Option(help="Of what is to be painted anew, white on black, like the picture."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a picture, or a folder of pictures, in a preset's look."""
    overrides = Overrides(strength=strength, candidates=candidates, seed=seed)
    look = _look(preset, overrides, model)
    pictures = _pictures(source, output)
    told, failed = [], 0
    with bars() as progress:
        progress.begin("render", len(pictures))
        shown = list(_prepared([path for path, _ in pictures], mask))
        for number, made in _made(look, shown, masked=mask is not None):
            path, target = pictures[number]
            progress.advance("render")
            if isinstance(made, Exception):
                failed += 1
                err.print(f"{path}: {made}", soft_wrap=True, markup=False)
                continue
            _save(target, made)
            told.append({"source": str(path), "output": str(target), **_facts(made)})
    if as_json:
        print_json(told)
    else:
        out.print(f"{len(told)} made, {failed} failed.")
    raise typer.Exit(1 if failed else 0)


def sweep(
    preset: Named,
    source: Input,
    output: Annotated[Path, typer.Argument(help="A PNG: the contact sheet.")],
    strengths: Annotated[str, typer.Option(help="Separated by commas.")] = _STEPS,
    seed: Seed = None,
    model: Model = None,
) -> None:
    """Try a preset at several strengths and lay the results side by side, labelled.

    Of a look that asks no diffusion model, several seeds are shown in their place.
    """
    from transforms.images.canvas import fitted
    from transforms.images.grid import grid

    pictures = [path for path, _ in _pictures(source, output.with_suffix(""))]
    rows: list[dict[str, Pixels]] = [{} for _ in pictures]
    shown = list(_prepared(pictures, None))
    for label, look in _variations(preset, strengths, seed, model):
        for number, made in _made(look, shown, masked=False):
            if isinstance(made, Exception):
                err.print(f"{pictures[number]}: {label}: {made}", soft_wrap=True, markup=False)
            else:
                rows[number][label] = fitted(made.pixels, _KEPT_PX)
    names = [f"{path.parent.name}/{path.stem}" for path in pictures]
    output.parent.mkdir(parents=True, exist_ok=True)
    grid(dict(zip(names, rows, strict=True))).save(output, "PNG")
    out.print(f"{output}: {len(rows)} pictures", soft_wrap=True)


def _variations(
    preset: str, strengths: str, seed: int | None, model: str | None
) -> Iterator[tuple[str, Look]]:
    """The looks of a sweep, with their labels."""
    plain = _look(preset, Overrides(seed=seed), model)
    if plain.diffusion is None or plain.diffusion.strength is None:
        first = plain.preset.seed
        for number in range(first, first + len(strengths.split(","))):
            yield f"seed {number}", _look(preset, Overrides(seed=number), model)
        return
    for each in strengths.split(","):
        try:
            overrides = Overrides(strength=float(each), candidates=1, seed=seed)
        except ValueError as error:
            raise ConfigError(f"--strengths {strengths}: {each!r} is no number above 0") from error
        look = _look(preset, overrides, model)
        bare = look.preset.model_copy(update={"ladder": type(look.preset.ladder)()})
        yield f"strength {float(each):g}", look.model_copy(update={"preset": bare})


def _look(preset: str, overrides: Overrides, model: str | None) -> Look:
    from transforms.scenes.plates import stocked_plates
    from transforms.storage.opening import open_storage

    config = config_folder()
    look = look_of(preset, preset, config, scene_model=model, overrides=overrides)
    plates = config / "plates"
    return look.stocked(stocked_plates(open_storage(plates.as_uri()))) if plates.is_dir() else look


def _prepared(pictures: list[Path], mask: Path | None) -> Iterator[Shown | SourceError]:
    """Prepare each; a picture that cannot be used does not stop the others."""
    for path in pictures:
        try:
            yield _shown(path, mask)
        except SourceError as error:
            yield error


def _made(
    look: Look, shown: list[Shown | SourceError], *, masked: bool
) -> Iterator[tuple[int, Picture | RenderError | SourceError]]:
    """Make each picture that could be prepared; the errors of the others come first."""
    from transforms.rendition.devices import Devices
    from transforms.rendition.painter import Painter
    from transforms.storage.opening import open_storage

    if (look.preset.diffusion is not None and look.preset.diffusion.mask == "given") != masked:
        needed = "takes no" if masked else "needs"
        raise ConfigError(f"preset {look.preset.name} {needed} --mask")
    config = config_folder()
    plates = config / "plates"
    usable: list[tuple[int, Shown]] = []
    for number, each in enumerate(shown):
        if isinstance(each, SourceError):
            yield number, each
        else:
            usable.append((number, each))
    with Devices() as devices:
        painter = Painter(
            look,
            devices=devices,
            gate=load(config / "gate.yaml", Gate),
            plates=open_storage(plates.as_uri()) if plates.is_dir() else None,
        )
        for index, made in painter.made([partial(_same, each) for _, each in usable]):
            yield usable[index][0], made


def _same(shown: Shown) -> Shown:
    return shown


def _shown(path: Path, mask: Path | None) -> Shown:
    import numpy as np
    from PIL import Image

    from transforms.preparation.sequence import prepare

    prepared = prepare(path.read_bytes(), Preparation(), digest="")
    painted = None
    if mask is not None:
        with Image.open(mask) as picture:
            whole = picture.convert("L").resize((prepared.facts.width_px, prepared.facts.height_px))
        painted = np.asarray(whole.crop(prepared.facts.crop))
    sku = path.parent.name or path.stem
    return Shown(sku, prepared.image, prepared.matte, prepared.facts, mask=painted)


def _pictures(source: Path, output: Path) -> list[tuple[Path, Path]]:
    """Pictures with where they go; a folder's sub-folders are kept."""
    if source.is_file():
        return [(source, output if output.suffix else output / f"{source.stem}.png")]
    found = sorted(
        path
        for path in source.rglob("*")
        if path.suffix.lower().lstrip(".") in EXTENSIONS
        and not path.name.lower().endswith(MASK_ENDING)
    )
    if not found:
        raise ConfigError(f"{source}: there is no picture in it")
    return [(path, output / path.relative_to(source).with_suffix(".png")) for path in found]


def _save(target: Path, made: Picture) -> None:
    from transforms.images.codec import encode_png

    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(encode_png(made.pixels))


def _facts(made: Picture) -> dict[str, object]:
    return made.facts.model_dump(mode="json", exclude={"versions", "prepared"})
