"""Batches are full, alike, and look no further ahead than they may."""

import threading

import pytest

from transforms.diffusion.batching import group_batches, prefetch

PATIENCE = 5.0
"""Seconds; only a test that fails waits that long."""


def grouped(items, *, most=2, window=4):
    return list(group_batches(items, str.lower, most=lambda: most, window=window))


def test_what_is_alike_comes_together_in_its_order():
    assert grouped(["a", "b", "A", "B"]) == [["a", "A"], ["b", "B"]]


def test_what_is_left_over_comes_at_the_end():
    assert grouped(["a", "A", "b", "A"]) == [["a", "A"], ["b"], ["A"]]


def test_no_more_items_wait_than_the_window_holds():
    taken = []

    def items():
        for item in "abcdefgh":
            taken.append(item)
            yield item

    given_out = group_batches(items(), str.lower, most=lambda: 2, window=4)

    assert next(given_out) == ["a"]
    assert taken == list("abcd")
    assert next(given_out) == ["b"]
    assert taken == list("abcde")


def test_a_full_batch_waits_for_nothing():
    items = iter(["a", "a", "b"])

    assert next(group_batches(items, str.lower, most=lambda: 2, window=9)) == ["a", "a"]
    assert next(items) == "b"


def test_batches_become_smaller_when_the_size_does():
    sizes = iter([3, 3, 3, 3, 1, 1, 1])

    found = list(group_batches("aaaaa", str.lower, most=lambda: next(sizes, 1), window=9))

    assert [len(batch) for batch in found] == [3, 1, 1]


def test_prefetch_makes_the_next_items_meanwhile_and_no_more():
    made, third = [], threading.Event()

    def items():
        for item in range(10):
            made.append(item)
            if item == 2:
                third.set()
            yield item

    found = prefetch(items(), 2)

    assert next(found) == 0
    assert third.wait(PATIENCE)
    assert made == [0, 1, 2]
    assert list(found) == list(range(1, 10))


def test_prefetch_raises_an_error_after_the_items_before_it():
    def items():
        yield 1
        raise ValueError("broke")

    found = prefetch(items(), 4)

    assert next(found) == 1
    with pytest.raises(ValueError, match="broke"):
        next(found)


def test_prefetch_closes_what_it_runs_and_leaves_no_thread_behind():
    before, closed = threading.active_count(), []

    def items():
        try:
            while True:
                yield 1
        finally:
            closed.append(threading.current_thread().name)

    found = prefetch(items(), 2)
    next(found)
    found.close()

    assert closed == ["prefetch"]
    assert threading.active_count() == before
