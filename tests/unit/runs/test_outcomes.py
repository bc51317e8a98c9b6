"""One function says where a picture ends a run, and each rule stands before those after it."""

import pytest

from transforms.runs.inventory import REFUSED
from transforms.runs.outcomes import UNFINISHED, UNLIKE, Traces, decide_state


def report(verdict: str = "PASS", **other) -> dict:
    return {"verdict": verdict, "reasons": [], "reason": "", "message": ""} | other


TRACES = {
    "left for a later run": (
        Traces(change="deferred", set_aside=("small", "x")),
        ("deferred", ""),
    ),
    "a name that is used twice": (
        Traces(change="clash", refused="Two files.", report=report()),
        ("quarantined", REFUSED["clash"]),
    ),
    "a photograph set aside": (
        Traces(change="new", set_aside=("too_small", "Too small."), report=report()),
        ("quarantined", "too_small"),
    ),
    "nothing is written": (Traces(change="new"), ("failed", UNFINISHED)),
    "an error": (
        Traces(change="new", report=report(reason="broken", message="It broke.")),
        ("failed", "broken"),
    ),
    "passed": (Traces(change="redo", report=report()), ("published", "")),
    "passed, and stands out": (
        Traces(change="new", report=report(), unlike="Too large."),
        ("review", UNLIKE),
    ),
    "waits": (
        Traces(change="new", report=report("REVIEW", reasons=["edge", "tone"]), unlike="Large."),
        ("review", "edge"),
    ),
    "fails": (Traces(change="new", report=report("FAIL", reasons=["edge"])), ("failed", "edge")),
}


@pytest.mark.parametrize("case", TRACES)
def test_a_picture_ends_in_the_first_state_that_applies(case):
    traces, expected = TRACES[case]

    state, reason, message = decide_state(traces)

    assert (state, reason) == expected
    assert bool(message) == bool(reason)
