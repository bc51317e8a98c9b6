"""Small lamps out of focus.

A path tracer finds a 3 mm bulb with one in hundreds of its rays through an open lens, so its disc
would be noise. Here the bulbs light the set as spheres that the camera does not see, and their
discs, which are the lens's aperture, are drawn by the thin lens equation.
"""

import bpy
import numpy as np

from samples.render.materials import Recipe
from samples.render.plates.camera import Viewpoint
from samples.render.plates.plate import Bulb

BULB = 0.12
"""Radius of the spheres."""
RIM = 0.35
"""How much brighter the border of a disc is than its middle: spherical aberration."""
CUT = 0.55
"""How far a lens's barrel shifts over the disc towards the corners of the picture."""


def hang(bulbs: list[Bulb], viewpoint: Viewpoint) -> None:
    """Put bulbs into the scene, seen by everything but the camera."""
    for number, bulb in enumerate(bulbs):
        recipe = Recipe(f"bulb {number}", (0, 0, 0), 1)
        spread = (viewpoint.aperture / 2 / BULB) ** 2
        recipe.shade(
            **{
                "Emission Color": (*bulb.colour, 1),
                "Emission Strength": float(min(bulb.power * spread, 200)),
            }
        )
        mesh = bpy.data.meshes.new("bulb")
        corners = BULB * np.array(
            [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], float
        )
        faces = [(a, b, c) for a in (0, 1) for b in (2, 3) for c in (4, 5)]
        mesh.from_pydata(corners.tolist(), [], faces)
        mesh.materials.append(recipe.material)
        thing = bpy.data.objects.new("bulb", mesh)
        thing.location = bulb.place
        thing.visible_camera = thing.visible_shadow = False
        bpy.context.collection.objects.link(thing)


def discs(
    bulbs: list[Bulb],
    viewpoint: Viewpoint,
    rng: np.random.Generator,
    *,
    side: int,
    horizon: float,
) -> np.ndarray | None:
    """Light of the bulbs' discs, (side, side, 3), linear; None where there are no bulbs."""
    if not bulbs:
        return None
    light = np.zeros((side, side, 3), np.float32)
    seen = viewpoint.seen(np.array([bulb.place for bulb in bulbs]))
    for bulb, (across, down, depth) in zip(bulbs, seen, strict=True):
        if depth <= viewpoint.distance:
            continue
        radius = float(viewpoint.blur(np.array(depth))) * side / 2
        reach = int(radius * 1.15) + 3
        x, y = int(across * side), int(down * side)
        left, right = max(0, x - reach), min(side, x + reach)
        top, bottom = max(0, y - reach), min(side, y + reach)
        if left >= right or top >= bottom:
            continue
        rows, columns = np.mgrid[top:bottom, left:right] + 0.5
        u, v = (columns - across * side) / radius, (rows - down * side) / radius
        wobble = 1 + 0.012 * np.sin(3 * np.arctan2(v, u) + rng.uniform(0, 6))
        away = np.hypot(u, v) * wobble
        soft = 1.6 / radius + 0.02
        disc = np.clip((1 - away) / soft + 0.5, 0, 1)
        disc *= 1 - RIM + RIM * np.clip(away, 0, 1) ** 3
        cut = np.hypot(u - CUT * 2 * (across - 0.5), v - CUT * 2 * (down - 0.5))
        disc *= np.clip((1.28 - cut) / (soft * 2) + 0.5, 0, 1)
        hidden = rng.random()
        if hidden < 0.35:  # a twig before it takes a bite out of the disc
            turn = rng.uniform(0, 2 * np.pi)
            bite = u * np.cos(turn) + v * np.sin(turn) + rng.uniform(-0.2, 0.7)
            disc *= 1 - 0.75 * np.clip(bite * 3, 0, 1)
        ground = np.clip((horizon * side + radius * 0.35 - rows) / (radius * 0.7) + 0.5, 0, 1)
        disc *= ground
        strength = bulb.power
        light[top:bottom, left:right] += (disc * strength)[..., None] * np.array(bulb.colour)
    return light
