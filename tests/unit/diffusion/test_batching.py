"""Batches are full, alike, and look no further ahead than they may."""

from transforms.diffusion.batching import batches


def grouped(items, *, most=2, window=4):
    return list(batches(items, str.lower, most=lambda: most, window=window))


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

    given_out = batches(items(), str.lower, most=lambda: 2, window=4)

    assert next(given_out) == ["a"]
    assert taken == list("abcd")
    assert next(given_out) == ["b"]
    assert taken == list("abcde")


def test_a_full_batch_waits_for_nothing():
    items = iter(["a", "a", "b"])

    assert next(batches(items, str.lower, most=lambda: 2, window=9)) == ["a", "a"]
    assert next(items) == "b"


def test_batches_become_smaller_when_the_size_does():
    sizes = iter([3, 3, 3, 3, 1, 1, 1])

    found = list(batches("aaaaa", str.lower, most=lambda: next(sizes, 1), window=9))

    assert [len(batch) for batch in found] == [3, 1, 1]
