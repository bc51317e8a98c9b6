"""`packshot cutout`: products cut out of photographs, as PNG with alpha."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transforms.cli.console import AsJson, err, out, print_json
from transforms.cli.pictures import find_mask, find_pictures
from transforms.errors import ConfigError, SourceError
from transforms.presets.catalogue import MASK_ENDING

if TYPE_CHECKING:
    from transforms.images.contact_sheet import Strip


def cutout(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="A picture or a folder.")],
    target: Annotated[Path, typer.Argument(metavar="OUTPUT", help="A PNG or a folder.")],
    model: Annotated[str, typer.Option(help="As in config/models.yaml.")] = "u2netp",
    looks: Annotated[
        int, typer.Option(min=1, max=2, help="1 takes half the time, with softer edges.")
    ] = 2,
    sheet: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A PNG to judge by: every cut-out on mid grey and on magenta."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Cut the product out of a picture, or out of every picture of a folder.

    A folder's sub-folders are kept, and what is there already is not made again. A mask beside
    its picture (`front.mask.png` beside `front.jpg`) is used as it is.
    """
    pairs = _pairs(source, target)
    if sheet:
        _check(sheet, pairs)
    rows: list[dict[str, Any]] = []
    strips: list[Strip] = []
    failed = 0
    for picture, result in pairs:
        row: dict[str, Any] = {"source": str(picture), "target": str(result)}
        try:
            row["made"] = not result.exists()
            if row["made"]:
                row["matte"] = _cut(picture, result, model, looks)
            if sheet:
                strips.append(_strip(picture, result))
        except (SourceError, OSError) as error:
            said = error.message if isinstance(error, SourceError) else str(error)
            row = {"source": str(picture), "error": said}
            err.print(f"{picture}: {said}", soft_wrap=True, markup=False)
            failed += 1
        else:
            if row["made"] and not as_json:
                out.print(str(result), soft_wrap=True, markup=False)
        rows.append(row)
    if sheet and strips:
        _write_sheets(sheet, strips)
    if as_json:
        print_json(rows)
    raise typer.Exit(1 if failed else 0)


def _pairs(source: Path, target: Path) -> list[tuple[Path, Path]]:
    """Pictures with their targets, of which no two are the same.

    Raises:
        ConfigError: There is no input, two pictures would have one output, or the output is the
            input.
    """
    if source.is_file():
        if target.suffix.lower() != ".png":
            raise ConfigError(f"{target}: must end in .png, for the cut-out has transparency")
        if target.resolve() == source.resolve():
            raise ConfigError(f"{target}: is the picture itself; name another file")
        return [(source, target)]
    if not source.is_dir():
        raise ConfigError(f"{source}: no such picture or folder")
    if target.resolve() == source.resolve():
        raise ConfigError(f"{target}: is the input, where cut-outs would be cut out again")
    return find_pictures(source, target)


def _check(sheet: Path, pairs: list[tuple[Path, Path]]) -> None:
    """See that a contact sheet can be written and replaces nothing but an earlier one."""
    if sheet.suffix.lower() != ".png" or sheet.name.lower().endswith(MASK_ENDING):
        raise ConfigError(f"{sheet}: must end in .png, and not in {MASK_ENDING}")
    taken = {path.resolve() for pair in pairs for path in pair}
    for path in _sheets(sheet, len(pairs)):
        if path.resolve() in taken:
            raise ConfigError(f"{path}: is a picture or a cut-out; name another file for the sheet")


def _sheets(sheet: Path, pictures: int) -> list[Path]:
    """Files of a contact sheet: one, and numbered ones more where there are many pictures."""
    from transforms.images.contact_sheet import STRIPS_A_SHEET

    more = range(2, -(-pictures // STRIPS_A_SHEET) + 1)
    return [sheet, *(sheet.with_stem(f"{sheet.stem}-{number}") for number in more)]


def _cut(picture: Path, result: Path, model: str, looks: int) -> dict[str, Any]:
    """Write one cut-out; what is known of its matte."""
    import cv2
    import numpy as np

    from transforms.cutout.foreground import foreground_colours
    from transforms.cutout.matte import matte_of
    from transforms.images.colour import to_srgb
    from transforms.images.decoding import open_image, orientation, upright
    from transforms.images.mask import read_supplied_mask

    image = open_image(picture.read_bytes())
    turned = orientation(image)
    colours = to_srgb(upright(image))
    beside, mask = find_mask(picture), None
    if beside:
        height, width = colours.rgb.shape[:2]
        mask = read_supplied_mask(beside.read_bytes(), size=(width, height), orientation=turned)
    matte = matte_of(colours.rgb, colours.alpha, model=model, looks=looks, mask=mask)
    front = foreground_colours(colours.rgb, matte.alpha)
    data = cv2.imencode(".png", np.dstack([front[..., ::-1], matte.alpha]))[1].tobytes()
    result.parent.mkdir(parents=True, exist_ok=True)
    # Renamed into place, so that a killed command leaves no half file to be taken for a whole.
    unfinished = result.with_suffix(".unfinished")
    unfinished.write_bytes(data)
    unfinished.replace(result)
    return matte.facts.model_dump()


def _strip(picture: Path, result: Path) -> "Strip":
    from transforms.images.colour import to_srgb
    from transforms.images.contact_sheet import Strip
    from transforms.images.decoding import open_image, upright

    photograph = to_srgb(upright(open_image(picture.read_bytes()))).rgb
    cut = to_srgb(open_image(result.read_bytes()))
    if cut.alpha is None:
        raise SourceError("no_alpha", f"{result} has no transparency: it is no cut-out of ours.")
    return Strip.of(picture.parent.name + "/" + picture.name, photograph, cut.rgb, cut.alpha)


def _write_sheets(sheet: Path, strips: "list[Strip]") -> None:
    from transforms.images.contact_sheet import STRIPS_A_SHEET, draw_strips

    sheet.parent.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(_sheets(sheet, len(strips))):
        first = number * STRIPS_A_SHEET
        draw_strips(strips[first : first + STRIPS_A_SHEET]).save(path)
        err.print(f"Contact sheet: {path}", soft_wrap=True, markup=False)
