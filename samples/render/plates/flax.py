"""Linen: a cloth in folds, woven of uneven threads."""

import math

import bpy
import numpy as np

from samples.render import shapes
from samples.render.materials import Colour
from samples.render.plates import relief
from samples.render.plates.surface import Surface


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
    dark = tuple(c * 0.87 for c in colour)
    pale = tuple(min(1, c * 1.07) for c in colour)
    tone = recipe.ramp(slubs, [(0.36, dark), (0.62, pale)])
    tone = recipe.times(recipe.spread(height, 0.2, 1.0, (0.84, 1.0)), tone)
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.bump(height, depth=0.010, strength=0.35)
    recipe.bump(slubs, depth=0.015, strength=0.3)
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
    height = relief_depth * away * folds**3 + 0.085 * (0.35 + 0.65 * away) * creases**5
    height -= 0.01
    threads = (2 * half * 85, (back - front) * 85)
    fabric = yarn("linen", colour, threads)
    return shapes.surface("cloth", np.stack([x, y, height], -1), fabric)
