"""Candidates and the ladder: what a person would try by hand, a bounded number of times."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from transforms.diffusion.order import Made, Order
from transforms.errors import RenderError
from transforms.images.codec import encode_thumbnail
from transforms.manifest.facts import Attempt, RenditionFacts
from transforms.presets.gate import Gate
from transforms.presets.preset import Diffusion, Preset
from transforms.quality.restyling import restyling_metrics
from transforms.quality.verdict import judge

Pixels = npt.NDArray[np.uint8]

FACE_STRENGTH = 0.55
"""Largest strength for a picture with a face in it: from 0.6 on it is another person's."""

_FIRST = "first"
_TOO_DIFFERENT = frozenset({"structure_kept", "registration_shift", "registration_scale"})
_NOT_VISIBLE = frozenset({"style_change"})


class Engine(Protocol):
    """Runs orders on a device; see `transforms.diffusion.engine`."""

    def make(self, orders: Iterable[Order]) -> Iterator[Made]:
        """Each order's result as soon as it is there, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Base:
    """What a model is given for one picture."""

    pixels: Pixels
    mask: Pixels | None = None
    """255 is painted anew; None: the task knows no mask."""
    facts: RenditionFacts | None = None
    """Of the picture that is given; None: it shows no product."""
    has_face: bool = False
    finish: Callable[[Pixels], Pixels] = lambda made: made
    """From what the model made to what is judged and kept: lays the product back."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One picture to be made."""

    number: int
    """By which the caller knows it."""
    preset: Preset
    base: Callable[[], Base]
    """Made when it is needed, and kept until the picture is decided."""
    rules: frozenset[str]
    """Of `transforms.quality.metrics.OF_REMADE`: what an attempt is held to."""
    words: tuple[str, str]
    """Prompt and negative prompt, whole."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a subject."""

    number: int
    pixels: Pixels
    base: Base
    attempts: tuple[Attempt, ...]
    thumbnails: tuple[bytes, ...]
    """JPEG of each attempt; empty bytes of one that failed."""

    @property
    def kept(self) -> Attempt:
        """The attempt that became the rendition."""
        return next(each for each in self.attempts if each.kept)


@dataclass(frozen=True, slots=True)
class _Try:
    strength: float | None
    seed: int
    why: str


@dataclass(slots=True)
class _Progress:
    subject: Subject
    base: Base
    waiting: int = 0
    attempts: list[Attempt] = field(default_factory=list)
    thumbnails: list[bytes] = field(default_factory=list)
    best: tuple[tuple[float, ...], int, Pixels] | None = None
    judged: int = 0
    """Attempts that an earlier round was decided by."""
    above: float = 0.0
    """Strengths up to this one do not show the style."""
    below: float = 2.0
    """Strengths from this one on change too much."""

    @property
    def passed(self) -> bool:
        return any(not each.reason for each in self.attempts)


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
    progress: dict[int, _Progress] = {}
    impossible: list[tuple[int, RenderError]] = []

    def begun() -> Iterator[tuple[_Progress, list[_Try]]]:
        for subject in subjects:
            try:
                state = progress[subject.number] = _Progress(subject, subject.base())
            except RenderError as error:
                impossible.append((subject.number, error))
                continue
            yield state, _candidates(state, _capped(state), _FIRST)

    todo: Iterable[tuple[_Progress, list[_Try]]] = begun()
    while True:
        again: list[tuple[_Progress, list[_Try]]] = []
        for state in _round(engine, todo, gate):
            tries = [] if state.passed else _next_rung(state)
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
    todo: Iterable[tuple[_Progress, list[_Try]]],
    gate: Gate,
) -> Iterator[_Progress]:
    """Run the tries of one round; yields each subject when all of its tries are there."""
    owners: dict[int, tuple[_Progress, _Try]] = {}

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
                    diffusion=_diffusion(subject),
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


def _record(state: _Progress, tried: _Try, made: Made, gate: Gate) -> None:
    """Judge one result, and keep its pixels if it is the best so far."""
    number, reason, measured = len(state.attempts) + 1, made.reason, dict[str, float]()
    thumbnail = b""
    if made.pixels is not None:
        pixels = state.base.finish(made.pixels)
        thumbnail = encode_thumbnail(pixels)
        measured = restyling_metrics(state.base.pixels, pixels)
        held = {name: measured[name] for name in state.subject.rules}
        failed = [rule.rule for rule in judge(held, gate) if rule.state != "PASS"]
        reason = ", ".join(failed)
        rank = _rank(reason, measured)
        if state.best is None or rank > state.best[0]:
            state.best = (rank, number, pixels)
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


def _rank(reason: str, measured: dict[str, float]) -> tuple[float, float]:
    """Higher is better: fewer broken rules first, then more of the structure kept."""
    broken = len(reason.split(", ")) if reason else 0
    return -broken, measured["structure_kept"]


def _decided(state: _Progress) -> Finished | tuple[int, RenderError]:
    if state.best is None:
        said = "; ".join(f"{each.reason}: {each.message}" for each in state.attempts)
        return state.subject.number, RenderError(f"The diffusion model made nothing usable: {said}")
    _, kept, pixels = state.best
    attempts = (each.model_copy(update={"kept": each.number == kept}) for each in state.attempts)
    return Finished(
        state.subject.number, pixels, state.base, tuple(attempts), tuple(state.thumbnails)
    )


def _diffusion(subject: Subject) -> Diffusion:
    diffusion = subject.preset.diffusion
    if diffusion is None:
        raise ValueError(f"preset {subject.preset.name} asks no diffusion model")
    return diffusion


def _capped(state: _Progress) -> float | None:
    strength = _diffusion(state.subject).strength
    if strength is None or not state.base.has_face:
        return strength
    return min(strength, FACE_STRENGTH)


def _candidates(state: _Progress, strength: float | None, why: str) -> list[_Try]:
    preset = state.subject.preset
    wanted = _diffusion(state.subject).strength
    if strength is not None and wanted is not None and strength < wanted and why == _FIRST:
        why = f"{why}; no higher than {FACE_STRENGTH}, for there is a face"
    seeds = range(preset.seed, preset.seed + preset.candidates)
    return [_Try(strength, seed % 2**32, why) for seed in seeds]


def _next_rung(state: _Progress) -> list[_Try]:
    """Tries at another strength; none where the ladder has no further rung in that direction.

    The best of the last round says where to. Each round narrows the strengths that are left, so
    the ladder ends.
    """
    latest, state.judged = state.attempts[state.judged :], len(state.attempts)
    made = [each for each in latest if each.measured and each.strength is not None]
    if not made:
        return []  # black, flat or not finite: another strength is no remedy
    best = max(made, key=lambda each: _rank(each.reason, each.measured))
    strength, broken = best.strength or 0.0, set(best.reason.split(", "))
    ladder, rungs = state.subject.preset.ladder, list[float]()
    if broken & _TOO_DIFFERENT:
        state.below = min(state.below, strength)
        rungs = [each for each in ladder.down if state.above < each < state.below]
        why = f"too different at {strength:g}"
    elif broken & _NOT_VISIBLE:
        state.above = max(state.above, strength)
        most = FACE_STRENGTH if state.base.has_face else 1.0
        rungs = [each for each in ladder.up if state.above < each < state.below and each <= most]
        why = f"style not visible at {strength:g}"
    return _candidates(state, rungs[0], why) if rungs else []
