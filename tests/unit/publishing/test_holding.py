"""When a whole night is held: by shares of its pictures, and by the nights before it."""

import numpy as np
import pytest

from transforms.presets.gate import Audit
from transforms.publishing.holding import reasons_to_hold
from transforms.runs.summary import Counts


def counts(published, *, failed=0, review=0, quarantined=0, unchanged=0):
    listed = published + failed + review + quarantined + unchanged
    return Counts(
        listed=listed, published=published, failed=failed, review=review,
        quarantined=quarantined, unchanged=unchanged,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("night", "rule"),
    [
        (counts(50, failed=30), "max_failed_share"),
        (counts(30, quarantined=50), "max_quarantined_share"),
        (counts(20, review=60), "max_review_share"),
    ],
)
def test_a_night_of_which_too_much_went_wrong_is_held(night, rule):
    (reason,) = reasons_to_hold(night, [], Audit())

    assert rule in reason
    assert "of 80 pictures" in reason


def test_a_night_far_below_the_last_ones_is_held():
    usual = [counts(95, review=5), counts(90, review=10), counts(97, review=3)]
    poor = counts(55, review=45)

    (reason,) = reasons_to_hold(poor, usual, Audit())

    assert reason.startswith("55% of the pictures pass, and 95% did in the last 3 runs")
    assert reasons_to_hold(poor, usual[:2], Audit()) == []  # nothing is usual yet
    assert reasons_to_hold(counts(88, review=12), usual, Audit()) == []


@pytest.mark.parametrize(
    ("pictures", "reviews", "held"),
    [(100, 24, True), (100, 16, False), (20, 4, False), (20, 9, True)],
    ids=["three times as many", "twice as many", "by chance", "more than by chance"],
)
def test_a_night_of_which_many_times_more_waits_is_held(pictures, reviews, held):
    usual = [counts(100 - each, review=each) for each in (8, 7, 9, 8, 10, 6, 8, 8, 9, 7)]
    tonight = counts(pictures - reviews, review=reviews)

    reasons = reasons_to_hold(tonight, usual, Audit(max_drift=0.9))

    assert [reason.endswith("(gate.yaml, audit.max_growth)") for reason in reasons] == [True] * held


def test_what_becomes_worse_little_by_little_is_held_though_each_night_is_like_the_last():
    nights = [counts(95 - each, review=5 + each) for each in range(30)]

    held = next(
        number
        for number in range(1, 30)
        if reasons_to_hold(nights[number], nights[number - 1 :: -1], Audit())
    )
    earlier = nights[held - 1 :: -1]
    (reason,) = reasons_to_hold(nights[held], earlier, Audit())

    assert nights[held].review < 25
    assert "the better quarter of the last" in reason
    assert reasons_to_hold(nights[held], earlier, Audit(long_nights=7)) == []


def test_sixty_nights_that_differ_by_chance_are_not_held():
    rng = np.random.default_rng(4)
    nights = [counts(100 - each, review=each) for each in map(int, rng.binomial(100, 0.1, 60))]

    told = [reasons_to_hold(nights[n], nights[n - 1 :: -1], Audit()) for n in range(1, 60)]

    assert [reasons for reasons in told if reasons] == []


def test_small_nights_are_not_judged_by_shares_and_say_nothing_about_others():
    small = counts(0, failed=5, unchanged=900)
    usual = [small, counts(95, review=5)] * 2

    assert reasons_to_hold(small, [], Audit()) == []
    assert reasons_to_hold(counts(40, review=60), usual, Audit(max_review_share=0.7)) == []
