"""Belt, notebook and shopper: things cut from hides."""

import math
from pathlib import Path

import bpy
import numpy as np

from samples.render import cloth, materials, shapes

BRASS = (0.80, 0.58, 0.25)


def belt(_art: Path) -> None:
    """A rolled tan belt lying on its edge, brass buckle at the front."""
    tan = cloth.leather("tan", (0.36, 0.135, 0.04))
    turns, steps = 4.6, 90
    angles = np.linspace(-turns * 2 * math.pi, 0, steps) - math.radians(55)
    radius = np.linspace(0.22, 0.74, steps) + 0.012 * np.sin(3.1 * angles)
    coil = [
        (float(r * math.cos(a)), float(r * math.sin(a)), 0.18)
        for r, a in zip(radius, angles, strict=True)
    ]
    shapes.sweep("strap", coil, (0.05, 0.36), tan, squareness=7)
    brass = materials.metal("brass", BRASS, 0.22, brushed=0.1)
    end = np.array(coil[-1])
    heading = end - np.array(coil[-2])
    heading = heading / np.linalg.norm(heading)
    corners = [
        (0.0, 0.25),
        (0.02, 0.0),
        (0.0, -0.25),
        (0.18, -0.265),
        (0.36, -0.25),
        (0.38, 0.0),
        (0.36, 0.25),
        (0.18, 0.265),
    ]
    frame = [
        tuple(end + heading * (a - 0.02) + np.array((0, 0, b * 0.78 + 0.06))) for a, b in corners
    ]
    outward = tuple(np.cross(heading, (0, 0, 1)))
    shapes.sweep("buckle", frame, (0.06, 0.06), brass, closed=True, squareness=3, up=outward)
    pin = [
        tuple(end + heading * a + np.array(outward) * b)
        for a, b in ((-0.03, 0.02), (0.12, 0.05), (0.30, 0.05), (0.37, 0.035))
    ]
    shapes.sweep("pin", pin, 0.04, brass)
    loop_at = coil[-4]
    ahead = np.array(coil[-3]) - np.array(coil[-5])
    ahead = ahead / np.linalg.norm(ahead)
    across = np.cross(ahead, (0, 0, 1))
    ring = [
        tuple(np.array(loop_at) + across * a + np.array((0, 0, b)))
        for a, b in (
            (0.045, 0.0),
            (0.045, 0.19),
            (-0.045, 0.19),
            (-0.045, 0.0),
            (-0.045, -0.155),
            (0.045, -0.155),
        )
    ]
    shapes.sweep("keeper", ring, (0.03, 0.11), tan, closed=True, squareness=5, up=tuple(ahead))


def notebook(_art: Path) -> None:
    """A leather notebook lying flat, closed by an elastic band, title blocked in gold."""
    hide = cloth.leather("oxblood", (0.15, 0.022, 0.018))
    sheets = materials.Recipe("pages", (0.78, 0.72, 0.60), 0.8)
    sheets.bump(sheets.noise((0.6, 0.6, 90), detail=1).outputs["Fac"], depth=0.02)
    shapes.box("lower cover", (1.50, 2.10, 0.055), hide, bevel=0.025, centre=(0, 0, 0.0275))
    shapes.box("pages", (1.44, 2.02, 0.21), sheets.material, bevel=0.012, centre=(-0.01, 0, 0.16))
    shapes.box("upper cover", (1.50, 2.10, 0.055), hide, bevel=0.025, centre=(0, 0, 0.2925))
    shapes.sweep(
        "spine",
        [(-0.745, -1.04, 0.16), (-0.745, 0, 0.16), (-0.745, 1.04, 0.16)],
        (0.10, 0.318),
        hide,
        squareness=4,
    )
    band = materials.plastic("elastic", (0.02, 0.018, 0.017), 0.75)
    for height in (0.328, -0.006):
        shapes.box("elastic", (0.085, 2.13, 0.014), band, bevel=0.005, centre=(0.52, 0, height))
    for y in (-1.061, 1.061):
        shapes.box("elastic", (0.085, 0.014, 0.34), band, bevel=0.005, centre=(0.52, y, 0.16))
    shapes.sweep(
        "ribbon",
        [(-0.3, -0.9, 0.13), (-0.28, -1.1, 0.125), (-0.22, -1.28, 0.04), (-0.12, -1.5, 0.012)],
        (0.07, 0.008),
        materials.plastic("ribbon", (0.45, 0.29, 0.08), 0.5),
        squareness=6,
    )
    bpy.ops.object.text_add(location=(-0.16, 0.34, 0.3195))
    title = bpy.context.object
    title.data.body, title.data.align_x = "FIELD\nNOTES", "CENTER"
    title.data.size, title.data.extrude, title.data.space_character = 0.21, 0.0012, 1.25
    title.data.materials.append(materials.metal("gold", (0.85, 0.62, 0.26), 0.3, brushed=0))


def shopper(_art: Path) -> None:
    """A soft camel shopper with two handles and seams."""
    hide = cloth.leather("camel", (0.40, 0.19, 0.075))
    angle = _even_angles(260, 5.5, depth=0.3)
    height = np.concatenate([[0.0, 0.02, 0.05], np.linspace(0.09, 2.25, 90)])
    share = (height / 2.25)[None]
    half_width = (1.18 + 0.22 * share) * np.clip(0.93 + share * 3, None, 1)
    half_depth = (0.52 - 0.30 * share**1.3) * np.clip(0.86 + share * 4, None, 1)
    power = 2 / 5.5
    x = half_width * (np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power)[:, None]
    y = half_depth * (np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power)[:, None]
    slump = np.sin(math.pi * share)
    y = y + slump * (
        0.035 * np.sin(2.1 * x + 3 * share) + 0.02 * np.sin(5 * x - 6 * share)
    ) * np.clip(12 * y, -1, 1)
    x = x + slump * 0.02 * np.sin(5 * share + np.sign(x))
    z = np.broadcast_to(height, x.shape) + 0.012 * np.sin(3 * x) * share
    outside = np.stack([x, y, z], -1)
    inside = outside[:, ::-1] * np.array((0.97, 0.88, 1)) + np.array((0, 0, -0.004))
    shapes.surface("bag", np.concatenate([outside, inside], 1), hide, closed_u=True)
    shapes.box("bottom", (1.9, 0.70, 0.05), hide, bevel=0.02, centre=(0, 0, 0.03))
    seam = cloth.paper("thread", (0.72, 0.62, 0.45))
    brass = materials.metal("brass", BRASS, 0.22, brushed=0.1)
    for side, sign in (("front", -1), ("back", 1)):
        top = 0.27 * sign
        path = [
            (-0.52, top - 0.07 * -sign, 1.62),
            (-0.53, top + 0.015 * sign, 2.2),
            (-0.50, top * 0.9, 2.75),
            (-0.26, top * 0.6, 3.22),
            (0, top * 0.5, 3.33),
            (0.26, top * 0.6, 3.22),
            (0.50, top * 0.9, 2.75),
            (0.53, top + 0.015 * sign, 2.2),
            (0.52, top - 0.07 * -sign, 1.62),
        ]
        shapes.sweep(f"{side} handle", path, (0.16, 0.05), hide, squareness=5, up=(0, 1, 0))
        for x_at in (-0.52, 0.52):
            for z_at in (1.72, 2.08):
                stud = shapes.lathe("stud", [(0.04, 0), (0.038, 0.012, 0.01), (0, 0.02)], brass)
                stud.rotation_euler = (math.radians(90 * -sign), 0, 0)
                stud.location = (x_at, (top - 0.06 * -sign) + sign * 0.03, z_at)
    ring = outside[:, -4] * np.array((1.0, 1.006, 1))
    for start in range(0, 260, 3):
        dash = [tuple(ring[(start + step) % 260]) for step in (0, 1, 2)]
        if start % 2 == 0:
            shapes.sweep("stitch", dash, 0.016, seam)


def _even_angles(count: int, squareness: float, *, depth: float) -> np.ndarray:
    """Angles that space points evenly around a superellipse 1 wide and `depth` deep."""
    dense = np.linspace(0, 2 * math.pi, 40 * count)
    power = 2 / squareness
    x = np.sign(np.cos(dense)) * np.abs(np.cos(dense)) ** power
    y = depth * np.sign(np.sin(dense)) * np.abs(np.sin(dense)) ** power
    walked = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    return np.interp(np.linspace(0, walked[-1], count, endpoint=False), walked, dense)
