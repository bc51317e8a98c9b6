"""Firs and their twigs, forests: for backgrounds, and close by for winter's ornaments."""

import bpy
import numpy as np

from samples.render import materials
from samples.render.materials import Colour
from samples.render.plates import scatter
from samples.render.plates.surface import Surface

FIR: list[Colour] = [(0.008, 0.022, 0.010), (0.018, 0.042, 0.018), (0.030, 0.058, 0.026)]


def needle_leaf(name: str, colours: list[Colour], *, snow: float = 0.0) -> bpy.types.Material:
    """Needles that differ from twig to twig; snow lies on `snow` of what looks up."""
    recipe = Surface(name, colours[0], 0.42)
    each = recipe.node("ObjectInfo").outputs["Random"]
    stops = [(number / max(1, len(colours) - 1), c) for number, c in enumerate(colours)]
    tone = recipe.ramp(each, stops)
    patches = recipe.cloud(recipe.shifted((2.5, 2.5, 2.5)), detail=2)
    tone = recipe.times(recipe.ramp(patches, [(0.3, (0.7,) * 3), (0.7, (1.4,) * 3)]), tone)
    if snow:
        split = recipe.node("SeparateXYZ")
        recipe.wire(recipe.node("NewGeometry").outputs["Normal"], split.inputs[0])
        up = recipe.sum("ABSOLUTE", split.outputs["Z"])
        lumps = recipe.cloud(recipe.shifted((1.1, 1.1, 1.1)), detail=3)
        cover = recipe.sum(
            "MULTIPLY",
            recipe.spread(up, 0.25, 0.6),
            recipe.spread(lumps, 0.62 - 0.3 * snow, 0.72 - 0.3 * snow),
        )
        tone = recipe.mix(cover, tone, (0.80, 0.83, 0.88))
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    return recipe.material


def twig(
    material: bpy.types.Material,
    rng: np.random.Generator,
    *,
    length: float = 1.8,
    needle: tuple[float, float] = (0.17, 0.017),
    dense: float = 1.0,
) -> bpy.types.Object:
    """A fir twig along y from the origin, with side shoots, in about the plane z = 0.

    Args:
        material: Of the needles.
        rng: Bends it.
        length: Of the main shoot.
        needle: Length and width.
        dense: 1 is 55 needles a decimetre of shoot.
    """
    lines = [_shoot(rng, np.zeros(3), np.array([0.0, 1.0, 0.0]), length)]
    for share in np.arange(0.12, 0.86, 0.105):
        for side in (-1, 1):
            at = _along(lines[0], share + rng.uniform(-0.03, 0.03))
            lean = np.radians(rng.uniform(42, 58))
            way = np.array([side * np.sin(lean), np.cos(lean), rng.uniform(-0.15, 0.2)])
            lines.append(_shoot(rng, at, way, length * (0.62 * (1 - share) + 0.10)))
    corners, faces = [], []
    for line in lines:
        run = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())
        count = max(6, int(run * 55 * dense))
        share = np.linspace(0.02, 1.0, count)
        base = np.stack([_along(line, s) for s in share])
        way = line[-1] - line[0]
        way /= np.linalg.norm(way)
        turn = rng.uniform(0, 2 * np.pi, count)
        side = np.cross(way, [0, 0, 1.0])
        side /= np.linalg.norm(side) + 1e-9
        up = np.cross(side, way)
        # Needles comb to both sides and upwards, few hang.
        out = np.cos(turn)[:, None] * side + (0.25 + 0.55 * np.sin(turn))[:, None] * up
        out /= np.linalg.norm(out, axis=1, keepdims=True)
        lean = np.radians(rng.uniform(42, 68, count))
        lean = np.where(share > 0.95, lean * 0.4, lean)
        ways = np.cos(lean)[:, None] * way + np.sin(lean)[:, None] * out
        long = needle[0] * rng.uniform(0.75, 1.1, count)[:, None]
        flat = np.cross(ways, up + rng.normal(0, 0.3, (count, 3)))
        flat /= np.linalg.norm(flat, axis=1, keepdims=True)
        middle, tip = base + 0.45 * long * ways, base + long * ways
        wide = flat * needle[1] / 2
        quad = np.stack([base, middle + wide, tip, middle - wide], 1)
        start = sum(len(part) for part in corners)
        corners.append(quad.reshape(-1, 3))
        faces.append(start + np.arange(4 * count).reshape(-1, 4))
        tube, sides = _tube(line, 0.022 if line is lines[0] else 0.012)
        start += 4 * count
        corners.append(tube)
        faces.append(start + sides)
    mesh = bpy.data.meshes.new("twig")
    quads = np.concatenate(faces)
    mesh.from_pydata(np.concatenate(corners).tolist(), [], quads.tolist())
    mesh.materials.append(material)
    bark = materials.plastic("bark", (0.07, 0.042, 0.025), 0.8)
    mesh.materials.append(bark)
    wooden = np.concatenate([np.full(len(part), number % 2) for number, part in enumerate(faces)])
    mesh.polygons.foreach_set("material_index", wooden.astype(np.int32))
    thing = bpy.data.objects.new("twig", mesh)
    bpy.context.collection.objects.link(thing)
    return thing


def firs(
    rng: np.random.Generator,
    places: list[tuple[float, float, float]],
    *,
    snow: float = 0.0,
    colours: list[Colour] | None = None,
    branches: int = 150,
) -> None:
    """Fir trees out of focus.

    Args:
        rng: Grows them.
        places: x, y and height of each.
        snow: Share of the twigs under snow.
        colours: Of the needles.
        branches: A tree has.
    """
    tissue = needle_leaf("far fir", colours or FIR, snow=snow)
    models = [twig(tissue, rng, needle=(0.16, 0.035), dense=0.4) for _ in range(2)]
    spots, turns, sizes = [], [], []
    for x, y, tall in places:
        share = np.linspace(0.02, 0.98, branches) ** 0.9
        heading = np.arange(branches) * 2.4 + rng.uniform(0, 6)
        droop = np.radians(rng.uniform(95, 125, branches) - 55 * share)
        turns.append(
            scatter.around_z(heading)
            @ scatter.tipped(np.full(branches, np.pi / 2), droop - np.pi / 2)
        )
        spots.append(
            np.stack([np.full(branches, x), np.full(branches, y), share * tall], 1)
            + rng.normal(0, 0.05, (branches, 3))
        )
        sizes.append((0.30 * tall * (1 - share) ** 0.8 + 0.03 * tall) / 1.8)
    scatter.spread(models, np.concatenate(spots), np.concatenate(turns), np.concatenate(sizes), rng)


def trunks(
    rng: np.random.Generator,
    places: list[tuple[float, float, float]],
    colour: Colour,
    *,
    height: float = 120,
) -> None:
    """Bare trunks: x, y and radius of each."""
    recipe = Surface("trunk", colour, 0.9)
    ridges = recipe.cloud(recipe.place((2.2, 2.2, 0.35)), detail=4)
    dark = tuple(c * 0.4 for c in colour)
    recipe.wire(
        recipe.ramp(ridges, [(0.35, dark), (0.65, colour)]), recipe.shader.inputs["Base Color"]
    )
    for x, y, radius in places:
        lean = rng.normal(0, 0.03, 2) * height
        path = np.array(
            [
                (x, y, -3),
                (x + lean[0] * 0.4, y + lean[1] * 0.4, height / 2),
                (x + lean[0], y + lean[1], height),
            ]
        )
        corners, sides = _tube(path, radius, edges=12)
        mesh = bpy.data.meshes.new("trunk")
        mesh.from_pydata(corners.tolist(), [], sides.tolist())
        mesh.materials.append(recipe.material)
        bpy.context.collection.objects.link(bpy.data.objects.new("trunk", mesh))


def _shoot(
    rng: np.random.Generator, start: np.ndarray, way: np.ndarray, length: float
) -> np.ndarray:
    way = way / np.linalg.norm(way)
    t = np.linspace(0, 1, 7)
    bend = rng.normal(0, 0.10, 3) * length
    line = start + np.outer(t * length, way) + np.outer(t**2, bend)
    line[:, 2] -= 0.06 * length * t**2
    return line


def _along(line: np.ndarray, share: float) -> np.ndarray:
    at = np.clip(share, 0, 1) * (len(line) - 1)
    low = min(int(at), len(line) - 2)
    return line[low] + (at - low) * (line[low + 1] - line[low])


def _tube(line: np.ndarray, radius: float, *, edges: int = 5) -> tuple[np.ndarray, np.ndarray]:
    way = line[-1] - line[0]
    way = way / np.linalg.norm(way)
    side = np.cross(way, [0.31, 0.2, 0.93] if abs(way[2]) < 0.9 else [1.0, 0, 0])
    side /= np.linalg.norm(side)
    up = np.cross(side, way)
    angle = np.linspace(0, 2 * np.pi, edges, endpoint=False)
    ring = np.cos(angle)[:, None] * side + np.sin(angle)[:, None] * up
    thin = np.linspace(1, 0.45, len(line))[:, None, None] * radius
    corners = (line[:, None] + thin * ring[None]).reshape(-1, 3)
    row, edge = np.meshgrid(range(len(line) - 1), range(edges), indexing="ij")
    row, edge = row.ravel(), edge.ravel()
    after = (edge + 1) % edges
    faces = np.stack(
        [
            row * edges + edge,
            row * edges + after,
            (row + 1) * edges + after,
            (row + 1) * edges + edge,
        ],
        1,
    )
    return corners, faces
