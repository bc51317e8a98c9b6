"""Plates in storage: which there are, and that their pixels are those that a run began with."""

from pathlib import PurePosixPath

import yaml
from pydantic import ValidationError

from transforms.errors import ConfigError, RenderError
from transforms.manifest.fingerprint import sha256
from transforms.presets.plate import Plate, StockedPlate
from transforms.storage.protocol import Storage

_PICTURES = (".jpg", ".jpeg", ".png", ".webp")


def stocked_plates(storage: Storage) -> tuple[StockedPlate, ...]:
    """Every plate with notes, sorted by name.

    Raises:
        ConfigError: Notes are wrong, lie beside no picture, or two plates share a name.
        StorageError: Storage does not answer; to be tried again.
    """
    keys = storage.listing()["key"].to_pylist()
    pictures = {str(PurePosixPath(key).with_suffix("")): key for key in keys if _is_picture(key)}
    found: dict[str, StockedPlate] = {}
    for key in keys:
        if PurePosixPath(key).suffix.lower() not in {".yaml", ".yml"}:
            continue
        plate = _notes(storage, key)
        picture = pictures.get(str(PurePosixPath(key).with_suffix("")))
        if picture is None:
            raise ConfigError(f"{storage.uri}/{key}: no picture of the same name lies beside it")
        if plate.name in found:
            raise ConfigError(f"{storage.uri}/{key}: name: {plate.name!r} is used more than once")
        digest = sha256(storage.read(picture))
        found[plate.name] = StockedPlate(plate=plate, key=picture, sha256=digest)
    return tuple(found[name] for name in sorted(found))


def read_plate(storage: Storage, stocked: StockedPlate) -> bytes:
    """The picture of a plate, as the run found it when it began.

    Raises:
        RenderError: It was replaced meanwhile.
        StorageError: Storage does not answer; to be tried again.
    """
    data = storage.read(stocked.key)
    if sha256(data) != stocked.sha256:
        raise RenderError(
            f"plate {stocked.plate.name} ({storage.uri}/{stocked.key}) was replaced while the run "
            "was under way; start the run again"
        )
    return data


def _is_picture(key: str) -> bool:
    return PurePosixPath(key).suffix.lower() in _PICTURES


def _notes(storage: Storage, key: str) -> Plate:
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
