"""From a render to the files that ship: film grain, JPEG, and the notes beside it."""

from pathlib import Path

import cv2
import numpy as np

from samples.render.files import read_render
from samples.render.plates.camera import STAND
from samples.render.plates.plate import Plate

GRAIN = 0.0065
"""Of full scale at mid grey, one standard deviation."""
VIGNETTE = 0.10
"""Of the light in the corners, lost."""
PRINTED = 0.38
"""Gamma that is taken away for one stop at mid grey."""
LUMA = np.array([0.30, 0.59, 0.11], np.float32)
LICENCE = "Apache-2.0"
SOURCE = "path-traced by samples/render/plates"


def write_plate(plate: Plate, render: Path, folder: Path, *, grain: float = GRAIN) -> None:
    """Write `<name>.jpg` and `<name>.yaml`."""
    rgb, _ = read_render(render)
    folder.mkdir(parents=True, exist_ok=True)
    pixels = np.round(np.clip(_grained(rgb, plate, grain), 0, 1) * 255).astype(np.uint8)
    cv2.imwrite(
        str(folder / f"{plate.name}.jpg"),
        pixels[..., ::-1],
        [
            cv2.IMWRITE_JPEG_QUALITY,
            plate.quality,
            cv2.IMWRITE_JPEG_OPTIMIZE,
            1,
            cv2.IMWRITE_JPEG_PROGRESSIVE,
            1,
        ],
    )
    (folder / f"{plate.name}.yaml").write_text(notes(plate))


def notes(plate: Plate) -> str:
    """What `transforms.presets.plate.Plate` wants to know, as YAML."""
    key, view = plate.key, plate.viewpoint.view
    brightest = max(key.colour)
    colour = ", ".join(f"{channel / brightest:.2f}" for channel in key.colour)
    return f"""\
name: {plate.name}
kind: {plate.kind}
view: {view}
horizon: {plate.viewpoint.horizon(plate.edge):.3f}
stand: {STAND[view]:.3f}
light:
  azimuth_deg: {key.azimuth_deg:.0f}
  elevation_deg: {key.elevation_deg:.0f}
  colour: [{colour}]
  softness: {key.softness:.2f}
gloss: {plate.gloss:.2f}
tinted: {plate.tinted:.2f}
title: {plate.title}
licence: {LICENCE}
source: {SOURCE}
"""


def _grained(rgb: np.ndarray, plate: Plate, strength: float) -> np.ndarray:
    side = rgb.shape[0]
    seed = sum(plate.name.encode())
    rng = np.random.default_rng(seed)
    axis = (np.arange(side) + 0.5) / side * 2 - 1
    corner = (axis[:, None] ** 2 + axis[None] ** 2) / 2
    light = rgb**2.2 * (1 - VIGNETTE * corner**1.5)[..., None]
    shown = np.asarray(light ** (1 / 2.2), np.float32) ** (1 / (1 + PRINTED * plate.lighter))
    luma = (shown @ LUMA)[..., None]
    shown = luma + (shown - luma) * np.float32(plate.vivid)
    grey = rng.standard_normal((side, side)).astype(np.float32)
    colour = rng.standard_normal(rgb.shape).astype(np.float32)
    grain = cv2.GaussianBlur(grey, (0, 0), 0.7)
    grain /= grain.std()
    tint = cv2.GaussianBlur(colour, (0, 0), 1.2)
    tint /= tint.std()
    level = shown.mean(-1, keepdims=True)
    amount = strength * (0.35 + 2.6 * level * (1 - level))
    return shown + amount * (grain[..., None] + 0.25 * tint)
