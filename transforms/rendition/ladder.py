"""The ladder of strengths: what a person would try by hand, a bounded number of times."""

from dataclasses import dataclass, field

from transforms.pixels import Pixels
from transforms.records.facts import Attempt
from transforms.rendition.subject import Base, Subject

FACE_STRENGTH = 0.55
"""Largest strength for a picture with a face in it: from 0.6 on it is another person's."""

_FIRST = "first"
_TOO_DIFFERENT = frozenset(
    {"structure_kept", "registration_shift", "registration_scale", "ground_shift"}
)
_NOT_VISIBLE = frozenset({"style_change"})


@dataclass(frozen=True, slots=True)
class Try:
    """One call of a model."""

    strength: float | None
    seed: int
    why: str


@dataclass(slots=True)
class Progress:
    """A subject that is not decided yet."""

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
        """Whether an attempt kept every rule."""
        return any(not each.reason for each in self.attempts)


def first_tries(state: Progress) -> list[Try]:
    """Tries at the preset's strength, or at the highest for a picture with a face."""
    return _candidates(state, _capped(state), _FIRST)


def rank(reason: str, measured: dict[str, float]) -> tuple[float, float]:
    """Higher is better: fewer broken rules first, then more of the structure kept."""
    broken = len(reason.split(", ")) if reason else 0
    return -broken, measured["structure_kept"]


def _capped(state: Progress) -> float | None:
    strength = state.subject.diffusion.strength
    if strength is None or not state.base.has_face:
        return strength
    return min(strength, FACE_STRENGTH)


def _candidates(state: Progress, strength: float | None, why: str) -> list[Try]:
    """The seeds of one strength."""
    preset = state.subject.preset
    wanted = state.subject.diffusion.strength
    if strength is not None and wanted is not None and strength < wanted and why == _FIRST:
        why = f"{why}; no higher than {FACE_STRENGTH}, for there is a face"
    seeds = range(preset.seed, preset.seed + preset.candidates)
    return [Try(strength, seed % 2**32, why) for seed in seeds]


def next_rung(state: Progress) -> list[Try]:
    """Tries at another strength; none where the ladder has no further rung in that direction.

    The best of the last round says where to. Each round narrows the strengths that are left, so
    the ladder ends.
    """
    latest, state.judged = state.attempts[state.judged :], len(state.attempts)
    made = [each for each in latest if each.measured and each.strength is not None]
    if not made:
        return []  # black, flat or not finite: another strength is no remedy
    best = max(made, key=lambda each: rank(each.reason, each.measured))
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
