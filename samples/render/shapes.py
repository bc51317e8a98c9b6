"""Meshes from a few numbers: turned bodies, bent rods, boxes, cloth. Lengths in decimetres."""

import math
from collections.abc import Callable, Sequence

import bmesh
import bpy
import numpy as np

Point = tuple[float, float, float]
Profile = Sequence[tuple[float, ...]]

RING_SEGMENTS = 160
FILLET_STEPS = 6


def surface(
    name: str,
    points: np.ndarray,
    material: bpy.types.Material,
    *,
    closed_u: bool = False,
    closed_v: bool = False,
) -> bpy.types.Object:
    """A smooth quad mesh over a (u, v, 3) grid of points; UVs run 0-1 by length on both axes."""
    count_u, count_v = points.shape[:2]
    faces_u = count_u if closed_u else count_u - 1
    faces_v = count_v if closed_v else count_v - 1
    i, j = (axis.ravel() for axis in np.meshgrid(range(faces_u), range(faces_v), indexing="ij"))
    corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
    faces = np.stack([(a % count_u) * count_v + b % count_v for a, b in corners], axis=1)
    walked_u, walked_v = _walked(points, 0, closed=closed_u), _walked(points, 1, closed=closed_v)
    uv = np.stack([np.stack([walked_u[a], walked_v[b]], axis=1) for a, b in corners], axis=1)

    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(points.reshape(-1, 3).tolist(), [], faces.tolist())
    mesh.uv_layers.new(name="UVMap").data.foreach_set("uv", uv.ravel())
    return _placed(name, mesh, material)


def lathe(
    name: str,
    profile: Profile,
    material: bpy.types.Material,
    *,
    fillet: float = 0.02,
    top: int | None = None,
) -> bpy.types.Object:
    """Turn a profile of (radius, height[, fillet radius]) around the z axis.

    Start and end on the axis for a closed body. `fillet` rounds every corner that does not
    name its own radius. `top` limits the fillet steps where a coarse edge is wanted.
    """
    outline = _rounded(profile, fillet, top or FILLET_STEPS)
    angles = np.linspace(0, 2 * math.pi, RING_SEGMENTS, endpoint=False)
    radius, height = np.maximum(outline[:, 0], 1e-4), outline[:, 1]
    points = np.stack(
        [
            np.cos(angles)[:, None] * radius,
            np.sin(angles)[:, None] * radius,
            np.broadcast_to(height, (len(angles), len(height))),
        ],
        axis=-1,
    )
    body = surface(name, points, material, closed_u=True)
    face_outwards(body)
    return body


def sweep(
    name: str,
    path: Sequence[Point],
    size: float | tuple[float, float],
    material: bpy.types.Material,
    *,
    taper: Callable[[np.ndarray], np.ndarray] | None = None,
    squareness: float = 2.0,
    closed: bool = False,
    up: Point = (0, 0, 1),
) -> bpy.types.Object:
    """Drag a rounded section of (width across `up`, thickness along it) along a smooth path.

    `taper` maps the share of the path in [0, 1] to a scale; ends are rounded off unless the
    path is `closed`. `squareness` 2 is an ellipse, 6 is nearly a rectangle.
    """
    width, thickness = size if isinstance(size, tuple) else (size, size)
    line = _smooth(np.array(path, float), closed=closed)
    following = np.roll(line, -1, 0) - np.roll(line, 1, 0) if closed else np.gradient(line, axis=0)
    tangent = following / np.linalg.norm(following, axis=1, keepdims=True)
    side = np.cross(tangent, np.array(up, float))
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-6)
    normal = np.cross(side, tangent)

    share = np.linspace(0, 1, len(line))
    scale = np.ones(len(line)) if taper is None else taper(share)
    if not closed:
        steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
        along = np.concatenate([[0], np.cumsum(steps)])
        nearest_end = np.minimum(along, along[-1] - along) / (min(width, thickness) * 0.35)
        scale = scale * np.sqrt(np.clip(1 - (1 - np.clip(nearest_end, 0, 1)) ** 2, 1e-4, 1))
    angle = np.linspace(0, 2 * math.pi, 40, endpoint=False)
    across = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** (2 / squareness) * width / 2
    along_up = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** (2 / squareness) * thickness / 2
    points = (
        line[:, None]
        + scale[:, None, None] * across[None, :, None] * side[:, None]
        + scale[:, None, None] * along_up[None, :, None] * normal[:, None]
    )
    rod = surface(name, points, material, closed_u=closed, closed_v=True)
    face_outwards(rod)
    return rod


def box(
    name: str,
    size: Point,
    material: bpy.types.Material,
    *,
    bevel: float = 0.03,
    centre: Point | None = None,
    faces: dict[str, bpy.types.Material] | None = None,
) -> bpy.types.Object:
    """A box with rounded edges standing on z = 0 unless `centre` is given.

    `faces` prints other materials on "front" (-y), "right" (+x), "back", "left" or "top";
    each face has UVs 0-1, upright when looked at from outside.
    """
    x, y, z = (side / 2 for side in size)
    quads = {
        "front": [(-x, -y, -z), (x, -y, -z), (x, -y, z), (-x, -y, z)],
        "right": [(x, -y, -z), (x, y, -z), (x, y, z), (x, -y, z)],
        "back": [(x, y, -z), (-x, y, -z), (-x, y, z), (x, y, z)],
        "left": [(-x, y, -z), (-x, -y, -z), (-x, -y, z), (-x, y, z)],
        "top": [(-x, -y, z), (x, -y, z), (x, y, z), (-x, y, z)],
        "bottom": [(-x, y, -z), (x, y, -z), (x, -y, -z), (-x, -y, -z)],
    }
    corners = sorted({corner for quad in quads.values() for corner in quad})
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(corners, [], [[corners.index(c) for c in quad] for quad in quads.values()])
    square = np.tile([[0, 0], [1, 0], [1, 1], [0, 1]], (6, 1))
    mesh.uv_layers.new(name="UVMap").data.foreach_set("uv", square.ravel().astype(float))
    block = _placed(name, mesh, material)
    for number, face in enumerate(quads):
        if faces and face in faces:
            mesh.materials.append(faces[face])
            mesh.polygons[number].material_index = len(mesh.materials) - 1
    block.location = centre or (0, 0, z)
    modifier = block.modifiers.new("rounded edges", "BEVEL")
    modifier.width, modifier.segments, modifier.limit_method = bevel, 5, "NONE"
    block.modifiers.new("even shading", "WEIGHTED_NORMAL")
    return block


def arc_label(
    name: str,
    radius: float,
    heights: tuple[float, float],
    degrees: float,
    material: bpy.types.Material,
    *,
    facing: float = -90,
) -> bpy.types.Object:
    """Printed paper around a cylinder, its middle facing `facing` degrees (-90 is the front)."""
    angles = np.radians(np.linspace(facing - degrees / 2, facing + degrees / 2, 64))
    low, high = heights
    points = np.stack(
        [
            np.stack([radius * np.cos(angles), radius * np.sin(angles), np.full(64, z)], -1)
            for z in (low, high)
        ],
        axis=1,
    )
    return surface(name, points, material)


def face_outwards(thing: bpy.types.Object) -> None:
    """Turn every face of a closed mesh outwards, which glass and bumps rely on."""
    work = bmesh.new()
    work.from_mesh(thing.data)
    bmesh.ops.recalc_face_normals(work, faces=work.faces)
    work.to_mesh(thing.data)
    work.free()


def _walked(points: np.ndarray, axis: int, *, closed: bool) -> np.ndarray:
    """How far each grid line lies along an axis, as a share of the mean length."""
    if closed:
        points = np.concatenate([points, np.take(points, [0], axis)], axis)
    steps = np.linalg.norm(np.diff(points, axis=axis), axis=-1).mean(1 - axis)
    walked = np.concatenate([[0.0], np.cumsum(steps)])
    return walked / walked[-1]


def _placed(name: str, mesh: bpy.types.Mesh, material: bpy.types.Material) -> bpy.types.Object:
    mesh.materials.append(material)
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.collection.objects.link(thing)
    return thing


def _rounded(profile: Profile, fillet: float, steps: int) -> np.ndarray:
    """Replace corners by arcs, with support points so that flats stay flat when shaded."""
    points = [np.array(point[:2], float) for point in profile]
    outline = [points[0]]
    for before, corner, after, given in zip(
        points, points[1:], points[2:], profile[1:], strict=False
    ):
        wanted = given[2] if len(given) > 2 else fillet
        to_before, to_after = before - corner, after - corner
        reach = min(wanted, 0.48 * np.linalg.norm(to_before), 0.48 * np.linalg.norm(to_after))
        start = corner + to_before / np.linalg.norm(to_before) * reach
        end = corner + to_after / np.linalg.norm(to_after) * reach
        outline.append(start + (start - corner) * 0.04)
        share = np.linspace(0, 1, steps + 1)[:, None]
        outline.extend((1 - share) ** 2 * start + 2 * share * (1 - share) * corner + share**2 * end)
        outline.append(end + (end - corner) * 0.04)
    outline.append(points[-1])
    return np.array(outline)


def _smooth(path: np.ndarray, *, closed: bool, steps: int = 24) -> np.ndarray:
    """A Catmull-Rom curve through the points of the path."""
    if closed:
        padded = np.concatenate([path[-1:], path, path[:2]])
    else:
        padded = np.concatenate([2 * path[:1] - path[1:2], path, 2 * path[-1:] - path[-2:-1]])
    curve = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        t = np.linspace(0, 1, steps, endpoint=False)[:, None]
        curve.append(
            0.5
            * (
                2 * b
                + (c - a) * t
                + (2 * a - 5 * b + 4 * c - d) * t**2
                + (3 * b - a - 3 * c + d) * t**3
            )
        )
    if not closed:
        curve.append(path[-1:])
    return np.concatenate(curve)
