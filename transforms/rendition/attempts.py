"""Makes subjects with a diffusion model: each with its candidates, until an attempt passes."""

from collections.abc import Iterable, Iterator

from transforms.diffusion.order import Made, Order
from transforms.errors import RenderError
from transforms.images.codec import encode_thumbnail
from transforms.presets.gate import Gate
from transforms.quality.ground_line import ground_shift
from transforms.quality.restyling import restyling_metrics
from transforms.quality.verdict import judge
from transforms.records.facts import Attempt
from transforms.rendition.ladder import Progress, Try, first_tries, next_rung, rank
from transforms.rendition.subject import Engine, Finished, Subject


def attempted(
    engine: Engine, subjects: Iterable[Subject], gate: Gate
) -> Iterator[Finished | tuple[int, RenderError]]:
    """Make every subject, with its candidates, and with other strengths where none passes.

    Args:
        engine: Of the checkpoint that all subjects ask for.
        subjects: Read as far ahead as the engine reads, so their pictures need not fit in memory.
        gate: Says which attempts pass.

    Yields:
        Each subject once, as soon as it is decided: its best attempt, also where none passed (the
        check then tells a person), or its number with the error where nothing could be made.
    """
    progress: dict[int, Progress] = {}
    impossible: list[tuple[int, RenderError]] = []

    def begun() -> Iterator[tuple[Progress, list[Try]]]:
        for subject in subjects:
            try:
                state = progress[subject.number] = Progress(subject, subject.base())
            except RenderError as error:
                impossible.append((subject.number, error))
                continue
            yield state, first_tries(state)

    todo: Iterable[tuple[Progress, list[Try]]] = begun()
    while True:
        again: list[tuple[Progress, list[Try]]] = []
        for state in _round(engine, todo, gate):
            tries = [] if state.passed else next_rung(state)
            if tries:
                again.append((state, tries))
                continue
            del progress[state.subject.number]
            yield _decided(state)
        yield from impossible
        impossible.clear()
        if not again:
            return
        todo = again


def _round(
    engine: Engine,
    todo: Iterable[tuple[Progress, list[Try]]],
    gate: Gate,
) -> Iterator[Progress]:
    """Run the tries of one round; yields each subject when all of its tries are there."""
    owners: dict[int, tuple[Progress, Try]] = {}

    def orders() -> Iterator[Order]:
        number = 0
        for state, tries in todo:
            subject = state.subject
            base, state.waiting = state.base, len(tries)
            for each in tries:
                owners[number] = (state, each)
                number += 1
                yield Order(
                    pixels=base.pixels,
                    diffusion=subject.diffusion,
                    positive=subject.words[0],
                    negative=subject.words[1],
                    strength=each.strength,
                    seed=each.seed,
                    mask=base.mask,
                    surroundings=base.facts is None,
                )

    for made in engine.make(orders()):
        state, tried = owners.pop(made.number)
        _record(state, tried, made, gate)
        state.waiting -= 1
        if not state.waiting:
            yield state


def _record(state: Progress, tried: Try, made: Made, gate: Gate) -> None:
    """Judge one result, and keep its pixels if it is the best so far."""
    number, reason, measured = len(state.attempts) + 1, made.reason, dict[str, float]()
    thumbnail = b""
    if made.pixels is not None:
        pixels = state.base.finish(made.pixels)
        thumbnail = encode_thumbnail(pixels)
        measured = restyling_metrics(state.base.pixels, pixels)
        if state.base.horizon is not None:
            measured["ground_shift"] = ground_shift(state.base.pixels, pixels, state.base.horizon)
        held = {name: measured[name] for name in state.subject.rules}
        failed = [rule.rule for rule in judge(held, gate) if rule.state != "PASS"]
        reason = ", ".join(failed)
        worth = rank(reason, measured)
        if state.best is None or worth > state.best[0]:
            state.best = (worth, number, pixels)
    measured = {name: round(value, 5) for name, value in measured.items()}
    attempt = Attempt(
        number=number,
        strength=tried.strength,
        seed=tried.seed,
        why=tried.why,
        kept=False,
        reason=reason,
        message=made.message,
        measured=measured,
    )
    state.attempts.append(attempt)
    state.thumbnails.append(thumbnail)


def _decided(state: Progress) -> Finished | tuple[int, RenderError]:
    if state.best is None:
        said = "; ".join(f"{each.reason}: {each.message}" for each in state.attempts)
        return state.subject.number, RenderError(f"The diffusion model made nothing usable: {said}")
    _, kept, pixels = state.best
    attempts = (each.model_copy(update={"kept": each.number == kept}) for each in state.attempts)
    return Finished(
        state.subject.number, pixels, state.base, tuple(attempts), tuple(state.thumbnails)
    )
