"""What an everyday camera and a hurried editor do to a clean picture. Arrays, no files."""

from dataclasses import dataclass

import cv2
import numpy as np

Cast = tuple[float, float, float]


@dataclass(frozen=True)
class Faults:
    """How one picture strays from neutral."""

    exposure: float = 0.0
    """Stops; the sensor clips at white as a real one does."""
    cast: Cast = (1.0, 1.0, 1.0)
    """Gains of linear red, green and blue: a white balance left on the wrong lamp."""
    noise: float = 0.006
    """Standard deviation at mid grey, in sRGB units of [0, 1]."""
    vignette: float = 0.10
    """Share of light lost in the corners."""
    upscale: tuple[int, int] | None = None
    """Width and height in pixels an editor enlarged the picture to."""


def spoil(picture: np.ndarray, faults: Faults, *, seed: int) -> np.ndarray:
    """Apply `faults` to an sRGB picture, (height, width, 3) floats in [0, 1]; returns a new one.

    Order follows the light: lens, white balance, exposure, sensor noise; then the editor.
    """
    height, width = picture.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    falloff = 1 - faults.vignette * np.clip((x**2 + y**2) / 2, 0, 1) ** 1.5
    gains = np.array(faults.cast) / (np.array(faults.cast) @ (0.2126, 0.7152, 0.0722))
    light = _to_linear(picture) * falloff[..., None] * gains * 2**faults.exposure
    seen = _to_srgb(light)
    if faults.upscale:
        seen = cv2.resize(seen.astype(np.float32), faults.upscale, interpolation=cv2.INTER_CUBIC)
        soft = cv2.GaussianBlur(seen, (0, 0), 2.2)
        seen = seen + 0.5 * (seen - soft)
    return np.clip(seen + _grain(seen, faults.noise, seed), 0, 1)


def _grain(picture: np.ndarray, amount: float, seed: int) -> np.ndarray:
    """Sensor noise: mostly brightness, a little colour, softened by demosaicing."""
    random = np.random.default_rng(seed)
    shape = picture.shape
    grey = random.normal(size=(*shape[:2], 1)).astype(np.float32)
    colour = random.normal(size=shape).astype(np.float32)
    grain = cv2.GaussianBlur(grey, (0, 0), 0.6)[..., None] * 1.9
    grain = grain + cv2.GaussianBlur(colour, (0, 0), 1.0) * 1.4
    shadows = 1.25 - 0.75 * picture.mean(-1, keepdims=True)
    return amount * shadows * grain


def _to_linear(encoded: np.ndarray) -> np.ndarray:
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def _to_srgb(light: np.ndarray) -> np.ndarray:
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
