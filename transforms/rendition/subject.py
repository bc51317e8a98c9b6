"""What a diffusion model is to make, and what came of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from transforms.diffusion.order import Made, Order
from transforms.pixels import Pixels
from transforms.presets.preset import Diffusion, Preset
from transforms.records.facts import Attempt, RenditionFacts


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
    horizon: float | None = None
    """Where the ground ends in a backdrop, as a share of the height; None: it is none."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One picture to be made."""

    number: int
    """By which the caller knows it."""
    preset: Preset
    base: Callable[[], Base]
    """Made when it is needed, and kept until the picture is decided."""
    rules: frozenset[str]
    """Of `transforms.quality.metrics.OF_REMADE`, or OF_REFINED: what an attempt is held to."""
    words: tuple[str, str]
    """Prompt and negative prompt, whole."""

    @property
    def diffusion(self) -> Diffusion:
        """What its preset asks of a model."""
        if self.preset.diffusion is None:
            raise ValueError(f"preset {self.preset.name} asks no diffusion model")
        return self.preset.diffusion


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
