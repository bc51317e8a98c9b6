"""Latents of many lessons, made once on all cores: what a GPU is fed from without waiting."""

import json
import logging
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from diffusers import AutoencoderTiny

from samples.training.batches import Lesson, Pictures
from samples.training.captions import Attributes
from samples.training.recipe import FACTOR, Recipe

logger = logging.getLogger(__name__)

Latents = npt.NDArray[np.float16]
_PART = 250
"""Lessons that one process makes at a time."""
_PIXELS = FACTOR * FACTOR * 3


@dataclass(frozen=True)
class Bank:
    """Latents and attributes of lessons; latents are (n, 4, height / 8, width / 8)."""

    picture: torch.Tensor
    sketch: torch.Tensor
    attributes: list[Attributes]

    def __len__(self) -> int:
        return len(self.attributes)

    @property
    def variances(self) -> torch.Tensor:
        """Of the pictures' channels, (4,)."""
        return self.picture.float().var(dim=(0, 2, 3))


@dataclass(frozen=True)
class Encoding:
    """An encoder of `samples.training.latents` as one matrix: (4, 192), and what it adds, (4,)."""

    matrix: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def __call__(self, picture: npt.NDArray[np.float32]) -> Latents:
        """Latents of (height, width, 3), 0 to 1: (4, height / 8, width / 8)."""
        rows, columns = picture.shape[0] // FACTOR, picture.shape[1] // FACTOR
        blocks = picture.reshape(rows, FACTOR, columns, FACTOR, 3).transpose(0, 2, 1, 3, 4)
        answers = blocks.reshape(rows * columns, _PIXELS) @ self.matrix.T + self.bias
        return answers.T.reshape(-1, rows, columns).astype(np.float16)


@torch.no_grad()
def encoding(autoencoder: AutoencoderTiny) -> Encoding:
    """Read the matrix off an encoder, by what it answers to one pixel at a time."""
    on = next(autoencoder.parameters()).device
    pixels = torch.eye(_PIXELS, device=on).reshape(-1, FACTOR, FACTOR, 3).permute(0, 3, 1, 2)
    black = torch.zeros(1, 3, FACTOR, FACTOR, device=on)
    answers = autoencoder.encoder(torch.cat([black, pixels]) * 2 - 1).flatten(1)
    answers = (answers * autoencoder.config.scaling_factor).float().cpu().numpy()
    return Encoding((answers[1:] - answers[0]).T, answers[0])


def bank(folder: Path, pictures: Pictures, autoencoder: AutoencoderTiny, recipe: Recipe) -> Bank:
    """Make the lessons, or find them made.

    Args:
        folder: Where they are kept, about 16 kB each.
        pictures: To train on.
        autoencoder: With its final encoder.
        recipe: How many, and the seed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    notes = folder / "bank.json"
    if not notes.exists():
        parts = _made(pictures, encoding(autoencoder), recipe)
        for number, name in enumerate(("picture", "sketch")):
            np.save(folder / f"bank-{name}.npy", np.concatenate([part[number] for part in parts]))
        notes.write_text(json.dumps([asdict(each) for part in parts for each in part[2]]))
    on = next(autoencoder.parameters()).device
    picture, sketch = (
        torch.from_numpy(np.load(folder / f"bank-{name}.npy")).to(on)
        for name in ("picture", "sketch")
    )
    return Bank(picture, sketch, [Attributes(**each) for each in json.loads(notes.read_text())])


Part = tuple[Latents, Latents, Sequence[Attributes]]


def _made(pictures: Pictures, encode: Encoding, recipe: Recipe) -> list[Part]:
    jobs = [
        (pictures, encode, (recipe.seed, 5, start), min(_PART, recipe.lessons - start))
        for start in range(0, recipe.lessons, _PART)
    ]
    if recipe.workers <= 1 or len(jobs) == 1:
        return [_part(*job) for job in jobs]
    # Forked, so that the pictures are not copied to every process.
    context = get_context("fork")
    global _shared  # noqa: PLW0603 - what a forked process inherits has to lie in its module
    _shared = jobs
    with ProcessPoolExecutor(recipe.workers, mp_context=context) as pool:
        parts = list(pool.map(_numbered, range(len(jobs))))
    _shared = []
    return parts


Job = tuple[Pictures, Encoding, tuple[int, ...], int]
_shared: list[Job] = []


def _numbered(number: int) -> Part:
    return _part(*_shared[number])


def _part(pictures: Pictures, encode: Encoding, seed: tuple[int, ...], count: int) -> Part:
    lessons: list[Lesson] = pictures.lessons(np.random.default_rng(seed), count)
    return (
        np.stack([encode(each.picture) for each in lessons]),
        np.stack([encode(each.sketch) for each in lessons]),
        [each.attributes for each in lessons],
    )
