"""A small engine whose answers follow from its orders: it does what models do, at known strengths.

The second implementation of `transforms.rendition.subject.Engine`; pixels and their measures are
real.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from transforms.diffusion.order import Made, Order


@dataclass
class Brush:
    """Tints a picture by an order's strength, and turns it over when that is too high."""

    shows_from: float = 0.3
    """Below this strength it gives the picture back as it came."""
    keeps_to: float = 0.6
    """Above this one the picture stands on its head."""
    black_for: frozenset[int] = frozenset()
    """Seeds that come out black."""
    asked: list[tuple[float | None, int]] = field(default_factory=list)
    """Strength and seed of each order, in their order."""

    def make(self, orders: Iterable[Order]) -> Iterator[Made]:
        """Each order's picture at once."""
        for number, order in enumerate(orders):
            self.asked.append((order.strength, order.seed))
            if order.seed in self.black_for:
                yield Made(number, None, "black", "The picture came out black.")
            else:
                yield Made(number, self._painted(order))

    def _painted(self, order: Order) -> np.ndarray:
        strength = 0.5 if order.strength is None else order.strength
        if strength < self.shows_from:
            return order.pixels.copy()
        tint = np.array([40, 10, -30]) * (0.5 + strength / 2)
        tinted = np.clip(order.pixels + tint, 0, 255).astype(np.uint8)
        # Seeds differ in how much of the structure they keep: the lowest keeps the most.
        tinted = cv2.GaussianBlur(tinted, (0, 0), 0.4 + 0.2 * (order.seed % 8))
        if strength > self.keeps_to:
            tinted = tinted[::-1]
        return np.ascontiguousarray(tinted)
