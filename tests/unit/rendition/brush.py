"""A small engine whose answers follow from its requests: as models do, at known strengths.

The second implementation of `transforms.rendition.candidates.ImageGenerator`; pixels and their
measures are real.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from transforms.diffusion.generation import GenerationRequest, GenerationResult


@dataclass
class Brush:
    """Tints a picture by a request's strength, and turns it over when that is too high."""

    shows_from: float = 0.3
    """Below this strength it gives the picture back as it came."""
    keeps_to: float = 0.6
    """Above this one the picture stands on its head."""
    black_for: frozenset[int] = frozenset()
    """Seeds that come out black."""
    asked: list[tuple[float | None, int]] = field(default_factory=list)
    """Strength and seed of each request, in their order."""

    def generate(self, requests: Iterable[GenerationRequest]) -> Iterator[GenerationResult]:
        """Each request's picture at once."""
        for number, request in enumerate(requests):
            self.asked.append((request.strength, request.seed))
            if request.seed in self.black_for:
                yield GenerationResult(number, None, "black", "The picture came out black.")
            else:
                yield GenerationResult(number, self._painted(request))

    def _painted(self, request: GenerationRequest) -> np.ndarray:
        strength = 0.5 if request.strength is None else request.strength
        if strength < self.shows_from:
            return request.pixels.copy()
        tint = np.array([40, 10, -30]) * (0.5 + strength / 2)
        tinted = np.clip(request.pixels + tint, 0, 255).astype(np.uint8)
        # Seeds differ in how much of the structure they keep: the lowest keeps the most.
        tinted = cv2.GaussianBlur(tinted, (0, 0), 0.4 + 0.2 * (request.seed % 8))
        if strength > self.keeps_to:
            tinted = tinted[::-1]
        return np.ascontiguousarray(tinted)
