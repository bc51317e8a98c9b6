"""Path-traced variations of the plates' sets: other light, lens, weather and paint.

    python -m samples.training.traced FOLDER     in Blender's environment, as samples.render is

Each variation is a JPEG with the notes of a plate beside it, and a JSON file of attributes. Stopped
and started again it goes on with the number that is missing first.
"""

import argparse
import json
import logging
import math
import os
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np

from samples.render.materials import Colour
from samples.render.plates.exposure import expose
from samples.render.plates.plate import Key, Plate, Sky
from samples.render.plates.plate_list import PLATES
from samples.render.plates.print import write_plate
from samples.training.paints import PAINTED, PAINTS

logger = logging.getLogger(__name__)

KINDS = ("winter", "spring", "summer", "autumn", "festive", "wood", "marble", "linen", "concrete")
"""Few kinds, so that a small model sees many of each."""
SIDE_PX, SAMPLES, QUALITY = 320, 5, 94
AZIMUTH_DEG, ELEVATION = 28.0, (0.75, 1.35)
"""How far the main light may wander, and factors on its height."""
LOWEST_DEG, HIGHEST_DEG = 12.0, 70.0
STOPS = 0.45
"""Of the main light, and as many of the sky."""
EXPOSURE = 0.25
FRAME, LENS, APERTURE = (0.85, 1.3), (0.85, 1.2), (0.75, 1.4)
"""Factors on the width of the picture, the focal length and the f-number."""
WARMTH = 0.10
"""Largest gain of red against blue in the light, as a share."""
PAINTED_SHARE = 0.7
BRIGHTEST = 0.85
"""Albedo of a painted thing, at most."""


def variation(number: int) -> tuple[Plate, dict[str, str | float]]:
    """One set as it has not been seen before.

    Args:
        number: From 0; equal numbers give equal pictures. Kinds take turns.

    Returns:
        The plate to expose, and its attributes: kind, view, paint (a name, or empty), and the
        light's warmth and stops.
    """
    rng = np.random.default_rng((number, zlib.crc32(b"variation")))
    kind = KINDS[number % len(KINDS)]
    sets = [plate for plate in PLATES if plate.kind == kind]
    plate = sets[number // len(KINDS) % len(sets)]
    stops, warmth = float(rng.uniform(-STOPS, STOPS)), float(rng.uniform(-1, 1))
    viewpoint = replace(
        plate.viewpoint,
        frame=plate.viewpoint.frame * rng.uniform(*FRAME),
        lens_mm=plate.viewpoint.lens_mm * rng.uniform(*LENS),
        f_number=plate.viewpoint.f_number * rng.uniform(*APERTURE),
    )
    paint = str(rng.choice(tuple(PAINTS))) if rng.random() < PAINTED_SHARE else ""
    if not PAINTED.get(kind):
        paint = ""
    other = replace(
        plate,
        name=f"{plate.name}-{number:05d}",
        viewpoint=viewpoint,
        key=_key(plate.key, rng, stops, warmth),
        sky=_sky(plate.sky, rng),
        exposure=plate.exposure + float(rng.uniform(-EXPOSURE, EXPOSURE)),
        build=_painted(plate.build, PAINTED.get(kind, ()), PAINTS.get(paint)),
        quality=QUALITY,
    )
    seen = {"kind": kind, "view": plate.viewpoint.view, "paint": paint, "set": plate.name}
    return other, {**seen, "warmth": round(warmth, 2), "stops": round(stops, 2)}


def _key(key: Key, rng: np.random.Generator, stops: float, warmth: float) -> Key:
    height = key.elevation_deg * rng.uniform(*ELEVATION)
    return replace(
        key,
        azimuth_deg=key.azimuth_deg + float(rng.uniform(-AZIMUTH_DEG, AZIMUTH_DEG)),
        elevation_deg=float(np.clip(height, LOWEST_DEG, HIGHEST_DEG)),
        softness=float(np.clip(key.softness + rng.uniform(-0.1, 0.25), 0, 0.9)),
        colour=_warmer(key.colour, warmth),
        strength=key.strength * 2**stops,
    )


def _sky(sky: Sky, rng: np.random.Generator) -> Sky:
    warmth = float(rng.uniform(-1, 1))
    return replace(
        sky,
        zenith=_warmer(sky.zenith, warmth),
        rim=_warmer(sky.rim, warmth),
        strength=sky.strength * 2 ** float(rng.uniform(-STOPS, STOPS)),
    )


def _warmer(colour: Colour, warmth: float) -> Colour:
    red, green, blue = colour
    gain = 1 + WARMTH * warmth
    return red * gain, green, blue / gain


def _painted(
    build: Callable[[Plate, np.random.Generator], None],
    names: tuple[str, ...],
    paint: Colour | None,
) -> Callable[[Plate, np.random.Generator], None]:
    """The same set with its walls and cloths in another colour."""

    def built(plate: Plate, rng: np.random.Generator) -> None:
        build(plate, rng)
        if paint is None:
            return
        for material in bpy.data.materials:
            if material.name.split(".")[0] in names:
                _repaint(material, paint)

    return built


def _repaint(material: bpy.types.Material, paint: Colour) -> None:
    """Multiply a material's colours so that their mean, which its shader keeps, becomes `paint`."""
    entry = material.node_tree.nodes["Principled BSDF"].inputs["Base Color"]
    own = entry.default_value[:3]
    gain = [min(BRIGHTEST, new) / max(old, 0.01) for new, old in zip(paint, own, strict=True)]
    if not entry.is_linked:
        entry.default_value = (*(min(BRIGHTEST, new) for new in paint), 1)
        return
    tree = material.node_tree
    source = entry.links[0].from_socket
    node = tree.nodes.new("ShaderNodeMixRGB")
    node.blend_type = "MULTIPLY"
    node.inputs["Fac"].default_value = 1
    node.inputs["Color2"].default_value = (*gain, 1)
    tree.links.new(source, node.inputs["Color1"])
    tree.links.new(node.outputs["Color"], entry)


def shoot(folder: Path, numbers: range, *, threads: int) -> None:
    """Render the variations that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        plate, seen = variation(number)
        path = folder / f"{plate.name}.json"
        if path.exists():
            continue
        begun = time.process_time()
        render = folder / f".{os.getpid()}.png"
        expose(plate, render, side=SIDE_PX, samples=SAMPLES, threads=threads)
        write_plate(plate, render, folder, grain=0)  # a network would learn it as a pattern
        render.unlink()
        horizon = plate.viewpoint.horizon(plate.edge)
        side = math.sin(math.radians(plate.key.azimuth_deg))
        more = {"horizon": round(horizon, 3), "side": round(side, 2)}
        path.write_text(json.dumps({**seen, **more, "softness": round(plate.key.softness, 2)}))
        logger.info("%s: %.1f CPU-s", plate.name, time.process_time() - begun)


def main() -> None:
    """Render a range of variations."""
    parser = argparse.ArgumentParser(prog="python -m samples.training.traced", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--last", type=int, default=20_000)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    shoot(options.folder, range(options.first, options.last), threads=options.threads)


if __name__ == "__main__":
    main()
