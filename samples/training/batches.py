"""Crops of the pictures, mirrored and in other light, with sketches and sentences."""

import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from samples.training import shards
from samples.training.captions import UNPAINTED, Attributes, tone_of, warmth_of
from samples.training.recipe import Recipe
from samples.training.sketch import Picture, sketched

_STOPS, _BALANCE = 0.3, 0.05
"""Of light, either way; and a gain of red against blue."""
_SHARES = {"traced": 0.62, "plates": 0.23, "sweeps": 0.15}
"""How often each source is drawn, however many pictures it has."""
_GAMMA = 2.2


@dataclass(frozen=True)
class Lesson:
    """One crop."""

    picture: Picture
    sketch: Picture
    attributes: Attributes


@dataclass(frozen=True)
class _Known:
    pixels: npt.NDArray[np.uint8]
    drawn: npt.NDArray[np.uint8]
    kind: str
    view: str
    paint: str


class Pictures:
    """All pictures in memory, those to train on and those held out."""

    def __init__(self, folder: Path, recipe: Recipe, *, held_out: bool = False) -> None:
        """Decode them.

        Args:
            folder: Of the shards.
            recipe: Says which are held out.
            held_out: Take those that are.
        """
        self._side = recipe.side_px
        self._sources: dict[str, list[_Known]] = {}
        for each in shards.read(folder):
            out = zlib.crc32(each.name.encode()) % recipe.held_out == 0
            if out == held_out and each.kind in recipe.kinds:
                known = _Known(
                    _decoded(each.picture), _decoded(each.drawn), each.kind, each.view, each.paint
                )
                self._sources.setdefault(each.name.split("/")[0], []).append(known)
        if not self._sources:
            raise ValueError(f"{folder}: no picture{' is held out' if held_out else ''}")

    def __len__(self) -> int:
        return sum(map(len, self._sources.values()))

    def whole(self) -> list[npt.NDArray[np.uint8]]:
        """Every picture, (height, width, 3), sRGB."""
        return [known.pixels for group in self._sources.values() for known in group]

    def lesson(self, rng: np.random.Generator, *, source: str | None = None) -> Lesson:
        """One crop of any picture."""
        names = sorted(self._sources)
        if source is None:
            odds = np.array([_SHARES[name] for name in names])
            source = str(rng.choice(names, p=odds / odds.sum()))
        group = self._sources[source]
        known = group[int(rng.integers(len(group)))]
        whole = known.pixels.shape[0]
        side = int(rng.integers(self._side, whole + 1))
        top, left = (int(rng.integers(0, whole - side + 1)) for _ in range(2))
        mirrored = rng.random() < 0.5
        gain = 2.0 ** float(rng.uniform(-_STOPS, _STOPS))
        balance = 1 + float(rng.uniform(-_BALANCE, _BALANCE))

        def shown(pixels: npt.NDArray[np.uint8]) -> Picture:
            crop = pixels[top : top + side, left : left + side]
            crop = crop[:, ::-1] if mirrored else crop
            size = (self._side, self._side)
            small = cv2.resize(np.ascontiguousarray(crop), size, interpolation=cv2.INTER_AREA)
            curves = np.array([gain * balance, gain, gain / balance]) ** (1 / _GAMMA)
            return np.clip(small.astype(np.float32) / 255 * curves.astype(np.float32), 0, 1)

        picture, drawn = shown(known.pixels), shown(known.drawn)
        sketch = picture
        if known.kind != "studio":
            natural = known.paint == UNPAINTED
            sketch = sketched(picture, drawn, rng, recoloured=natural)
        tone, warmth = tone_of(picture), warmth_of(picture)
        return Lesson(
            picture, sketch, Attributes(known.kind, known.view, known.paint, tone, warmth)
        )

    def lessons(self, rng: np.random.Generator, count: int) -> list[Lesson]:
        """Several, each of any picture."""
        return [self.lesson(rng) for _ in range(count)]


def _decoded(data: bytes) -> npt.NDArray[np.uint8]:
    bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return np.ascontiguousarray(bgr[..., ::-1])
