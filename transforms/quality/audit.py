"""Whether a run as a whole may be published: shares of its pictures, and the nights before it."""

from collections.abc import Sequence
from statistics import median

from transforms.manifest.summary import Counts
from transforms.presets.gate import Audit


def worked_on(counts: Counts) -> int:
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
        far fewer pictures pass than in those before it. A run that works on a few pictures is not
        judged by shares.
    """
    worked = worked_on(counts)
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
    before = [
        each.published / worked_on(each)
        for each in earlier
        if worked_on(each) >= limits.min_pictures
    ][: limits.nights]
    if len(before) >= limits.min_nights:
        usual, now = median(before), counts.published / worked
        if usual - now > limits.max_drift:
            reasons.append(
                f"{now:.0%} of the pictures pass, and {usual:.0%} did in the last "
                f"{len(before)} runs (gate.yaml, audit.max_drift)"
            )
    return reasons
