"""Pictures to train on, each with what it shows and a scaffold drawn like it.

Three sources, all made by this project and under its licence (Apache-2.0): path-traced variations
of the plates' sets, crops of the plates, and studio sweeps that `transforms.scenes.studio` draws,
which are as good as photographs of plain paper.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import yaml

from samples.training.captions import UNPAINTED
from samples.training.paints import PAINTS
from samples.training.recipe import Recipe
from samples.training.sketch import drawn_alike
from transforms.scenes.scaffold import draw_scaffold

PLATES = Path(__file__).resolve().parents[2] / "config" / "plates"
_QUALITY = 92
_LEAST_CROP = 0.28
"""Of a plate's side: what 450 px of 1600 show."""
_SHADE = (0.75, 1.25)
"""Factors on a paint's lightness, of a sweep's paper."""
_VIEWS = ("level", "raised", "overhead")


@dataclass(frozen=True)
class Taught:
    """One picture as it is stored."""

    name: str
    kind: str
    view: str
    paint: str
    picture: bytes
    """JPEG."""
    drawn: bytes
    """JPEG of a scaffold drawn like it."""


def traced(folder: Path, recipe: Recipe, known: set[str]) -> Iterator[Taught]:
    """Variations that `samples.training.traced` has finished."""
    for notes in sorted(folder.glob("*.json")):
        name = f"traced/{notes.stem}"
        if name in known:
            continue
        seen = json.loads(notes.read_text())
        if seen["kind"] not in recipe.kinds:
            continue
        pixels = cv2.imread(str(notes.with_suffix(".jpg")))
        drawn = drawn_alike(
            seen["kind"],
            seen["view"],
            horizon=max(0.0, seen["horizon"]),
            mirrored=seen["side"] > 0,
            side=recipe.stored_px,
            seed=_seed(name),
        )
        paint = seen["paint"] or UNPAINTED
        yield _taught(name, (seen["kind"], seen["view"], paint), _sized(pixels, recipe), drawn)


def plates(recipe: Recipe, known: set[str]) -> Iterator[Taught]:
    """Crops of the plates: whole ones first, then closer and closer."""
    for notes in sorted(PLATES.glob("*.yaml")):
        plate = yaml.safe_load(notes.read_text())
        wanted = [f"plates/{notes.stem}-{number:03d}" for number in range(recipe.crops)]
        if plate["kind"] not in recipe.kinds or all(name in known for name in wanted):
            continue
        pixels = cv2.imread(str(notes.with_suffix(".jpg")))
        for number, name in enumerate(wanted):
            if name in known:
                continue
            rng = np.random.default_rng(_seed(name))
            share = 1.0 if number == 0 else float(_LEAST_CROP ** rng.random())
            side = round(pixels.shape[0] * share)
            top, left = (int(rng.integers(0, pixels.shape[0] - side + 1)) for _ in range(2))
            horizon = (plate["horizon"] * pixels.shape[0] - top) / side
            drawn = drawn_alike(
                plate["kind"],
                plate["view"],
                horizon=float(horizon),
                mirrored=plate["light"]["azimuth_deg"] > 0,
                side=recipe.stored_px,
                seed=_seed(name),
            )
            crop = pixels[top : top + side, left : left + side]
            about = (plate["kind"], plate["view"], UNPAINTED)
            yield _taught(name, about, _sized(crop, recipe), drawn)


def sweeps(recipe: Recipe, known: set[str]) -> Iterator[Taught]:
    """Studio sweeps in every paint; they are their own scaffolds."""
    names = tuple(PAINTS)
    for number in range(recipe.sweeps if "studio" in recipe.kinds else 0):
        name = f"sweeps/{number:05d}"
        if name in known:
            continue
        rng = np.random.default_rng(_seed(name))
        paint, view = names[number % len(names)], _VIEWS[number // len(names) % len(_VIEWS)]
        light = np.array(PAINTS[paint]) * rng.uniform(*_SHADE)
        level = np.clip(light, 0, 1) ** (1 / 2.2) * 255
        scene = draw_scaffold(
            "studio-brand",
            width=recipe.stored_px,
            height=recipe.stored_px,
            view=view,  # type: ignore[arg-type]
            palette=((int(level[0]), int(level[1]), int(level[2])),),
            seed=number,
        )
        own = scene.pixels
        yield _taught(name, ("studio", view, paint), own[..., ::-1], own)


def _taught(name: str, about: tuple[str, str, str], bgr: np.ndarray, drawn: np.ndarray) -> Taught:
    return Taught(name, *about, _jpeg(bgr), _jpeg(drawn[..., ::-1]))


def _sized(bgr: np.ndarray, recipe: Recipe) -> np.ndarray:
    side = (recipe.stored_px, recipe.stored_px)
    return np.asarray(cv2.resize(bgr, side, interpolation=cv2.INTER_AREA))


def _jpeg(bgr: np.ndarray) -> bytes:
    return bytes(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1])


def _seed(name: str) -> int:
    return zlib.crc32(name.encode())
