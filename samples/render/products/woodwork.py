"""Stool, board and toy car: things that began as planks."""

import math
from pathlib import Path

import bpy

from samples.render import materials, shapes


def stool(_art: Path) -> None:
    """A three-legged oak stool, 45 cm high."""
    oak_x = materials.wood("oak seat", (0.27, 0.15, 0.07), (0.52, 0.34, 0.18), along="x")
    oak_z = materials.wood("oak legs", (0.27, 0.15, 0.07), (0.52, 0.34, 0.18), along="z")
    shapes.lathe(
        "seat",
        [
            (0, 4.12),
            (1.30, 4.12, 0.1),
            (1.60, 4.26, 0.1),
            (1.62, 4.44, 0.08),
            (1.50, 4.50, 0.1),
            (0.9, 4.46, 0.3),
            (0, 4.44),
        ],
        oak_x,
        fillet=0.05,
    )
    for number in range(3):
        angle = math.radians(120 * number - 90 + 25)
        top, foot = 1.0, 1.62
        ends = [
            (r * math.cos(angle), r * math.sin(angle), z)
            for r, z in ((top, 4.16), ((top + foot) / 2, 2.08), (foot, 0.0))
        ]
        shapes.sweep(
            f"leg {number}", ends, 0.36, oak_z, up=(0, 1, 0), taper=lambda share: 1.0 - 0.38 * share
        )
    for number in range(3):
        a, b = (math.radians(120 * (number + step) - 90 + 25) for step in (0, 1))
        r, z = 1.385, 1.55
        bar = [
            (r * math.cos(a), r * math.sin(a), z),
            (r * (math.cos(a) + math.cos(b)) / 2, r * (math.sin(a) + math.sin(b)) / 2, z),
            (r * math.cos(b), r * math.sin(b), z),
        ]
        shapes.sweep(
            f"rung {number}",
            bar,
            0.17,
            oak_x,
            taper=lambda share: 0.85 + 0.3 * (1 - (2 * share - 1) ** 2),
        )


def board(_art: Path) -> None:
    """A walnut serving board standing on its edge, handle up, leaning back."""
    walnut = materials.wood(
        "walnut", (0.055, 0.025, 0.012), (0.20, 0.10, 0.05), along="z", gloss=0.38
    )
    plank = shapes.box("plank", (1.9, 0.2, 2.6), walnut, bevel=0.055, centre=(0, 0, 1.3))
    grip = shapes.box("grip", (0.62, 0.2, 1.1), walnut, bevel=0.055, centre=(0, 0, 3.0))
    drill = shapes.lathe("drill", [(0, -1), (0.13, -1), (0.13, 1), (0, 1)], walnut, fillet=0)
    drill.rotation_euler, drill.location = (math.pi / 2, 0, 0), (0, 0, 3.3)
    drill.hide_render = True
    for part in (plank, grip):
        edge = part.modifiers[0]
        edge.segments = 6
    hole = grip.modifiers.new("hole", "BOOLEAN")
    hole.object, hole.operation = drill, "DIFFERENCE"
    grip.modifiers.remove(grip.modifiers["even shading"])
    grip.modifiers.new("even shading", "WEIGHTED_NORMAL")
    stand = bpy.data.objects.new("lean", None)
    bpy.context.collection.objects.link(stand)
    for part in (plank, grip, drill):
        part.parent = stand
    stand.rotation_euler = (math.radians(-9), 0, 0)


def toy_car(_art: Path) -> None:
    """A beech toy car with a painted roof; it drives to -x."""
    beech = materials.wood("beech", (0.46, 0.26, 0.13), (0.66, 0.44, 0.25), along="x", gloss=0.4)
    red = materials.plastic("paint", (0.45, 0.03, 0.022), 0.25)
    dark = materials.wood("tyre", (0.05, 0.028, 0.016), (0.12, 0.07, 0.04), along="x")
    shapes.box("chassis", (1.9, 0.80, 0.40), beech, bevel=0.15, centre=(0, 0, 0.47))
    shapes.box("cabin", (1.05, 0.74, 0.62), red, bevel=0.2, centre=(0.10, 0, 0.84))
    pane = materials.plastic("pane", (0.72, 0.64, 0.48), 0.3)
    for x in (-0.14, 0.34):
        shapes.box("window", (0.36, 0.765, 0.26), pane, bevel=0.09, centre=(x, 0, 0.90))
    for x in (-0.55, 0.55):
        for y in (-0.42, 0.42):
            tyre = shapes.lathe(
                "tyre",
                [
                    (0, -0.09),
                    (0.27, -0.09, 0.04),
                    (0.27, 0.09, 0.04),
                    (0.17, 0.09, 0.02),
                    (0.16, 0.07, 0.02),
                    (0, 0.07),
                ],
                dark,
            )
            hub = shapes.lathe("hub", [(0.15, 0.06), (0.14, 0.10, 0.03), (0, 0.12)], beech)
            for part in (tyre, hub):
                part.rotation_euler = (math.radians(90 if y < 0 else -90), 0, 0)
                part.location = (x, y, 0.27)
    for y in (-0.24, 0.24):
        lamp = shapes.lathe(
            "lamp", [(0, 0), (0.085, 0, 0.02), (0.075, 0.05, 0.03), (0, 0.06)], pane
        )
        lamp.rotation_euler, lamp.location = (0, math.radians(-90), 0), (-0.945, y, 0.52)
