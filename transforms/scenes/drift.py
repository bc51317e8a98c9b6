"""Loose ground: snow and sand, blown into soft forms."""

import cv2
import numpy as np

from transforms.scenes.ground import Ground
from transforms.scenes.light import Plane, Values
from transforms.scenes.noise import fractal
from transforms.scenes.table import Lighting, Surface

_SPAN = 2.6
"""Length of the pattern on the ground."""


def surface(
    rng: np.random.Generator,
    plane: Ground,
    lit: Lighting,
    *,
    colour: Values,
    shade: Values,
    relief: float,
    grain: float,
) -> Surface:
    """Ground blown into soft forms, lit from the side.

    Args:
        rng: Which forms.
        plane: The ground.
        lit: Says which slopes are bright.
        colour: Linear RGB of slopes in the light.
        shade: Linear RGB of slopes away from it.
        relief: Strength of the forms.
        grain: Strength of what single grains show.
    """
    side = min(1400, max(256, round(1.1 * plane.height)))
    forms = plane.laid(_slopes(rng, side), span=_SPAN, turn=float(rng.uniform(-25, 25)))
    if lit.light.azimuth_deg < 0:
        forms = -forms
    fine = plane.laid(_grains(rng, side), span=0.9, turn=17)
    light = np.clip(0.5 + 0.5 * np.tanh(relief * forms), 0, 1)[..., None]
    albedo = shade + (colour - shade) * light
    albedo = albedo * (1 + grain * fine)[..., None]
    return Surface(np.clip(albedo, 0.01, 0.98).astype(np.float32), polish=0.0, roughness=0.3)


def _slopes(rng: np.random.Generator, side: int) -> Plane:
    forms = fractal(
        rng, (side, side), cell=0.3, octaves=6, gain=0.45, stretch=(1.6, 1.0), tiled=True
    )
    across = np.roll(forms, -2, axis=1) - np.roll(forms, 2, axis=1)
    down = np.roll(forms, -2, axis=0) - np.roll(forms, 2, axis=0)
    slope = across + 0.5 * down
    soft = np.asarray(cv2.GaussianBlur(slope, (0, 0), side / 500), np.float32)
    return np.asarray(soft / max(1e-6, float(soft.std())), np.float32)


def _grains(rng: np.random.Generator, side: int) -> Plane:
    return fractal(rng, (side, side), cell=0.008, octaves=3, gain=0.8, tiled=True)
