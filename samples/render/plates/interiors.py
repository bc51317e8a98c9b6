"""A kitchen and a living room: calm rooms out of focus behind a table."""

import numpy as np

from samples.render import cloth, materials, shapes
from samples.render.materials import Colour
from samples.render.plates import plants, rooms, stone, timber
from samples.render.plates.camera import Viewpoint
from samples.render.plates.plate import Key, Plate, Sky
from samples.render.plates.surface import Surface

LEVEL = Viewpoint("level", f_number=2.8)
RAISED = Viewpoint("raised", lens_mm=70, f_number=3.0)
OAK: tuple[Colour, Colour] = ((0.24, 0.13, 0.06), (0.50, 0.33, 0.18))


def _tiles(colour: Colour, *, at: float) -> None:
    """A wall of glazed metro tiles."""
    recipe = Surface("tiles", colour, 0.14)
    bricks = recipe.node("TexBrick", Scale=1.0, offset=0.5)
    for name, value in (("Mortar Size", 0.03), ("Brick Width", 1.5), ("Row Height", 0.75)):
        bricks.inputs[name].default_value = value
    bricks.inputs["Color1"].default_value = (*colour, 1)
    bricks.inputs["Color2"].default_value = (*(c * 0.9 for c in colour), 1)
    bricks.inputs["Mortar"].default_value = (0.36, 0.35, 0.33, 1)
    turned = recipe.node("Mapping", Rotation=(np.pi / 2, 0, 0))
    recipe.wire(recipe.place((1, 1, 1)), turned.inputs["Vector"])
    recipe.wire(turned.outputs[0], bricks.inputs["Vector"])
    recipe.wire(bricks.outputs["Color"], recipe.shader.inputs["Base Color"])
    recipe.bump(bricks.outputs["Fac"], depth=-0.03, strength=0.6)
    recipe.bump(recipe.cloud(recipe.place((1.1, 1.1, 1.1)), detail=1), depth=0.05, strength=0.12)
    reach = 60.0
    corners = np.array([[[-reach, at, -30], [-reach, at, 40]], [[reach, at, -30], [reach, at, 40]]])
    shapes.surface("tiles", corners, recipe.material)


def _shelf(view: Viewpoint, rng: np.random.Generator, *, down: float, y: float) -> None:
    """A board with jars and bowls, seen at a share of the height."""
    _, _, z = view.at(0.5, down, y)
    oak = timber.timber("shelf", *OAK, rings=4)
    rooms.block((0, y, z), (60, 2.6, 0.35), oak)
    glazes = [
        materials.glazed("cream", (0.62, 0.57, 0.48)),
        materials.glazed("sage", (0.24, 0.29, 0.22)),
        materials.clay("bare", (0.46, 0.27, 0.17)),
        materials.glazed("ink", (0.05, 0.07, 0.10)),
    ]
    x, end = view.across(-0.08, y), view.across(1.08, y)
    while x < end:
        radius, tall = rng.uniform(0.6, 1.25), rng.uniform(1.1, 3.0)
        rooms.vessel((x, y, z + 0.18), radius, tall, glazes[int(rng.integers(4))])
        x += 2 * radius + rng.uniform(0.3, 2.6)


def kitchen(plate: Plate, rng: np.random.Generator) -> None:
    """An oak worktop, tiles, a shelf of crockery, herbs."""
    view = plate.viewpoint
    oak = timber.timber("worktop", *OAK, gloss=0.4, rings=4.5)
    timber.boards(oak, rng, width=0.95, back=plate.edge or 9, gap=0.006)
    _tiles((0.62, 0.63, 0.60), at=20)
    _shelf(view, rng, down=0.16, y=17.5)
    pot = materials.glazed("herb pot", (0.58, 0.55, 0.50))
    x = view.across(0.92, 8)
    rooms.vessel((x, 8, 0), 0.85, 1.5, pot)
    plants.bush(rng, (x, 8, 2.5), (1.1, 1.1, 1.2), (0.06, 0.16, 0.025), count=200, size_of_leaf=0.5)
    jar = materials.glazed("jar", (0.20, 0.27, 0.28))
    rooms.vessel((view.across(0.08, 7.5), 7.5, 0), 0.75, 2.2, jar)
    for lean in (-0.25, 0.0, 0.22):
        x, y, z = view.across(0.08, 7.5), 7.5, 1.9
        shapes.sweep(
            "spoon",
            [(x, y, z - 1), (x + lean, y, z + 0.8), (x + 2 * lean, y, z + 2.2)],
            (0.22, 0.14),
            oak,
            up=(0, 1, 0),
        )


def kitchen_raised(plate: Plate, rng: np.random.Generator) -> None:
    """A stone worktop from half above, tiles and a board behind."""
    view = plate.viewpoint
    worktop = stone.marble(
        "worktop", (0.60, 0.585, 0.56), (0.30, 0.29, 0.28), gloss=0.24, block=9.4
    )
    stone.slab(worktop, back=12.2)
    _tiles((0.30, 0.37, 0.33), at=12.0)
    oak = timber.timber("board", *OAK, gloss=0.45, rings=4)
    plank = rooms.block((view.across(0.10, 9.5), 10.6, 2.2), (3.2, 0.25, 4.6), oak, bevel=0.1)
    plank.rotation_euler.x = -0.22
    white = materials.glazed("bowl", (0.62, 0.58, 0.52))
    bowl = shapes.lathe(
        "bowl",
        [(0, 0), (0.5, 0), (0.56, 0.08), (1.1, 0.8), (1.05, 0.82), (0.5, 0.2), (0, 0.16)],
        white,
    )
    bowl.location = (view.across(0.92, 6.5), 6.5, 0)
    lemon = Surface("lemon", (0.78, 0.52, 0.02), 0.4)
    for dx, dy in ((-0.3, 0.1), (0.32, 0.0), (0.0, -0.35)):
        arc = np.linspace(-np.pi / 2, np.pi / 2, 24)
        outline = [
            (0.34 * np.cos(a) ** 0.85, 0.46 * np.sin(a) + 0.05 * np.sin(a) ** 9) for a in arc
        ]
        fruit = shapes.lathe("lemon", outline, lemon.material, fillet=0)
        fruit.location = (bowl.location.x + dx, bowl.location.y + dy, 0.62)
        fruit.rotation_euler = (1.3, 0.2, rng.uniform(0, 6))


def living_room(plate: Plate, rng: np.random.Generator) -> None:
    """A low oak table, a sofa with cushions, a lamp and a plant behind."""
    view = plate.viewpoint
    oak = timber.timber("table", *OAK, gloss=0.42, rings=4.5)
    timber.boards(oak, rng, width=1.5, back=plate.edge or 7, gap=0.01)
    rooms.wall((0.56, 0.52, 0.46), at=46)
    rooms.floor(timber.timber("parquet", *OAK, rings=4), at=-4.4)
    fabric = Surface("bouclé", (0.40, 0.36, 0.31), 0.95)
    fabric.bump(fabric.cloud(fabric.place((7, 7, 7)), detail=3), depth=0.1)
    sofa = fabric.material
    y = 31
    left, right = view.across(0.22, y), view.across(1.25, y)
    wide, middle = right - left, (left + right) / 2
    rooms.block((middle, y, -2.2), (wide, 9, 2.6), sofa, bevel=0.6)
    rooms.block((middle, y + 4.5, 0.8), (wide, 2.6, 6.0), sofa, bevel=0.9)
    rooms.block((left, y, -0.6), (2.2, 9.4, 4.4), sofa, bevel=0.8)
    for share, colour, turn in [
        (0.47, (0.36, 0.15, 0.07), 0.2),
        (0.80, (0.15, 0.19, 0.16), -0.3),
        (0.92, (0.58, 0.50, 0.38), 0.1),
    ]:
        pillow = rooms.block(
            (view.across(share, y), y + 1.8, 1.1),
            (4.2, 1.3, 3.9),
            cloth.plaster("pillow", colour),
            bevel=0.62,
        )
        pillow.rotation_euler = (-0.3, 0.0, turn)
    x = view.across(0.08, 34)
    shade = rooms.glowing("shade", (1.0, 0.78, 0.50), 1.3)
    brass = materials.metal("brass", (0.7, 0.5, 0.22), 0.3)
    cone = shapes.lathe("shade", [(1.9, 0), (1.3, 2.9), (1.24, 2.9), (1.84, 0)], shade, fillet=0)
    cone.location = view.at(0.08, 0.27, 34)
    shapes.sweep(
        "stand",
        [(x, 34, -4.4), (x, 34, 0), (x, 34, cone.location.z + 0.4)],
        0.22,
        brass,
        up=(0, 1, 0),
    )
    art = materials.plastic("frame", (0.10, 0.08, 0.06), 0.4)
    px, _, pz = view.at(0.60, 0.10, 45)
    rooms.block((px, 45.5, pz), (9.5, 0.4, 7), art)
    rooms.block(
        (px, 45.2, pz), (8.8, 0.2, 6.3), materials.plastic("paper", (0.66, 0.62, 0.55), 0.8)
    )
    rooms.block(
        (px - 1.2, 45.1, pz - 0.8), (3.2, 0.1, 3.0), materials.plastic("ink", (0.34, 0.16, 0.09))
    )
    plants.bush(
        rng,
        view.at(1.0, 0.20, 38),
        (3.4, 3.0, 5.0),
        (0.05, 0.12, 0.03),
        count=260,
        size_of_leaf=1.8,
    )


DAY = Sky((0.72, 0.80, 0.95), (0.85, 0.88, 0.92), (0.35, 0.33, 0.30), 0.45)
LAMP = Sky((0.62, 0.60, 0.60), (0.62, 0.58, 0.52), (0.25, 0.21, 0.17), 0.4)

PLATES = [
    Plate(
        "kitchen-oak",
        "kitchen",
        "Oak worktop, tiles and crockery",
        LEVEL,
        Key(-64, 40, 0.35, (1.0, 0.94, 0.85), 4.2, distance=28),
        DAY,
        kitchen,
        edge=10.0,
        gloss=0.10,
        exposure=0.35,
        lighter=0.1,
    ),
    Plate(
        "kitchen-stone-raised",
        "kitchen",
        "Stone worktop, lemons",
        RAISED,
        Key(60, 40, 0.3, (1.0, 0.93, 0.82), 4.4, distance=26),
        DAY,
        kitchen_raised,
        edge=12.0,
        gloss=0.24,
        exposure=0.2,
    ),
    Plate(
        "living-room-oak",
        "living-room",
        "Low table before a sofa",
        LEVEL,
        Key(64, 36, 0.35, (1.0, 0.92, 0.80), 4.4, distance=34),
        LAMP,
        living_room,
        edge=6.5,
        gloss=0.10,
        exposure=0.4,
        glow=0.1,
        lighter=0.2,
        vivid=1.08,
    ),
]
