"""One function says where a picture ends a run, and each rule stands before those after it."""

import pytest

from transforms.records.renditions import Judgement
from transforms.runs.inventory import REFUSED
from transforms.runs.outcomes import UNFINISHED, UNLIKE, Traces, decide_state


def judged(verdict: str = "PASS", **other) -> Judgement:
    known = {"key": "k", "variant": "standard", "fingerprint": "f", "verdict": verdict}
    return Judgement(**known, **{"reasons": [], "reason": "", "message": "", "after": []} | other)


TRACES = {
    "left for a later run": (
        Traces(change="deferred", set_aside=("small", "x")),
        ("deferred", ""),
    ),
    "a name that is used twice": (
        Traces(change="clash", refused="Two files.", judgement=judged()),
        ("quarantined", REFUSED["clash"]),
    ),
    "a photograph set aside": (
        Traces(change="new", set_aside=("too_small", "Too small."), judgement=judged()),
        ("quarantined", "too_small"),
    ),
    "nothing is written": (Traces(change="new"), ("failed", UNFINISHED)),
    "an error": (
        Traces(change="new", judgement=judged(reason="broken", message="It broke.")),
        ("failed", "broken"),
    ),
    "passed": (Traces(change="redo", judgement=judged()), ("published", "")),
    "passed, and stands out": (
        Traces(change="new", judgement=judged(), unlike="Too large."),
        ("review", UNLIKE),
    ),
    "waits": (
        Traces(change="new", judgement=judged("REVIEW", reasons=["edge", "tone"]), unlike="Large."),
        ("review", "edge"),
    ),
    "fails": (Traces(change="new", judgement=judged("FAIL", reasons=["edge"])), ("failed", "edge")),
}


@pytest.mark.parametrize("case", TRACES)
def test_a_picture_ends_in_the_first_state_that_applies(case):
    traces, expected = TRACES[case]

    state, reason, message = decide_state(traces)

    assert (state, reason) == expected
    assert bool(message) == bool(reason)
