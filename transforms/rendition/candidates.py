"""Jobs for a diffusion model, and the candidates of each: seeds, and a ladder of strengths."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from transforms.diffusion.generation import GenerationRequest, GenerationResult
from transforms.pixels import Pixels
from transforms.presets.preset import Diffusion, Preset
from transforms.records.facts import Attempt, RenditionFacts


class ImageGenerator(Protocol):
    """Runs requests on a device; see `transforms.diffusion.engine`."""

    def generate(self, requests: Iterable[GenerationRequest]) -> Iterator[GenerationResult]:
        """Each request's result as soon as it is there, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class ModelInput:
    """What a model is given for one picture."""

    pixels: Pixels
    mask: Pixels | None = None
    """255 is painted anew; None: the task knows no mask."""
    facts: RenditionFacts | None = None
    """Of the picture that is given; None: it shows no product."""
    has_face: bool = False
    finish: Callable[[Pixels], Pixels] = lambda made: made
    """From what the model made to what is judged and kept: lays the product back."""
    horizon: float | None = None
    """Where the ground ends in a backdrop, as a share of the height; None: it is none."""


@dataclass(frozen=True, slots=True)
class GenerationJob:
    """One picture to be made, by as many requests as it takes until one result passes."""

    number: int
    """By which the caller tells jobs apart, from 0."""
    preset: Preset
    prepare_input: Callable[[], ModelInput]
    """Made when it is needed, and kept until the picture is decided."""
    rules: frozenset[str]
    """Of `transforms.quality.metrics.OF_REMADE`, or OF_REFINED: what an attempt is held to."""
    prompts: tuple[str, str]
    """Prompt and negative prompt, whole."""

    @property
    def diffusion(self) -> Diffusion:
        """What its preset asks of a model."""
        if self.preset.diffusion is None:
            raise ValueError(f"preset {self.preset.name} asks no diffusion model")
        return self.preset.diffusion


@dataclass(frozen=True, slots=True)
class GenerationOutcome:
    """What came of a job."""

    number: int
    pixels: Pixels
    given: ModelInput
    attempts: tuple[Attempt, ...]
    thumbnails: tuple[bytes, ...]
    """JPEG of each attempt; empty bytes of one that failed."""

    @property
    def kept(self) -> Attempt:
        """The attempt that became the rendition."""
        return next(each for each in self.attempts if each.kept)


FACE_STRENGTH = 0.55
"""Largest strength for a picture with a face in it: from 0.6 on it is another person's."""

_FIRST = "first"
_TOO_DIFFERENT = frozenset(
    {"structure_kept", "registration_shift", "registration_scale", "ground_shift"}
)
_NOT_VISIBLE = frozenset({"style_change"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One picture that a model is to be asked for: its strength, its seed, and why it is tried."""

    strength: float | None
    seed: int
    why: str


@dataclass(slots=True)
class Progress:
    """A job that is not decided yet."""

    job: GenerationJob
    given: ModelInput
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


def first_candidates(state: Progress) -> list[Candidate]:
    """Candidates at the preset's strength, or at the highest for a picture with a face."""
    return _candidates_at(state, _capped(state), _FIRST)


def rank(reason: str, measured: dict[str, float]) -> tuple[float, float]:
    """Rank an attempt: higher is better.

    Args:
        reason: Rules that it broke, joined by commas; empty: it passed.
        measured: Its metrics.

    Returns:
        For comparing: fewer broken rules first, then more of the structure kept.
    """
    broken = len(reason.split(", ")) if reason else 0
    return -broken, measured["structure_kept"]


def _capped(state: Progress) -> float | None:
    strength = state.job.diffusion.strength
    if strength is None or not state.given.has_face:
        return strength
    return min(strength, FACE_STRENGTH)


def _candidates_at(state: Progress, strength: float | None, why: str) -> list[Candidate]:
    """The seeds of one strength."""
    preset = state.job.preset
    wanted = state.job.diffusion.strength
    if strength is not None and wanted is not None and strength < wanted and why == _FIRST:
        why = f"{why}; no higher than {FACE_STRENGTH}, for there is a face"
    seeds = range(preset.seed, preset.seed + preset.candidates)
    return [Candidate(strength, seed % 2**32, why) for seed in seeds]


def next_candidates(state: Progress) -> list[Candidate]:
    """Candidates at another strength; none where the ladder has no further rung in that direction.

    The best of the last round says where to. Each round narrows the strengths that are left, so
    the ladder ends.
    """
    latest, state.judged = state.attempts[state.judged :], len(state.attempts)
    made = [each for each in latest if each.measured and each.strength is not None]
    if not made:
        return []  # black, flat or not finite: another strength is no remedy
    best = max(made, key=lambda each: rank(each.reason, each.measured))
    strength, broken = best.strength or 0.0, set(best.reason.split(", "))
    ladder, rungs = state.job.preset.ladder, list[float]()
    if broken & _TOO_DIFFERENT:
        state.below = min(state.below, strength)
        rungs = [each for each in ladder.down if state.above < each < state.below]
        why = f"too different at {strength:g}"
    elif broken & _NOT_VISIBLE:
        state.above = max(state.above, strength)
        most = FACE_STRENGTH if state.given.has_face else 1.0
        rungs = [each for each in ladder.up if state.above < each < state.below and each <= most]
        why = f"style not visible at {strength:g}"
    return _candidates_at(state, rungs[0], why) if rungs else []
