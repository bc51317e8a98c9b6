"""A clay lamp with its flame, and the light that it sheds on the table."""

import numpy as np

from transforms.scenes.light import Light3, eased, linear
from transforms.scenes.sprite import Sprite

_CLAY = linear((158, 84, 50))


def lamp(rng: np.random.Generator) -> Sprite:
    """A clay lamp with its flame, from the side."""
    side = 256
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(axis, axis)
    bowl = 0.72 * np.sqrt(np.clip(1 - ((y - 0.42) / 0.42) ** 2, 0, 1))
    clay = np.clip((bowl - np.abs(x)) * side / 3, 0, 1) * np.clip((y - 0.42) * side / 3, 0, 1)
    across = x / np.maximum(bowl, 1e-3)
    shade = 0.5 + 0.9 * np.sqrt(np.clip(1 - across**2, 0, 1)) * (1 - 0.7 * (y - 0.42) / 0.42)
    image = _CLAY * shade[..., None] * np.float32(rng.uniform(0.8, 1.1))
    mouth = np.clip((1 - np.hypot(x / 0.72, (y - 0.42) / 0.13)) * side / 4, 0, 1)
    image = image + mouth[..., None] * (linear((236, 160, 70)) - image)
    sway = x - 0.05 * np.sin(y * 3 + rng.uniform(0, 3))
    wide = 0.13 * np.clip((y + 0.5) / 0.88, 0, 1) ** 0.8 * np.clip((0.42 - y) / 0.2, 0, 1) ** 0.6
    flame = eased(wide - np.abs(sway), 0.0, 0.05)
    core = eased(wide * 0.6 - np.abs(sway), 0.0, 0.05)
    heat = flame[..., None] * np.array((3.0, 1.5, 0.4), np.float32)
    heat = heat + core[..., None] * np.array((2.0, 1.9, 1.2), np.float32)
    alpha = np.clip(clay + mouth + flame, 0, 1)
    glow = np.exp(-((x / 0.45) ** 2) - ((y - 0.05) / 0.5) ** 2)
    light = image * np.clip(clay + mouth, 0, 1)[..., None] * (1 - flame[..., None]) + heat
    light = light + glow[..., None] * np.array((0.28, 0.13, 0.03), np.float32)
    return Sprite(np.asarray(light, np.float32), np.asarray(alpha, np.float32))


def pool() -> tuple[Light3, Light3]:
    """The light that a lamp sheds around it: adds, hides nothing."""
    axis = np.linspace(-1, 1, 64, dtype=np.float32)
    fall = np.clip(np.exp(-3.5 * (axis[None] ** 2 + axis[:, None] ** 2)) - 0.03, 0, 1)
    return fall[..., None] * np.array((0.10, 0.05, 0.015), np.float32), np.zeros(
        (64, 64), np.float32
    )
