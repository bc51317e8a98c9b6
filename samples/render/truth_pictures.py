"""Products alone, in neutral light and with true alpha: what cut-outs are measured against.

Edges were chosen, not products: handles and loops to see through, thin legs and wires, leaves,
fur, cloth, white on whatever comes. Clear glass is left out, since its alpha is no one number.
"""

from collections.abc import Callable
from pathlib import Path

from samples.render.picture import WHITE
from samples.render.products import (
    ceramics,
    devices,
    leathergoods,
    metalware,
    packaging,
    plush,
    softgoods,
    woodwork,
)
from samples.render.studio import Camera, Setup


def _alone(
    build: Callable[[Path], None],
    size: tuple[int, int],
    azimuth: float,
    elevation: float,
    *,
    exposure: float = 0.1,
    fill: float = 0.9,
) -> Setup:
    camera = Camera(azimuth=azimuth, elevation=elevation, fill=fill, f_number=16)
    return Setup(
        build, size, "none", WHITE, "neutral", exposure=exposure, camera=camera, samples=20
    )


TRUTH_PICTURES = {
    "MUG-COBALT": _alone(ceramics.mug, (700, 700), -20, 15),
    "TEAPOT-SAND": _alone(ceramics.teapot, (760, 600), 8, 14),
    "WATERCAN-RED": _alone(metalware.watering_can, (760, 700), 12, 12),
    "STOOL-OAK": _alone(woodwork.stool, (600, 800), 24, 14),
    "CUSHION-MUSTARD": _alone(softgoods.cushion, (700, 700), 16, 8),
    "BEAR-HONEY": _alone(plush.bear, (640, 800), 14, 8, fill=0.8),
    "BELT-TAN": _alone(leathergoods.belt, (760, 600), 8, 30),
    "SHOPPER-CAMEL": _alone(leathergoods.shopper, (640, 800), 14, 8),
    "POT-TERRACOTTA": _alone(ceramics.pot, (600, 800), 10, 14),
    "CLOCK-MINT": _alone(devices.clock, (640, 800), 12, 6),
    "BOWL-WHITE": _alone(ceramics.bowl, (760, 480), 0, 18, exposure=0.7),
    "LAMP-DOME": _alone(devices.lamp, (640, 800), 0, 4),
    "OIL-ARBEQUINA": _alone(packaging.oil_bottle, (400, 800), 0, 6),
}
