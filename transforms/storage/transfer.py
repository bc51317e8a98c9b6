"""Reading and writing thousands of objects with a bounded number on the way."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from transforms.errors import StorageError
from transforms.storage.protocol import Storage

T = TypeVar("T")
R = TypeVar("R")

WINDOW = 16


def read_each(
    storage: Storage, keys: Iterable[str], *, window: int = WINDOW
) -> Iterator[tuple[str, bytes | StorageError]]:
    """Read objects, in the order of `keys`.

    An object that cannot be read gives its error, so that one of them does not end the run.

    Args:
        storage: Where they lie.
        keys: Read as far ahead as `window` allows.
        window: At most as many objects are being read or wait to be taken; the memory this
            takes is that many objects.
    """

    def read(key: str) -> tuple[str, bytes | StorageError]:
        try:
            return key, storage.read(key)
        except StorageError as error:
            return key, error

    return _in_order(read, keys, window)


def create_each(
    storage: Storage, items: Iterable[tuple[str, bytes]], *, window: int = WINDOW
) -> Iterator[tuple[str, bool]]:
    """Create objects, and say of each in order whether it is new (`Storage.create`).

    Nothing is written until the result is iterated.

    Raises:
        StorageError: The first that was not written; those on the way have ended by then, and
            none was begun after it.
    """

    def create(item: tuple[str, bytes]) -> tuple[str, bool]:
        key, data = item
        return key, storage.create(key, data)

    return _in_order(create, items, window)


def _in_order(work: Callable[[T], R], items: Iterable[T], window: int) -> Iterator[R]:
    """Results in the order of items, at most `window` begun and not taken."""
    if window < 1:
        raise ValueError(f"window = {window}: must be 1 or more")
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(window, thread_name_prefix="transfer") as threads:
        try:
            for item in items:
                if len(waiting) == window:
                    yield waiting.popleft().result()
                waiting.append(threads.submit(work, item))
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()
