"""Glass balls for a tree, which mirror the room that the product stands in."""

import numpy as np

from transforms.scenes.light import Light3, Plane, Values, eased, linear, mixed
from transforms.scenes.sprite import Sprite

_WINDOW = np.array((1.0, 0.9, 0.76), np.float32)
_LAMP = np.array((1.0, 0.66, 0.26), np.float32)


def bauble(rng: np.random.Generator, colour: Values) -> Sprite:
    """A glass ball with its cap: it mirrors the window, the lamps, the room and the table."""
    side = 260
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(axis / np.float32(0.86), (axis - np.float32(0.12)) / np.float32(0.86))
    radius = np.hypot(x, y)
    alpha = np.clip((1 - radius) * side / 2.6, 0, 1)
    facing = np.sqrt(np.clip(1 - radius**2, 0, 1))
    # The way a ray from the camera goes on: to the right, up, and back towards the camera.
    right, up, back = 2 * facing * x, -2 * facing * y, 2 * facing**2 - 1
    room = _room(right, up, back, rng)
    tint = np.asarray(colour, np.float32)
    glass = tint * 0.16 * (0.4 + facing)[..., None]
    share = (0.55 + 0.45 * (1 - facing) ** 4)[..., None]
    image = glass + room * (tint * np.float32(0.9) + 0.06) * share * 1.25
    # Lamps and window are so much brighter that the glass's own skin shows them untinted.
    image = image + 0.07 * np.maximum(room - 0.5, 0) + 0.1 * room * ((1 - facing) ** 5)[..., None]
    crown = np.clip((0.17 - np.abs(x)) * side / 3, 0, 1) * np.clip(
        (0.115 - np.abs(y + 1.06)) * side / 3, 0, 1
    )
    metal = linear((196, 170, 110)) * (0.35 + 0.9 * np.exp(-(((x - 0.06) / 0.05) ** 2)))[..., None]
    image, alpha = mixed(image, metal, crown), np.maximum(alpha, crown)
    return Sprite(np.asarray(image * alpha[..., None], np.float32), np.asarray(alpha, np.float32))


def _room(right: Plane, up: Plane, back: Plane, rng: np.random.Generator) -> Light3:
    """What is seen from the product in a direction, in linear light: (height, width, 3)."""
    above = eased(up, -0.05, 0.12)
    wall = np.array((0.16, 0.11, 0.08), np.float32) * (0.5 + 0.9 * above)[..., None]
    table = np.array((0.11, 0.062, 0.038), np.float32)
    image = mixed(np.broadcast_to(table, wall.shape), wall, above)
    # A window beside the camera, with a bar across.
    u, v = (right - 0.62) / 0.30, (up - 0.42) / 0.40
    pane = eased(np.abs(u), 1.0, 0.86) * eased(np.abs(v), 1.0, 0.86) * eased(back, -0.3, 0.0)
    bars = eased(np.abs(u), 0.03, 0.08) * eased(np.abs(v), 0.03, 0.08)
    image = image + (pane * (0.25 + 0.75 * bars) * 3.0)[..., None] * _WINDOW
    fill = eased(np.abs(right + 0.75), 0.2, 0.02) * eased(np.abs(up - 0.2), 0.6, 0.2)
    image = image + (0.45 * fill)[..., None] * _WINDOW
    for _ in range(26):
        # Fairy lights all round.
        turn, rise = rng.uniform(0, 2 * np.pi), rng.uniform(-0.1, 0.85)
        flat = np.sqrt(1 - rise**2)
        near = right * np.sin(turn) * flat + back * np.cos(turn) * flat + up * rise
        spot = eased(near, 0.9965, 0.9992)
        image = image + (spot * rng.uniform(0.8, 3.0))[..., None] * _LAMP
    return np.asarray(image, np.float32)
