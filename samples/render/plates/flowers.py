"""Blossom, petals and marigolds."""

import bpy
import numpy as np

from samples.render import materials, shapes
from samples.render.materials import Colour
from samples.render.plates import scatter
from samples.render.plates.plants import foliage, joined, leaf
from samples.render.plates.surface import Surface

CHERRY: list[Colour] = [(0.78, 0.50, 0.53), (0.85, 0.68, 0.68), (0.86, 0.78, 0.76)]
PLUM: list[Colour] = [(0.62, 0.08, 0.14), (0.72, 0.16, 0.22), (0.78, 0.30, 0.33)]


def petal_tissue(name: str, colours: list[Colour], heart: Colour) -> bpy.types.Material:
    """Thin petals, darker towards the heart; v of the UVs runs from there."""
    recipe = Surface(name, colours[0], 0.55)
    each = recipe.node("ObjectInfo").outputs["Random"]
    tone = recipe.ramp(each, [(n / (len(colours) - 1), c) for n, c in enumerate(colours)])
    split = recipe.node("SeparateXYZ")
    recipe.wire(recipe.place((1, 1, 1), space="UV"), split.inputs[0])
    tone = recipe.mix(recipe.spread(split.outputs["Y"], 0.0, 0.55, (0.75, 0)), tone, heart)
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    thin = recipe.node("BsdfTranslucent")
    recipe.wire(tone, thin.inputs["Color"])
    mixed = recipe.node("MixShader", Fac=0.45)
    recipe.wire(recipe.shader.outputs[0], mixed.inputs[1])
    recipe.wire(thin.outputs[0], mixed.inputs[2])
    recipe.wire(mixed.outputs[0], recipe.tree.nodes["Material Output"].inputs["Surface"])
    return recipe.material


def petal(material: bpy.types.Material, rng: np.random.Generator, size: float) -> bpy.types.Object:
    """One cherry petal along y from the origin, cupped."""
    u, v = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(0, 1, 8), indexing="ij")
    wide = 0.46 * np.sin(np.pi * (0.06 + 0.86 * v**0.8)) ** 0.75
    notch = 0.10 * np.exp(-((u / 0.25) ** 2)) * v**6
    x, y = u * wide, v - notch - 0.10 * u**2 * v
    z = 0.22 * u**2 * v + rng.uniform(0.15, 0.35) * v**2 + 0.03 * np.sin(5 * v + 3 * u)
    return shapes.surface("petal", np.stack([x, y, z], -1) * size, material)


def blossom(
    tissue: bpy.types.Material, rng: np.random.Generator, *, size: float = 0.17
) -> bpy.types.Object:
    """Five petals and stamens, open towards z; `size` is a petal's length."""
    parts = []
    for number in range(5):
        one = petal(tissue, rng, size)
        angle = number * 2 * np.pi / 5 + rng.normal(0, 0.08)
        lift = rng.uniform(0.15, 0.45)
        turn = scatter.around_z(np.array([angle]))[0] @ _about_x(lift)
        _turn(one, turn)
        parts.append(one)
    white = materials.plastic("filament", (0.80, 0.70, 0.62), 0.6)
    gold = materials.plastic("anther", (0.62, 0.38, 0.06), 0.6)
    for _ in range(14):
        way = np.array([*rng.normal(0, 0.34, 2), 1.0])
        tip = way / np.linalg.norm(way) * size * rng.uniform(0.4, 0.65)
        side = np.array([0.012 * size * 3, 0, 0])
        strip = np.array([[-side, tip - side * 0.5], [side, tip + side * 0.5]])
        parts.append(shapes.surface("filament", strip, white))
        dot = np.array([[[-1, 0, -1], [-1, 0, 1]], [[1, 0, -1], [1, 0, 1]]]) * 0.035 * size
        parts.append(shapes.surface("anther", dot + tip, gold))
    return joined(parts)


def branch(
    rng: np.random.Generator,
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    *,
    colours: list[Colour],
    heart: Colour = (0.55, 0.16, 0.22),
    flowers: int = 70,
    leaves: int = 14,
    size: float = 0.17,
    thick: float = 0.16,
) -> None:
    """A crooked flowering branch from `start` to `end` with shoots."""
    bark = materials.clay("bark", (0.075, 0.048, 0.036))
    first, last = np.array(start, float), np.array(end, float)
    length = float(np.linalg.norm(last - first))
    t = np.linspace(0, 1, 8)
    line = (
        first
        + np.outer(t, last - first)
        + rng.normal(0, 0.035 * length, (8, 3)) * (np.sin(np.pi * t)[:, None])
    )
    lines = [line]
    shapes.sweep("branch", line.tolist(), thick, bark, taper=lambda share: 1 - 0.75 * share)
    for share in np.linspace(0.18, 0.92, 9):
        at = _on(line, float(share))
        way = (last - first) / length + rng.normal(0, 0.65, 3)
        way[2] = abs(way[2]) * 0.7 + 0.1
        way /= np.linalg.norm(way)
        reach = length * rng.uniform(0.14, 0.30) * (1.1 - 0.5 * share)
        s = np.linspace(0, 1, 4)[:, None]
        shoot = at + s * reach * way + rng.normal(0, 0.03 * reach, (4, 3)) * s
        lines.append(shoot)
        shapes.sweep(
            "shoot", shoot.tolist(), thick * 0.38, bark, taper=lambda share: 1 - 0.6 * share
        )
    tissue = petal_tissue("blossom", colours, heart)
    models = [blossom(tissue, rng, size=size) for _ in range(3)]
    places = []
    while len(places) < flowers:
        one = lines[int(rng.integers(len(lines)))]
        spot = _on(one, float(rng.uniform(0.12, 1.0)))
        places.extend(rng.normal(spot, size * 0.75, (int(rng.integers(1, 5)), 3)))
    spots = np.array(places)
    scatter.spread(
        models,
        spots,
        scatter.turned(rng, len(spots), tilt_deg=110),
        rng.uniform(0.7, 1.1, len(spots)),
        rng,
    )
    if leaves:
        green = foliage("young leaf", [(0.13, 0.20, 0.04), (0.22, 0.26, 0.07)], through=0.5)
        blades = [leaf(green, rng, length=0.45, width=0.2, stalk=0.2, steps=(5, 9))]
        spots = np.array(
            [
                _on(lines[int(rng.integers(len(lines)))], float(rng.uniform(0.4, 1)))
                for _ in range(leaves)
            ]
        )
        scatter.spread(
            blades,
            spots,
            scatter.turned(rng, leaves, tilt_deg=80),
            rng.uniform(0.6, 1.2, leaves),
            rng,
        )


def fallen(
    rng: np.random.Generator, places: np.ndarray, *, colours: list[Colour], size: float = 0.17
) -> None:
    """Petals on the ground at (n, 3) places."""
    tissue = petal_tissue("petal", colours, colours[0])
    models = [petal(tissue, rng, size) for _ in range(4)]
    places = places + np.array([0, 0, 0.012])
    scatter.spread(
        models,
        places,
        scatter.turned(rng, len(places), tilt_deg=16),
        rng.uniform(0.75, 1.15, len(places)),
        rng,
    )


def marigold(rng: np.random.Generator, colours: list[Colour], radius: float) -> bpy.types.Object:
    """A full marigold, its middle at the origin, looking up."""
    tissue = petal_tissue("marigold", colours, tuple(c * 0.45 for c in colours[0]))
    parts = []
    for number in range(110):
        share = (number + 0.5) / 110
        up = np.arccos(1 - 1.25 * share)
        turn = number * 2.39996
        u, v = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(0, 1, 4), indexing="ij")
        frill = 0.10 * np.sin(9 * u + number) * v**2
        x = u * 0.26 * (0.35 + v) * (0.6 + 0.4 * share)
        y = v * (0.42 + 0.18 * share)
        z = frill + 0.10 * u**2 + 0.22 * v**2 * (1 - share)
        points = np.stack([x, y, z], -1)
        base = np.array([0, 0.62 * np.sin(up), 0.62 * np.cos(up) - 0.1])
        tilt = _about_x(np.pi / 2 - up * 0.95 + rng.normal(0, 0.10))
        points = points @ tilt.T + base
        points = points @ scatter.around_z(np.array([turn]))[0].T
        parts.append(shapes.surface("petal", points * radius, tissue))
    return joined(parts)


def _on(line: np.ndarray, share: float) -> np.ndarray:
    grid = np.linspace(0, 1, len(line))
    return np.array([np.interp(share, grid, line[:, axis]) for axis in range(3)])


def _about_x(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def _turn(thing: bpy.types.Object, turn: np.ndarray) -> None:
    corners = np.empty(len(thing.data.vertices) * 3)
    thing.data.vertices.foreach_get("co", corners)
    thing.data.vertices.foreach_set("co", (corners.reshape(-1, 3) @ turn.T).ravel())
