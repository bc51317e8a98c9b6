"""Pictures that tiny models are given, and how what comes back is compared."""

import cv2
import numpy as np

from transforms.diffusion.engine import DiffusionEngine
from transforms.diffusion.generation import GenerationRequest
from transforms.presets.preset import Diffusion

SIZE = (250, 187)
"""Width and height: a multiple of nothing that models take."""
STEPS, LOW = 4, 0.25


def picture(seed: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    """Blobs of colour."""
    blobs = np.random.default_rng(seed).integers(0, 256, (5, 6, 3), np.uint8)
    return cv2.resize(blobs, size, interpolation=cv2.INTER_CUBIC)


def request_for(task: str, *, seed: int = 1, size: tuple[int, int] = SIZE) -> GenerationRequest:
    """A little strength; of inpainting, the right half."""
    mask = None
    if task == "inpaint":
        mask = np.zeros(size[::-1], np.uint8)
        mask[:, size[0] // 2 :] = 255
    diffusion = Diffusion(task=task, steps=STEPS, guidance=3.0)
    strength = None if task in {"instruct", "upscale"} else LOW
    return GenerationRequest(picture(seed, size), diffusion, "snow", "blurry", strength, seed, mask)


def one(engine: DiffusionEngine, request: GenerationRequest) -> np.ndarray:
    """What a request becomes, by itself."""
    (made,) = engine.generate([request])
    assert made.reason == ""
    return made.pixels


def distance(one: np.ndarray, other: np.ndarray) -> float:
    """Mean, in levels."""
    return float(np.abs(one.astype(int) - other).mean())
