"""Decides whether a run is held as a whole: by shares of its pictures, and the nights before it.

What a person sees of one that is held, and may release, is `transforms.publishing.release`.
"""

import math
from collections import Counter
from collections.abc import Sequence
from statistics import median

from transforms.presets.gate import Audit
from transforms.records.outcomes import Outcome
from transforms.runs.run import Run
from transforms.runs.summary import Counts, ended_runs

_DEVIATIONS = 4.0
"""Standard deviations of a binomial share beyond which it is no chance."""
_LEAST_USUAL = 0.05
"""A catalogue of which nothing ever waits is not held for its first three odd pictures."""


def decide_to_hold(run: Run, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """Decide whether a run is held, against its limits and the runs of the same variants before it.

    Args:
        run: Its stages have ended.
        outcomes: Of the pictures that it worked on, in all its variants.

    Returns:
        Why it is held, a sentence each; empty: it is not.

    Raises:
        StorageError: Storage does not answer.
    """
    configuration = run.plan.configuration
    earlier = [
        each.counts
        for each in ended_runs(run.places.work, configuration.catalogue.name)
        if each.variants == tuple(run.plan.variants) and each.ending in ("published", "unchanged")
    ]
    states = Counter(outcome.state for outcome in outcomes)
    counts = Counts.model_validate({"listed": len(outcomes), **states})
    return tuple(reasons_to_hold(counts, earlier, configuration.gate.audit))


def count_worked_on(counts: Counts) -> int:
    """Pictures that a run worked on."""
    return counts.listed - counts.unchanged - counts.deferred


def reasons_to_hold(counts: Counts, earlier: Sequence[Counts], limits: Audit) -> list[str]:
    """What speaks against publishing a run, in words; empty: nothing does.

    Args:
        counts: Of the run, before it is published.
        earlier: Of the nights before it, newest first.
        limits: `audit` of `config/gate.yaml`.

    Returns:
        A broken upload, tool or model shows in shares that are too large, or in a night in which
        far fewer pictures pass than in those before it, or many times as many do not; what becomes
        worse little by little shows against the better of many nights. A run that works on a few
        pictures is not judged by shares.
    """
    worked = count_worked_on(counts)
    if worked < limits.min_pictures:
        return []
    reasons = [
        f"{count} of {worked} pictures {said}, more than {limit:.0%} "
        f"(gate.yaml, audit.max_{name}_share)"
        for name, said, count, limit in (
            ("failed", "failed", counts.failed, limits.max_failed_share),
            ("quarantined", "quarantined", counts.quarantined, limits.max_quarantined_share),
            ("review", "wait for review", counts.review, limits.max_review_share),
        )
        if count > limit * worked
    ]
    return reasons + _drift(counts, earlier, limits)


def _drift(counts: Counts, earlier: Sequence[Counts], limits: Audit) -> list[str]:
    """How far a run lies from the last ones, suddenly or little by little."""
    worked = count_worked_on(counts)
    before = [
        1 - each.published / count_worked_on(each)
        for each in earlier
        if count_worked_on(each) >= limits.min_pictures
    ][: limits.long_nights]
    if len(before) < limits.min_nights:
        return []
    now, last = 1 - counts.published / worked, before[: limits.nights]
    usual, best = median(last), _better_quarter(before)
    if now - usual > limits.max_drift:
        said = f"{1 - now:.0%} of the pictures pass, and {1 - usual:.0%} did in the last"
        return [f"{said} {len(last)} runs (gate.yaml, audit.max_drift)"]
    for share, runs in (
        (usual, f"the last {len(last)} runs"),
        (best, f"the better quarter of the last {len(before)} runs"),
    ):
        if now > limits.max_growth * share and now > _by_chance(share, worked):
            said = f"{now:.0%} of the pictures do not pass, and {share:.0%} did not in {runs}"
            return [f"{said} (gate.yaml, audit.max_growth)"]
    return []


def _better_quarter(shares: Sequence[float]) -> float:
    """The share that a quarter of the runs do not exceed."""
    return sorted(shares)[(len(shares) - 1) // 4]


def _by_chance(share: float, pictures: int) -> float:
    """The largest share of so many pictures that is still no sign, where `share` is usual."""
    usual = max(share, _LEAST_USUAL)
    return usual + _DEVIATIONS * math.sqrt(usual * (1 - usual) / pictures)
