"""Groups what can be made at once, looking ahead a bounded way. Knows nothing of pictures."""

from collections.abc import Callable, Generator, Hashable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def batches(
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
            yield from _given_out(waiting, alike(item), most())
        elif sum(map(len, waiting.values())) >= window:
            # Dictionaries keep their order, so this is the group whose first item came first.
            yield from _given_out(waiting, next(iter(waiting)), most())
    while waiting:
        yield from _given_out(waiting, next(iter(waiting)), most())


def _given_out(
    waiting: dict[Hashable, list[Item]], key: Hashable, most: int
) -> Generator[list[Item]]:
    group = waiting.pop(key)
    yield from (group[start : start + most] for start in range(0, len(group), most))
