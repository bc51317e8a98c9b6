"""Cushion and towel: things that fold."""

import math
from pathlib import Path

import bpy
import numpy as np

from samples.render import cloth, shapes


def cushion(_art: Path) -> None:
    """A piped mustard cushion standing on its edge, leaning back a little."""
    linen = cloth.woven("mustard", (0.52, 0.27, 0.035), threads=(170, 170), depth=0.012)
    edge = np.sin(np.linspace(-math.pi / 2, math.pi / 2, 150))
    u, v = np.meshgrid(edge, edge, indexing="ij")
    x, y = _outline(u, v)
    belly = 0.92 * np.clip((1 - u**2) * (1 - v**2), 0, None) ** 0.5
    angle = np.arctan2(v, u)
    pull = np.clip(np.hypot(u, v) - 0.55, 0, None) * belly
    creases = pull * (0.22 * np.sin(9 * angle + 1.3 * u) + 0.11 * np.sin(17 * angle - 2 * v))
    dents = 0.07 * belly * np.sin(2.3 * u + 0.7) * np.cos(1.9 * v - 0.4)
    parts = [
        shapes.surface(name, np.stack([x, y, side * (belly + creases + dents)], -1), linen)
        for name, side in (("face", 1), ("back", -1))
    ]
    t = np.linspace(-1, 1, 14)[:-1]
    ring = np.concatenate(
        [
            np.stack([t, -np.ones_like(t)], 1),
            np.stack([np.ones_like(t), t], 1),
            np.stack([-t, np.ones_like(t)], 1),
            np.stack([-np.ones_like(t), -t], 1),
        ]
    )
    px, py = _outline(ring[:, 0], ring[:, 1])
    path = [(float(a), float(b), 0.0) for a, b in zip(px, py, strict=True)]
    piping = cloth.woven("piping", (0.70, 0.60, 0.42), threads=(500, 6), depth=0.012)
    parts.append(shapes.sweep("piping", path, 0.055, piping, closed=True))
    for part in parts:
        part.rotation_euler = (math.radians(78), 0, math.radians(4))


def towel(_art: Path) -> None:
    """Two sage bath towels, each folded in three, one on the other."""
    sage = cloth.terry("sage", (0.25, 0.33, 0.23))
    for number, (base, shift) in enumerate(((0.0, 0.0), (0.60, 0.04))):
        _folded(f"towel {number}", sage, base=base, seed=number, shift=shift)


def _outline(u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where a cushion's unit square ends up: corners stay, sides draw in."""
    x = 2.1 * u * (1 - 0.075 * (1 - v**2) * np.abs(u) ** 3)
    y = 2.1 * v * (1 - 0.075 * (1 - u**2) * np.abs(v) ** 3)
    return x, y


def _folded(
    name: str, material: bpy.types.Material, *, base: float, seed: int, shift: float
) -> None:
    """One towel in three layers of 0.19 dm, its fold to the front."""
    layer, depth, width = 0.19, 1.5, 2.5
    half_turn = np.linspace(-math.pi / 2, math.pi / 2, 16)
    low, mid, high = (base + layer * (0.5 + step) for step in range(3))
    front = np.stack(
        [
            -depth / 2 - layer / 2 * np.cos(half_turn),
            (low + mid) / 2 + layer / 2 * np.sin(half_turn),
        ],
        1,
    )
    back = np.stack(
        [
            depth / 2 - 0.1 + layer / 2 * np.cos(half_turn),
            (mid + high) / 2 + layer / 2 * np.sin(half_turn),
        ],
        1,
    )
    run = np.linspace(-1, 1, 30)[:, None]
    centre = np.concatenate(
        [
            np.concatenate([-run * depth / 2, np.full_like(run, low)], 1),
            front,
            np.concatenate([run * (depth / 2 - 0.1), np.full_like(run, mid)], 1),
            back,
            np.concatenate([-run * (depth / 2 - 0.06), np.full_like(run, high)], 1),
        ]
    )
    tangent = np.gradient(centre, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-6)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    share = np.linspace(0, 1, len(centre))[:, None]
    half = layer * 0.47 * np.clip(np.minimum(share, 1 - share) / 0.012, 0, 1) ** 0.5
    outline = np.concatenate([centre + normal * half, (centre - normal * half)[::-1]])

    along = np.sin(np.linspace(-math.pi / 2, math.pi / 2, 220))
    x = np.broadcast_to(along[:, None] * width / 2, (220, len(outline)))
    soft = np.clip((1 - np.abs(along)) / 0.03, 0, 1)[:, None] ** 0.5
    ridge = np.concatenate([centre, centre[::-1]])
    yz = ridge[None] + (outline - ridge)[None] * soft[..., None]
    sag = 0.022 * np.sin(1.9 * x + seed) + 0.014 * np.sin(4.3 * x + 2 * yz[..., 0] + 2 * seed)
    lift = np.clip((yz[..., 1] - base) / layer, 0, 3) / 3
    depthwise = yz[..., 0] + shift + 0.02 * np.sin(2.7 * x + 3 * seed) * lift
    cloth_points = np.stack([x + shift, depthwise, yz[..., 1] + sag * lift], -1)
    body = shapes.surface(name, cloth_points, material, closed_v=True)
    shapes.face_outwards(body)
    ruffle = body.modifiers.new("soft", "DISPLACE")
    ruffle.texture = bpy.data.textures.new("loops", "CLOUDS")
    ruffle.texture.noise_scale = 0.075
    ruffle.strength, ruffle.mid_level = 0.014, 0.5
