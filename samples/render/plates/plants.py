"""Leaves, twigs and bushes: little curved meshes, instanced."""

import bpy
import numpy as np

from samples.render import materials, shapes
from samples.render.materials import Colour
from samples.render.plates import scatter
from samples.render.plates.exposure import direction
from samples.render.plates.plate import Key
from samples.render.plates.surface import Surface


def foliage(
    name: str, colours: list[Colour], *, gloss: float = 0.45, through: float = 0.35
) -> bpy.types.Material:
    """Leaf tissue: every instance takes its colour between the given ones, light shines through.

    Leaves have UVs: u across from 0 to 1 with the midrib at 0.5, v along.
    """
    recipe = Surface(name, colours[0], gloss)
    each = recipe.node("ObjectInfo").outputs["Random"]
    stops = [(number / max(1, len(colours) - 1), colour) for number, colour in enumerate(colours)]
    tone = recipe.ramp(each, stops if len(stops) > 1 else [*stops, (1.0, colours[0])])
    patches = recipe.cloud(recipe.shifted((1.6, 1.6, 1.6)), detail=4)
    tone = recipe.times(recipe.ramp(patches, [(0.3, (0.72,) * 3), (0.7, (1.2,) * 3)]), tone)
    split = recipe.node("SeparateXYZ")
    recipe.wire(recipe.place((1, 1, 1), space="UV"), split.inputs[0])
    side = recipe.sum("ABSOLUTE", recipe.sum("SUBTRACT", split.outputs["X"], 0.5))
    rib = recipe.spread(side, 0.006, 0.03, (1, 0))
    slant = recipe.sum("MULTIPLY_ADD", side, -0.9, split.outputs["Y"])
    comb = recipe.sum("PINGPONG", recipe.sum("MULTIPLY", slant, 9.0), 0.5)
    veins = recipe.spread(comb, 0.0, 0.07, (0.8, 0))
    lines = recipe.sum("MAXIMUM", rib, veins)
    pale = recipe.mix(0.5, tone, (0.55, 0.42, 0.22))
    tone = recipe.mix(recipe.sum("MULTIPLY", lines, 0.5), tone, pale)
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.bump(recipe.sum("SUBTRACT", 1.0, lines), depth=0.01, strength=0.5)
    if through:
        thin = recipe.node("BsdfTranslucent")
        recipe.wire(tone, thin.inputs["Color"])
        mixed = recipe.node("MixShader", Fac=through)
        recipe.wire(recipe.shader.outputs[0], mixed.inputs[1])
        recipe.wire(thin.outputs[0], mixed.inputs[2])
        recipe.wire(mixed.outputs[0], recipe.tree.nodes["Material Output"].inputs["Surface"])
    return recipe.material


def leaf(
    material: bpy.types.Material,
    rng: np.random.Generator,
    *,
    length: float = 1.0,
    width: float = 0.45,
    lobes: int = 0,
    curl: float = 0.25,
    stalk: float = 0.25,
    steps: tuple[int, int] = (9, 25),
) -> bpy.types.Object:
    """One leaf along y from its stalk at the origin, upper side up.

    Args:
        material: Of `foliage`.
        rng: Bends it.
        length: Of the blade.
        width: Of the blade at its widest.
        lobes: Of an oak or hornbeam; 0 is a smooth edge.
        curl: How much a dry leaf bends along and across.
        stalk: Its length.
        steps: Vertices across and along.
    """
    v = np.linspace(0, 1, steps[1])
    outline = np.sin(np.pi * v**0.85) ** 0.8 * (1 - 0.25 * v)
    if lobes:
        outline = outline * (1 + 0.30 * np.sin(2 * np.pi * (lobes * v - 0.2)))
    outline = np.maximum(outline, 0.0) * width / 2
    u = np.linspace(-1, 1, steps[0])
    x = u[:, None] * outline[None]
    y = np.broadcast_to(v * length, x.shape).copy()
    if lobes:
        y -= 0.10 * length * np.abs(u)[:, None] * np.sin(np.pi * v)[None] * -1
    along, across = rng.uniform(-1, 1) * curl, rng.uniform(0.3, 1.0) * curl
    z = along * length * (v[None] - 0.3) ** 2 * 1.2 + across * np.abs(x) * 1.1
    z += curl * 0.10 * length * np.sin(5 * v + rng.uniform(0, 6))[None] * u[:, None]
    z += curl * 0.05 * length * np.sin(11 * v + rng.uniform(0, 6))[None] * np.abs(u)[:, None]
    blade = shapes.surface("leaf", np.stack([x, y, z], -1), material)
    if stalk:
        path = [
            (0, -stalk * length, 0.02),
            (0.02 * length, -stalk * length * 0.5, 0.03 * length),
            (0, 0.02 * length, float(z[steps[0] // 2, 0])),
        ]
        stem = shapes.sweep("stalk", path, 0.025 * length, material)
        joined([blade, stem])
    return blade


def maple(
    material: bpy.types.Material, rng: np.random.Generator, *, size: float = 0.6
) -> bpy.types.Object:
    """A maple leaf around the end of its stalk, five lobes; `size` is the longest one's."""
    degrees = np.array([-158, -128, -112, -96, -80, -62, -52, -44, -30, -14, 0])
    reach = np.array([0.30, 0.52, 0.62, 0.36, 0.30, 0.70, 0.86, 0.66, 0.34, 0.72, 1.0])
    angle = np.radians(np.concatenate([degrees, -degrees[-2::-1]]))
    edge = np.concatenate([reach, reach[-2::-1]])
    fine = np.linspace(angle[0], angle[-1], 121)
    outline = np.interp(fine, angle, edge)
    outline *= 1 + 0.06 * np.sin(fine * 46) * (outline > 0.4)
    out = np.linspace(0.0, 1.0, 9)
    x = -np.sin(fine)[:, None] * outline[:, None] * out[None]
    y = np.cos(fine)[:, None] * outline[:, None] * out[None]
    fold = 0.10 * np.abs(np.sin(fine * 2.5))[:, None] * out[None] ** 1.5
    curl = rng.uniform(0.05, 0.45) * out[None] ** 2 * (0.6 + 0.4 * np.sin(3 * fine + 1)[:, None])
    blade = shapes.surface("maple", np.stack([x, y, fold + curl], -1) * size, material)
    stem = shapes.sweep(
        "stalk", [(0, -0.75 * size, 0.05), (0.04, -0.4 * size, 0.08), (0, 0, 0)], 0.02, material
    )
    return joined([blade, stem])


def joined(things: list[bpy.types.Object]) -> bpy.types.Object:
    """One object out of several; the first one stays."""
    with bpy.context.temp_override(
        active_object=things[0], selected_editable_objects=things, selected_objects=things
    ):
        bpy.ops.object.join()
    return things[0]


def bush(
    rng: np.random.Generator,
    centre: tuple[float, float, float],
    size: tuple[float, float, float],
    colour: Colour | list[Colour],
    *,
    count: int,
    size_of_leaf: float = 1.0,
    **options: float,
) -> None:
    """Leaves in an ellipsoid, denser at its skin.

    Args:
        rng: Places them.
        centre: Of the ellipsoid.
        size: Its half axes.
        colour: Of the leaves, or several.
        count: Of leaves.
        size_of_leaf: Length.
        options: Of `foliage`.
    """
    palette = (
        colour
        if isinstance(colour, list)
        else [tuple(c * f for c in colour) for f in (0.6, 1.0, 1.5)]
    )
    tissue = foliage("foliage", palette, **options)
    models = [leaf(tissue, rng, width=w, stalk=0, steps=(3, 7)) for w in (0.4, 0.55)]
    ways = rng.standard_normal((count, 3))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    places = np.array(centre) + ways * rng.random((count, 1)) ** 0.5 * np.array(size)
    turns = scatter.turned(rng, count, tilt_deg=80)
    scatter.spread(models, places, turns, size_of_leaf * rng.uniform(0.6, 1.3, count), rng)


def spray(
    rng: np.random.Generator,
    place: tuple[float, float, float],
    *,
    height: float,
    count: int,
    leaf_colours: list[Colour] | None = None,
    bark: Colour = (0.10, 0.06, 0.035),
) -> None:
    """Leafy twigs that fan out of a vase."""
    wood = materials.plastic("twig", bark, 0.7)
    palette = leaf_colours or [(0.12, 0.14, 0.06), (0.18, 0.19, 0.10), (0.10, 0.12, 0.07)]
    tissue = foliage("spray", palette)
    models = [leaf(tissue, rng, width=w, stalk=0.1, steps=(5, 9)) for w in (0.35, 0.5)]
    places, turns = [], []
    for _ in range(count):
        lean = rng.normal(0, 0.35, 2)
        path = [
            (
                place[0] + lean[0] * t**1.4 * height,
                place[1] + lean[1] * t**1.4 * height,
                place[2] + t * height * rng.uniform(0.9, 1.0) - 0.4,
            )
            for t in np.linspace(0, 1, 5)
        ]
        shapes.sweep("twig", path, 0.06, wood, taper=lambda share: 1 - 0.7 * share)
        line = np.array(path)
        for share in np.linspace(0.3, 1.0, 12):
            at = np.array([np.interp(share, np.linspace(0, 1, 5), line[:, a]) for a in range(3)])
            places.append(at)
            turns.append(scatter.turned(rng, 1, tilt_deg=60)[0])
    scatter.spread(
        models, np.array(places), np.array(turns), rng.uniform(0.5, 0.9, len(places)), rng
    )


def shadow_fronds(
    key: Key, targets: list[tuple[float, float, float]], *, reach: float, size: float = 6.0
) -> None:
    """Palm leaves out of the picture, towards the sun: their shadows fall across the ground.

    Args:
        key: The sun.
        targets: x, y and heading in degrees: where each shadow's middle falls, and its way.
        reach: How far away the leaves are: the further, the softer.
        size: Length of a frond.
    """
    to_light = direction(key)
    model = frond(materials.plastic("frond", (0.05, 0.1, 0.03)), size)
    facing = np.array(to_light.to_track_quat("Z", "Y").to_matrix())
    places = np.array([[x, y, 0.0] for x, y, _ in targets]) + reach * np.array(to_light)
    headings = np.radians([heading for _, _, heading in targets])
    turns = facing @ scatter.around_z(headings)
    rng = np.random.default_rng(1)
    scatter.spread([model], places, turns, np.ones(len(targets)), rng)


def frond(material: bpy.types.Material, size: float) -> bpy.types.Object:
    """A feathered palm leaf in the plane z = 0, along y, around its middle."""
    rows = []
    for number, share in enumerate(np.linspace(0.06, 1.0, 24)):
        for side in (-1, 1):
            reach = size * 0.42 * np.sin(np.pi * min(0.98, 0.16 + 0.82 * share)) ** 0.7
            lean = np.radians(38 + 22 * share + 4 * np.sin(number * 2.3 + side))
            base = np.array([0.02 * side, (share - 0.5) * size, 0.0])
            way = np.array([side * np.cos(lean), np.sin(lean), 0.0])
            off = np.array([-way[1], way[0], 0.0])
            t = np.linspace(0, 1, 6)
            width = size * 0.0145 * np.sin(np.pi * (0.12 + 0.88 * t)) ** 0.8
            droop = -0.06 * reach * t**2 * way[1]
            middle = base + np.outer(t * reach, way) + np.outer(droop, [0, 1, 0])
            rows.append(np.stack([middle - np.outer(width, off), middle + np.outer(width, off)]))
    blades = [shapes.surface("leaflet", row, material) for row in rows]
    stem = shapes.sweep(
        "rachis", [(0, -0.56 * size, 0), (0, 0, 0), (0, 0.5 * size, 0)], 0.016 * size, material
    )
    return joined([stem, *blades])
