"""Many instances of one thing, at the cost of one mesh."""

import math
from collections.abc import Sequence

import bpy
import numpy as np
from mathutils import Matrix

Models = Sequence[bpy.types.Object]


def turned(rng: np.random.Generator, count: int, *, tilt_deg: float = 0.0) -> np.ndarray:
    """Rotations, (n, 3, 3): any heading, and up to `tilt_deg` off the vertical."""
    heading, towards = rng.uniform(0, 2 * np.pi, (2, count))
    tilt = np.radians(tilt_deg) * np.sqrt(rng.random(count))
    return tipped(towards, tilt) @ around_z(heading)


def around_z(angle: np.ndarray) -> np.ndarray:
    """Rotations about the vertical, (n, 3, 3), radians."""
    turn = np.zeros((len(angle), 3, 3))
    turn[:, 0, 0] = turn[:, 1, 1] = np.cos(angle)
    turn[:, 1, 0], turn[:, 0, 1] = np.sin(angle), -np.sin(angle)
    turn[:, 2, 2] = 1
    return turn


def tipped(towards: np.ndarray, tilt: np.ndarray) -> np.ndarray:
    """Rotations, (n, 3, 3), that tip the vertical by `tilt` into the heading `towards`."""
    back = np.zeros((len(tilt), 3, 3))
    back[:, 0, 0] = back[:, 2, 2] = np.cos(tilt)
    back[:, 0, 2], back[:, 2, 0] = np.sin(tilt), -np.sin(tilt)
    back[:, 1, 1] = 1
    heading = around_z(towards)
    return heading @ back @ heading.transpose(0, 2, 1)


def spread(
    models: Models,
    places: np.ndarray,
    turns: np.ndarray,
    sizes: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Instance the models, which become invisible themselves.

    Args:
        models: Objects around their own origin; each place gets one of them.
        places: (n, 3).
        turns: (n, 3, 3).
        sizes: (n,) factors.
        rng: Draws the model of each place.
    """
    choice = rng.integers(len(models), size=len(places))
    for number, model in enumerate(models):
        model.hide_render = True
        for place, turn, size in zip(
            places[choice == number],
            turns[choice == number],
            sizes[choice == number],
            strict=True,
        ):
            copy = bpy.data.objects.new(model.name, model.data)
            matrix = np.eye(4)
            matrix[:3, :3], matrix[:3, 3] = turn * size, place
            copy.matrix_world = Matrix(matrix.tolist())
            bpy.context.collection.objects.link(copy)


def apart(points: np.ndarray, distance: float) -> np.ndarray:
    """Those of (n, 2 or 3) points that keep a distance on the ground from all before them."""
    kept: list[np.ndarray] = []
    for point in points:
        if all(math.dist(point[:2], other[:2]) >= distance for other in kept):
            kept.append(point)
    return np.array(kept).reshape(-1, points.shape[1])
