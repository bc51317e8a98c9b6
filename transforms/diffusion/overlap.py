"""Reading ahead and writing behind while one thread works. Knows nothing of pictures."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import TypeVar

Item = TypeVar("Item")
Given = TypeVar("Given")
Done = TypeVar("Done")
Kept = TypeVar("Kept")

_SHOWN = 300


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None = None


def overlapped(
    items: Iterable[Item],
    *,
    read: Callable[[Item], Given],
    work: Callable[[Iterator[Given]], Generator[Done]],
    write: Callable[[Done], Kept],
    depth: int,
    threads: int = 2,
) -> Generator[Kept]:
    """Read, work and write at the same time.

    Args:
        items: What is to be done; taken as it is needed.
        read: From an item to what `work` takes. Runs in threads.
        work: Is given what was read, in the items' order, and yields what is done. Runs in the
            caller's thread.
        write: Keeps what is done, begun as soon as it is. Runs in threads.
        depth: Items read ahead at most, and also results that wait to be written.
        threads: For reading, and as many for writing.

    Yields:
        What `write` returns, in the order in which `work` yields.

    An error of any thread is raised here, with a note that names the item. After an error, or when
    the caller stops early, all that `work` has yielded is still written.
    """
    with ExitStack() as stack:
        writers = stack.enter_context(ThreadPoolExecutor(threads, "write"))
        readers = stack.enter_context(ThreadPoolExecutor(threads, "read"))
        stack.callback(readers.shutdown, wait=False, cancel_futures=True)
        working = stack.enter_context(closing(work(_read_ahead(items, read, readers, depth))))
        writing: deque[Future[Kept]] = deque()
        for done in working:
            writing.append(writers.submit(_named, write, done))
            while writing and (len(writing) > depth or writing[0].done()):
                yield writing.popleft().result()
        while writing:
            yield writing.popleft().result()


def ahead(items: Iterable[Item], depth: int) -> Generator[Item]:
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

    thread = Thread(target=run, name="ahead", daemon=True)
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


def _read_ahead(
    items: Iterable[Item], read: Callable[[Item], Given], readers: ThreadPoolExecutor, depth: int
) -> Iterator[Given]:
    reading: deque[Future[Given]] = deque()
    for item in items:
        reading.append(readers.submit(_named, read, item))
        if len(reading) > depth:
            yield reading.popleft().result()
    while reading:
        yield reading.popleft().result()


def _named(call: Callable[[Item], Given], item: Item) -> Given:
    try:
        return call(item)
    except Exception as error:
        error.add_note(f"with {item!s:.{_SHOWN}}")
        raise
