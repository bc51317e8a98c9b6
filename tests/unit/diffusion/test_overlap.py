"""Reading and writing go on while the work does, within bounds, and no error is lost."""

import threading

import pytest

from transforms.diffusion.overlap import ahead, overlapped

PATIENCE = 5.0
"""Seconds; only a test that fails waits that long."""


def same(item):
    return item


def each(given):
    yield from given


def run(items, *, read=same, work=each, write=same, depth=3, threads=2):
    return overlapped(items, read=read, work=work, write=write, depth=depth, threads=threads)


def test_every_item_is_read_worked_on_and_written_in_order():
    done = run(range(20), read=lambda n: n + 1, write=lambda n: n * 10)

    assert list(done) == [(n + 1) * 10 for n in range(20)]


def test_the_next_item_is_read_and_the_last_one_written_while_the_work_goes_on():
    read, written = threading.Event(), threading.Event()

    def reading(item):
        if item == 2:
            read.set()
        return item

    def working(given):
        yield next(given)
        assert read.wait(PATIENCE)
        assert written.wait(PATIENCE)
        yield from given

    assert list(run([1, 2], read=reading, work=working, write=lambda _: written.set())) == [
        None,
        None,
    ]


def test_reads_no_further_ahead_than_it_may():
    taken = []

    def items():
        for item in range(100):
            taken.append(item)
            yield item

    done = run(items(), depth=3)
    next(done)

    assert len(taken) <= 1 + 3 + 1
    done.close()


def test_results_that_wait_to_be_written_are_bounded():
    worked, gate = [], threading.Event()

    def working(given):
        for item in given:
            worked.append(item)
            if len(worked) == 4:
                # Three wait already; the fourth has to see one of them written.
                threading.Timer(0.05, gate.set).start()
            yield item

    def writing(item):
        assert gate.wait(PATIENCE)
        return item

    done = run(range(50), work=working, write=writing, depth=3)

    assert next(done) == 0
    assert len(worked) == 4
    done.close()


def test_an_error_of_a_reader_names_its_item_and_leaves_what_was_done_written():
    written = []

    def reading(item):
        if item == "c.png":
            raise OSError("gone")
        return item

    with pytest.raises(OSError, match="gone") as caught:
        list(run(["a.png", "b.png", "c.png", "d.png"], read=reading, write=written.append))

    assert caught.value.__notes__ == ["with c.png"]
    assert written == ["a.png", "b.png"]


def test_an_error_of_a_writer_is_raised_and_names_its_item():
    def writing(item):
        if item == 7:
            raise OSError("full")

    with pytest.raises(OSError, match="full") as caught:
        list(run(range(50), write=writing))

    assert caught.value.__notes__ == ["with 7"]


def test_an_error_of_the_work_leaves_what_was_done_written():
    written = []

    def working(given):
        yield next(given)
        yield next(given)
        raise ValueError("broke")

    with pytest.raises(ValueError, match="broke"):
        list(run(range(9), work=working, write=written.append))

    assert written == [0, 1]


def test_stopping_early_leaves_what_was_done_written_and_no_thread_behind():
    before, written = threading.active_count(), []
    done = run(range(100), write=written.append)
    next(done)
    done.close()

    assert written[0] == 0
    assert threading.active_count() == before


def test_ahead_makes_the_next_items_meanwhile_and_no_more():
    made, third = [], threading.Event()

    def items():
        for item in range(10):
            made.append(item)
            if item == 2:
                third.set()
            yield item

    found = ahead(items(), 2)

    assert next(found) == 0
    assert third.wait(PATIENCE)
    assert made == [0, 1, 2]
    assert list(found) == list(range(1, 10))


def test_ahead_raises_an_error_after_the_items_before_it():
    def items():
        yield 1
        raise ValueError("broke")

    found = ahead(items(), 4)

    assert next(found) == 1
    with pytest.raises(ValueError, match="broke"):
        next(found)


def test_ahead_closes_what_it_runs_and_leaves_no_thread_behind():
    before, closed = threading.active_count(), []

    def items():
        try:
            while True:
                yield 1
        finally:
            closed.append(threading.current_thread().name)

    found = ahead(items(), 2)
    next(found)
    found.close()

    assert closed == ["ahead"]
    assert threading.active_count() == before
