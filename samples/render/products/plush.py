"""A plush bear: fur, whose edge is nowhere quite opaque."""

import math
from pathlib import Path

import bpy
import numpy as np

from samples.render import materials, shapes

HAIRS_PER_DM2 = 2600
HAIR_DM, HAIR_RADIUS_DM = 0.13, 0.0045
STEPS = 6

Part = tuple[shapes.Point, shapes.Point, float]
"""An ellipsoid: middle and radii in decimetres, degrees that it is turned about y."""

FURRY: list[Part] = [
    ((0, 0, 0.95), (0.82, 0.70, 0.95), 0),
    ((0, -0.08, 2.28), (0.74, 0.68, 0.66), 0),
    ((-0.56, 0, 2.86), (0.27, 0.16, 0.27), 0),
    ((0.56, 0, 2.86), (0.27, 0.16, 0.27), 0),
    ((-0.86, -0.22, 1.22), (0.25, 0.28, 0.58), 38),
    ((0.86, -0.22, 1.22), (0.25, 0.28, 0.58), -38),
    ((-0.52, -0.66, 0.36), (0.34, 0.62, 0.36), 0),
    ((0.52, -0.66, 0.36), (0.34, 0.62, 0.36), 0),
    ((0, -0.66, 2.14), (0.33, 0.26, 0.26), 0),
]
SHINY: list[Part] = [
    ((-0.27, -0.76, 2.46), (0.095, 0.07, 0.095), 0),
    ((0.27, -0.76, 2.46), (0.095, 0.07, 0.095), 0),
    ((0, -1.0, 2.22), (0.13, 0.09, 0.095), 0),
]


def bear(_art: Path) -> None:
    """A sitting bear in honey fur."""
    fur = materials.plastic("fur", (0.60, 0.37, 0.16), 0.85)
    black = materials.plastic("button", (0.012, 0.010, 0.010), 0.12)
    random = np.random.default_rng(7)
    for number, part in enumerate(FURRY):
        _ellipsoid(f"part {number}", part, fur)
        _hairs(f"fur {number}", part, fur, random)
    for number, part in enumerate(SHINY):
        _ellipsoid(f"button {number}", part, black)


def _ellipsoid(name: str, part: Part, material: bpy.types.Material) -> None:
    middle, radii, turn = part
    across, down = np.meshgrid(
        np.linspace(0, 2 * math.pi, 49), np.linspace(1e-3, math.pi - 1e-3, 25), indexing="ij"
    )
    ball = np.stack(
        [np.cos(across) * np.sin(down), np.sin(across) * np.sin(down), np.cos(down)], -1
    )
    points = ball * radii @ _turned(turn).T + middle
    shapes.face_outwards(shapes.surface(name, points, material))


def _hairs(
    name: str, part: Part, material: bpy.types.Material, random: np.random.Generator
) -> None:
    """Tapering hairs all over an ellipsoid, combed down a little and in tufts."""
    middle, radii, turn = part
    x, y, z = radii
    area = 4 * math.pi * (x * y + x * z + y * z) / 3  # near enough
    count = int(area * HAIRS_PER_DM2)
    ball = random.normal(size=(count, 3))
    ball /= np.linalg.norm(ball, axis=1, keepdims=True)
    outwards = ball / radii
    outwards /= np.linalg.norm(outwards, axis=1, keepdims=True)
    tufts = np.sin(ball @ random.normal(size=(3, 3)) * 9)
    lean = 0.45 * tufts + 0.35 * random.normal(size=(count, 3)) - (0, 0.1, 0.35)
    length = HAIR_DM * random.uniform(0.55, 1.15, size=(count, 1, 1)) * min(1, max(radii) / 0.5)
    along = np.linspace(0, 1, STEPS)[None, :, None]
    strands = (ball * radii)[:, None] + length * (
        along * outwards[:, None] + along**2 * lean[:, None]
    )
    strands = strands @ _turned(turn).T + middle
    curves = bpy.data.hair_curves.new(name)
    curves.add_curves([STEPS] * count)
    curves.attributes["position"].data.foreach_set("vector", strands.astype(np.float32).ravel())
    radius = curves.attributes.new("radius", "FLOAT", "POINT")
    taper = HAIR_RADIUS_DM * (1 - 0.8 * np.tile(along.ravel(), count))
    radius.data.foreach_set("value", taper.astype(np.float32))
    curves.materials.append(material)
    bpy.context.collection.objects.link(bpy.data.objects.new(name, curves))


def _turned(degrees: float) -> np.ndarray:
    angle = math.radians(degrees)
    return np.array(
        [
            [math.cos(angle), 0, math.sin(angle)],
            [0, 1, 0],
            [-math.sin(angle), 0, math.cos(angle)],
        ]
    )
