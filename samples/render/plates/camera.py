"""Where a plate's camera stands, and where in its picture a place on the ground is seen."""

import math
from dataclasses import dataclass
from typing import Literal

import bpy
import numpy as np
from mathutils import Matrix, Vector

from samples.render.studio import SENSOR_MM

View = Literal["level", "raised", "overhead"]

ELEVATION_DEG = {"level": 9.0, "raised": 27.0, "overhead": 90.0}
"""Down to the place to stand; `transforms.composition.grounding` counts on these."""
STAND = {"level": 0.80, "raised": 0.77, "overhead": 0.5}


@dataclass(frozen=True)
class Viewpoint:
    """A camera for square pictures, sharp at the origin."""

    view: View
    frame: float = 3.6
    """Width of the picture at the place to stand."""
    lens_mm: float = 85
    f_number: float = 2.0

    @property
    def half(self) -> float:
        """Tangent of half the angle of view."""
        return SENSOR_MM / 2 / self.lens_mm

    @property
    def distance(self) -> float:
        """To the place to stand."""
        return self.frame / (2 * self.half)

    @property
    def position(self) -> np.ndarray:
        """Of the camera."""
        elevation = math.radians(ELEVATION_DEG[self.view])
        return self.distance * np.array([0.0, -math.cos(elevation), math.sin(elevation)])

    @property
    def pitch(self) -> float:
        """Radians that the camera looks down: so that the origin is seen at its share."""
        offset = math.atan((STAND[self.view] - 0.5) * 2 * self.half)
        return math.radians(ELEVATION_DEG[self.view]) - offset

    @property
    def aperture(self) -> float:
        """Diameter."""
        return self.lens_mm / 100 / self.f_number

    def seen(self, points: np.ndarray) -> np.ndarray:
        """Where points are in the picture.

        Args:
            points: (n, 3).

        Returns:
            (n, 3): shares of the width and height from the top left, and depth before the camera.
        """
        sine, cosine = math.sin(self.pitch), math.cos(self.pitch)
        away = np.asarray(points, float) - self.position
        depth = away @ np.array([0, cosine, -sine])
        up = away @ np.array([0, sine, cosine])
        safe = np.maximum(depth, 1e-3) * 2 * self.half
        return np.stack([0.5 + away[:, 0] / safe, 0.5 - up / safe, depth], 1)

    def across(self, share: float, y: float) -> float:
        """X of what stands on the ground `y` behind the origin, seen at a share of the width."""
        depth = self.seen(np.array([[0.0, y, 0.0]]))[0, 2]
        return float((share - 0.5) * 2 * self.half * depth)

    def at(self, across: float, down: float, y: float) -> tuple[float, float, float]:
        """What is seen at shares of the picture's width and height, in the plane `y` behind."""
        sine, cosine = math.sin(self.pitch), math.cos(self.pitch)
        right, up = (across - 0.5) * 2 * self.half, (0.5 - down) * 2 * self.half
        way = np.array([right, cosine + up * sine, -sine + up * cosine])
        x, _, z = self.position + way * (y - self.position[1]) / way[1]
        return float(x), y, float(z)

    def horizon(self, edge: float | None) -> float:
        """Share of the height where ground ends that reaches `edge` behind the origin."""
        if self.view == "overhead":
            return 0.0
        far = 1e6 if edge is None else edge
        return float(np.clip(self.seen(np.array([[0.0, far, 0.0]]))[0, 1], 0, 1))

    def clear(self, points: np.ndarray, *, margin: float = 0.0) -> np.ndarray:
        """Which points, (n, 3), lie outside the product's half of the picture, as (n,) booleans."""
        return np.abs(self.seen(points)[:, 0] - 0.5) > 0.25 + margin

    def blur(self, depth: np.ndarray) -> np.ndarray:
        """Diameter of the disc that a point at a depth becomes, as a share of the width."""
        return self.aperture * np.abs(1 - self.distance / depth) / self.frame

    def stand(self) -> None:
        """Put the camera into the scene."""
        lens = bpy.data.cameras.new("camera")
        lens.lens, lens.sensor_width, lens.sensor_fit = self.lens_mm, SENSOR_MM, "AUTO"
        lens.clip_end = 1e5
        lens.dof.use_dof = True
        lens.dof.focus_distance = self.distance * 1.01
        lens.dof.aperture_fstop = self.f_number / 10  # Blender counts a decimetre as a metre
        thing = bpy.data.objects.new("camera", lens)
        turn = Matrix.Rotation(math.pi / 2 - self.pitch, 4, "X")
        thing.matrix_world = Matrix.Translation(Vector(self.position)) @ turn
        bpy.context.collection.objects.link(thing)
        bpy.context.scene.camera = thing
