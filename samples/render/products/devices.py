"""Clock, speaker and lamp: things with a cable or a spring."""

import math
from pathlib import Path

from samples.render import cloth, labels, materials, shapes


def clock(art: Path) -> None:
    """A mint twin-bell alarm clock, ten past ten."""
    mint = materials.plastic("mint", (0.28, 0.55, 0.44), 0.22)
    chrome = materials.metal("chrome", (0.72, 0.72, 0.71), 0.12, brushed=0.0)
    black = materials.plastic("hands", (0.012, 0.013, 0.014), 0.3)
    dial = materials.printed(
        "dial", labels.clock_dial(art / "dial.png"), gloss=0.5, space="Generated"
    )
    case = shapes.lathe(
        "case",
        [
            (0, -0.30),
            (0.42, -0.30, 0.1),
            (0.64, -0.16, 0.1),
            (0.66, 0.14, 0.05),
            (0.655, 0.19, 0.02),
            (0.60, 0.19, 0.02),
            (0.585, 0.13),
            (0, 0.13),
        ],
        mint,
    )
    face = shapes.lathe("face", [(0.595, 0.135), (0.3, 0.135), (0, 0.135)], dial, fillet=0)
    bezel = shapes.lathe(
        "bezel", [(0.60, 0.17), (0.615, 0.205), (0.585, 0.212), (0.575, 0.15)], chrome, fillet=0.008
    )
    pivot = shapes.lathe("pivot", [(0.03, 0.13), (0.03, 0.185), (0, 0.19)], black, fillet=0.01)
    middle = 0.86
    for part in (case, face, bezel, pivot):
        part.rotation_euler, part.location = (math.pi / 2, 0, 0), (0, 0, middle)
    for degrees, length, width, depth in ((-60, 0.27, 0.035, -0.152), (60, 0.40, 0.026, -0.164)):
        angle = math.radians(degrees)
        hand = shapes.box("hand", (width, 0.006, length), black, bevel=0.002)
        hand.rotation_euler = (0, angle, 0)
        reach = length / 2 - 0.05
        hand.location = (reach * math.sin(angle), depth, middle + reach * math.cos(angle))
    for sign in (-1, 1):
        bell = shapes.lathe(
            "bell",
            [
                (0.235, 0),
                (0.24, 0.02),
                (0.20, 0.13, 0.12),
                (0.05, 0.19, 0.05),
                (0.03, 0.23),
                (0, 0.235),
            ],
            chrome,
            fillet=0.012,
        )
        bell.rotation_euler = (0, math.radians(32 * sign), 0)
        bell.location = (0.36 * sign, 0, middle + 0.63)
        post = [(0.33 * sign, 0, middle + 0.52), (0.375 * sign, 0, middle + 0.655)]
        shapes.sweep(
            "post",
            [post[0], ((post[0][0] + post[1][0]) / 2, 0, middle + 0.59), post[1]],
            0.06,
            chrome,
            up=(0, 1, 0),
        )
        shapes.sweep(
            "foot",
            [(0.33 * sign, 0, middle - 0.5), (0.43 * sign, 0, 0.18), (0.50 * sign, 0, 0.0)],
            0.11,
            chrome,
            up=(0, 1, 0),
            taper=lambda share: 0.75 + 0.35 * share,
        )
    shapes.sweep(
        "handle",
        [
            (-0.16, 0, middle + 0.63),
            (-0.15, 0, middle + 0.86),
            (0, 0, middle + 0.95),
            (0.15, 0, middle + 0.86),
            (0.16, 0, middle + 0.63),
        ],
        0.05,
        chrome,
        up=(0, 1, 0),
    )
    shapes.sweep(
        "hammer",
        [(0, 0, middle + 0.63), (0, 0, middle + 0.70), (0, 0, middle + 0.76)],
        0.07,
        chrome,
        up=(0, 1, 0),
    )


def speaker(_art: Path) -> None:
    """A fabric-covered speaker with an oak top and a leather loop."""
    grey = cloth.woven("mesh", (0.20, 0.21, 0.225), threads=(230, 150), depth=0.014, sheen=0.15)
    oak = materials.wood("oak", (0.36, 0.21, 0.10), (0.58, 0.40, 0.22), along="x")
    rubber = materials.plastic("rubber", (0.02, 0.02, 0.021), 0.6)
    shapes.lathe(
        "foot", [(0, 0), (0.50, 0, 0.02), (0.54, 0.05, 0.02), (0.54, 0.10), (0, 0.10)], rubber
    )
    shapes.lathe(
        "body",
        [
            (0, 0.09),
            (0.54, 0.09, 0.08),
            (0.58, 0.20, 0.2),
            (0.58, 1.42, 0.15),
            (0.545, 1.53, 0.05),
            (0, 1.53),
        ],
        grey,
        fillet=0.05,
    )
    shapes.lathe(
        "top",
        [
            (0, 1.52),
            (0.548, 1.52),
            (0.552, 1.60, 0.03),
            (0.50, 1.615, 0.02),
            (0.47, 1.60),
            (0, 1.60),
        ],
        oak,
    )
    for x in (-0.2, 0.0, 0.2):
        shapes.lathe(
            "button", [(0.055, 1.59), (0.052, 1.612, 0.01), (0, 1.614)], rubber
        ).location = (x, -0.08, 0)
    strap = cloth.leather("strap", (0.33, 0.13, 0.05))
    shapes.sweep(
        "loop",
        [(0.55, 0, 1.36), (0.66, 0, 1.36), (0.73, 0, 1.27), (0.68, 0, 1.15), (0.56, 0, 1.13)],
        (0.16, 0.03),
        strap,
        squareness=5,
        up=(0, 1, 0),
    )
    steel = materials.metal("badge", (0.7, 0.7, 0.69), 0.25, brushed=0.2)
    badge = shapes.box("badge", (0.20, 0.02, 0.055), steel, bevel=0.008)
    badge.location = (0, -0.582, 0.36)


def lamp(_art: Path) -> None:
    """A dome table lamp, switched on."""
    coat = materials.plastic("coat", (0.50, 0.105, 0.035), 0.4)
    brass = materials.metal("brass", (0.80, 0.58, 0.25), 0.22, brushed=0.2)
    white = materials.plastic("reflector", (0.85, 0.83, 0.78), 0.5)
    shapes.lathe(
        "base",
        [
            (0, 0),
            (0.78, 0, 0.03),
            (0.80, 0.09, 0.05),
            (0.30, 0.15, 0.1),
            (0.09, 0.22, 0.06),
            (0, 0.24),
        ],
        coat,
    )
    shapes.lathe("stem", [(0.055, 0.18), (0.055, 2.45), (0, 2.45)], brass, fillet=0.01)
    shapes.lathe(
        "shade",
        [
            (1.16, 1.72),
            (1.175, 1.725),
            (1.16, 1.95, 0.1),
            (0.98, 2.42, 0.35),
            (0.40, 2.68, 0.25),
            (0.10, 2.71),
            (0, 2.71),
        ],
        coat,
        fillet=0.01,
    )
    shapes.lathe(
        "inside",
        [(1.162, 1.722), (1.145, 1.95, 0.1), (0.965, 2.40, 0.35), (0.40, 2.655, 0.25), (0, 2.68)],
        white,
        fillet=0.01,
    )
    shapes.lathe(
        "finial",
        [(0.10, 2.70), (0.09, 2.76, 0.02), (0.05, 2.79, 0.02), (0.055, 2.87, 0.03), (0, 2.89)],
        brass,
        fillet=0.01,
    )
    bulb = materials.Recipe("bulb", (1, 0.8, 0.5), 0.4)
    bulb.shade(**{"Emission Color": (1, 0.62, 0.28, 1), "Emission Strength": 45.0})
    shapes.lathe(
        "bulb",
        [
            (0, 1.93),
            (0.15, 1.96, 0.1),
            (0.20, 2.12, 0.12),
            (0.08, 2.32, 0.1),
            (0.08, 2.42),
            (0, 2.42),
        ],
        bulb.material,
        fillet=0.02,
    )
