"""A plate as a backdrop of a wanted size: cropped around the place to stand, mirrored, relit."""

from dataclasses import replace

import cv2
import numpy as np
from PIL import Image

from transforms.pixels import Pixels
from transforms.presets.plate import Plate
from transforms.scenes.light import linear, luminance
from transforms.scenes.scene import Colour, Foreground, Light, Scene

_CLOSER = 1.18
"""Largest enlargement of a variation: beyond it a plate of 2048 px looks soft at 2000 px."""
_EXPOSURE = 0.05
"""Largest change of light, as a share: a cloud before the sun, not another day."""
_LEAST = 1e-3
"""Of a channel in linear light: black has no colour to be drawn anywhere."""


def frame_plate(
    pixels: Pixels,
    plate: Plate,
    *,
    width: int,
    height: int,
    seed: int,
    palette: tuple[Colour, ...] = (),
) -> Scene:
    """Make a backdrop out of a plate.

    Args:
        pixels: (h, w, 3), sRGB, the whole plate. Not modified.
        plate: Its notes.
        width: Of the backdrop in pixels.
        height: Of the backdrop in pixels.
        seed: Of the variation; equal seeds give equal pixels. 0: the plate as it is, as far as
            the aspect allows.
        palette: The brand's colours, sRGB 0-255, the most important first; none: colours stay.

    Returns:
        The backdrop. Ground line, place to stand and light are those of what it shows.
    """
    rows, columns = pixels.shape[:2]
    rng = np.random.default_rng(seed)
    closer = 1.0 + (_CLOSER - 1.0) * rng.random() if seed else 1.0
    scale = max(width / columns, height / rows) * closer
    mirrored = bool(seed and rng.random() < 0.5)
    crop_height, crop_width = height / scale, width / scale
    # The place to stand keeps its share of the height where the plate reaches so far.
    top = float(np.clip(plate.stand * (rows - crop_height), 0, rows - crop_height))
    left = (columns - crop_width) * (0.35 + 0.3 * rng.random() if seed else 0.5)
    light = plate.light
    azimuth = light.azimuth_deg
    box = (left, top, left + crop_width, top + crop_height)
    picture = Image.fromarray(pixels).resize((width, height), Image.Resampling.LANCZOS, box=box)
    shown = np.asarray(picture)
    if mirrored:
        shown, azimuth = shown[:, ::-1], -azimuth
    if seed:
        gain = 1 + _EXPOSURE * (2 * rng.random() - 1)
        levels = np.clip(np.arange(256) * gain, 0, 255)
        shown = np.rint(levels).astype(np.uint8)[shown]
    if plate.tinted and palette:
        shown = _tint(shown, palette[0], plate.tinted)
    return Scene(
        pixels=np.ascontiguousarray(shown),
        view=plate.view,
        horizon=float(np.clip((plate.horizon * rows - top) / crop_height, 0, 1)),
        stand=float(np.clip((plate.stand * rows - top) / crop_height, 0, 1)),
        light=Light(
            azimuth_deg=azimuth,
            elevation_deg=light.elevation_deg,
            colour=light.colour,
            softness=light.softness,
        ),
        gloss=plate.gloss,
    )


def _tint(pixels: Pixels, colour: Colour, share: float) -> Pixels:
    """Draw a picture's mean colour to the brand's: one gain a channel, as bright as before."""
    mean, wanted = linear(pixels).reshape(-1, 3).mean(axis=0), linear(colour)
    ratios = (wanted / luminance(wanted)) / np.maximum(mean / luminance(mean), _LEAST)
    gain = np.maximum(ratios, _LEAST) ** share
    gain *= luminance(mean) / luminance(mean * gain)
    levels = np.arange(256)
    light = linear(np.repeat(levels.astype(np.uint8)[:, None], 3, axis=1))[:, 0]
    curves = [np.rint(np.interp(light * each, light, levels)).astype(np.uint8) for each in gain]
    return np.stack([curve[pixels[..., band]] for band, curve in enumerate(curves)], axis=-1)


def shrink_scene(scene: Scene, size: tuple[int, int]) -> Scene:
    """The same place at a smaller size, each pixel the mean of those that it covers.

    Args:
        scene: Not modified. What is told in shares of its height stays.
        size: Width and height in pixels, of the scene's aspect and no larger; its own: `scene`.
    """
    height, width = scene.pixels.shape[:2]
    if size == (width, height):
        return scene
    return replace(
        scene,
        pixels=np.asarray(cv2.resize(scene.pixels, size, interpolation=cv2.INTER_AREA), np.uint8),
        foreground=None if scene.foreground is None else _shrink_foreground(scene.foreground, size),
    )


def _shrink_foreground(foreground: Foreground, size: tuple[int, int]) -> Pixels:
    """With straight alpha, colours count as much as they are seen."""
    alpha = foreground[..., 3:].astype(np.float32)
    weighted = np.concatenate([foreground[..., :3] * (alpha / 255), alpha], axis=2)
    small = np.asarray(cv2.resize(weighted, size, interpolation=cv2.INTER_AREA), np.float32)
    small[..., :3] *= 255 / np.maximum(small[..., 3:], 1)
    return np.clip(np.rint(small), 0, 255).astype(np.uint8)
