"""Storages in folders in which something happens that storages in use may do to us."""

from collections.abc import Callable
from pathlib import Path

from transforms.runs.run import Places
from transforms.storage.folder import FolderStorage


class Interrupted(FolderStorage):
    """A storage in which something else happens just before each of its first swaps."""

    def __init__(self, folder: Path, *meanwhile: Callable[[], object]):
        super().__init__(folder)
        self._meanwhile = list(meanwhile)

    def swap(self, key, data, *, expected_etag):
        if self._meanwhile:
            self._meanwhile.pop(0)()
        return super().swap(key, data, expected_etag=expected_etag)


class Garbling(FolderStorage):
    """A storage that keeps other bytes than it was given."""

    def create(self, key, data):
        return super().create(key, data[:-1] + b"?")


def folder_of(storage: FolderStorage) -> Path:
    return Path(storage.uri.removeprefix("file://"))


def interrupt(places: Places, *meanwhile: Callable[[], object]) -> Places:
    """The same places, in which this happens just before the first swaps of what is published."""
    published = Interrupted(folder_of(places.published), *meanwhile)
    return Places(places.source, places.work, published)
