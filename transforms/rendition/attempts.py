"""Makes jobs with a diffusion model: each with its candidates, until an attempt passes."""

from collections.abc import Iterable, Iterator

from transforms.diffusion.generation import GenerationRequest, GenerationResult
from transforms.errors import RenderError
from transforms.images.codec import encode_thumbnail
from transforms.presets.gate import Gate
from transforms.quality.ground_line import ground_shift
from transforms.quality.restyling import restyling_metrics
from transforms.quality.verdict import judge
from transforms.records.facts import Attempt
from transforms.rendition.candidates import (
    Candidate,
    GenerationJob,
    GenerationOutcome,
    ImageGenerator,
    Progress,
    first_candidates,
    next_candidates,
    rank,
)


def run_attempts(
    engine: ImageGenerator, jobs: Iterable[GenerationJob], gate: Gate
) -> Iterator[GenerationOutcome | tuple[int, RenderError]]:
    """Make every job, with its candidates, and with other strengths where none passes.

    Args:
        engine: Of the checkpoint that all jobs ask for.
        jobs: Read as far ahead as the engine reads, so their pictures need not fit in memory.
        gate: Says which attempts pass.

    Yields:
        Each job once, as soon as it is decided: its best attempt, also where none passed (the
        check then tells a person), or its number with the error where nothing could be made.
    """
    progress: dict[int, Progress] = {}
    impossible: list[tuple[int, RenderError]] = []

    def begin() -> Iterator[tuple[Progress, list[Candidate]]]:
        for job in jobs:
            try:
                state = progress[job.number] = Progress(job, job.prepare_input())
            except RenderError as error:
                impossible.append((job.number, error))
                continue
            yield state, first_candidates(state)

    todo: Iterable[tuple[Progress, list[Candidate]]] = begin()
    while True:
        again: list[tuple[Progress, list[Candidate]]] = []
        for state in _run_round(engine, todo, gate):
            candidates = [] if state.passed else next_candidates(state)
            if candidates:
                again.append((state, candidates))
                continue
            del progress[state.job.number]
            yield _decide(state)
        yield from impossible
        impossible.clear()
        if not again:
            return
        todo = again


def _run_round(
    engine: ImageGenerator,
    todo: Iterable[tuple[Progress, list[Candidate]]],
    gate: Gate,
) -> Iterator[Progress]:
    """Run the candidates of one round; yields each job when all of its candidates are there."""
    owners: dict[int, tuple[Progress, Candidate]] = {}

    def requests() -> Iterator[GenerationRequest]:
        number = 0
        for state, candidates in todo:
            job = state.job
            given, state.waiting = state.given, len(candidates)
            for each in candidates:
                owners[number] = (state, each)
                number += 1
                yield GenerationRequest(
                    pixels=given.pixels,
                    diffusion=job.diffusion,
                    positive=job.prompts[0],
                    negative=job.prompts[1],
                    strength=each.strength,
                    seed=each.seed,
                    mask=given.mask,
                    surroundings=given.facts is None,
                )

    for made in engine.generate(requests()):
        state, candidate = owners.pop(made.number)
        _record(state, candidate, made, gate)
        state.waiting -= 1
        if not state.waiting:
            yield state


def _record(state: Progress, candidate: Candidate, made: GenerationResult, gate: Gate) -> None:
    """Judge one result, and keep its pixels if it is the best so far."""
    number, reason, measured = len(state.attempts) + 1, made.reason, dict[str, float]()
    thumbnail = b""
    if made.pixels is not None:
        pixels = state.given.finish(made.pixels)
        thumbnail = encode_thumbnail(pixels)
        measured = restyling_metrics(state.given.pixels, pixels)
        if state.given.horizon is not None:
            measured["ground_shift"] = ground_shift(state.given.pixels, pixels, state.given.horizon)
        held = {name: measured[name] for name in state.job.rules}
        failed = [rule.rule for rule in judge(held, gate) if rule.state != "PASS"]
        reason = ", ".join(failed)
        worth = rank(reason, measured)
        if state.best is None or worth > state.best[0]:
            state.best = (worth, number, pixels)
    measured = {name: round(value, 5) for name, value in measured.items()}
    attempt = Attempt(
        number=number,
        strength=candidate.strength,
        seed=candidate.seed,
        why=candidate.why,
        kept=False,
        reason=reason,
        message=made.message,
        measured=measured,
    )
    state.attempts.append(attempt)
    state.thumbnails.append(thumbnail)


def _decide(state: Progress) -> GenerationOutcome | tuple[int, RenderError]:
    if state.best is None:
        said = "; ".join(f"{each.reason}: {each.message}" for each in state.attempts)
        return state.job.number, RenderError(f"The diffusion model made nothing usable: {said}")
    _, kept, pixels = state.best
    attempts = (each.model_copy(update={"kept": each.number == kept}) for each in state.attempts)
    return GenerationOutcome(
        state.job.number, pixels, state.given, tuple(attempts), tuple(state.thumbnails)
    )
