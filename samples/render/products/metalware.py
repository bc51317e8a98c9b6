"""Kettle, saucepan, tumbler and watering can."""

import math
from pathlib import Path

from samples.render import materials, shapes

STEEL = (0.62, 0.61, 0.59)


def kettle(_art: Path) -> None:
    """A brushed-steel pour-over kettle; the gooseneck points to -x."""
    steel = materials.metal("steel", STEEL, 0.21)
    black = materials.plastic("bakelite", (0.012, 0.012, 0.013), 0.32)
    shapes.lathe(
        "body",
        [
            (0, 0.0),
            (0.80, 0.0, 0.02),
            (0.83, 0.05, 0.02),
            (0.80, 0.10, 0.02),
            (0.52, 1.18, 0.05),
            (0.50, 1.22),
            (0.46, 1.20),
            (0, 1.20),
        ],
        steel,
        fillet=0.015,
    )
    shapes.lathe(
        "lid",
        [
            (0.50, 1.215),
            (0.515, 1.235),
            (0.49, 1.262, 0.015),
            (0.12, 1.30, 0.1),
            (0.05, 1.31, 0.02),
            (0.05, 1.35),
            (0, 1.35),
        ],
        steel,
        fillet=0.01,
    )
    shapes.lathe(
        "knob", [(0, 1.34), (0.07, 1.34), (0.13, 1.40, 0.04), (0.12, 1.47, 0.03), (0, 1.48)], black
    )
    shapes.sweep(
        "gooseneck",
        [
            (-0.70, 0, 0.26),
            (-0.93, 0, 0.27),
            (-1.08, 0, 0.45),
            (-1.10, 0, 0.75),
            (-1.13, 0, 1.02),
            (-1.26, 0, 1.16),
            (-1.42, 0, 1.13),
        ],
        0.15,
        materials.metal("polished", STEEL, 0.22, brushed=0.15),
        taper=lambda share: 1.15 - 0.5 * share,
        up=(0, 1, 0),
    )
    shapes.sweep(
        "bracket",
        [(0.50, 0, 1.12), (0.66, 0, 1.22), (0.82, 0, 1.255)],
        (0.16, 0.05),
        materials.metal("bracket", STEEL, 0.25, brushed=0.1),
        squareness=5,
        up=(0, 1, 0),
    )
    shapes.sweep(
        "handle",
        [
            (0.78, 0, 1.25),
            (1.02, 0, 1.25),
            (1.17, 0, 1.12),
            (1.20, 0, 0.86),
            (1.15, 0, 0.55),
            (1.12, 0, 0.42),
        ],
        (0.17, 0.12),
        black,
        squareness=3,
        up=(0, 1, 0),
    )


def saucepan(_art: Path) -> None:
    """A hammered copper saucepan with a brass-riveted iron handle to +x."""
    copper = materials.metal("copper", (0.80, 0.36, 0.20), 0.24, brushed=0.45)
    tin = materials.metal("tin", (0.68, 0.67, 0.64), 0.34, brushed=0.8)
    iron = materials.metal("iron", (0.10, 0.095, 0.09), 0.45, brushed=0.0)
    brass = materials.metal("brass", (0.78, 0.55, 0.22), 0.25, brushed=0.0)
    shapes.lathe(
        "outside",
        [(0, 0), (0.80, 0, 0.09), (0.84, 0.80, 0.015), (0.835, 0.82), (0.81, 0.82)],
        copper,
        fillet=0.012,
    )
    shapes.lathe("inside", [(0.812, 0.821), (0.805, 0.79), (0.77, 0.04, 0.08), (0, 0.03)], tin)
    shapes.sweep(
        "handle",
        [(0.80, 0, 0.60), (0.98, 0, 0.66), (1.30, 0, 0.76), (1.85, 0, 0.87), (2.25, 0, 0.90)],
        (0.15, 0.055),
        iron,
        squareness=4,
        up=(0, 1, 0),
        taper=lambda share: 0.8 + 0.55 * share**2 + 0.9 * (1 - share) ** 10,
    )
    ring = [
        (2.25 + 0.085 * math.cos(a), 0.085 * math.sin(a), 0.90)
        for a in (math.radians(step) for step in range(0, 360, 20))
    ]
    shapes.sweep("eye", ring, 0.05, iron, closed=True)
    for y in (-0.09, 0.09):
        for z in (0.52, 0.66):
            rivet = shapes.lathe("rivet", [(0.045, -0.01), (0.042, 0.012, 0.02), (0, 0.03)], brass)
            rivet.rotation_euler, rivet.location = (0, math.pi / 2, 0), (0.825, y, z)
    shapes.box("plate", (0.03, 0.30, 0.26), iron, bevel=0.012, centre=(0.828, 0, 0.59))


def tumbler(_art: Path) -> None:
    """A powder-coated travel tumbler with a steel rim and a clear-cut lid."""
    coat = materials.plastic("powder coat", (0.018, 0.085, 0.055), 0.52)
    steel = materials.metal("steel", STEEL, 0.22)
    shapes.lathe(
        "cup",
        [
            (0, 0.03),
            (0.30, 0.03),
            (0.335, 0.05, 0.03),
            (0.355, 0.5, 0.2),
            (0.45, 1.48, 0.02),
            (0.44, 1.5),
            (0, 1.5),
        ],
        coat,
    )
    shapes.lathe("base", [(0, 0), (0.29, 0, 0.012), (0.30, 0.035)], steel)
    shapes.lathe("rim", [(0.442, 1.495), (0.452, 1.50), (0.456, 1.585, 0.01), (0.44, 1.60)], steel)
    lid = materials.plastic("lid", (0.02, 0.02, 0.021), 0.25)
    shapes.lathe(
        "lid",
        [
            (0.435, 1.58),
            (0.45, 1.60),
            (0.44, 1.67, 0.03),
            (0.36, 1.66, 0.02),
            (0.34, 1.635, 0.015),
            (0, 1.635),
        ],
        lid,
        fillet=0.012,
    )
    shapes.box("slider", (0.18, 0.30, 0.06), lid, bevel=0.025, centre=(0, -0.10, 1.66))
    shapes.lathe(
        "ring", [(0.352, 0.30), (0.362, 0.302), (0.364, 0.318), (0.354, 0.32)], steel, fillet=0.003
    )


def watering_can(_art: Path) -> None:
    """An enamelled watering can; the rose points to -x."""
    enamel = materials.plastic("enamel", (0.50, 0.035, 0.022), 0.16)
    brass = materials.metal("brass", (0.80, 0.58, 0.25), 0.25, brushed=0.2)
    shapes.lathe(
        "body",
        [
            (0, 0.02),
            (0.62, 0.0),
            (0.64, 0.03),
            (0.62, 0.09, 0.01),
            (0.60, 1.05),
            (0.615, 1.09, 0.015),
            (0.58, 1.10),
            (0.56, 1.02),
            (0.52, 0.92),
            (0, 0.92),
        ],
        enamel,
        fillet=0.02,
    )
    shapes.sweep(
        "spout",
        [(-0.50, 0, 0.22), (-0.85, 0, 0.50), (-1.15, 0, 0.92), (-1.42, 0, 1.26)],
        0.22,
        enamel,
        taper=lambda share: 1.1 - 0.6 * share,
        up=(0, 1, 0),
    )
    rose = shapes.lathe(
        "rose",
        [(0.05, 0), (0.06, 0.04), (0.17, 0.20, 0.02), (0.155, 0.225, 0.02), (0, 0.245)],
        brass,
    )
    rose.rotation_euler, rose.location = (0, math.radians(-42), 0), (-1.38, 0, 1.21)
    shapes.sweep(
        "handle",
        [
            (0.56, 0, 0.98),
            (0.80, 0, 1.13),
            (1.05, 0, 1.02),
            (1.10, 0, 0.72),
            (0.94, 0, 0.42),
            (0.57, 0, 0.27),
        ],
        (0.13, 0.06),
        enamel,
        squareness=3.5,
        up=(0, 1, 0),
    )
    shapes.sweep(
        "hoop",
        [
            (0.0, -0.59, 1.0),
            (0.0, -0.54, 1.26),
            (0.0, -0.25, 1.44),
            (0.0, 0.25, 1.44),
            (0.0, 0.54, 1.26),
            (0.0, 0.59, 1.0),
        ],
        (0.13, 0.06),
        enamel,
        squareness=3.5,
        up=(1, 0, 0),
    )
