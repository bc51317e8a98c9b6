"""The pictures that a command is given: which there are, where each goes, how it is prepared."""

from pathlib import Path

import numpy as np

from transforms.errors import ConfigError, SourceError
from transforms.pixels import Pixels
from transforms.presets.catalogue import EXTENSIONS, MASK_ENDING, Preparation
from transforms.rendition.pictures import PreparedPicture

_LEAST_MARKED = 8
"""Levels of a mask, of 255, below which nothing is marked."""


def list_pictures(source: Path, target: Path) -> list[tuple[Path, Path]]:
    """Pictures with the PNG that each becomes, of which no two are the same.

    Args:
        source: A picture, or a folder, searched in depth; its sub-folders are kept.
        target: A PNG for a picture, or a folder.

    Raises:
        ConfigError: There is no picture, two would become one file, or one would be replaced.
    """
    if source.is_dir():
        if target.suffix.lower() == ".png":
            raise ConfigError(f"{target}: must be a folder, for {source} is one")
        pairs = find_pictures(source, target)
        if not pairs:
            raise ConfigError(f"{source}: there is no picture in it")
    elif not source.is_file():
        raise ConfigError(f"{source}: no such picture or folder")
    elif target.suffix and not target.is_dir():
        if target.suffix.lower() != ".png":
            raise ConfigError(f"{target}: must end in .png: presets make PNGs, without loss")
        pairs = [(source, target)]
    else:
        pairs = [(source, target / f"{source.stem}.png")]
    sources = {picture.resolve() for picture, _ in pairs}
    for _, result in pairs:
        if result.resolve() in sources:
            raise ConfigError(f"{result}: is one of the pictures; name another place")
    return pairs


def find_pictures(source: Path, target: Path) -> list[tuple[Path, Path]]:
    """Pictures of a folder, masks left out, with the PNG that each becomes; sub-folders are kept.

    What lies in the target folder was made by an earlier call, and is left out.

    Raises:
        ConfigError: Two would become one file.
    """
    made, taken = target.resolve(), dict[Path, Path]()
    for picture in sorted(source.rglob("*")):
        usable = picture.suffix.lower().lstrip(".") in EXTENSIONS and picture.is_file()
        if not usable or picture.name.lower().endswith(MASK_ENDING):
            continue
        if made != source.resolve() and picture.resolve().is_relative_to(made):
            continue
        result = target / picture.relative_to(source).with_suffix(".png")
        if result in taken:
            raise ConfigError(
                f"{picture} and {taken[result]} would both become {result}; rename one of them"
            )
        taken[result] = picture
    return [(picture, result) for result, picture in taken.items()]


def list_masks(pictures: list[Path], source: Path, mask: Path | None) -> list[Path | None]:
    """The mask of each picture: a file for a picture; for a folder, one laid out like it.

    Raises:
        ConfigError: A file is given for a folder, or the other way round.
    """
    if mask is None:
        return [None] * len(pictures)
    if source.is_dir() != mask.is_dir() or not mask.exists():
        wanted = f"a folder like {source}, of PNGs" if source.is_dir() else "a picture"
        raise ConfigError(f"--mask {mask}: must be {wanted}: white is painted anew")
    if mask.is_file():
        return [mask]
    return [mask / picture.relative_to(source).with_suffix(".png") for picture in pictures]


def prepare_picture(path: Path, mask: Path | None = None) -> PreparedPicture:
    """Read one picture and prepare it as a night does.

    A mask of the product beside it (`front.mask.png` beside `front.jpg`) is used as it is.

    Args:
        path: The picture.
        mask: Of what is to be painted anew, for presets that want one.

    Raises:
        SourceError: It cannot be used, or its mask cannot.
    """
    from transforms.preparation.sequence import prepare

    # A mask lies as the photograph does, so that one is not turned.
    how = Preparation(straighten=mask is None)
    cutout = find_mask(path)
    supplied = cutout.read_bytes() if cutout else None
    prepared = prepare(path.read_bytes(), how, digest="", mask=supplied)
    marked = None
    if mask is not None:
        facts = prepared.facts
        size, orientation = (facts.width_px, facts.height_px), facts.orientation
        left, top, right, bottom = facts.crop
        marked = np.ascontiguousarray(_read_mask(mask, size, orientation)[top:bottom, left:right])
    sku = path.parent.name or path.stem
    return PreparedPicture(sku, prepared.image, prepared.matte, prepared.facts, mask=marked)


def _read_mask(path: Path, size: tuple[int, int], orientation: int) -> Pixels:
    """Decode a mask of what is to be painted anew; (height, width) of the upright picture."""
    from transforms.images.decoding import open_image, turn_upright, upright
    from transforms.images.mask import BAD_MASK

    if not path.is_file():
        raise SourceError(BAD_MASK, f"There is no mask {path}: white is painted anew.")
    image = upright(open_image(path.read_bytes()))
    if image.size != size:
        image = turn_upright(image, orientation)
    if image.size != size:
        raise SourceError(
            BAD_MASK,
            f"The mask {path} is {image.width} x {image.height} px and the picture {size[0]} x "
            f"{size[1]}: export the mask anew at the picture's size.",
        )
    marked = np.asarray(image.convert("L"))
    if marked.max(initial=0) < _LEAST_MARKED:
        raise SourceError(BAD_MASK, f"The mask {path} is black: paint white what is to go.")
    return marked


def find_mask(picture: Path) -> Path | None:
    """The mask beside a picture, its ending in any case.

    Raises:
        SourceError: There are several.
    """
    name = picture.stem + MASK_ENDING
    found = [path for path in picture.parent.iterdir() if path.name.lower() == name.lower()]
    found = [path for path in found if path.name[: len(picture.stem)] == picture.stem]
    if len(found) > 1:
        names = " and ".join(sorted(path.name for path in found))
        raise SourceError("several_masks", f"{names} are both its mask: keep one of them.")
    return found[0] if found else None
