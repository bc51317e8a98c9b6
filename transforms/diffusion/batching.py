"""Groups items into batches, and prefetches the next in a thread. Knows nothing of pictures."""

from collections.abc import Callable, Generator, Hashable, Iterable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import TypeVar

Item = TypeVar("Item")


def group_batches(
    items: Iterable[Item],
    alike: Callable[[Item], Hashable],
    *,
    most: Callable[[], int],
    window: int,
) -> Generator[list[Item]]:
    """Group items that are alike into full batches, as far as the window shows enough of them.

    Args:
        items: Taken as they are needed.
        alike: Items of one batch are equal in this.
        most: Size of a full batch; asked before every one, since memory may prove too small.
        window: Items looked at before a batch that is not full is given out. What came first is
            given out first then, so nothing waits for ever.

    Yields:
        Batches; within each, items keep their order.
    """
    waiting: dict[Hashable, list[Item]] = {}
    for item in items:
        group = waiting.setdefault(alike(item), [])
        group.append(item)
        if len(group) >= most():
            yield from _take_batches(waiting, alike(item), most())
        elif sum(map(len, waiting.values())) >= window:
            # Dictionaries keep their order, so this is the group whose first item came first.
            yield from _take_batches(waiting, next(iter(waiting)), most())
    while waiting:
        yield from _take_batches(waiting, next(iter(waiting)), most())


def _take_batches(
    waiting: dict[Hashable, list[Item]], key: Hashable, most: int
) -> Generator[list[Item]]:
    group = waiting.pop(key)
    yield from (group[start : start + most] for start in range(0, len(group), most))


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None = None


def prefetch(items: Iterable[Item], depth: int) -> Generator[Item]:
    """Run an iterable in a thread of its own, so that its next items are made meanwhile.

    Args:
        items: If it is a generator, it is closed in that thread.
        depth: Items made ahead at most.

    Its errors are raised here, after the items before them. Closing this generator lets the
    thread finish the item that it is making, and waits for that.
    """
    room = Semaphore(depth)
    ready: SimpleQueue[Item | _End] = SimpleQueue()
    stopped = False

    def run() -> None:
        source = iter(items)
        try:
            while room.acquire() and not stopped:
                ready.put(next(source))
        except StopIteration:
            ready.put(_End())
        except BaseException as error:  # noqa: BLE001 - raised again, in the caller
            ready.put(_End(error))
        if isinstance(source, Generator):
            source.close()

    thread = Thread(target=run, name="prefetch", daemon=True)
    thread.start()
    try:
        while not isinstance(item := ready.get(), _End):
            room.release()
            yield item
        if item.error is not None:
            raise item.error
    finally:
        stopped = True
        room.release()
        thread.join()
