"""Plates in storage: which there are, and that their pixels are those that a run began with."""

import re
from pathlib import PurePosixPath

import yaml
from pydantic import ValidationError

from transforms.errors import ConfigError, RenderError, SourceError
from transforms.images.colour import to_srgb
from transforms.images.decoding import open_image, upright
from transforms.pixels import Pixels
from transforms.presets.plate import Plate, StockedPlate
from transforms.records.fingerprint import sha256
from transforms.scenes.plate_notes import estimate_plate
from transforms.storage.protocol import Storage

_PICTURES = (".jpg", ".jpeg", ".png", ".webp")


def stock_plates(storage: Storage) -> tuple[StockedPlate, ...]:
    """Every plate, sorted by name.

    One without notes takes its kind from the folder it lies in (`winter/lake.jpg`), and the rest is
    estimated from its pixels.

    Raises:
        ConfigError: Notes are wrong or lie beside no picture, a picture lies in no folder and has
            none, or two plates share a name.
        StorageError: Storage does not answer; to be tried again.
    """
    keys = storage.listing()["key"].to_pylist()
    pictures = {str(PurePosixPath(key).with_suffix("")): key for key in keys if _is_picture(key)}
    notes = {str(PurePosixPath(key).with_suffix("")): key for key in keys if _is_notes(key)}
    for stem in sorted(set(notes) - set(pictures)):
        raise ConfigError(
            f"{storage.uri}/{notes[stem]}: no picture of the same name lies beside it"
        )
    found: dict[str, StockedPlate] = {}
    for stem, key in sorted(pictures.items()):
        data = storage.read(key)
        noted = stem in notes
        plate = _read_notes(storage, notes[stem]) if noted else _estimate(storage, key, data)
        if plate.name in found:
            raise ConfigError(f"{storage.uri}/{key}: name: {plate.name!r} is used more than once")
        found[plate.name] = StockedPlate(
            plate=plate, key=key, sha256=sha256(data), estimated=not noted
        )
    return tuple(found[name] for name in sorted(found))


def read_plate(storage: Storage, stocked: StockedPlate) -> Pixels:
    """The picture of a plate, as the run found it when it began: (height, width, 3), sRGB, upright.

    Raises:
        RenderError: It was replaced meanwhile, or cannot be decoded.
        StorageError: Storage does not answer; to be tried again.
    """
    data = storage.read(stocked.key)
    if sha256(data) != stocked.sha256:
        raise RenderError(
            f"plate {stocked.plate.name} ({storage.uri}/{stocked.key}) was replaced while the run "
            "was under way; start the run again"
        )
    try:
        return _pixels(data)
    except SourceError as error:
        raise RenderError(
            f"plate {stocked.plate.name} ({storage.uri}/{stocked.key}): {error}"
        ) from error


def _pixels(data: bytes) -> Pixels:
    return to_srgb(upright(open_image(data))).rgb


def _is_picture(key: str) -> bool:
    return PurePosixPath(key).suffix.lower() in _PICTURES


def _is_notes(key: str) -> bool:
    return PurePosixPath(key).suffix.lower() in {".yaml", ".yml"}


def _estimate(storage: Storage, key: str, data: bytes) -> Plate:
    path = PurePosixPath(key)
    name, kind = (
        re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-")
        for part in (path.stem, path.parent.name)
    )
    if not kind:
        raise ConfigError(
            f"{storage.uri}/{key}: has no notes beside it, and no folder says its kind: move it to "
            f"winter/{path.name}, or what its kind is, or write {path.stem}.yaml"
        )
    try:
        return estimate_plate(_pixels(data), name=name, kind=kind)
    except (SourceError, ValueError) as error:
        raise ConfigError(f"{storage.uri}/{key}: cannot be used as a plate: {error}") from error


def _read_notes(storage: Storage, key: str) -> Plate:
    name = f"{storage.uri}/{key}"
    try:
        return Plate.model_validate(yaml.safe_load(storage.read(key)))
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}: not valid YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        lines = [
            f"{name}: {'.'.join(map(str, each['loc']))}: {each['msg']}"
            for each in error.errors(include_url=False)
        ]
        raise ConfigError("\n".join(lines)) from error
