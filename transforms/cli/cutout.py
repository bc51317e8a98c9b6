"""`packshot cutout`: products cut out of photographs, as PNG with alpha."""

from pathlib import Path
from typing import Annotated

import typer

from transforms.cli.console import err, out
from transforms.errors import ConfigError, SourceError
from transforms.presets.catalogue import EXTENSIONS


def cutout(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="A picture or a folder.")],
    target: Annotated[Path, typer.Argument(metavar="OUTPUT", help="A PNG or a folder.")],
    model: Annotated[str, typer.Option(help="As in config/models.yaml.")] = "u2netp",
) -> None:
    """Cut the product out of a picture, or out of every picture of a folder.

    A folder's sub-folders are kept, and what is there already is not made again.
    """
    failed = 0
    for picture, result in _pairs(source, target):
        if result.exists():
            continue
        try:
            _cut(picture, result, model)
        except SourceError as error:
            err.print(f"{picture}: {error.message}", soft_wrap=True, markup=False)
            failed += 1
        else:
            out.print(str(result), soft_wrap=True, markup=False)
    raise typer.Exit(1 if failed else 0)


def _pairs(source: Path, target: Path) -> list[tuple[Path, Path]]:
    """Pictures with their targets, of which no two are the same.

    Raises:
        ConfigError: There is no input, or two pictures would have one output.
    """
    if source.is_file():
        if target.suffix.lower() != ".png":
            raise ConfigError(f"{target}: must end in .png, for the cut-out has transparency")
        return [(source, target)]
    if not source.is_dir():
        raise ConfigError(f"{source}: no such picture or folder")
    pictures = [path for path in sorted(source.rglob("*")) if path.suffix.lower()[1:] in EXTENSIONS]
    pairs: dict[Path, Path] = {}
    for picture in pictures:
        result = target / picture.relative_to(source).with_suffix(".png")
        if result in pairs:
            raise ConfigError(
                f"{picture} and {pairs[result]} would both become {result}; rename one of them"
            )
        pairs[result] = picture
    return [(picture, result) for result, picture in pairs.items()]


def _cut(picture: Path, result: Path, model: str) -> None:
    import cv2
    import numpy as np

    from transforms.cutout.foreground import foreground_colours
    from transforms.cutout.matte import matte_of
    from transforms.images.colour import to_srgb
    from transforms.images.decoding import open_image, upright

    colours = to_srgb(upright(open_image(picture.read_bytes())))
    matte = matte_of(colours.rgb, colours.alpha, model=model).alpha
    product = np.dstack([foreground_colours(colours.rgb, matte)[..., ::-1], matte])
    result.parent.mkdir(parents=True, exist_ok=True)
    # Renamed into place, so that a killed command leaves no half file to be taken for a whole.
    unfinished = result.with_suffix(".unfinished.png")
    cv2.imwrite(str(unfinished), product)
    unfinished.replace(result)
