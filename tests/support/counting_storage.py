"""A storage that counts what is read from it, around a real one."""

from collections import Counter
from typing import Any

from transforms.storage.protocol import Storage


class CountingStorage:
    """Does all that `storage` does; `reads` says how often each object was read."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.reads: Counter[str] = Counter()

    def read(self, key: str) -> bytes:
        data = self._storage.read(key)
        self.reads[key] += 1
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)
