"""Summer: sand and sea, palm shadows, a white terrace over the water."""

import numpy as np

from samples.render import materials, shapes
from samples.render.plates import gardens, ornaments, plants, relief, stone
from samples.render.plates.camera import Viewpoint
from samples.render.plates.plate import Key, Plate, Sky
from samples.render.plates.surface import Surface

LEVEL = Viewpoint("level", f_number=2.8)
RAISED = Viewpoint("raised", lens_mm=70, f_number=3.0)
SAND = (0.60, 0.41, 0.235)


def _sand(rng: np.random.Generator, *, ripples: float, far: float) -> relief.Height:
    seed = int(rng.integers(1 << 20))

    def height(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        away = np.clip((np.hypot(x, y) - 0.7) / 2.4, 0, 1)
        bend = 0.9 * relief.clouds(x * 0.22, y * 0.22, seed=seed, octaves=2)
        phase = 1.05 * (0.25 * x + y + bend)
        wave = relief.noise(phase * 1.9, x * 0.14 + bend, seed=seed + 3)
        crest = np.sin(2 * np.pi * phase * 0.72 + 1.4 * wave)
        crest = 0.5 * (crest + 0.35 * np.abs(crest))
        dunes = relief.clouds(x * 0.08, y * 0.08, seed=seed + 8, octaves=3) * 0.5 * away
        lumps = relief.clouds(x * 2.6, y * 2.6, seed=seed + 13, octaves=4, gain=0.6)
        dents = -np.maximum(relief.clouds(x * 1.1, y * 1.1, seed=seed + 40, octaves=3) - 0.2, 0)
        return (
            ripples * 0.075 * crest * (0.35 + 0.65 * away)
            + 0.035 * lumps
            + 0.10 * dents * away
            + dunes
        )

    recipe = Surface("sand", SAND, 0.8)
    grain = recipe.node("TexVoronoi", Scale=1.0)
    recipe.wire(recipe.place((170, 170, 170)), grain.inputs["Vector"])
    split = recipe.node("SeparateColor")
    recipe.wire(grain.outputs["Color"], split.inputs[0])
    tone = recipe.ramp(
        split.outputs[0],
        [
            (0.0, (0.20, 0.13, 0.08)),
            (0.10, (0.48, 0.32, 0.18)),
            (0.55, SAND),
            (0.9, (0.76, 0.62, 0.44)),
            (1.0, (0.9, 0.86, 0.78)),
        ],
    )
    damp = recipe.cloud(recipe.place((0.35, 0.35, 0.35)), detail=4)
    tone = recipe.times(recipe.ramp(damp, [(0.3, (0.86, 0.84, 0.80)), (0.7, (1.05,) * 3)]), tone)
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.bump(
        recipe.cloud(recipe.place((22, 22, 22)), detail=4, rough=0.7), depth=0.03, strength=0.5
    )
    recipe.bump(grain.outputs["Distance"], depth=0.006, strength=0.7)
    relief.ground("sand", height, recipe.material, reach=(60, -9, far), steps=(520, 640))
    return height


def _sea(*, near: float, at: float) -> None:
    recipe = Surface("sea", (0.010, 0.16, 0.19), 0.14)
    split = recipe.node("SeparateXYZ")
    recipe.wire(recipe.place((1, 1, 1)), split.inputs[0])
    depth = recipe.spread(split.outputs["Y"], near, near + 500)
    tone = recipe.ramp(
        depth, [(0.0, (0.12, 0.46, 0.42)), (0.30, (0.02, 0.27, 0.31)), (1.0, (0.008, 0.09, 0.17))]
    )
    swell = recipe.cloud(recipe.place((0.03, 0.22, 1)), detail=4)
    foam = recipe.sum(
        "MULTIPLY",
        recipe.spread(split.outputs["Y"], near + 14, near + 2, (0, 1)),
        recipe.spread(swell, 0.36, 0.52),
    )
    tone = recipe.mix(foam, tone, (0.82, 0.86, 0.86))
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.bump(swell, depth=1.2, strength=0.5)
    gardens.plain(recipe.material, at=at, near=near, far=9000)


def beach(plate: Plate, rng: np.random.Generator) -> None:
    """Sand before the sea, palm leaves in a corner."""
    view = plate.viewpoint
    _sand(rng, ripples=2.2, far=27)
    _sea(near=24, at=-0.35)
    green = plants.foliage("palm", [(0.05, 0.13, 0.02), (0.10, 0.2, 0.04)], through=0.4)
    for across, down, y, spin, roll in [
        (-0.01, 0.02, 9, 2.2, 0.5),
        (0.10, -0.14, 11, 2.75, 0.3),
        (-0.06, 0.16, 13, 1.8, 0.6),
    ]:
        leaf = plants.frond(green, 6.5)
        leaf.location = view.at(across, down, y)
        leaf.rotation_euler = (1.1, roll, spin)
    _shells(view, rng, count=7)


def sand_raised(plate: Plate, rng: np.random.Generator) -> None:
    """Rippled sand from half above with the shadows of palm leaves."""
    view = plate.viewpoint
    _sand(rng, ripples=1.7, far=70)
    plants.shadow_fronds(
        plate.key,
        [(-3.0, 3.4, -35), (3.2, 5.6, 30), (-3.0, 7.5, -80), (2.8, 11, 60)],
        reach=9,
        size=5.5,
    )
    _shells(view, rng, count=11)


def _shells(view: Viewpoint, rng: np.random.Generator, *, count: int) -> None:
    spots = gardens.beside(view, rng, back=4.5, count=count * 3, front=0.1, crowd=1.1)
    for number, (x, y, _) in enumerate(spots[:count]):
        if number % 3 == 0:
            thing = ornaments.scallop(rng, (0.62, 0.40, 0.30), rng.uniform(0.28, 0.42))
            thing.location = (x, y, 0.02)
            thing.rotation_euler = (
                rng.uniform(-0.1, 0.25),
                rng.uniform(-0.2, 0.2),
                rng.uniform(0, 6),
            )
        else:
            grey = rng.uniform(0.25, 0.55)
            thing = ornaments.stone(rng, (grey, grey * 0.95, grey * 0.88), rng.uniform(0.08, 0.2))
            thing.location = (x, y, 0.03)


def terrace(plate: Plate, rng: np.random.Generator) -> None:
    """A lime-washed wall top over the sea, bougainvillea at the side."""
    view = plate.viewpoint
    lime = Surface("lime", (0.74, 0.71, 0.66), 0.7)
    uneven = lime.cloud(lime.place((0.8, 0.8, 0.8)), detail=7, rough=0.62)
    lime.wire(
        lime.ramp(uneven, [(0.32, (0.58, 0.54, 0.48)), (0.6, (0.76, 0.73, 0.68))]),
        lime.shader.inputs["Base Color"],
    )
    lime.bump(uneven, depth=0.10, strength=0.5)
    lime.bump(lime.cloud(lime.place((26, 26, 26)), detail=4), depth=0.02, strength=0.4)
    stone.slab(lime.material, back=plate.edge or 6)
    _sea(near=90, at=-40)
    magenta = [(0.42, 0.03, 0.16), (0.60, 0.05, 0.26), (0.70, 0.14, 0.36)]
    greens = [(0.04, 0.10, 0.02), (0.09, 0.17, 0.04)]
    for across, down, y, size, count in [
        (1.02, 0.16, 13, 2.4, 300),
        (0.93, 0.02, 15, 2.0, 240),
        (1.04, 0.42, 12, 1.9, 220),
        (-0.04, -0.02, 14, 1.6, 160),
    ]:
        centre = view.at(across, down, y)
        plants.bush(rng, centre, (size, size, size * 1.1), magenta, count=count, size_of_leaf=0.55)
        plants.bush(rng, centre, (size, size, size), greens, count=count // 3, size_of_leaf=0.6)
    hill = materials.clay("headland", (0.20, 0.24, 0.26))
    ridge = np.linspace(-1, 1, 60)
    crest = 150 * np.exp(-(((ridge + 0.35) / 0.5) ** 2)) * (1 + 0.08 * np.sin(19 * ridge))
    line = np.stack([1500 * ridge - 500, np.full(60, 3800.0), crest], -1)
    shapes.surface("headland", np.stack([line * [1, 1, 0] - [0, 0, 40], line]), hill)


SEA = Sky((0.16, 0.36, 0.85), (0.74, 0.86, 1.0), (0.45, 0.38, 0.30), 0.5)

PLATES = [
    Plate(
        "summer-beach",
        "summer",
        "Sand, sea and palm",
        LEVEL,
        Key(-70, 26, 0.06, (1.0, 0.86, 0.66), 6.4),
        SEA,
        beach,
        edge=25.0,
        exposure=0.15,
        lighter=0.25,
        vivid=1.3,
    ),
    Plate(
        "summer-sand-raised",
        "summer",
        "Palm shadows on sand",
        RAISED,
        Key(-58, 34, 0.0, (1.0, 0.87, 0.68), 6.2),
        SEA,
        sand_raised,
        exposure=0.05,
        lighter=0.15,
        vivid=1.1,
    ),
    Plate(
        "summer-terrace",
        "summer",
        "A terrace over the sea",
        LEVEL,
        Key(58, 44, 0.08, (1.0, 0.91, 0.78), 4.8),
        SEA,
        terrace,
        edge=5.5,
        exposure=0.2,
    ),
]
