"""What products stand on: boards, stone, cloth, lacquer. Textures to the tenth of a millimetre."""

import math

import bpy
import numpy as np

from samples.render import shapes
from samples.render.materials import Colour, Recipe
from samples.render.plates import relief

Socket = bpy.types.NodeSocket


class Surface(Recipe):
    """A recipe with arithmetic."""

    def sum(self, operation: str, *terms: Socket | float) -> Socket:
        """One Math node over sockets and numbers."""
        node = self.node("Math", operation=operation)
        for term, entry in zip(terms, node.inputs, strict=False):
            if isinstance(term, bpy.types.NodeSocket):
                self.wire(term, entry)
            else:
                entry.default_value = term
        return node.outputs[0]

    def spread(
        self, value: Socket, low: float, high: float, to: tuple[float, float] = (0, 1)
    ) -> Socket:
        """`value` between `low` and `high`, mapped and clamped."""
        node = self.node("MapRange", interpolation_type="SMOOTHSTEP")
        self.wire(value, node.inputs["Value"])
        for name, number in zip(
            ("From Min", "From Max", "To Min", "To Max"), (low, high, *to), strict=True
        ):
            node.inputs[name].default_value = number
        return node.outputs[0]

    def mix(self, share: Socket | float, first: Socket | Colour, second: Socket | Colour) -> Socket:
        """Colours mixed."""
        node = self.node("MixRGB")
        for term, entry in zip((share, first, second), node.inputs, strict=True):
            if isinstance(term, bpy.types.NodeSocket):
                self.wire(term, entry)
            elif isinstance(term, tuple):
                entry.default_value = (*term, 1)
            else:
                entry.default_value = term
        return node.outputs[0]

    def times(self, share: Socket, colour: Socket) -> Socket:
        """A colour darkened by a grey."""
        node = self.node("MixRGB", Fac=1.0, blend_type="MULTIPLY")
        self.wire(colour, node.inputs["Color1"])
        self.wire(share, node.inputs["Color2"])
        return node.outputs[0]

    def shifted(self, scale: Colour, *, by: float = 37.0) -> Socket:
        """Object coordinates stretched by `scale`, elsewhere for every object."""
        random = self.node("ObjectInfo").outputs["Random"]
        away = self.node("CombineXYZ")
        for number, entry in enumerate(away.inputs):
            self.wire(self.sum("MULTIPLY", random, by * (1 + number * 0.73)), entry)
        add = self.node("VectorMath", operation="ADD")
        self.wire(self.place((1, 1, 1)), add.inputs[0])
        self.wire(away.outputs[0], add.inputs[1])
        mapping = self.node("Mapping")
        mapping.inputs["Scale"].default_value = scale
        self.wire(add.outputs[0], mapping.inputs["Vector"])
        return mapping.outputs[0]

    def cloud(
        self, place: Socket, *, detail: float = 3, distortion: float = 0, rough: float = 0.5
    ) -> Socket:
        """Noise at coordinates, about 0.5."""
        node = self.node(
            "TexNoise", Scale=1.0, Detail=detail, Distortion=distortion, Roughness=rough
        )
        self.wire(place, node.inputs["Vector"])
        return node.outputs["Fac"]


def timber(
    name: str,
    dark: Colour,
    light: Colour,
    *,
    gloss: float = 0.45,
    rings: float = 5.0,
    pores: float = 0.6,
    coat: float = 0.0,
    wear: float = 0.0,
) -> bpy.types.Material:
    """Sawn boards along x: growth rings cut at a slant, fibres, pores, every board another.

    Args:
        name: Of the material.
        dark: Late wood.
        light: Early wood.
        gloss: Roughness.
        rings: A decimetre.
        pores: How dark the pores are.
        coat: Of lacquer.
        wear: Share of paint or oil that is rubbed off, which shows grey wood.
    """
    recipe = Surface(name, light, gloss)
    wander = recipe.cloud(recipe.shifted((0.05, 0.45, 0.45)), detail=2)
    small = recipe.cloud(recipe.shifted((0.12, 2.2, 2.2)), detail=3)
    split = recipe.node("SeparateXYZ")
    recipe.wire(recipe.shifted((1, 1, 1)), split.inputs[0])
    # Distance from the pith: a board is cut askew, so rings open into flames along it.
    y = recipe.sum("MULTIPLY_ADD", split.outputs["Y"], 1.0, recipe.sum("MULTIPLY", wander, 3.2))
    round_ = recipe.sum("SINE", recipe.sum("MULTIPLY", y, 0.9))
    ring = recipe.sum("MULTIPLY_ADD", round_, 1.1, recipe.sum("MULTIPLY", wander, 4.0))
    ring = recipe.sum("MULTIPLY_ADD", small, 0.35, ring)
    ring = recipe.sum("FRACT", recipe.sum("MULTIPLY", ring, rings))
    ring = recipe.sum("SUBTRACT", recipe.sum("POWER", ring, 2.2), recipe.spread(ring, 0.93, 1.0))
    fibre = recipe.cloud(recipe.shifted((0.9, 55, 55)), detail=3)
    hair = recipe.cloud(recipe.shifted((3.0, 210, 210)), detail=1)
    figure = recipe.sum("MULTIPLY_ADD", ring, 0.55, recipe.sum("MULTIPLY", fibre, 0.5))
    tone = recipe.ramp(figure, [(0.14, light), (0.78, dark)])
    broad = recipe.cloud(recipe.shifted((0.22, 0.9, 0.9)), detail=2)
    tone = recipe.times(recipe.ramp(broad, [(0.3, (0.72,) * 3), (0.7, (1.12,) * 3)]), tone)
    each = recipe.node("ObjectInfo").outputs["Random"]
    tone = recipe.times(
        recipe.ramp(each, [(0.0, (0.74, 0.72, 0.70)), (1.0, (1.1, 1.1, 1.1))]), tone
    )
    vessels = recipe.cloud(recipe.shifted((2.2, 95, 95)), detail=0)
    vessel = recipe.spread(vessels, 0.68, 0.76)
    tone = recipe.times(
        recipe.ramp(recipe.sum("MULTIPLY", vessel, pores), [(0.0, (1, 1, 1)), (1.0, (0.25,) * 3)]),
        tone,
    )
    if wear:
        rub = recipe.cloud(recipe.shifted((0.5, 2.6, 2.6)), detail=6, rough=0.65)
        rub = recipe.sum("MULTIPLY_ADD", fibre, 0.5, rub)
        grey = tuple(0.22 * c + 0.10 for c in (0.95, 0.8, 0.62))
        tone = recipe.mix(recipe.spread(rub, 1.02 - 0.4 * wear, 1.1 - 0.4 * wear), tone, grey)
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.wire(
        recipe.sum("MULTIPLY_ADD", fibre, 0.22, recipe.sum("ADD", gloss - 0.11, 0.0)),
        recipe.shader.inputs["Roughness"],
    )
    recipe.bump(fibre, depth=0.006, strength=0.5)
    recipe.bump(hair, depth=0.002, strength=0.4)
    recipe.bump(recipe.sum("SUBTRACT", 1.0, vessel), depth=0.004, strength=0.5)
    if coat:
        recipe.shade(**{"Coat Weight": coat, "Coat Roughness": 0.08})
    return recipe.material


def boards(
    material: bpy.types.Material,
    rng: np.random.Generator,
    *,
    width: float = 1.4,
    back: float = 9.0,
    front: float = -9.0,
    half: float = 30.0,
    gap: float = 0.012,
    across: bool = False,
) -> None:
    """Boards along x from `front` to `back`, top at z = 0; `across` lets them run along y."""
    if across:
        count = math.ceil(2 * half / width)
        for number in range(count):
            board = _board(material, back - front, width, rng, gap)
            board.rotation_euler.z = math.pi / 2
            board.location.x = -half + (number + 0.5) * width
            board.location.y = (back + front) / 2
        return
    count = math.ceil((back - front) / width)
    for number in range(count):
        board = _board(material, 2 * half, width, rng, gap)
        board.location.x = rng.uniform(-3, 3)
        board.location.y = back - (number + 0.5) * width


def _board(
    material: bpy.types.Material,
    length: float,
    width: float,
    rng: np.random.Generator,
    gap: float,
) -> bpy.types.Object:
    board = shapes.box("board", (length, width - gap, 0.4), material, bevel=0.02)
    board.location = (0, 0, -0.2 - abs(rng.normal(0, 0.004)))
    board.rotation_euler.x = rng.normal(0, 0.001)
    return board


def slab(
    material: bpy.types.Material, *, back: float, front: float = -9.0, half: float = 30.0
) -> bpy.types.Object:
    """A worktop, top at z = 0."""
    top = shapes.box("worktop", (2 * half, back - front, 0.4), material, bevel=0.03)
    top.location = (0, (back + front) / 2, -0.2)
    return top


def marble(
    name: str,
    body: Colour = (0.74, 0.735, 0.72),
    vein: Colour = (0.23, 0.225, 0.22),
    *,
    gloss: float = 0.16,
    gold: float = 0.25,
    block: float = 0.0,
) -> bpy.types.Material:
    """Polished marble: clouds, a few bold veins, and many fine ones that follow them.

    Every `block` is cut elsewhere from the mountain.
    """
    recipe = Surface(name, body, gloss)
    recipe.shade(IOR=1.5)
    cut = recipe.node("Mapping", Location=(block, block * 0.7, block * 0.3))
    cut.inputs["Scale"].default_value = (0.32, 0.32, 0.32)
    recipe.wire(recipe.place((1, 1, 1)), cut.inputs["Vector"])
    place = cut.outputs[0]
    warp = recipe.node("TexNoise", Scale=1.1, Detail=5.0, Roughness=0.55)
    recipe.wire(place, warp.inputs["Vector"])
    bent = recipe.node("VectorMath", operation="MULTIPLY_ADD")
    recipe.wire(warp.outputs["Color"], bent.inputs[0])
    bent.inputs[1].default_value = (1.5, 1.2, 1.0)
    recipe.wire(place, bent.inputs[2])

    def veins(scale: float, width: float, turn: float, detail: float) -> Socket:
        mapping = recipe.node("Mapping")
        mapping.inputs["Rotation"].default_value = (0, 0, turn)
        mapping.inputs["Scale"].default_value = (scale, scale * 0.42, scale)
        recipe.wire(bent.outputs[0], mapping.inputs["Vector"])
        cloud = recipe.cloud(mapping.outputs[0], detail=detail, rough=0.55)
        away = recipe.sum("ABSOLUTE", recipe.sum("SUBTRACT", cloud, 0.5))
        return recipe.spread(away, 0.0, width, (1, 0))

    patches = recipe.cloud(recipe.place((0.5, 0.5, 0.5)), detail=3)
    bold = recipe.sum("MULTIPLY", veins(0.9, 0.020, 0.7, 4), recipe.spread(patches, 0.38, 0.62))
    halo = recipe.sum("MULTIPLY", veins(0.9, 0.11, 0.7, 4), recipe.spread(patches, 0.3, 0.7))
    fine = recipe.sum("MULTIPLY", veins(2.6, 0.012, 0.4, 5), recipe.spread(patches, 0.42, 0.75))
    web = recipe.sum("MULTIPLY", veins(4.4, 0.010, 1.9, 4), 0.35)
    pale = tuple(0.55 * b + 0.45 * v for b, v in zip(body, vein, strict=True))
    tone = recipe.mix(recipe.spread(patches, 0.35, 0.85, (0, 0.35)), body, pale)
    tone = recipe.mix(recipe.sum("MULTIPLY", halo, 0.42), tone, pale)
    rust = tuple(v * w for v, w in zip(vein, (1.5, 1.1, 0.62), strict=True))
    line = recipe.mix(recipe.spread(warp.outputs["Fac"], 0.45, 0.65, (0, gold * 2)), vein, rust)
    for share, weight in ((web, 0.5), (fine, 0.55), (bold, 0.8)):
        tone = recipe.mix(recipe.sum("MULTIPLY", share, weight), tone, line)
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.bump(recipe.cloud(recipe.place((5, 5, 5)), detail=2), depth=0.004, strength=0.06)
    return recipe.material


def concrete(name: str, colour: Colour = (0.30, 0.295, 0.285)) -> bpy.types.Material:
    """Cast concrete, ground smooth: clouds of cement, air holes, the trowel's marks, hairlines."""
    recipe = Surface(name, colour, 0.55)
    broad = recipe.cloud(recipe.place((0.35, 0.35, 0.35)), detail=6, distortion=0.6, rough=0.6)
    middle = recipe.cloud(recipe.place((2.2, 2.2, 2.2)), detail=8, rough=0.62)
    fine = recipe.cloud(recipe.place((45, 45, 45)), detail=3, rough=0.6)
    dark, pale = (tuple(c * f for c in colour) for f in (0.66, 1.30))
    blend = recipe.sum("MULTIPLY_ADD", broad, 0.55, recipe.sum("MULTIPLY", middle, 0.45))
    tone = recipe.ramp(blend, [(0.30, dark), (0.52, colour), (0.70, pale)])
    tone = recipe.times(recipe.ramp(fine, [(0.25, (0.82,) * 3), (0.75, (1.1,) * 3)]), tone)
    trowel = recipe.node("Mapping")
    trowel.inputs["Rotation"].default_value = (0, 0, 0.5)
    trowel.inputs["Scale"].default_value = (0.5, 9, 1)
    recipe.wire(recipe.place((1, 1, 1)), trowel.inputs["Vector"])
    strokes = recipe.cloud(trowel.outputs[0], detail=3, distortion=0.4)
    tone = recipe.times(recipe.ramp(strokes, [(0.3, (0.9,) * 3), (0.7, (1.05,) * 3)]), tone)
    holes = recipe.node("TexVoronoi", Scale=1.0, Randomness=1.0)
    recipe.wire(recipe.place((3.2, 3.2, 3.2)), holes.inputs["Vector"])
    size = recipe.spread(recipe.cloud(recipe.place((1.4, 1.4, 1.4)), detail=2), 0.4, 0.8)
    hole = recipe.sum("LESS_THAN", holes.outputs["Distance"], recipe.sum("MULTIPLY", size, 0.12))
    tone = recipe.mix(recipe.sum("MULTIPLY", hole, 0.75), tone, tuple(c * 0.22 for c in colour))
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.wire(recipe.spread(blend, 0.3, 0.7, (0.62, 0.42)), recipe.shader.inputs["Roughness"])
    recipe.bump(fine, depth=0.006, strength=0.35)
    recipe.bump(middle, depth=0.02, strength=0.15)
    recipe.bump(strokes, depth=0.01, strength=0.12)
    recipe.bump(recipe.sum("SUBTRACT", 1.0, hole), depth=0.03, strength=0.6)
    return recipe.material


def yarn(name: str, colour: Colour, threads: tuple[float, float]) -> bpy.types.Material:
    """Plain weave of uneven flax: threads wander, thicken and differ in colour.

    `threads` run across the UV square along u and v.
    """
    recipe = Surface(name, colour, 0.88)
    recipe.shade(**{"Sheen Weight": 0.15, "Sheen Roughness": 0.5, "Specular IOR Level": 0.2})
    split = recipe.node("SeparateXYZ")
    recipe.wire(recipe.place((*threads, 1), space="UV"), split.inputs[0])
    tones, waves = [], []
    for axis, along in (("X", (0.9, 0.02)), ("Y", (0.02, 0.9))):
        stretch = (threads[0] * along[0], threads[1] * along[1], 1)
        slub = recipe.cloud(recipe.place(stretch, space="UV"), detail=1)
        wide = tuple(0.12 * value for value in stretch[:2])
        wander = recipe.cloud(recipe.place((*wide, 1), space="UV"), detail=2)
        angle = recipe.sum("MULTIPLY_ADD", wander, 2.2, split.outputs[axis])
        waves.append(recipe.sum("SINE", recipe.sum("MULTIPLY", angle, math.pi)))
        tones.append(slub)
    over = recipe.sum("MULTIPLY", waves[0], waves[1])
    lift = recipe.sum("MAXIMUM", recipe.sum("ABSOLUTE", waves[0]), recipe.sum("ABSOLUTE", waves[1]))
    height = recipe.sum("MULTIPLY_ADD", over, 0.35, lift)
    slubs = recipe.sum("MULTIPLY_ADD", tones[0], 0.5, recipe.sum("MULTIPLY", tones[1], 0.5))
    dark = tuple(c * 0.70 for c in colour)
    pale = tuple(min(1, c * 1.16) for c in colour)
    tone = recipe.ramp(slubs, [(0.36, dark), (0.62, pale)])
    tone = recipe.times(recipe.spread(height, 0.2, 1.0, (0.62, 1.0)), tone)
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.bump(height, depth=0.012, strength=0.6)
    recipe.bump(slubs, depth=0.02, strength=0.5)
    return recipe.material


def linen(
    colour: Colour,
    rng: np.random.Generator,
    *,
    back: float,
    front: float = -8.0,
    half: float = 9.0,
    relief_depth: float = 0.22,
    calm: float = 1.4,
) -> bpy.types.Object:
    """A cloth laid loosely: long soft folds away from the middle, small creases everywhere.

    Args:
        colour: Of the yarn.
        rng: Folds it.
        back: Where the cloth ends behind, y.
        front: Where it ends before, y.
        half: Half its width.
        relief_depth: Height of the folds.
        calm: Radius in which it lies flat, so that things can stand there.
    """
    seed = int(rng.integers(1 << 20))
    steps = round(16 * 2 * half), round(16 * (back - front))
    x, y = np.meshgrid(
        np.linspace(-half, half, steps[0]), np.linspace(front, back, steps[1]), indexing="ij"
    )
    bend = 1.3 * relief.clouds(x * 0.16, y * 0.16, seed=seed, octaves=2)
    along = 0.33 * x * 0.6 + 0.33 * y * 0.8 + bend
    folds = 1 - np.abs(
        relief.clouds(along * 1.6, (0.8 * x - 0.6 * y) * 0.10, seed=seed + 9, octaves=2)
    )
    creases = 1 - np.abs(relief.clouds(x * 0.9 + bend, y * 0.9 - bend, seed=seed + 21, octaves=3))
    away = np.clip((np.hypot(x, y) - calm) / 2.6, 0, 1)
    away = away * away * (3 - 2 * away)
    height = relief_depth * away * folds**3 + 0.05 * (0.3 + 0.7 * away) * creases**5
    height -= 0.01
    threads = (2 * half * 85, (back - front) * 85)
    fabric = yarn("linen", colour, threads)
    return shapes.surface("cloth", np.stack([x, y, height], -1), fabric)
