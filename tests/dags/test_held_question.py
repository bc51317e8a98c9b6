"""What a person is asked about a held run: why, what would go out, and no name that is obeyed."""

from datetime import UTC, datetime

from held_question import word_question

from transforms.publishing.release import HeldRun
from transforms.records.outcomes import Outcome
from transforms.records.parquet import to_table
from transforms.runs.inventory import RUN_HELD
from transforms.runs.summary import Counts, Summary

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NASTY = ("<script>alert(1)", "#`a` **b**", "([c](http:d)")


def outcome(sku: str, state: str, reason: str) -> Outcome:
    return Outcome(
        key=f"{sku}/front.jpg", sku=sku, view="front", etag="e", size_bytes=1, sha256="", phash="",
        variant="standard", recipe="r", state=state, reason=reason, message="", fingerprint="",
        prepared="",
    )  # fmt: skip


def held(*outcomes: Outcome) -> HeldRun:
    hold = "5 of 23 pictures failed, more than 20% (gate.yaml, audit.max_failed_share)"
    summary = Summary(
        run_id="run-1", catalogue="shop", variants=("standard",), ending="held", message="",
        counts=Counts(listed=len(outcomes), review=len(outcomes)), changes={}, reasons={},
        warnings={}, hold=(hold,), version=None, manifest=None, report=None, outcomes=None,
        started=NOW, ended=NOW, seconds=0,
    )  # fmt: skip
    return HeldRun(summary, to_table(outcomes, Outcome), "shown")


def test_the_question_tells_counts_and_reasons_and_obeys_no_name():
    run = held(
        *(outcome(sku, "quarantined", "too_small") for sku in NASTY),
        *(outcome(f"S{n}", "failed", "tile_ssim") for n in range(5)),
        *(outcome(f"S{n}", "review", RUN_HELD) for n in range(5, 20)),
    )

    subject, body = word_question(run, page="http://a/b", until=NOW)

    assert subject.startswith("shop (standard) is held: 5 of 23 pictures failed")
    lines = body.splitlines()
    assert "- 15 published" in lines
    assert "- 5 failed" in lines
    assert "- 3 quarantined" in lines
    assert (
        "- 5 of 23 pictures failed, more than 20% \\(gate.yaml, audit.max\\_failed\\_share\\)"
        in lines
    )
    assert "[Look at the pictures](http://a/b)" in lines
    assert "**Approve** publishes the 15 that passed" in body
    assert "- ` <script>alert(1)/front.jpg ` quarantined: ` too_small `" in lines
    assert "- `` #`a` **b**/front.jpg `` quarantined: ` too_small `" in lines
    assert "- ` ([c](http:d)/front.jpg ` quarantined: ` too_small `" in lines
    assert "- and 3 more" in lines, "five are named"
