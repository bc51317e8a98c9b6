"""Loose ground: snow and sand, blown into soft forms, dimpled, and made of grains."""

from dataclasses import dataclass

import cv2
import numpy as np

from transforms.scenes.ground import Ground
from transforms.scenes.light import Plane, Values, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.table import Lighting, Surface

_SPAN = 2.6
"""Length of the pattern of forms on the ground."""
_WAVES = 15
"""Ripples on it: beside a mug they are some three centimetres apart."""
_DIMPLES_SPAN = 1.3
_GRAINS_SPAN = 0.55
_GRAINS_PX = 560
"""Side of the tile of grains: one is about 4 pixels of a picture of 2000, half a millimetre beside
a mug."""


@dataclass(frozen=True, slots=True)
class Grains:
    """What loose ground is made of."""

    colour: Values
    """(3,), linear RGB of slopes in the light."""
    shade: Values
    """(3,), linear RGB of slopes away from it."""
    forms: float
    """Strength of what the wind formed."""
    dimples: float
    """Strength of what lies between forms and grains."""
    grain: float
    """Strength of single grains."""
    sparkle: float = 0.0
    """Light of the few grains that mirror the sun."""
    ripples: float = 0.0
    """Strength of the waves that wind leaves in sand."""
    smooth: float = 0.5
    """Gain of each finer octave of the forms: lower is smoother."""


def surface(rng: np.random.Generator, plane: Ground, lit: Lighting, grains: Grains) -> Surface:
    """Ground blown into soft forms, lit from the side.

    Args:
        rng: Which forms.
        plane: The ground.
        lit: Says which slopes are bright.
        grains: What it is made of.
    """
    sign = np.float32(-1 if lit.light.azimuth_deg < 0 else 1)
    side = min(1000, max(256, round(0.8 * plane.height)))
    turn = float(rng.uniform(-25, 25))
    forms = plane.laid(_slopes(rng, side, 0.34, grains.smooth), span=_SPAN, turn=turn)
    dimples = plane.laid(
        _slopes(rng, side, 0.05, 0.6), span=_DIMPLES_SPAN, turn=float(rng.uniform(-40, 40))
    )
    tilt = sign * (np.float32(grains.forms) * forms + np.float32(grains.dimples) * dimples)
    if grains.ripples > 0:
        waves = plane.laid(_ripples(rng, side), span=_SPAN, turn=float(rng.uniform(-50, 50)))
        tilt = tilt + sign * np.float32(grains.ripples) * waves
    light = np.clip(0.55 + 0.5 * np.tanh(tilt), 0, 1)[..., None]
    albedo = grains.shade + (grains.colour - grains.shade) * light
    fine = plane.laid(_grains(rng, plane.height), span=_GRAINS_SPAN, turn=17)
    albedo = albedo * (1 + np.float32(grains.grain) * fine[..., :1])
    if grains.sparkle > 0:
        albedo = albedo + np.float32(grains.sparkle) * fine[..., 1:2] * light
    most = 0.98 if grains.sparkle <= 0 else 1.6
    return Surface(np.clip(albedo, 0.01, most).astype(np.float32), polish=0.0, roughness=0.3)


def _slopes(rng: np.random.Generator, side: int, cell: float, gain: float) -> Plane:
    forms = fractal(
        rng, (side, side), cell=cell, octaves=5, gain=gain, stretch=(1.7, 1.0), tiled=True
    )
    across = np.roll(forms, -2, axis=1) - np.roll(forms, 2, axis=1)
    down = np.roll(forms, -2, axis=0) - np.roll(forms, 2, axis=0)
    slope = across + 0.5 * down
    soft = np.asarray(cv2.GaussianBlur(slope, (0, 0), side / 600), np.float32)
    return np.asarray(soft / max(1e-6, float(soft.std())), np.float32)


def _ripples(rng: np.random.Generator, side: int) -> Plane:
    """Slopes of waves that fork and fade, steeper on one side: (side, side), tiled."""
    place = (np.arange(side, dtype=np.float32) / side)[:, None]
    bend = fractal(rng, (side, side), cell=0.3, octaves=3, gain=0.5, tiled=True)
    phase = 2 * np.pi * _WAVES * place + 2.6 * bend
    slope = np.cos(phase) + 0.35 * np.cos(2 * phase + 0.8)
    patches = smoothstep(fractal(rng, (side, side), cell=0.45, octaves=3, tiled=True), -0.9, 0.9)
    return np.asarray(slope * (0.25 + 0.75 * patches), np.float32)


def _grains(rng: np.random.Generator, height: int) -> Values:
    """(n, n, 2): how much brighter a grain is, of deviation 1; and the few that flash, 0-1."""
    side = max(128, min(_GRAINS_PX, round(0.5 * _GRAINS_SPAN * height)))
    white = np.random.default_rng(int(rng.integers(2**63))).standard_normal(
        (side, side), np.float32
    )
    lumps = fractal(rng, (side, side), cell=0.02, octaves=3, gain=0.7, tiled=True)
    fine = np.asarray(cv2.GaussianBlur(white, (0, 0), 0.55), np.float32)
    fine = np.asarray(fine / float(fine.std()), np.float32)
    flashes = smoothstep(fine, 3.1, 3.9)
    # A few grains are much darker or paler than the others.
    rare = smoothstep(np.abs(fine), 2.1, 2.9)
    fine = np.asarray(fine + 1.6 * np.sign(fine) * rare, np.float32)
    return np.dstack([0.8 * fine + 0.45 * lumps, flashes]).astype(np.float32)
