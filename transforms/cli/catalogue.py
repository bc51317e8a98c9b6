"""The catalogue that a command is about: named, the only one, or that of a photograph."""

from pathlib import Path
from urllib.parse import unquote

from transforms.errors import ConfigError
from transforms.presets.catalogue import Catalogue
from transforms.presets.loading import config_folder, load
from transforms.storage.opening import open_storage
from transforms.storage.protocol import Storage

_IN_FOLDER = "file://"


def read_catalogue(file: Path) -> Catalogue:
    """Read a catalogue's file; its places are made absolute.

    Raises:
        ConfigError: Naming file, field, value and what is allowed.
    """
    return load(file, Catalogue).resolve(file.resolve().parent)


def find_catalogue_of(source: Path, config: Path) -> Catalogue | None:
    """The first of the project's catalogues whose photographs lie in a folder that holds this one.

    Args:
        source: A photograph.
        config: Folder of the configuration.

    Raises:
        ConfigError: A catalogue's file is wrong.
    """
    for file in sorted((config / "catalogues").glob("*.yaml")):
        known = read_catalogue(file)
        if _key(source, known) is not None:
            return known
    return None


def sku_of(source: Path, known: Catalogue | None) -> str:
    """Which product a photograph shows: as a night reads it, else its folder's name."""
    key = _key(source, known) if known else None
    found = known.sku_and_view(key) if known and key else None
    return found[0] if found else source.parent.name or source.stem


def _key(source: Path, known: Catalogue) -> str | None:
    """The photograph's key in the catalogue's source; None: it does not lie there."""
    if not known.source.uri.startswith(_IN_FOLDER):
        return None
    folder, path = Path(unquote(known.source.uri.removeprefix(_IN_FOLDER))), source.resolve()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else None


def open_place(place: str, catalogue_file: Path | None, uri: str | None) -> Storage:
    """Open a place of a catalogue, `work` or `published`, or the one that a URI names instead.

    Raises:
        ConfigError: No catalogue is named, and there is not exactly one.
    """
    return open_storage(uri or getattr(_only_catalogue(catalogue_file), place).uri)


def _only_catalogue(file: Path | None) -> Catalogue:
    """The one that is named, or the only one that there is."""
    if file is None:
        folder = config_folder() / "catalogues"
        files = sorted(folder.glob("*.yaml"))
        if len(files) != 1:
            names = ", ".join(each.name for each in files) or "none"
            raise ConfigError(f"say which catalogue with --catalogue; in {folder}: {names}")
        file = files[0]
    return read_catalogue(file)
